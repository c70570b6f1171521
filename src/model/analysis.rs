//! `Analysis`: the one inert value that every report is made from.
//!
//! The fields carry the words of the JSON report; what neither it nor the table shows stands in
//! [`Evidence`]. Times are whole seconds since the Unix epoch, UTC, unless a
//! field says that they are on the client's clock.

use super::client::{AttributedBy, TickClass};
use super::finding::{Class, Episode, Finding};
use super::gathered::Skipped;
use super::matching::Match;
use super::remedy::{Cycle, NoPrediction, Remedy};
use super::status::Status;
use super::train::{Burst, Sighting};
use super::verdict::Verdict;

/// Everything that a report may say.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// First and last second of any record read; `None` when no event log was read.
    pub span: Option<(i64, i64)>,
    /// Every count is exact. False: counts of listed rows are lower bounds.
    pub exact: bool,
    /// What was read.
    pub inputs: Inputs,
    /// The servers, sorted by name.
    pub servers: Vec<ServerSummary>,
    /// Client logs that belong to no workstation.
    pub unattributed: Vec<Unattributed>,
    /// Rows in order of rank, those that are not listed included where they were made; see
    /// [`Row::listed`] and [`Analysis::others`].
    pub rows: Vec<Row>,
    /// Workstations that are no storm and have no row.
    pub others: u64,
    /// Paths of the files, by `FileId`.
    pub files: Vec<String>,
    /// Things the reader should know: two exports in different zones, merged folders, ...
    pub warnings: Vec<String>,
    /// What changed since the last night; `None` outside of the nightly job.
    pub changes: Option<Changes>,
}

/// What changed since the last night.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The last night as `2001-03-13`; `None` in the first.
    pub since: Option<String>,
    /// Event records of any id that were read since then.
    pub new_records: u64,
    /// By workstation; ignored ones are not among them.
    pub rows: std::collections::BTreeMap<String, RowChange>,
    /// By workstation: the id that it keeps over the nights, 16 hex digits.
    pub ids: std::collections::BTreeMap<String, String>,
    /// Rows that the configuration ignores, in order of rank; they stand in no other list.
    pub ignored: Vec<Ignored>,
}

/// A row that the configuration ignores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// Canonical name.
    pub workstation: String,
    /// The class.
    pub class: Class,
    /// The verdict, as of any row.
    pub verdict: Option<Verdict>,
    /// Failures.
    pub failures: u64,
    /// Last failure; `None` without failures.
    pub last_failure: Option<i64>,
    /// Last night on which it is ignored, as `2001-06-01`; `None`: always.
    pub until: Option<String>,
    /// Why, as the configuration says; may be empty.
    pub why: String,
}

/// What changed for one workstation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowChange {
    /// `new`, `ongoing`, `ended` or `quiet`; `None` for a row that is not listed.
    pub since: Option<&'static str>,
    /// Failures that the last night did not know of.
    pub new_failures: u64,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Files that were read, archives' members each.
    pub files: u64,
    /// Their bytes, unpacked.
    pub bytes: u64,
    /// Event records of any id, duplicates included.
    pub records: u64,
    /// Failures counted.
    pub failures: u64,
    /// Wanted records dropped as already counted.
    pub duplicates: u64,
    /// Client logs.
    pub client_logs: u64,
    /// Attempts (ticks) told by them.
    pub attempts: u64,
    /// Files of no known format.
    pub unrecognised: u64,
    /// Events whose time cannot be (before 1980, after 2100).
    pub bad_times: u64,
    /// What could not be read, and where.
    pub skipped: Vec<Skipped>,
}

/// One server's log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServerSummary {
    /// Canonical name.
    pub server: String,
    /// First record of any id.
    pub from: i64,
    /// Last record of any id.
    pub to: i64,
    /// Records of any id, duplicates included.
    pub records: u64,
    /// Categories of audit events that were seen, as words.
    pub audits: Vec<&'static str>,
    /// When the log was cleared (517, 1102).
    pub cleared: Vec<i64>,
    /// A "log full" record, or the header's flag, was seen.
    pub full: bool,
    /// Audits lost (516), times.
    pub audits_lost: Vec<i64>,
    /// Bytes of all records; 0 for text inputs.
    pub log_bytes: u64,
    /// Bytes of the counted failures of all storms.
    pub storm_bytes: u64,
    /// Hours of history all storms together cost; `None` where it cannot be said.
    pub history_lost_h: Option<f64>,
    /// Bytes per clock hour, sorted by hour, gaps left out.
    pub hours: Vec<(i64, u64)>,
}

impl ServerSummary {
    /// Bytes of all records per day of coverage; `None` for text inputs and logs of one second.
    pub fn bytes_per_day(&self) -> Option<f64> {
        let covered = self.to.saturating_sub(self.from);
        (covered > 0 && self.log_bytes > 0).then(|| self.log_bytes as f64 * 86_400.0 / covered as f64)
    }

    /// Share of the bytes that storms fill, 0 to 1; 0 where sizes are not known.
    pub fn storm_share(&self) -> f64 {
        (self.storm_bytes as f64 / self.log_bytes.max(1) as f64).min(1.0)
    }
}

/// A client log that no rule gave to a workstation.
#[derive(Clone, Debug, PartialEq)]
pub struct Unattributed {
    /// Path of the log.
    pub log: String,
    /// Attempts (ticks) in it.
    pub attempts: u64,
    /// The server it names most often; empty if none.
    pub metering_server: String,
    /// The workstation it would fit, as a suggestion only.
    pub suggestion: Option<String>,
}

/// One workstation.
#[derive(Clone, Debug)]
pub struct Row {
    /// Place in the report, from 1.
    pub rank: u64,
    /// Canonical name, address, `(blank) ACCOUNT` or `(random names) ACCOUNT@SERVER`.
    pub workstation: String,
    /// Names as logged, most frequent first.
    pub raw_names: Vec<String>,
    /// Listed without `--all`.
    pub listed: bool,
    /// The class.
    pub class: Class,
    /// The verdict; `None` for a row without a client log that is neither storm nor possible storm.
    pub verdict: Option<Verdict>,
    /// Failures.
    pub failures: u64,
    /// First failure; `None` without failures.
    pub first_failure: Option<i64>,
    /// Last failure; `None` without failures.
    pub last_failure: Option<i64>,
    /// Still running at the end of the log.
    pub ongoing: bool,
    /// It was already running when the log begins: `first_failure` is not its onset. Of a storm or
    /// possible storm only.
    pub since_before: bool,
    /// It ends where a full, stopped or cleared log ends: `last_failure` is not known to be its end.
    /// Of a storm or possible storm only.
    pub log_stops: bool,
    /// Accounts, most failures first (ties: byte order).
    pub accounts: Vec<AccountCount>,
    /// Reason statuses, most failures first.
    pub statuses: Vec<(Status, u64)>,
    /// Events of every family by id, most first; 0 is netlogon.log.
    pub event_ids: Vec<(u16, u64)>,
    /// Servers, most distinct seconds first.
    pub servers: Vec<String>,
    /// How hard.
    pub rate: Rate,
    /// The client's own log; `None` without one.
    pub client: Option<ClientSummary>,
    /// What the comparison of the two sides gave; `None` if nothing was compared.
    pub matched: Option<MatchSummary>,
    /// What it costs the log.
    pub cost: Cost,
    /// Why this class and this verdict, strongest first; empty below [`Detail::Reasons`]. No file names in it.
    ///
    /// [`Detail::Reasons`]: super::detail::Detail::Reasons
    pub reasons: Vec<String>,
    /// What would stop it; empty for rows that need no action.
    pub action: String,
    /// What few outputs show.
    pub evidence: Evidence,
}

/// One account of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountCount {
    /// As logged, most frequent spelling.
    pub account: String,
    /// Domain as logged; `None` where no event tells.
    pub domain: Option<String>,
    /// Failures.
    pub failures: u64,
}

/// How hard a workstation fails. All zero or `None` without failures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rate {
    /// Failures per day while active.
    pub per_day: f64,
    /// Most failures within 3,600 s.
    pub peak_per_hour: u64,
    /// Bursts.
    pub bursts: u64,
    /// Dominant period in seconds.
    pub period_s: Option<f64>,
    /// Share of the gaps that follow the period, 0 to 1.
    pub regular_share: Option<f64>,
}

/// The client's own log, all files of one workstation together.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientSummary {
    /// Paths, in the order in which they are read.
    pub logs: Vec<String>,
    /// The rule that gave them to the workstation.
    pub attributed_by: Option<AttributedBy>,
    /// Attempts (ticks).
    pub attempts: u64,
    /// First attempt, milliseconds since 1970-01-01T00:00:00 on the client's clock; `None` if undated.
    pub first_ms: Option<i64>,
    /// Last attempt.
    pub last_ms: Option<i64>,
    /// The lines carry dates.
    pub dated: bool,
    /// Servers named in the log, most often first.
    pub metering_servers: Vec<String>,
    /// Successes told by the log.
    pub successes: u64,
    /// "Pipe busy" lines.
    pub busy_lines: u64,
    /// Lines of no known kind.
    pub unknown_lines: u64,
}

/// The comparison of the two sides, rounded only when written.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchSummary {
    /// Server whose log it was compared with.
    pub server: String,
    /// Account of the train.
    pub account: String,
    /// Offset at the midpoint between the first and the last matched pair, in seconds.
    pub clock_offset_s: Option<f64>,
    /// The match itself; `None` for a comparison by counts only.
    pub found: Option<Box<Match>>,
    /// Ticks / bursts compared by counts only, where there is no time.
    pub of_client: u64,
    /// See `of_client`.
    pub of_server: u64,
}

/// What a row costs the log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// Share of all failures, 0 to 1.
    pub share_of_failures: f64,
    /// Share of the log's bytes, 0 to 1; `None` where sizes are not known.
    pub share_of_log_bytes: Option<f64>,
    /// Bytes of the counted events; 0 where sizes are not known.
    pub bytes: u64,
    /// Hours of history lost; `None` for text inputs and logs that do not overwrite.
    pub history_lost_h: Option<f64>,
}

/// A client line that can be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientLine {
    /// Index into `Analysis::files`.
    pub file: u32,
    /// Line number, from 1.
    pub line: u64,
    /// Milliseconds on the client's clock; `None` if undated.
    pub at_ms: Option<i64>,
    /// Which line it is.
    pub class: TickClass,
}

/// A context event: lockout, account disabled, log cleared, ...
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// When.
    pub sec: i64,
    /// Server.
    pub server: String,
    /// What, in words: `account user4 locked out (644)`.
    pub what: String,
    /// Where it can be looked up.
    pub at: Sighting,
}

/// What few outputs show: `explain`, HTML, XLSX, those for a SIEM. Below [`Detail::Evidence`] there are only
/// `episodes`.
///
/// [`Detail::Evidence`]: super::detail::Detail::Evidence
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Per server: the finding.
    pub findings: Vec<Finding>,
    /// Server of the first failure; of several in that second the first by name. Empty without failures.
    pub first_server: String,
    /// Sample failures, in order of time.
    pub sightings: Vec<Sighting>,
    /// One sighting per distinct second of the main train, where asked for.
    pub records: Vec<Sighting>,
    /// Bursts of the main train (split always at the burst gap), in order of time.
    pub bursts: Vec<Burst>,
    /// Failures per clock hour over all servers' counted families, sorted.
    pub hours: Vec<(i64, u64)>,
    /// Ticks of the client, in order.
    pub ticks: Vec<ClientLine>,
    /// Episodes of the main finding.
    pub episodes: Vec<Episode>,
    /// Context events of the accounts and servers concerned, in order of time.
    pub context: Vec<Context>,
    /// Logon types with counts.
    pub logon_types: Vec<(u8, u64)>,
    /// Processes named by 4625, most frequent first.
    pub processes: Vec<String>,
    /// Addresses as logged.
    pub ips: Vec<String>,
    /// How each client log was given to this workstation, in words.
    pub attribution: Vec<String>,
    /// Failures logged without a workstation that a netlogon.log gave to this one, in words; most
    /// rows have none.
    pub named: Vec<String>,
    /// What would stop it, most effective first, as `Row::action` says in one line.
    pub remedies: Vec<Remedy>,
    /// The retry cycle of a storm of the licence metering client, or why none can be told; `None`
    /// for everything else.
    pub cycle: Option<Result<Cycle, NoPrediction>>,
}
