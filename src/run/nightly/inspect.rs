//! What a person may ask of a state: what is in it, whether it is whole, and to forget it.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{changes, store};
use crate::model::event::EventKind;
use crate::model::time::rfc3339;
use crate::nightly::format;
use crate::nightly::state::State;
use crate::report::words::{count, plural};
use crate::run::Failure;
use crate::timeline;

/// What is in a state. Its text is what `state show` prints; equal states give equal texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateSummary {
    /// The file.
    pub path: PathBuf,
    /// Format number of the file.
    pub format: u16,
    /// Size of the file, in bytes.
    pub bytes: u64,
    /// The last night, as `2001-03-14`; `None` before the first.
    pub last_night: Option<String>,
    /// The night that the last one was compared with; `None` in the first.
    pub night_before: Option<String>,
    /// Input files known, archives' members each, and those of a known format among them.
    pub files: (u64, u64),
    /// Files that told more before they were read again.
    pub earlier: u64,
    /// Event records of any id, each once as far as clock hours tell.
    pub records: u64,
    /// Events kept, and the failures among them.
    pub events: (u64, u64),
    /// Per server: name, first and last record (Unix seconds).
    pub servers: Vec<(String, i64, i64)>,
    /// Client logs, and the attempts they tell of before any two are joined.
    pub clients: (u64, u64),
    /// Workstations of the last report, and those listed.
    pub rows: (u64, u64),
    /// Places that could not be read.
    pub skipped: u64,
}

/// What is in the state of this folder. Nothing is locked: the file is only ever replaced as a whole.
///
/// Errors: there is no state, or it cannot be used.
pub fn state_show(folder: &Path) -> Result<StateSummary, Failure> {
    let (bytes, state) = read(folder)?;
    Ok(summary(&store::path(folder), &bytes, &state))
}

/// Reads the whole state of this folder and writes it again in memory: every number in it points
/// somewhere, and nothing was lost. Returns what is in it.
///
/// Errors: there is no state, or it cannot be used, with the reason.
pub fn state_check(folder: &Path) -> Result<StateSummary, Failure> {
    let (bytes, state) = read(folder)?;
    let (_, again) = store::settle(folder, &state)?;
    let summaries = [&state, &again].map(|state| summary(&store::path(folder), &bytes, state));
    match summaries {
        [summary, again] if summary == again => Ok(summary),
        _ => Err(store::bad(&store::path(folder), "it does not come back as it was when it is written again")),
    }
}

/// Forgets everything that was seen: the next night reads all inputs again, and what was told by files
/// that are gone is lost. True when there was a state. `started` is for the message of a run that
/// meets the lock meanwhile.
///
/// Errors: another run holds the lock, or the file cannot be removed.
pub fn state_reset(folder: &Path, started: &str) -> Result<bool, Failure> {
    let path = store::path(folder);
    if !path.exists() {
        return Ok(false);
    }
    let _lock = store::lock(folder, started, &())?;
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(store::output(&path, source)),
    }
}

fn read(folder: &Path) -> Result<(Vec<u8>, State), Failure> {
    match store::read(folder)? {
        Some(bytes) => {
            let state = store::decode(folder, &bytes)?;
            Ok((bytes, state))
        }
        None => Err(store::bad(&store::path(folder), "there is none yet: the first night makes it")),
    }
}

fn summary(path: &Path, bytes: &[u8], state: &State) -> StateSummary {
    let seen = &state.seen;
    let present = &seen.files[..state.present];
    let failures = seen.events.iter().filter(|event| seen.who(event.who).kind == EventKind::Failure);
    let rows = &state.current.rows;
    StateSummary {
        path: path.to_owned(),
        format: format::number(bytes).unwrap_or_default(),
        bytes: bytes.len() as u64,
        last_night: state.current.day.map(changes::date),
        night_before: state.baseline.day.map(changes::date),
        files: (present.len() as u64, present.iter().filter(|file| !file.format.is_empty()).count() as u64),
        earlier: (seen.files.len() - state.present) as u64,
        records: timeline::distinct_records(seen),
        events: (seen.events.len() as u64, failures.count() as u64),
        servers: timeline::spans(seen),
        clients: (seen.clients.len() as u64, seen.clients.iter().map(|log| log.attempts.len() as u64).sum()),
        rows: (rows.len() as u64, rows.values().filter(|row| row.listed).count() as u64),
        skipped: seen.skipped.len() as u64,
    }
}

impl fmt::Display for StateSummary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let night = |night: &Option<String>| night.clone().unwrap_or_else(|| "none".to_owned());
        writeln!(out, "state         {}", self.path.display())?;
        writeln!(out, "size          {} bytes, format {}", count(self.bytes), self.format)?;
        writeln!(out, "last night    {}, compared with {}", night(&self.last_night), night(&self.night_before))?;
        write!(out, "files         {}, {} of known formats", count(self.files.0), count(self.files.1))?;
        writeln!(out, "; {} told more before they were read again", count(self.earlier))?;
        writeln!(out, "records       {}", count(self.records))?;
        let events = plural(self.events.0, "event", "events");
        writeln!(out, "kept          {events}, {}", plural(self.events.1, "failure", "failures"))?;
        let logs = plural(self.clients.0, "log", "logs");
        writeln!(out, "client logs   {logs}, {}", plural(self.clients.1, "failed line", "failed lines"))?;
        writeln!(out, "workstations  {}, {} listed", count(self.rows.0), count(self.rows.1))?;
        writeln!(out, "not readable  {}", plural(self.skipped, "place", "places"))?;
        for (server, from, to) in &self.servers {
            writeln!(out, "server        {server}, {} to {}", rfc3339(*from), rfc3339(*to))?;
        }
        Ok(())
    }
}
