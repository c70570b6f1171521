//! The section of one row.

use super::close::{self, Close};
use super::gaps::{self, Histogram};
use super::grid::Grid;
use super::overview::{self, Overview};
use super::rivals::rivals;
use super::text::Text;
use crate::model::analysis::{Analysis, ClientLine, Row};
use crate::model::finding::Class;
use crate::report::style::Style;
use crate::report::words::{client_stamp, stamp};
use crate::report::{facts, pairs, place, sentence};

/// Rows with a section at all.
pub(super) const SECTIONS: usize = 200;
/// Bytes that a page should have at most, and what a listed row costs in list, map, its table and
/// sentences. What they leave is for pictures and evidence, in order of rank; later rows have their
/// sentence only. So 200 workstations stay below 300 KB.
const PAGE_BYTES: usize = 275_000;
const ROW_BYTES: usize = 1000;
const LEAST_BYTES: usize = 60_000;
/// Pairs, lines and other events that are listed.
const PAIRS: usize = 8;
const LINES: usize = 6;
const CONTEXT: usize = 12;

/// One section.
pub(super) struct Detail {
    pub(super) rank: u64,
    pub(super) name: Text,
    pub(super) class: &'static str,
    pub(super) verdict: &'static str,
    pub(super) sentence: Text,
    /// Pictures and tables, ready; `None` where the page has no room for them.
    pub(super) full: Option<String>,
}

/// Everything about one row but its name and sentence.
#[derive(askama::Template)]
#[template(path = "full.html")]
struct Full {
    reasons: Vec<Text>,
    action: Text,
    overview: Option<Overview>,
    both: bool,
    close: Option<Close>,
    clocks: String,
    gaps: Option<Histogram>,
    rivals: String,
    facts: Vec<(&'static str, String)>,
    names: Vec<(&'static str, Text)>,
    tables: Vec<Grid>,
    rank: u64,
}

/// The sections, in order of rank.
pub(super) fn all(analysis: &Analysis, style: &Style) -> Vec<Detail> {
    let listed = style.rows(analysis).count();
    let mut left = PAGE_BYTES.saturating_sub(listed.saturating_mul(ROW_BYTES)).max(LEAST_BYTES);
    let section = |row: &Row| {
        let full = deep(row).then(|| full(analysis, row, style)).filter(|text| text.len() <= left);
        left -= full.as_ref().map_or(0, String::len);
        Detail {
            rank: row.rank,
            name: Text::name(&row.workstation),
            class: row.class.word(),
            verdict: row.verdict.map_or("", |verdict| verdict.word()),
            sentence: Text::prose(&sentence::of(row, style.zone)),
            full,
        }
    };
    style.rows(analysis).take(SECTIONS).map(section).collect()
}

/// Rows of which there is more to show than a sentence.
fn deep(row: &Row) -> bool {
    !matches!(row.class, Class::Human | Class::Unclassified) || row.client.is_some()
}

fn full(analysis: &Analysis, row: &Row, style: &Style) -> String {
    let found = pairs::found(row);
    let page = Full {
        reasons: row.reasons.iter().map(|text| Text::prose(text)).collect(),
        action: Text::prose(&row.action),
        overview: overview::overview(analysis, row, style.zone),
        both: found.is_some(),
        close: found.and_then(|found| close::close(analysis, row, found, style.zone)),
        clocks: facts::clocks(row).unwrap_or_default(),
        gaps: gaps::gaps(row),
        rivals: found.map(rivals).unwrap_or_default(),
        facts: found.map(|found| facts::comparison(row, found)).unwrap_or_default(),
        names: facts::names(row).into_iter().map(|(label, text)| (label, Text::prose(&text))).collect(),
        tables: tables(analysis, row, style),
        rank: row.rank,
    };
    // Writing to a String cannot fail.
    askama::Template::render(&page).unwrap_or_default()
}

/// What can be looked up.
fn tables(analysis: &Analysis, row: &Row, style: &Style) -> Vec<Grid> {
    let (rank, zone) = (row.rank, style.zone);
    let evidence = &row.evidence;
    let named = |what: &str| format!("{what}, rank {rank}");
    let events = evidence.sightings.iter();
    let events =
        events.map(|seen| vec![Text::name(&stamp(seen.sec, zone)), Text::place(&place::of(analysis, seen.at))]);
    let pairs = pairs::found(row).map(|found| {
        let chosen = pairs::spread(&found.pairs, PAIRS).into_iter();
        chosen.map(|pair| close::cells(analysis, row, found, pair, zone)).collect()
    });
    let ticks: Vec<&ClientLine> = evidence.ticks.iter().collect();
    let lines = pairs::spread(&ticks, LINES).into_iter().map(|tick| {
        let time = tick.at_ms.map_or_else(|| "no time".to_owned(), client_stamp);
        vec![Text::name(&time), Text::name(place::kind(tick.class)), Text::place(&place::of_line(analysis, tick))]
    });
    let context = evidence.context.iter().take(CONTEXT).map(|event| {
        let place = place::of(analysis, event.at.at);
        vec![
            Text::name(&stamp(event.sec, zone)),
            Text::prose(&format!("{}: {}", event.server, event.what)),
            Text::place(&place),
        ]
    });
    let tables = [
        Grid::new(
            named("Events"),
            "Events: the first, the last, and some between",
            &["time", "where"],
            events.collect(),
        ),
        Grid::new(
            named("Matched pairs"),
            "Matched pairs over the whole time",
            &close::COLUMNS,
            pairs.unwrap_or_default(),
        ),
        Grid::new(
            named("Client lines"),
            "Lines of the client's log, on its own clock",
            &["time", "what", "where"],
            lines.collect(),
        ),
        Grid::new(named("Context"), "What else happened", &["time", "what", "where"], context.collect()),
    ];
    tables.into_iter().flatten().collect()
}
