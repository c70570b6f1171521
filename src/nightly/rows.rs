//! Serialisable twins of what a state holds besides events and client logs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::state::{FileMark, Night, RowMemory};
use crate::model::event::{EventKind, FileId, Who};
use crate::model::finding::Class;
use crate::model::gathered::{Audits, Coverage, FileCounts, FileInfo, Severity, Skipped};
use crate::model::names::NameId;
use crate::model::status::Status;
use crate::model::verdict::Verdict;

/// Twin of [`Who`]. Kinds and statuses are numbers that never change their meaning.
#[derive(Serialize, Deserialize)]
pub(super) struct WhoRow {
    kind: u8,
    event_id: u16,
    numbered: bool,
    recovered: bool,
    logon_type: u8,
    reason: (u8, u32),
    names: [u32; 8],
}

/// Kinds in the order of their stored numbers. New kinds go to the end.
const KINDS: [EventKind; 9] = [
    EventKind::Failure,
    EventKind::Success,
    EventKind::Lockout,
    EventKind::AccountEnabled,
    EventKind::AccountDisabled,
    EventKind::AccountUnlocked,
    EventKind::LogCleared,
    EventKind::LogFull,
    EventKind::AuditsLost,
];

impl WhoRow {
    pub(super) fn of(who: &Who) -> WhoRow {
        let names = [who.server, who.channel, who.workstation, who.account, who.domain, who.ip, who.process, who.relay];
        WhoRow {
            kind: KINDS.iter().position(|kind| *kind == who.kind).unwrap_or(0) as u8,
            event_id: who.event_id,
            numbered: who.numbered,
            recovered: who.recovered,
            logon_type: who.logon_type,
            reason: match who.reason {
                Status::None => (0, 0),
                Status::Nt(code) => (1, code),
                Status::Kerberos(code) => (2, code),
            },
            names: names.map(|name| name.0),
        }
    }

    /// `None` when a name is not among the `names`, or a number has no meaning.
    pub(super) fn who(&self, names: u32) -> Option<Who> {
        if self.names.iter().any(|name| *name >= names) {
            return None;
        }
        let [server, channel, workstation, account, domain, ip, process, relay] = self.names.map(NameId);
        Some(Who {
            kind: *KINDS.get(usize::from(self.kind))?,
            event_id: self.event_id,
            numbered: self.numbered,
            recovered: self.recovered,
            logon_type: self.logon_type,
            reason: match self.reason {
                (0, _) => Status::None,
                (1, code) => Status::Nt(code),
                (2, code) => Status::Kerberos(code),
                _ => return None,
            },
            server,
            channel,
            workstation,
            account,
            domain,
            ip,
            process,
            relay,
        })
    }
}

/// Stands for the format of a file that an earlier night recognised.
const EARLIER: &str = "earlier";

/// Twin of [`FileInfo`] and its [`FileCounts`].
#[derive(Serialize, Deserialize)]
pub(super) struct FileRow {
    path: String,
    bytes: u64,
    recognised: bool,
    wanted: u64,
    bad_times: u64,
    unrecognised: bool,
}

impl FileRow {
    pub(super) fn of(file: &FileInfo, counts: Option<&FileCounts>) -> FileRow {
        let counts = counts.copied().unwrap_or_default();
        FileRow {
            path: file.path.clone(),
            bytes: file.bytes,
            recognised: !file.format.is_empty(),
            wanted: counts.wanted,
            bad_times: counts.bad_times,
            unrecognised: counts.unrecognised,
        }
    }

    pub(super) fn file(self) -> (FileInfo, FileCounts) {
        let format = if self.recognised { EARLIER } else { "" };
        let counts = FileCounts { wanted: self.wanted, bad_times: self.bad_times, unrecognised: self.unrecognised };
        (FileInfo { path: self.path, bytes: self.bytes, format }, counts)
    }
}

/// Twin of a path and its [`FileMark`].
#[derive(Serialize, Deserialize)]
pub(super) struct MarkRow {
    path: String,
    size: u64,
    modified: i64,
    ends: u64,
}

impl MarkRow {
    pub(super) fn of((path, mark): (&String, &FileMark)) -> MarkRow {
        MarkRow { path: path.clone(), size: mark.size, modified: mark.modified, ends: mark.ends }
    }

    pub(super) fn mark(self) -> (String, FileMark) {
        (self.path, FileMark { size: self.size, modified: self.modified, ends: self.ends })
    }
}

/// Twin of [`Coverage`].
#[derive(Serialize, Deserialize)]
pub(super) struct CoverageRow {
    file: u32,
    server: u32,
    records: u64,
    first: i64,
    last: i64,
    hours: Vec<(i64, u64)>,
    hour_records: Vec<(i64, u64)>,
    audits: u8,
    full: bool,
    log_bytes: u64,
}

impl CoverageRow {
    pub(super) fn of(coverage: &Coverage) -> CoverageRow {
        CoverageRow {
            file: coverage.file.0,
            server: coverage.server.0,
            records: coverage.records,
            first: coverage.first,
            last: coverage.last,
            hours: coverage.hours.clone(),
            hour_records: coverage.hour_records.clone(),
            audits: coverage.audits.0,
            full: coverage.full,
            log_bytes: coverage.log_bytes,
        }
    }

    pub(super) fn coverage(&self, names: u32, files: u32) -> Option<Coverage> {
        (self.server < names && self.file < files).then(|| Coverage {
            file: FileId(self.file),
            server: NameId(self.server),
            records: self.records,
            first: self.first,
            last: self.last,
            hours: self.hours.clone(),
            hour_records: self.hour_records.clone(),
            audits: Audits(self.audits),
            full: self.full,
            log_bytes: self.log_bytes,
        })
    }
}

/// Twin of [`Skipped`].
#[derive(Serialize, Deserialize)]
pub(super) struct SkippedRow {
    file: String,
    at: String,
    what: String,
    why: String,
    severity: u8,
}

/// Severities in the order of their stored numbers.
const SEVERITIES: [Severity; 3] = [Severity::Note, Severity::Damage, Severity::Unreadable];

impl SkippedRow {
    pub(super) fn of(place: &Skipped) -> SkippedRow {
        SkippedRow {
            file: place.file.clone(),
            at: place.at.clone(),
            what: place.what.clone(),
            why: place.why.clone(),
            severity: SEVERITIES.iter().position(|severity| *severity == place.severity).unwrap_or(0) as u8,
        }
    }

    pub(super) fn skipped(self) -> Option<Skipped> {
        let severity = *SEVERITIES.get(usize::from(self.severity))?;
        Some(Skipped { file: self.file, at: self.at, what: self.what, why: self.why, severity })
    }
}

/// Twin of [`Night`].
#[derive(Serialize, Deserialize)]
pub(super) struct NightRow {
    day: Option<i32>,
    records: u64,
    rows: Vec<MemoryRow>,
}

/// Twin of a workstation and its [`RowMemory`].
#[derive(Serialize, Deserialize)]
struct MemoryRow {
    workstation: String,
    failures: u64,
    listed: bool,
    last_failure: Option<i64>,
    class: u8,
    verdict: Option<u8>,
    id: String,
}

/// Classes in the order of their stored numbers.
const CLASSES: [Class; 6] =
    [Class::Storm, Class::PossibleStorm, Class::Spray, Class::Scanner, Class::Unclassified, Class::Human];

/// Verdicts in the order of their stored numbers.
const VERDICTS: [Verdict; 6] = [
    Verdict::Confirmed,
    Verdict::Likely,
    Verdict::Consistent,
    Verdict::ServerOnly,
    Verdict::ClientOnly,
    Verdict::Contradicted,
];

impl NightRow {
    pub(super) fn of(night: &Night) -> NightRow {
        let rows = night.rows.iter().map(|(name, row)| MemoryRow {
            workstation: name.clone(),
            failures: row.failures,
            listed: row.listed,
            last_failure: row.last_failure,
            class: CLASSES.iter().position(|class| *class == row.class).unwrap_or(0) as u8,
            verdict: row.verdict.and_then(|of| VERDICTS.iter().position(|verdict| *verdict == of)).map(|at| at as u8),
            id: row.id.clone(),
        });
        NightRow { day: night.day, records: night.records, rows: rows.collect() }
    }

    /// `None` when a number has no meaning.
    pub(super) fn night(self) -> Option<Night> {
        let rows = self.rows.into_iter().map(|row| {
            let verdict = match row.verdict {
                Some(number) => Some(*VERDICTS.get(usize::from(number))?),
                None => None,
            };
            let memory = RowMemory {
                failures: row.failures,
                listed: row.listed,
                last_failure: row.last_failure,
                class: *CLASSES.get(usize::from(row.class))?,
                verdict,
                id: row.id,
            };
            Some((row.workstation, memory))
        });
        Some(Night { day: self.day, records: self.records, rows: rows.collect::<Option<BTreeMap<_, _>>>()? })
    }
}
