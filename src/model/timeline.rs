//! Everything that was read, merged and grouped: what detectors and correlation work on.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::client::{AttributedBy, TickClass};
use super::event::{EventKind, Family, FileId, Provenance};
use super::gathered::{Audits, Skipped};
use super::lights::Lights;
use super::train::{Sighting, Train};

/// What a workstation's name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    /// A computer's name.
    Named,
    /// An address.
    Address,
    /// The server itself: a local service, not a client storm.
    Server,
    /// No name and no address; kept apart per account, never joined.
    Blank,
}

/// All trains of one workstation.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkstationTrains {
    /// Canonical name: `WS042`, `10.0.0.5`, `(blank) ACCOUNT`.
    pub name: String,
    /// What that name is.
    pub kind: NameKind,
    /// Trains, sorted by (server, account).
    pub trains: Vec<Train>,
}

/// One server's log, over all files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServerLog {
    /// Canonical name.
    pub server: String,
    /// First record of any id, Unix seconds.
    pub from: i64,
    /// Last record of any id.
    pub to: i64,
    /// Records of any id, duplicates included.
    pub records: u64,
    /// Categories seen.
    pub audits: Audits,
    /// A header or a record says that the log is full.
    pub full: bool,
    /// Bytes per clock hour, of several files the maximum, sorted by hour; empty for text inputs.
    pub hours: Vec<(i64, u64)>,
}

/// A context event: lockout, account enabled or disabled, log cleared, audits lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextEvent {
    /// When, Unix seconds.
    pub sec: i64,
    /// What.
    pub kind: EventKind,
    /// Event id.
    pub event_id: u16,
    /// Canonical name of the server that logged it.
    pub server: String,
    /// The account concerned, for keys (upper case); empty for log events.
    pub account_key: String,
    /// The account as logged.
    pub account: String,
    /// Canonical name of the caller computer (644, 4740); empty otherwise.
    pub workstation: String,
    /// Where it can be looked up.
    pub at: Provenance,
}

/// Failures whose blank workstation a netlogon.log line named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resolved {
    /// Canonical name of the workstation they were given to.
    pub workstation: String,
    /// Canonical name of the server that logged them.
    pub server: String,
    /// The account for keys.
    pub account_key: String,
    /// How many.
    pub failures: u64,
    /// The netlogon.log line that named the first of them.
    pub told_by: Provenance,
}

/// The ticks of one workstation's client logs: one per failed attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Milliseconds on the client's clock (UTC where zone or bias is known); `None` if undated.
    pub at_ms: Option<i64>,
    /// Which line ended the attempt.
    pub class: TickClass,
    /// The log.
    pub file: FileId,
    /// The line, from 1.
    pub line: u64,
    /// Bytes from the start of the file.
    pub offset: u64,
    /// The metering server named; empty if none was.
    pub server: Arc<str>,
    /// `(i/n)` of the retry cycle.
    pub counter: Option<(u32, u32)>,
    /// Wait announced after the attempt, seconds.
    pub wait_s: Option<u32>,
}

/// How the stamps of a client's logs can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dating {
    /// Date and time.
    Dated,
    /// Time of day only; unwrapped over midnight, the day is unknown.
    TimeOfDay,
    /// No stamps.
    Undated,
}

/// All client logs of one workstation together, `.lo_` before `.log`, nothing counted twice.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientTrain {
    /// Canonical name; `None` for a log that no rule gave to a workstation (one train per log then).
    pub workstation: Option<String>,
    /// The rule of the first log.
    pub attributed_by: Option<AttributedBy>,
    /// The logs, in reading order.
    pub files: Vec<FileId>,
    /// How the stamps can be used.
    pub dating: Dating,
    /// The ticks, in order of time, or of the lines where undated.
    pub ticks: Vec<Tick>,
    /// Times of successes in milliseconds on the client's clock, sorted; undated ones left out.
    pub successes_ms: Vec<i64>,
    /// Successes, dated or not.
    pub successes: u64,
    /// First and last stamp of any line, milliseconds on the client's clock.
    pub span_ms: Option<(i64, i64)>,
    /// "Pipe busy" lines.
    pub busy_lines: u64,
    /// Lines of no known kind.
    pub unknown_lines: u64,
    /// Servers named, most often first (ties: byte order).
    pub metering_servers: Vec<String>,
    /// Accounts named by successes, upper case, sorted.
    pub accounts: Vec<String>,
}

/// Everything that was read, merged and grouped.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Workstations with at least one failure, sorted by name, but those in `lights`.
    pub workstations: Vec<WorkstationTrains>,
    /// Workstations with too few failures to be listed for themselves; empty where all were asked for.
    pub lights: Lights,
    /// Servers, sorted by name.
    pub servers: Vec<ServerLog>,
    /// Context events, sorted by (time, server, id).
    pub context: Vec<ContextEvent>,
    /// Client logs per workstation, sorted by name; unattributed ones last, in order of file.
    pub clients: Vec<ClientTrain>,
    /// Failures whose blank workstation was resolved, sorted; most runs have none.
    pub resolved: Vec<Resolved>,
    /// Failures counted ([`WorkstationTrains::counted`] over all workstations).
    pub failures: u64,
    /// Wanted records dropped as already counted.
    pub duplicates: u64,
    /// Every count is exact.
    pub exact: bool,
    /// Paths of the files, by `FileId`.
    pub files: Vec<String>,
    /// Things the reader should know.
    pub warnings: Vec<String>,
    /// Copied from what was read.
    pub inputs: InputCounts,
}

/// Totals that reports repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputCounts {
    /// Files read.
    pub files: u64,
    /// Their bytes, unpacked.
    pub bytes: u64,
    /// Records of any id.
    pub records: u64,
    /// Client log files.
    pub client_logs: u64,
    /// Files of no known format.
    pub unrecognised: u64,
    /// Events with impossible times.
    pub bad_times: u64,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

/// The trains whose failures add up to those of one row, in the order given: over servers the same
/// family of one account adds; of different families, which may tell of the same attempts, only the
/// one with more distinct seconds counts (ties: the first in the order of [`Family`]).
pub fn counted<'a>(trains: impl Iterator<Item = &'a Train> + Clone) -> Vec<&'a Train> {
    if one_family(trains.clone()) {
        return trains.collect();
    }
    let mut seconds: BTreeMap<(&str, Family), usize> = BTreeMap::new();
    for train in trains.clone() {
        *seconds.entry((train.account_key.as_str(), train.family)).or_insert(0) += train.n();
    }
    let mut best: BTreeMap<&str, (usize, Family)> = BTreeMap::new();
    for ((account, family), n) in seconds {
        let entry = best.entry(account).or_insert((n, family));
        if n > entry.0 {
            *entry = (n, family);
        }
    }
    let counts = |train: &&Train| best.get(train.account_key.as_str()).is_some_and(|best| best.1 == train.family);
    trains.filter(counts).collect()
}

/// Most workstations fail in one way.
fn one_family<'a>(mut trains: impl Iterator<Item = &'a Train>) -> bool {
    let first = trains.next().map(|train| train.family);
    trains.all(|train| Some(train.family) == first)
}

impl WorkstationTrains {
    /// The trains whose failures add up to the workstation's: see [`counted()`].
    pub fn counted(&self) -> Vec<&Train> {
        counted(self.trains.iter())
    }

    /// Failures of the counted trains.
    pub fn failures(&self) -> u64 {
        self.counted().iter().map(|train| train.failures).sum()
    }

    /// The first sighting of any train; `None` when there is none.
    pub fn first_sighting(&self) -> Option<Sighting> {
        self.trains.iter().filter_map(|train| train.sightings.first().copied()).min()
    }
}
