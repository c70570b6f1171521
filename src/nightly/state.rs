//! Everything that is remembered between nights.

use std::collections::BTreeMap;

use crate::model::gathered::Gathered;

/// Everything that is remembered between nights.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Every event counted so far, once, and every client log, as if they had been read together.
    pub seen: Gathered,
    /// How to recognise each input file without reading it, by its path; an archive is one file.
    pub marks: BTreeMap<String, FileMark>,
    /// Wanted records that were dropped as already counted, over all nights.
    pub duplicates: u64,
    /// The night before the current one: what `since_last_run` compares with.
    pub baseline: Night,
    /// The last night that was reported.
    pub current: Night,
}

/// How a file is recognised without reading it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileMark {
    /// Size in bytes.
    pub size: u64,
    /// Modification time, Unix seconds; 0 where unknown.
    pub modified: i64,
    /// FNV-1a hash of the first and the last 64 KiB.
    pub ends: u64,
}

/// What one night reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Night {
    /// Days since 1970-01-01; `None` before the first night.
    pub day: Option<i32>,
    /// Event records of any id that had been read up to that night.
    pub records: u64,
    /// Rows by workstation.
    pub rows: BTreeMap<String, RowMemory>,
}

/// What one night reported of one workstation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowMemory {
    /// Failures.
    pub failures: u64,
    /// It was listed (as a storm or another row that is shown without `--all`).
    pub listed: bool,
    /// Last failure, Unix seconds.
    pub last_failure: Option<i64>,
    /// The id that the row keeps over the nights: 16 hex digits, given when it was first listed.
    pub id: String,
}
