//! The log's own story: what each server's log covers, what storms take of it, what was skipped.

use super::grid::Grid;
use super::text::Text;
use crate::model::analysis::{Analysis, ServerSummary};
use crate::report::style::Style;
use crate::report::words::{bytes, count, duration, minute, percent};

/// Skipped places, client logs of nobody, and times of one kind that are listed.
const SKIPPED: usize = 100;
const NOBODYS: usize = 50;
const TIMES: usize = 5;

/// The servers in order.
pub(super) fn servers(analysis: &Analysis, style: &Style) -> Option<Grid> {
    let columns =
        ["server", "log covers", "#records", "#size", "#by storms", "holds", "would hold", "audits seen", "state"];
    let rows = analysis.servers.iter().map(|server| one(server, style)).collect();
    let grid = Grid::new("Servers".to_owned(), "The servers' logs", &columns, rows)?;
    Some(Grid { headed: true, ..grid })
}

fn one(server: &ServerSummary, style: &Style) -> Vec<Text> {
    let held = server.to.saturating_sub(server.from) as f64;
    let would = match server.history_lost_h {
        Some(lost) if lost > 0.0 => format!("{} without storms", duration(held + lost * 3600.0)),
        Some(_) => "the same".to_owned(),
        None if server.full => "the same: it does not overwrite".to_owned(),
        None if server.log_bytes > 0 && server.storm_bytes >= server.log_bytes => {
            "not known: storms are all there is".to_owned()
        }
        None => "not known".to_owned(),
    };
    let (size, share) = match server.log_bytes {
        0 => ("not known".to_owned(), "not known".to_owned()),
        all => (bytes(all), percent(server.storm_bytes as f64 / all as f64)),
    };
    let audits = if server.audits.is_empty() { "none seen".to_owned() } else { server.audits.join(", ") };
    vec![
        Text::name(&server.server),
        Text::name(&format!("{} to {}", minute(server.from, style.zone), minute(server.to, style.zone))),
        Text::name(&count(server.records)),
        Text::name(&size),
        Text::name(&share),
        Text::name(&duration(held)),
        Text::name(&would),
        Text::prose(&audits),
        Text::prose(&state(server, style)),
    ]
}

/// Full, cleared, audits lost; `no sign of loss` where none of them was seen.
fn state(server: &ServerSummary, style: &Style) -> String {
    let mut state = Vec::new();
    if server.full {
        state.push("full or not overwriting".to_owned());
    }
    for (what, times) in [("cleared", &server.cleared), ("audits lost", &server.audits_lost)] {
        state.extend(times.iter().take(TIMES).map(|sec| format!("{what} {}", minute(*sec, style.zone))));
        if times.len() > TIMES {
            state.push(format!("{what} {} times more", count((times.len() - TIMES) as u64)));
        }
    }
    if state.is_empty() { "no sign of loss".to_owned() } else { state.join("; ") }
}

/// Client logs that belong to no workstation.
pub(super) fn nobodys(analysis: &Analysis) -> Option<Grid> {
    let rows = analysis.unattributed.iter().take(NOBODYS).map(|log| {
        let fits = log.suggestion.as_deref().unwrap_or_default();
        vec![Text::place(&log.log), Text::name(&count(log.attempts)), Text::name(fits)]
    });
    let caption = match analysis.unattributed.len().saturating_sub(NOBODYS) {
        0 => "Client logs that belong to no workstation".to_owned(),
        more => format!("Client logs that belong to no workstation (and {} more)", count(more as u64)),
    };
    Grid::new("Client logs of nobody".to_owned(), caption, &["log", "#attempts", "would fit"], rows.collect())
}

/// What was skipped, the first of it.
pub(super) fn skipped(analysis: &Analysis) -> Option<Grid> {
    let all = &analysis.inputs.skipped;
    let rows = all.iter().take(SKIPPED).map(|place| {
        let why = format!("{}: {}", place.what, place.why);
        vec![Text::place(&place.file), Text::prose(&place.at), Text::prose(&why)]
    });
    let caption = match all.len().saturating_sub(SKIPPED) {
        0 => "What could not be read, and why".to_owned(),
        more => format!("What could not be read, and why (and {} more)", count(more as u64)),
    };
    Grid::new("Skipped".to_owned(), caption, &["file", "place", "why"], rows.collect())
}
