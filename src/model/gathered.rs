//! Everything that was read, before anything is concluded.

use super::client::ClientLog;
use super::event::{Event, FileId, Who, WhoId};
use super::names::{NameId, Names};

/// A place that could not be read, and why. Damage is data, not an error.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The file, as in [`FileInfo::path`].
    pub file: String,
    /// Where in the file: `chunk 7, offset 0x2060`, `line 12`; empty for the whole file.
    pub at: String,
    /// What was being read: `file`, `chunk`, `record`, `line`, `checksum`, ...
    pub what: String,
    /// Why it could not be read.
    pub why: String,
    /// How much the exit code cares.
    pub severity: Severity,
}

/// How much a skipped place matters for the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A message only, never code 3: a named file that is not recognised.
    Note,
    /// Damage inside a log: code 3 with `--strict`.
    Damage,
    /// The input could not be read at all: code 3.
    Unreadable,
}

/// One input file, or one member of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// As typed plus what lies below, with `/`; a member is `archive.zip!DC01.evtx`.
    pub path: String,
    /// Bytes, unpacked.
    pub bytes: u64,
    /// Name of the format, as in the register; empty when not recognised.
    pub format: &'static str,
}

/// Categories of audit events that a log shows, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Audits(pub u8);

impl Audits {
    /// Names of the bits, in order of the bits.
    pub const NAMES: [&'static str; 5] =
        ["account-logon-failure", "account-logon-success", "logon-failure", "logon-success", "account-management"];
    /// 681, failed 680, 4776, 4771, 4768, 675, 676, 672.
    pub const ACCOUNT_LOGON_FAILURE: Audits = Audits(1);
    /// Successful 680, 4776, 4768, 672.
    pub const ACCOUNT_LOGON_SUCCESS: Audits = Audits(2);
    /// 529-537, 539, 4625.
    pub const LOGON_FAILURE: Audits = Audits(4);
    /// 528, 540, 4624.
    pub const LOGON_SUCCESS: Audits = Audits(8);
    /// 626, 629, 642, 644, 4722, 4725, 4740, 4767.
    pub const ACCOUNT_MANAGEMENT: Audits = Audits(16);

    /// Both sets together.
    pub fn union(self, other: Audits) -> Audits {
        Audits(self.0 | other.0)
    }

    /// True if any bit of `other` is here.
    pub fn has(self, other: Audits) -> bool {
        self.0 & other.0 != 0
    }
}

/// What the reading of one file counted, besides what is kept of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileCounts {
    /// Events of wanted ids, copies included; those recovered from slack and those whose time cannot
    /// be are left out.
    pub wanted: u64,
    /// Events whose time lies before 1980 or after 2100.
    pub bad_times: u64,
    /// The file is of no known format.
    pub unrecognised: bool,
}

/// What one file covers of one server's log: every record, of any event id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The file.
    pub file: FileId,
    /// The computer that logged the records, as logged.
    pub server: NameId,
    /// Records of any id, duplicates included.
    pub records: u64,
    /// First record's time, Unix seconds (the earliest, not the first in the file).
    pub first: i64,
    /// Last record's time, Unix seconds.
    pub last: i64,
    /// Bytes of all records per clock hour (`sec.div_euclid(3600)`), sorted by hour. Empty for text
    /// inputs, which do not tell record sizes.
    pub hours: Vec<(i64, u64)>,
    /// Records of any id per clock hour, sorted by hour; records whose time cannot be are in none.
    pub hour_records: Vec<(i64, u64)>,
    /// Which categories were seen.
    pub audits: Audits,
    /// True when the header says that the log is full or does not overwrite.
    pub full: bool,
    /// Size of a binary log file with its header, in bytes; 0 for text.
    pub log_bytes: u64,
}

/// Everything that was read.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// Interned text.
    pub names: Names,
    /// Distinct descriptions of events.
    pub whos: Vec<Who>,
    /// Events in order of (file, place in the file).
    pub events: Vec<Event>,
    /// The files, sorted by path bytes; `FileId` is the index.
    pub files: Vec<FileInfo>,
    /// Parallel to `files`; empty where nobody counted.
    pub counts: Vec<FileCounts>,
    /// Per file and server, in order of (file, server's name).
    pub coverage: Vec<Coverage>,
    /// Client logs, in order of file.
    pub clients: Vec<ClientLog>,
    /// What could not be read, in order of (file, place).
    pub skipped: Vec<Skipped>,
    /// Records of any id, duplicates included.
    pub records: u64,
    /// Named files and files in folders that are no known format.
    pub unrecognised: u64,
    /// Events whose time lies before 1980 or after 2100.
    pub bad_times: u64,
    /// Bytes that were read from files to know all this; what was read twice counts twice.
    pub bytes_read: u64,
}

impl Gathered {
    /// Makes the totals those of the files and of what they cover.
    pub fn count(&mut self) {
        self.records = self.coverage.iter().map(|coverage| coverage.records).sum();
        self.bad_times = self.counts.iter().map(|counts| counts.bad_times).sum();
        self.unrecognised = self.counts.iter().filter(|counts| counts.unrecognised).count() as u64;
    }

    /// The description of an event.
    pub fn who(&self, id: WhoId) -> &Who {
        &self.whos[id.0 as usize]
    }

    /// The path of a file; empty for an unknown number.
    pub fn path(&self, id: FileId) -> &str {
        self.files.get(id.0 as usize).map_or("", |file| file.path.as_str())
    }
}
