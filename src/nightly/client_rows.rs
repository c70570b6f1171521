//! Serialisable twins of client logs.

use serde::{Deserialize, Serialize};

use crate::model::client::{AttributedBy, ClientLog, ClientSuccess, ConnectAttempt, Stamp, TickClass};
use crate::model::event::FileId;

/// Twin of [`ClientLog`].
#[derive(Serialize, Deserialize)]
pub(super) struct ClientRow {
    file: u32,
    workstation: Option<(String, u8)>,
    older: bool,
    modified: Option<i64>,
    lines: u64,
    unknown_lines: u64,
    kinds: Vec<(String, u64)>,
    attempts: Vec<AttemptRow>,
    successes: Vec<(u64, StampRow, Option<String>)>,
    first: StampRow,
    last: StampRow,
    busy_lines: u64,
    content_hash: u64,
    earlier: u32,
    profile_files: Vec<String>,
    servers: Vec<String>,
}

/// Twin of [`ConnectAttempt`].
#[derive(Serialize, Deserialize)]
struct AttemptRow {
    line: u64,
    offset: u64,
    stamp: StampRow,
    reach: bool,
    server: String,
    counter: Option<(u32, u32)>,
    retries_left: Option<(u32, u32)>,
    wait_s: Option<u32>,
    error: Option<u32>,
}

/// Twin of [`Stamp`].
#[derive(Clone, Copy, Serialize, Deserialize)]
enum StampRow {
    None,
    TimeOfDay(u32),
    NoYear(i64),
    Dated(i64, Option<i32>),
}

/// Attribution rules in the order of their stored numbers.
const RULES: [AttributedBy; 4] = [AttributedBy::Map, AttributedBy::Unc, AttributedBy::Folder, AttributedBy::FileName];

impl ClientRow {
    pub(super) fn of(log: &ClientLog) -> ClientRow {
        let rule = |by: AttributedBy| RULES.iter().position(|rule| *rule == by).unwrap_or(0) as u8;
        ClientRow {
            file: log.file.0,
            workstation: log.workstation.as_ref().map(|(name, by)| (name.clone(), rule(*by))),
            older: log.older,
            modified: log.modified,
            lines: log.lines,
            unknown_lines: log.unknown_lines,
            kinds: log.kinds.clone(),
            attempts: log.attempts.iter().map(|attempt| AttemptRow::of(&attempt)).collect(),
            successes: log.successes.iter().map(|s| (s.line, StampRow::of(s.stamp), s.account.clone())).collect(),
            first: StampRow::of(log.first),
            last: StampRow::of(log.last),
            busy_lines: log.busy_lines,
            content_hash: log.content_hash,
            earlier: log.earlier,
            profile_files: log.profile_files.clone(),
            servers: log.servers.clone(),
        }
    }

    /// `None` when the file is not among the `files`, or a number has no meaning.
    pub(super) fn client(self, files: u32) -> Option<ClientLog> {
        let workstation = match self.workstation {
            Some((name, by)) => Some((name, *RULES.get(usize::from(by))?)),
            None => None,
        };
        let success = |(line, stamp, account): (u64, StampRow, Option<String>)| ClientSuccess {
            line,
            stamp: stamp.stamp(),
            account,
        };
        (self.file < files).then(|| ClientLog {
            file: FileId(self.file),
            workstation,
            older: self.older,
            modified: self.modified,
            lines: self.lines,
            unknown_lines: self.unknown_lines,
            kinds: self.kinds,
            attempts: self.attempts.into_iter().map(AttemptRow::attempt).collect(),
            successes: self.successes.into_iter().map(success).collect(),
            first: self.first.stamp(),
            last: self.last.stamp(),
            busy_lines: self.busy_lines,
            content_hash: self.content_hash,
            earlier: self.earlier,
            profile_files: self.profile_files,
            servers: self.servers,
        })
    }
}

impl AttemptRow {
    fn of(attempt: &ConnectAttempt) -> AttemptRow {
        AttemptRow {
            line: attempt.line,
            offset: attempt.offset,
            stamp: StampRow::of(attempt.stamp),
            reach: attempt.class == TickClass::Reach,
            server: attempt.server.to_string(),
            counter: attempt.counter,
            retries_left: attempt.retries_left,
            wait_s: attempt.wait_s,
            error: attempt.error,
        }
    }

    fn attempt(self) -> ConnectAttempt {
        ConnectAttempt {
            line: self.line,
            offset: self.offset,
            stamp: self.stamp.stamp(),
            class: if self.reach { TickClass::Reach } else { TickClass::Pipe },
            server: self.server.into(),
            counter: self.counter,
            retries_left: self.retries_left,
            wait_s: self.wait_s,
            error: self.error,
        }
    }
}

impl StampRow {
    fn of(stamp: Stamp) -> StampRow {
        match stamp {
            Stamp::None => StampRow::None,
            Stamp::TimeOfDay(ms) => StampRow::TimeOfDay(ms),
            Stamp::NoYear(ms) => StampRow::NoYear(ms),
            Stamp::Dated(ms, bias) => StampRow::Dated(ms, bias),
        }
    }

    fn stamp(self) -> Stamp {
        match self {
            StampRow::None => Stamp::None,
            StampRow::TimeOfDay(ms) => Stamp::TimeOfDay(ms),
            StampRow::NoYear(ms) => Stamp::NoYear(ms),
            StampRow::Dated(ms, bias) => Stamp::Dated(ms, bias),
        }
    }
}
