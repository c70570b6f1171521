//! The attempts that clients' logs tell, made as for a report: all logs of a client together, what
//! stands within the tick gap is one attempt, nothing counted twice.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::Progress;
use super::filter::filter;
use super::options::Options;
use crate::input::collect::is_time;
use crate::input::door::{RecordRun, Sink};
use crate::input::drive::{Worker, read_all};
use crate::model::client::ClientLog;
use crate::model::event::{FileId, RawEvent};
use crate::model::gathered::{Audits, Coverage, Gathered, Skipped};
use crate::model::timeline::{Dating, Tick};
use crate::model::workstation::server_key;
use crate::timeline;

/// One attempt.
#[derive(Debug)]
pub(super) struct Attempt {
    /// When, and what.
    pub(super) tick: Tick,
    /// Canonical name of the client; empty for a log that belongs to nobody.
    pub(super) workstation: String,
    /// The stamps are moments, not only times of day.
    pub(super) dated: bool,
}

/// What one reading of everything gave.
#[derive(Debug)]
pub(super) struct Attempts {
    /// Files of known formats.
    pub(super) files: u64,
    /// What could not be read, in order of (file, place).
    pub(super) skipped: Vec<Skipped>,
    /// Attempts by path, in order of their places.
    pub(super) attempts: BTreeMap<String, Vec<Attempt>>,
    /// Keys of the servers of which a source without record numbers tells.
    pub(super) texts: BTreeSet<String>,
}

/// Reads everything and keeps what the clients' logs tell.
pub(super) fn read(options: &Options, progress: &dyn Progress) -> io::Result<Attempts> {
    let mut gathered = Gathered::default();
    let mut texts = BTreeSet::new();
    let done = read_all(&options.paths, &options.input, options.threads, progress, &Clients::default, &mut |read| {
        if read.first {
            gathered.files.push(read.info);
        }
        let file = FileId(gathered.files.len().saturating_sub(1) as u32);
        gathered.clients.extend(read.piece.clients.into_iter().map(|log| ClientLog { file, ..log }));
        for (server, (first, last)) in read.piece.spans {
            let server = gathered.names.intern(&server);
            gathered.coverage.push(coverage(file, server, first, last));
        }
        texts.extend(read.piece.texts);
        gathered.skipped.extend(read.piece.skipped);
    })?;
    let mut skipped = done.skipped;
    skipped.append(&mut gathered.skipped);
    // Places of one file are in order already.
    skipped.sort_by(|a, b| a.file.cmp(&b.file));
    let files = gathered.files.iter().filter(|file| !file.format.is_empty()).count() as u64;
    filter(&mut gathered, options);
    Ok(Attempts { files, skipped, attempts: by_path(gathered, options), texts })
}

/// Logs without a year are dated by the last record of any server.
fn coverage(file: FileId, server: crate::model::names::NameId, first: i64, last: i64) -> Coverage {
    let audits = Audits::default();
    Coverage { file, server, records: 0, first, last, hours: Vec::new(), audits, full: false, log_bytes: 0 }
}

fn by_path(gathered: Gathered, options: &Options) -> BTreeMap<String, Vec<Attempt>> {
    let mut by_path: BTreeMap<String, Vec<Attempt>> = BTreeMap::new();
    if gathered.clients.is_empty() {
        return by_path;
    }
    let timeline = timeline::build(gathered, false, &options.thresholds);
    for train in timeline.clients {
        let dated = train.dating == Dating::Dated;
        for tick in train.ticks {
            let path = timeline.files.get(tick.file.0 as usize).cloned().unwrap_or_default();
            let workstation = train.workstation.clone().unwrap_or_default();
            by_path.entry(path).or_default().push(Attempt { tick, workstation, dated });
        }
    }
    for attempts in by_path.values_mut() {
        attempts.sort_by_key(|attempt| attempt.tick.offset);
    }
    by_path
}

/// What one piece of input became.
#[derive(Debug, Default)]
struct Piece {
    clients: Vec<ClientLog>,
    /// First and last second of the records of each computer.
    spans: BTreeMap<String, (i64, i64)>,
    /// Servers of events without record numbers.
    texts: BTreeSet<String>,
    skipped: Vec<Skipped>,
}

/// Keeps client logs, and which time the servers' logs cover.
#[derive(Debug, Default)]
struct Clients(Piece);

impl Sink for Clients {
    fn event(&mut self, event: &RawEvent<'_>) {
        if event.record_id.is_none() {
            self.0.texts.insert(server_key(&event.computer.decode()));
        }
    }

    fn records(&mut self, run: &RecordRun<'_>) {
        if is_time(run.first) && is_time(run.last) {
            let span = self.0.spans.entry(run.computer.trimmed()).or_insert((run.first, run.last));
            *span = (span.0.min(run.first), span.1.max(run.last));
        }
    }

    fn client(&mut self, log: ClientLog) {
        self.0.clients.push(log);
    }

    fn skipped(&mut self, place: Skipped) {
        self.0.skipped.push(place);
    }
}

impl Worker for Clients {
    type Piece = Piece;

    fn take(&mut self) -> Piece {
        std::mem::take(&mut self.0)
    }
}
