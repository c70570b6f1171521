//! What a client's own log says.

use std::sync::Arc;

use super::attempts::Attempts;
use super::event::FileId;

/// A stamp as the client wrote it, on the client's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stamp {
    /// The line has no stamp.
    #[default]
    None,
    /// Time of day only: milliseconds since midnight.
    TimeOfDay(u32),
    /// Date and time without a year: the civil time in a year 1972 (a leap year), in milliseconds
    /// since 1970-01-01T00:00:00 of the client's clock.
    NoYear(i64),
    /// Date and time on the client's clock, in milliseconds since 1970-01-01T00:00:00 of that
    /// clock, and minutes to add to get UTC (a Windows bias) where the line tells a zone.
    Dated(i64, Option<i32>),
}

/// Which line ended an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TickClass {
    /// `FAILED - ... Failed to connect to the pipe-service`: program start, stop, status poll.
    Pipe,
    /// `Server is unreachable.`: the outer reachability loop.
    Reach,
}

/// One failed connect attempt: the line that ends it, and what the lines before it told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectAttempt {
    /// Line number of the line that ends the attempt, from 1.
    pub line: u64,
    /// Bytes from the start of the (unpacked) file to that line.
    pub offset: u64,
    /// When, on the client's clock.
    pub stamp: Stamp,
    /// Which line ended it.
    pub class: TickClass,
    /// The metering server named in the line or in the lines before; empty if none was.
    pub server: Arc<str>,
    /// `(i/n)` of the last `Connecting (i/n)`: attempt i of n configured retries.
    pub counter: Option<(u32, u32)>,
    /// `k more times out of n` of the countdown that follows; `None` when there is none.
    pub retries_left: Option<(u32, u32)>,
    /// The wait announced after the attempt, in seconds (`Will try again in 60 secs`).
    pub wait_s: Option<u32>,
    /// Win32 error code of the line; only 2 is documented.
    pub error: Option<u32>,
}

/// A line that speaks against a storm: a success of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSuccess {
    /// Line number, from 1.
    pub line: u64,
    /// When, on the client's clock.
    pub stamp: Stamp,
    /// The account, where the line names one (`Getting groups for the user "X"`).
    pub account: Option<String>,
}

/// How a client log was given to a workstation: `attributed_by` of the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttributedBy {
    /// The client map.
    Map,
    /// A UNC-like path: the component before `ADMIN$`, `C$` or `WINNT/MS/SMS/Logs`.
    Unc,
    /// The parent folder.
    Folder,
    /// An affix of the file name.
    FileName,
}

impl AttributedBy {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            AttributedBy::Map => "map",
            AttributedBy::Unc => "unc",
            AttributedBy::Folder => "folder",
            AttributedBy::FileName => "file-name",
        }
    }
}

/// One client log file.
#[derive(Clone, Debug, Default)]
pub struct ClientLog {
    /// The file.
    pub file: FileId,
    /// The workstation it belongs to (canonical name) and the rule that said so; `None` if no rule did.
    pub workstation: Option<(String, AttributedBy)>,
    /// True for an older generation (`.lo_`), which is read before the current log.
    pub older: bool,
    /// The file's modification time, Unix seconds, where the file system or archive tells it.
    /// Used only for logs without dates or years.
    pub modified: Option<i64>,
    /// Lines in the file.
    pub lines: u64,
    /// Lines of no known kind. They are counted, never lost.
    pub unknown_lines: u64,
    /// Lines of each known kind, by the kind's name, in byte order of the name.
    pub kinds: Vec<(String, u64)>,
    /// Failed attempts in the order of the lines, before any two are joined into one tick.
    pub attempts: Attempts,
    /// Successes in the order of the lines.
    pub successes: Vec<ClientSuccess>,
    /// First and last stamp of any line, in the order of the lines.
    pub first: Stamp,
    /// See `first`.
    pub last: Stamp,
    /// "Pipe busy" lines: overload, not credentials (KB Q245228).
    pub busy_lines: u64,
    /// Hash of the whole content: byte-identical copies are read once.
    pub content_hash: u64,
    /// 0 for what the file holds; n for what it held before a night n - 1 days ago: remembered by the
    /// nightly job, never so in one scan.
    pub earlier: u32,
    /// Names without extension that a log of this profile has, in lower case: they tell which part of
    /// a file's name is a workstation.
    pub profile_files: Vec<String>,
    /// Canonical names of the servers that the log names, sorted: none of them is its workstation.
    pub servers: Vec<String>,
}

impl ClientLog {
    /// Both are copies of one content, byte by byte.
    pub fn is_copy(&self, other: &ClientLog) -> bool {
        self.content_hash == other.content_hash && self.lines == other.lines
    }

    /// This is an earlier copy of `longer`, which has grown: all that it tells stands there on the
    /// same lines. A log that tells nothing begins none.
    pub fn begins(&self, longer: &ClientLog) -> bool {
        let tells = !self.attempts.is_empty() || !self.successes.is_empty();
        tells
            && self.lines < longer.lines
            && self.first == longer.first
            && self.attempts.begin(&longer.attempts)
            && longer.successes.starts_with(&self.successes)
    }
}
