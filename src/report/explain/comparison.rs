//! The comparison of the two sides, as a person can check it.

use std::io;

use super::picture;
use super::text::Page;
use crate::escape::terminal::terminal;
use crate::model::analysis::Analysis;
use crate::model::matching::{Match, Pair};
use crate::report::facts;
use crate::report::pairs::{self, Checked};
use crate::report::words::{client_stamp, clock, count, day, stamp};

/// Pairs that are shown.
const PAIRS: usize = 8;

pub(super) fn write(page: &mut Page<'_>) -> io::Result<()> {
    let row = page.row;
    let Some(matched) = row.matched.as_ref() else { return Ok(()) };
    page.heading("Client log and server log")?;
    let with = format!("the log of {}, account {}", matched.server, matched.account);
    page.field("compared with", &with)?;
    let Some(found) = matched.found.as_deref() else {
        let text = "not in time (the client's lines cannot be dated, or there are too few): by counts only";
        page.field("how", text)?;
        return page.field(
            "counts",
            &format!("{} client attempts, {} server bursts", count(matched.of_client), count(matched.of_server)),
        );
    };
    for (label, text) in facts::comparison(row, found) {
        page.field(label, &text)?;
    }
    bars(page, found)?;
    table(page, found)?;
    picture::write(page, found)
}

/// What unrelated logs reach, as bars: this log, the best shuffle and the best other workstation,
/// among the attempts that were compared.
fn bars(page: &mut Page<'_>, found: &Match) -> io::Result<()> {
    let rows = [
        ("this log", Some(found.compared_matched)),
        ("best shuffle", Some(found.shuffled_best)),
        ("best other", found.decoy_best),
    ];
    let most = rows.iter().filter_map(|row| row.1).max().unwrap_or(0).max(1);
    let room = page.style.prose().saturating_sub(36).clamp(10, 50);
    for (label, pairs) in rows.into_iter().filter_map(|(label, pairs)| Some((label, pairs?))) {
        let bar = "█".repeat((pairs * room).div_ceil(most));
        page.line(&format!("{:14}{label:14}{bar} {}", "", count(pairs as u64)))?;
    }
    Ok(())
}

fn table(page: &mut Page<'_>, found: &Match) -> io::Result<()> {
    let chosen: Vec<Pair> = pairs::spread(&found.pairs, PAIRS);
    if chosen.is_empty() {
        return Ok(());
    }
    page.heading(&format!("Matched pairs ({} of {})", chosen.len(), count(found.pairs.len() as u64)))?;
    page.line(&format!(
        "{:19}  {:12}  {:19}  {:9}  {:>6}",
        "server", "EventRecordID", "client's clock", "line", "off"
    ))?;
    for pair in chosen {
        let checked = pairs::check(page.row, found, pair);
        let text = pair_line(page.analysis, &checked, page.style.zone);
        page.line(&text)?;
    }
    let files = files(page, found);
    page.prose(&format!("Off: seconds from what the fitted clock expects to the client's line.{files}"))
}

fn pair_line(analysis: &Analysis, checked: &Checked<'_>, zone: chrono_tz::Tz) -> String {
    let pair = checked.pair;
    let record = checked.record.map_or_else(|| "-".to_owned(), |at| at.at.to_string());
    let line = checked.line.map_or_else(|| "-".to_owned(), |line| line.line.to_string());
    let name = checked.line.map(|line| short(crate::report::place::file(analysis, line.file))).unwrap_or_default();
    let off = format!("{:+.1}", checked.residual_s);
    format!(
        "{:19}  {record:>9}  {:19}  {line:>6}  {off:>5}  {}",
        stamp(pair.server_sec, zone),
        client_stamp(pair.client_sec * 1000),
        terminal(&name)
    )
}

/// The last part of a path, cut.
fn short(path: &str) -> String {
    crate::report::text::cut(path.rsplit('/').next().unwrap_or(path), 20).into_owned()
}

/// What the record numbers are, and in which files they stand.
fn files(page: &Page<'_>, found: &Match) -> String {
    let mut files: Vec<String> = pairs::spread(&found.pairs, PAIRS)
        .into_iter()
        .filter_map(|pair| pairs::check(page.row, found, pair).record)
        .map(|at| crate::report::place::file(page.analysis, at.file.0).to_owned())
        .collect();
    files.dedup();
    if files.is_empty() {
        return String::new();
    }
    format!(" Records: EventRecordID in {}.", crate::report::words::list(&files, 4))
}

/// `2001-03-12 08:54:05 to 09:04:25`, for captions.
pub(super) fn range(from: i64, to: i64, zone: chrono_tz::Tz) -> String {
    let end = if day(from, zone) == day(to, zone) { clock(to, zone) } else { stamp(to, zone) };
    format!("{} to {end}", stamp(from, zone))
}
