//! What changed since the last night.

use super::state::{Night, RowMemory};
use crate::model::analysis::{Analysis, Row};
use crate::model::names::fnv1a;

/// A row's state since the last night.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Since {
    /// First listed tonight.
    New,
    /// Listed before, with new failures.
    Ongoing,
    /// Listed before, no new failures, and the server's log covers a day past the last one.
    Ended,
    /// Listed before, no new failures, not known to be over.
    Quiet,
}

impl Since {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Since::New => "new",
            Since::Ongoing => "ongoing",
            Since::Ended => "ended",
            Since::Quiet => "quiet",
        }
    }
}

/// A storm without new failures is over when the log covers this many seconds past the last one.
pub const ENDED_AFTER: i64 = 86_400;

/// What changed for one row; `None` for a row that is not listed. The second value is the number of
/// new failures.
pub fn since(row: &Row, before: Option<&RowMemory>, analysis: &Analysis) -> (Option<Since>, u64) {
    let new_failures = row.failures.saturating_sub(before.map_or(0, |memory| memory.failures));
    let listed_before = before.is_some_and(|memory| memory.listed);
    if !row.listed {
        return (None, new_failures);
    }
    let state = match (listed_before, new_failures) {
        (false, _) => Since::New,
        (true, 1..) => Since::Ongoing,
        (true, 0) if covered_past(row, analysis) => Since::Ended,
        (true, 0) => Since::Quiet,
    };
    (Some(state), new_failures)
}

/// Every server that the row stormed has a log that reaches a day past the row's last failure.
fn covered_past(row: &Row, analysis: &Analysis) -> bool {
    let Some(last) = row.last_failure else { return false };
    !row.servers.is_empty()
        && row.servers.iter().all(|name| {
            analysis
                .servers
                .iter()
                .any(|server| server.server == *name && server.to >= last.saturating_add(ENDED_AFTER))
        })
}

/// What tonight's report says, to be remembered. Ids are kept from the baseline; `records` are those
/// known tonight, each once.
pub fn remember(day: i32, analysis: &Analysis, records: u64, baseline: &Night) -> Night {
    let rows = analysis.rows.iter().map(|row| {
        let before = baseline.rows.get(&row.workstation);
        let id = before.map(|memory| memory.id.clone()).unwrap_or_else(|| new_id(row));
        let memory = RowMemory {
            failures: row.failures,
            listed: row.listed,
            last_failure: row.last_failure,
            class: row.class,
            verdict: row.verdict,
            id,
        };
        (row.workstation.clone(), memory)
    });
    Night { day: Some(day), records, rows: rows.collect() }
}

/// The id of a row that is met for the first time: a hash of workstation, server and onset.
fn new_id(row: &Row) -> String {
    let server = row.servers.first().map_or("", |name| name.as_str());
    let text = format!("{}\0{server}\0{}", row.workstation, row.first_failure.unwrap_or(0));
    format!("{:016x}", fnv1a(text.as_bytes()))
}
