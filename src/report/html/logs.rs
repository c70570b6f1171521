//! The log's own story: what each server's log covers, what storms take of it, what was skipped.

use crate::escape::terminal::terminal;
use crate::model::analysis::{Analysis, ServerSummary};
use crate::report::style::Style;
use crate::report::words::{count, duration, minute, percent};

/// Skipped places that are listed.
const SKIPPED: usize = 200;

/// One server.
pub(super) struct Log {
    pub(super) server: String,
    pub(super) covers: String,
    pub(super) records: String,
    pub(super) audits: String,
    pub(super) share: String,
    pub(super) reach: String,
    pub(super) state: String,
}

/// One place that could not be read.
pub(super) struct Place {
    pub(super) file: String,
    pub(super) at: String,
    pub(super) why: String,
}

/// The servers in order.
pub(super) fn servers(analysis: &Analysis, style: &Style) -> Vec<Log> {
    analysis.servers.iter().map(|server| one(server, style)).collect()
}

fn one(server: &ServerSummary, style: &Style) -> Log {
    let held = (server.to - server.from) as f64;
    let reach = match server.history_lost_h {
        Some(lost) if lost > 0.0 => {
            format!("{}; without storms {}", duration(held), duration(held + lost * 3600.0))
        }
        _ => duration(held),
    };
    let mut state = Vec::new();
    if server.full {
        state.push("full or not overwriting".to_owned());
    }
    state.extend(server.cleared.iter().take(5).map(|sec| format!("cleared {}", minute(*sec, style.zone))));
    state.extend(server.audits_lost.iter().take(5).map(|sec| format!("audits lost {}", minute(*sec, style.zone))));
    Log {
        server: terminal(&server.server).into_owned(),
        covers: format!("{} to {}", minute(server.from, style.zone), minute(server.to, style.zone)),
        records: count(server.records),
        audits: if server.audits.is_empty() { "none seen".to_owned() } else { server.audits.join(", ") },
        share: match server.log_bytes {
            0 => "not known".to_owned(),
            all => percent(server.storm_bytes as f64 / all as f64),
        },
        reach,
        state: state.join("; "),
    }
}

/// What was skipped, the first of it, and how much more there is.
pub(super) fn skipped(analysis: &Analysis) -> (Vec<Place>, usize) {
    let all = &analysis.inputs.skipped;
    let places = all.iter().take(SKIPPED).map(|place| Place {
        file: terminal(&place.file).into_owned(),
        at: terminal(&place.at).into_owned(),
        why: terminal(&format!("{}: {}", place.what, place.why)).into_owned(),
    });
    (places.collect(), all.len().saturating_sub(SKIPPED))
}
