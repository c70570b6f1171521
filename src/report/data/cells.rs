//! One row per workstation as CSV and XLSX know it: columns and typed cells.

use super::row::RowData;
use crate::model::analysis::{Analysis, Row};

/// The columns, in order.
pub const COLUMNS: [&str; 28] = [
    "rank",
    "workstation",
    "class",
    "verdict",
    "failures",
    "first_failure",
    "last_failure",
    "ongoing",
    "accounts",
    "account_count",
    "statuses",
    "event_ids",
    "servers",
    "failures_per_day",
    "peak_per_hour",
    "period_s",
    "client_logs",
    "attempts",
    "metering_servers",
    "matched",
    "clock_offset_s",
    "drift_ppm",
    "score",
    "share_of_failures",
    "log_bytes",
    "history_lost_h",
    "reasons",
    "action",
];

/// Columns that a nightly report has at the end.
pub const CHANGES: [&str; 2] = ["since_last_run", "new_failures"];

/// The columns of a report.
pub fn columns(analysis: &Analysis) -> Vec<&'static str> {
    let changes = if analysis.changes.is_some() { &CHANGES[..] } else { &[] };
    [&COLUMNS[..], changes].concat()
}

/// Values shown in one cell; more are counted.
const VALUES_PER_CELL: usize = 5;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Foreign text; empty for none.
    Text(String),
    /// A word of our own.
    Word(&'static str),
    /// A count.
    Count(u64),
    /// A number, rounded already.
    Number(f64),
    /// A moment, Unix seconds.
    Time(i64),
    /// Yes or no.
    Flag(bool),
    /// Nothing is known.
    Empty,
}

impl Cell {
    /// A number, or nothing.
    pub fn number(value: Option<f64>) -> Self {
        value.map_or(Self::Empty, Self::Number)
    }

    /// A count, or nothing.
    pub fn count(value: Option<u64>) -> Self {
        value.map_or(Self::Empty, Self::Count)
    }

    /// A moment, or nothing.
    pub fn time(sec: Option<i64>) -> Self {
        sec.map_or(Self::Empty, Self::Time)
    }
}

/// The cells of one row, in the order of [`columns`].
pub fn cells(row: &Row, analysis: &Analysis) -> Vec<Cell> {
    let data = RowData::of(row).since(analysis);
    let client = data.client.as_ref();
    let matched = data.matched.as_ref();
    let accounts: Vec<String> = data.accounts.iter().map(|a| account_text(a.domain, a.account)).collect();
    let statuses: Vec<String> = data.statuses.iter().filter_map(|status| status.code.clone()).collect();
    let event_ids: Vec<String> = data.event_ids.iter().map(|event| event.id.to_string()).collect();
    let texts = |values: &[String]| Cell::Text(join(values));
    let mut cells = vec![
        Cell::Count(data.rank),
        Cell::Text(data.workstation.to_owned()),
        Cell::Word(data.class),
        data.verdict.map_or(Cell::Empty, Cell::Word),
        Cell::Count(data.failures),
        Cell::time(row.first_failure),
        Cell::time(row.last_failure),
        Cell::Flag(data.ongoing),
        texts(&accounts),
        Cell::Count(accounts.len() as u64),
        texts(&statuses),
        texts(&event_ids),
        texts(data.servers),
        Cell::number(data.rate.per_day),
        Cell::Count(data.rate.peak_per_hour),
        Cell::number(data.rate.period_s),
        texts(client.map_or(&[], |client| client.logs)),
        Cell::count(client.map(|client| client.attempts)),
        texts(client.map_or(&[], |client| client.metering_servers)),
        Cell::count(matched.and_then(|found| found.matched).map(|n| n as u64)),
        Cell::number(matched.and_then(|found| found.clock_offset_s)),
        Cell::number(matched.and_then(|found| found.drift_ppm)),
        Cell::number(matched.and_then(|found| found.score)),
        Cell::number(data.cost.share_of_failures),
        Cell::Count(data.cost.bytes),
        Cell::number(data.cost.history_lost_h),
        texts(data.reasons),
        Cell::Text(data.action.to_owned()),
    ];
    if let Some(change) = &data.change {
        cells.extend([change.since_last_run.map_or(Cell::Empty, Cell::Word), Cell::Count(change.new_failures)]);
    }
    cells
}

/// `DOMAIN\name`, or the name alone where no domain is known.
pub fn account_text(domain: Option<&str>, account: &str) -> String {
    match domain {
        Some(domain) => format!("{domain}\\{account}"),
        None => account.to_owned(),
    }
}

/// `a; b; c`, at most five, then how many more.
fn join(values: &[String]) -> String {
    let shown = &values[..values.len().min(VALUES_PER_CELL)];
    let more = values.len() - shown.len();
    if more > 0 { format!("{} (+{more} more)", shown.join("; ")) } else { shown.join("; ") }
}
