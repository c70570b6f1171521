//! The whole report as JSON knows it.

use serde::Serialize;

use super::round::tenth;
use super::row::RowData;
use crate::model::analysis::{Analysis, Changes, Ignored, ServerSummary, Unattributed};
use crate::model::gathered::Skipped;
use crate::model::time::rfc3339;
use crate::report::style::Style;

/// Name and number of the schema; the number grows only with a breaking change.
pub const SCHEMA: &str = "logonstorm.report/1";

/// The document.
#[derive(Debug, Serialize)]
pub struct ReportData<'a> {
    schema: &'static str,
    tool: Tool,
    span: Span,
    counts: Counts,
    inputs: InputsData<'a>,
    servers: Vec<ServerData<'a>>,
    unattributed: Vec<UnattributedData<'a>>,
    workstations: Vec<RowData<'a>>,
    warnings: &'a [String],
    /// Only in nightly reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    nightly: Option<NightData<'a>>,
}

/// What a night adds.
#[derive(Debug, Serialize)]
struct NightData<'a> {
    /// The night that is compared with; null in the first.
    since: Option<&'a str>,
    ignored: Vec<IgnoredData<'a>>,
}

#[derive(Debug, Serialize)]
struct IgnoredData<'a> {
    workstation: &'a str,
    class: &'static str,
    verdict: Option<&'static str>,
    failures: u64,
    last_failure: Option<String>,
    until: Option<&'a str>,
    why: &'a str,
}

/// Who made the report.
#[derive(Debug, Serialize)]
pub struct Tool {
    name: &'static str,
    version: &'static str,
}

/// First and last record of any kind; null when no event log was read.
#[derive(Debug, Serialize)]
pub struct Span {
    from: Option<String>,
    to: Option<String>,
}

#[derive(Debug, Serialize)]
struct Counts {
    exact: bool,
}

#[derive(Debug, Serialize)]
struct InputsData<'a> {
    files: u64,
    bytes: u64,
    records: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_records: Option<u64>,
    failures: u64,
    duplicates: u64,
    client_logs: u64,
    attempts: u64,
    unrecognised: u64,
    bad_times: u64,
    skipped: Vec<SkippedData<'a>>,
}

/// One place that could not be read.
#[derive(Debug, Serialize)]
pub struct SkippedData<'a> {
    file: &'a str,
    at: &'a str,
    what: &'a str,
    why: &'a str,
}

/// One server's log.
#[derive(Debug, Serialize)]
pub struct ServerData<'a> {
    server: &'a str,
    from: String,
    to: String,
    records: u64,
    audits: &'a [&'static str],
    cleared: Vec<String>,
    full: bool,
    audits_lost: Vec<String>,
    log_bytes: u64,
    storm_bytes: u64,
    history_lost_h: Option<f64>,
}

#[derive(Debug, Serialize)]
struct UnattributedData<'a> {
    log: &'a str,
    attempts: u64,
    metering_server: Option<&'a str>,
    suggestion: Option<&'a str>,
}

impl<'a> ReportData<'a> {
    /// The twin of an analysis, with the rows that `style` lists.
    pub fn new(analysis: &'a Analysis, style: &Style) -> Self {
        let inputs = &analysis.inputs;
        Self {
            schema: SCHEMA,
            tool: Tool::this(),
            span: Span::of(analysis),
            counts: Counts { exact: analysis.exact },
            inputs: InputsData {
                files: inputs.files,
                bytes: inputs.bytes,
                records: inputs.records,
                new_records: analysis.changes.as_ref().map(|changes| changes.new_records),
                failures: inputs.failures,
                duplicates: inputs.duplicates,
                client_logs: inputs.client_logs,
                attempts: inputs.attempts,
                unrecognised: inputs.unrecognised,
                bad_times: inputs.bad_times,
                skipped: inputs.skipped.iter().map(SkippedData::of).collect(),
            },
            servers: analysis.servers.iter().map(ServerData::of).collect(),
            unattributed: analysis.unattributed.iter().map(UnattributedData::of).collect(),
            workstations: style.rows(analysis).map(|row| RowData::of(row).since(analysis)).collect(),
            warnings: &analysis.warnings,
            nightly: analysis.changes.as_ref().map(NightData::of),
        }
    }
}

impl<'a> NightData<'a> {
    fn of(changes: &'a Changes) -> Self {
        let ignored = |row: &'a Ignored| IgnoredData {
            workstation: &row.workstation,
            class: row.class.word(),
            verdict: row.verdict.map(|verdict| verdict.word()),
            failures: row.failures,
            last_failure: row.last_failure.map(rfc3339),
            until: row.until.as_deref(),
            why: &row.why,
        };
        Self { since: changes.since.as_deref(), ignored: changes.ignored.iter().map(ignored).collect() }
    }
}

impl Tool {
    /// This program.
    pub fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

impl Span {
    /// The span of an analysis.
    pub fn of(analysis: &Analysis) -> Self {
        Self { from: analysis.span.map(|span| rfc3339(span.0)), to: analysis.span.map(|span| rfc3339(span.1)) }
    }
}

impl<'a> SkippedData<'a> {
    fn of(skipped: &'a Skipped) -> Self {
        Self { file: &skipped.file, at: &skipped.at, what: &skipped.what, why: &skipped.why }
    }
}

impl<'a> ServerData<'a> {
    /// The twin of a server's summary.
    pub fn of(server: &'a ServerSummary) -> Self {
        Self {
            server: &server.server,
            from: rfc3339(server.from),
            to: rfc3339(server.to),
            records: server.records,
            audits: &server.audits,
            cleared: server.cleared.iter().copied().map(rfc3339).collect(),
            full: server.full,
            audits_lost: server.audits_lost.iter().copied().map(rfc3339).collect(),
            log_bytes: server.log_bytes,
            storm_bytes: server.storm_bytes,
            history_lost_h: server.history_lost_h.and_then(tenth),
        }
    }
}

impl<'a> UnattributedData<'a> {
    fn of(log: &'a Unattributed) -> Self {
        Self {
            log: &log.log,
            attempts: log.attempts,
            metering_server: (!log.metering_server.is_empty()).then_some(log.metering_server.as_str()),
            suggestion: log.suggestion.as_deref(),
        }
    }
}
