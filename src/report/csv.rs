//! The CSV report: one row per workstation, the same words as in JSON.

use std::io::{self, Write};

use super::data::row::RowData;
use super::output::Output;
use super::style::Style;
use super::words;
use crate::escape;
use crate::model::analysis::{Analysis, Row};
use crate::model::time::rfc3339;

/// The CSV report.
pub const OUTPUT: Output =
    Output { name: "csv", extension: "csv", summary: "one CSV row per workstation, safe for spreadsheets", write };

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

/// Values shown in one cell; more are counted.
const VALUES_PER_CELL: usize = 5;

fn write(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if style.excel {
        out.write_all("\u{FEFF}".as_bytes())?;
    }
    let mut writer =
        csv::WriterBuilder::new().delimiter(style.delimiter).terminator(csv::Terminator::CRLF).from_writer(out);
    let changes = if analysis.changes.is_some() { &CHANGES[..] } else { &[] };
    writer
        .write_record(COLUMNS.iter().chain(changes).map(|column| header(column, style)))
        .map_err(escape::csv::io_error)?;
    for row in style.rows(analysis) {
        let change = RowData::of(row).since(analysis).change;
        let change = change
            .map(|change| [change.since_last_run.unwrap_or_default().to_owned(), change.new_failures.to_string()]);
        writer
            .write_record(cells(row, style).into_iter().chain(change.into_iter().flatten()))
            .map_err(escape::csv::io_error)?;
    }
    writer.flush()
}

fn header(column: &str, style: &Style) -> String {
    let is_time = matches!(column, "first_failure" | "last_failure");
    if style.excel && is_time { format!("{column} ({})", style.zone.name()) } else { column.to_owned() }
}

fn cells(row: &Row, style: &Style) -> [String; 28] {
    let data = RowData::of(row);
    let text = |value: &str| if style.raw { value.to_owned() } else { escape::csv::cell(value).into_owned() };
    let texts = |values: Vec<String>| text(&join(&values));
    let time = |sec: Option<i64>| match sec {
        None => String::new(),
        Some(sec) if style.excel => words::stamp(sec, style.zone),
        Some(sec) => rfc3339(sec),
    };
    let client = data.client.as_ref();
    let matched = data.matched.as_ref();
    let accounts = data.accounts.iter().map(|a| account_text(a.domain, a.account)).collect();
    [
        data.rank.to_string(),
        text(data.workstation),
        data.class.to_owned(),
        data.verdict.unwrap_or_default().to_owned(),
        data.failures.to_string(),
        time(row.first_failure),
        time(row.last_failure),
        data.ongoing.to_string(),
        texts(accounts),
        data.accounts.len().to_string(),
        texts(data.statuses.iter().filter_map(|status| status.code.clone()).collect()),
        texts(data.event_ids.iter().map(|event| event.id.to_string()).collect()),
        texts(data.servers.to_vec()),
        number(data.rate.per_day),
        data.rate.peak_per_hour.to_string(),
        number(data.rate.period_s),
        texts(client.map(|client| client.logs.to_vec()).unwrap_or_default()),
        client.map(|client| client.attempts.to_string()).unwrap_or_default(),
        texts(client.map(|client| client.metering_servers.to_vec()).unwrap_or_default()),
        matched.and_then(|found| found.matched).map(|n| n.to_string()).unwrap_or_default(),
        number(matched.and_then(|found| found.clock_offset_s)),
        number(matched.and_then(|found| found.drift_ppm)),
        number(matched.and_then(|found| found.score)),
        number(data.cost.share_of_failures),
        data.cost.bytes.to_string(),
        number(data.cost.history_lost_h),
        texts(data.reasons.to_vec()),
        text(data.action),
    ]
}

/// `DOMAIN\name`, or the name alone where no domain is known.
pub fn account_text(domain: Option<&str>, account: &str) -> String {
    match domain {
        Some(domain) => format!("{domain}\\{account}"),
        None => account.to_owned(),
    }
}

/// A number as JSON writes it; empty for none.
fn number(value: Option<f64>) -> String {
    value.map(|value| format!("{value:?}")).unwrap_or_default()
}

/// `a; b; c`, at most five, then how many more.
fn join(values: &[String]) -> String {
    let shown = &values[..values.len().min(VALUES_PER_CELL)];
    let more = values.len() - shown.len();
    if more > 0 { format!("{} (+{more} more)", shown.join("; ")) } else { shown.join("; ") }
}
