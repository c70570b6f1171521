//! Everything that is remembered between nights.

use std::collections::BTreeMap;

use crate::model::finding::Class;
use crate::model::gathered::Gathered;
use crate::model::verdict::Verdict;

/// Everything that is remembered between nights.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Every event counted so far, once, and every client log, as if they had been read together.
    ///
    /// Its files are first the present ones, sorted by path bytes, then what files held earlier: a
    /// file that was read again may have lost what it told before. Those stand for no file: they have
    /// no format and no counts.
    pub seen: Gathered,
    /// How many of the files are present ones.
    pub present: usize,
    /// How to recognise each input file without reading it, by its path; an archive is one file.
    pub marks: BTreeMap<String, FileMark>,
    /// The options that inputs were read with, in words: with others everything is read again.
    pub read_with: String,
    /// The night before the current one: what `since_last_run` compares with.
    pub baseline: Night,
    /// The last night that was reported.
    pub current: Night,
}

impl State {
    /// Wanted records of the files that are no longer among the events: copies of what others tell.
    pub fn duplicates(&self) -> u64 {
        let wanted: u64 = self.seen.counts.iter().take(self.present).map(|counts| counts.wanted).sum();
        let kept = self.seen.events.iter().filter(|event| {
            let present = (event.file.0 as usize) < self.present;
            present && !self.seen.who(event.who).recovered
        });
        wanted.saturating_sub(kept.count() as u64)
    }
}

/// How a file is recognised without reading it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileMark {
    /// Size in bytes.
    pub size: u64,
    /// Modification time, nanoseconds since the Unix epoch; 0 where unknown.
    pub modified: i64,
    /// FNV-1a hash of a few bytes at either end.
    pub ends: u64,
}

/// What one night reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Night {
    /// Days since 1970-01-01; `None` before the first night.
    pub day: Option<i32>,
    /// Event records of any id that were known by then, each once.
    pub records: u64,
    /// Rows by workstation.
    pub rows: BTreeMap<String, RowMemory>,
}

/// What one night reported of one workstation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowMemory {
    /// Failures.
    pub failures: u64,
    /// It was listed (as a storm or another row that is shown without `--all`).
    pub listed: bool,
    /// Last failure, Unix seconds.
    pub last_failure: Option<i64>,
    /// The class it had.
    pub class: Class,
    /// The verdict it had.
    pub verdict: Option<Verdict>,
    /// The id that the row keeps over the nights: 16 hex digits, given when it was first met, listed or not.
    pub id: String,
}
