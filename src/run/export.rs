//! The events themselves, streamed to a writer: a survey of what there is, then one row after the
//! other in order of (file, place).
//!
//! Attempts of clients need all logs of a client together, so the survey reads everything once and
//! keeps only these. The second reading holds no more rows than a few pieces of input have, and 16
//! bytes for each numbered record that was written, with 48 more where texts tell of the same server.
//! Where a text names no server, a reading between them keeps all failures (24 bytes each) to find
//! whose they are.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::attempts::{self, Attempt};
use super::filter::row_fits;
use super::options::{Filters, Options};
use super::written::Written;
use super::{Failure, Progress};
use crate::export::row::{Kind, Row};
use crate::export::writer::Rows;
use crate::input::collect::is_time;
use crate::input::door::{RecordRun, Sink};
use crate::input::drive::{Read, Worker, read_all};
use crate::input::gather;
use crate::model::client::ClientLog;
use crate::model::event::RawEvent;
use crate::model::gathered::Skipped;
use crate::model::workstation::server_key;
use crate::timeline;

/// What there is to export.
#[derive(Debug, Default)]
pub struct Survey {
    /// Files of known formats.
    pub files: u64,
    /// Records of any id, and client logs.
    pub told: u64,
    /// Files of no known format.
    pub unrecognised: u64,
    /// What could not be read, in order of (file, place).
    pub skipped: Vec<Skipped>,
    /// Attempts by path of the client log.
    attempts: BTreeMap<String, Vec<Attempt>>,
    /// Servers of which a source without record numbers tells.
    texts: BTreeSet<String>,
    /// Servers of files that name none, by path.
    servers: BTreeMap<String, String>,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Rows.
    pub rows: u64,
    /// Copies of records that were left out.
    pub duplicates: u64,
    /// Events left out because their times lie before 1980 or after 2100.
    pub bad_times: u64,
    /// Events left out because they were recovered from slack.
    pub recovered: u64,
}

/// Where rows go.
pub struct Target<'a> {
    /// Takes them.
    pub rows: &'a mut dyn Rows,
    /// For messages.
    pub path: &'a Path,
}

/// Reads everything once. Only a failure to start threads is an error.
pub fn survey(options: &Options, progress: &dyn Progress) -> Result<Survey, Failure> {
    let half = Half { progress, second: false };
    let found = attempts::read(options, &half).map_err(Failure::no_threads)?;
    let attempts::Attempts { files, told, unrecognised, skipped, attempts, mut texts } = found;
    let servers =
        if texts.contains("") { servers_of_unnamed(options).map_err(Failure::no_threads)? } else { BTreeMap::new() };
    texts.extend(servers.values().map(|server| server_key(server)));
    Ok(Survey { files, told, unrecognised, skipped, attempts, texts, servers })
}

fn servers_of_unnamed(options: &Options) -> std::io::Result<BTreeMap<String, String>> {
    let gathered = gather(&options.paths, &options.input, options.threads, &mut (), &())?;
    let path = |file: u32| gathered.files[file as usize].path.clone();
    Ok(timeline::servers_of_unnamed(&gathered).into_iter().map(|(file, server)| (path(file), server)).collect())
}

/// Writes a row for every failure and attempt, with `all_events` also for successes and lockouts. Fails
/// when a row cannot be written. Equal inputs give equal rows, whatever the number of threads.
pub fn export(
    options: &Options,
    survey: Survey,
    all_events: bool,
    target: Target<'_>,
    progress: &dyn Progress,
) -> Result<Exported, Failure> {
    let half = Half { progress, second: true };
    let make = || Picker { options, all_events, piece: Picked::default() };
    let mut pen = Pen {
        rows: target.rows,
        attempts: survey.attempts,
        file: 0,
        filters: &options.filters,
        servers: survey.servers,
        before: Written::new(survey.texts),
        exported: Exported::default(),
    };
    let mut written = Ok(());
    read_all(&options.paths, &options.input, options.threads, &half, &make, &mut |read| {
        if written.is_ok() {
            written = pen.piece(read);
        }
    })
    .map_err(Failure::no_threads)?;
    written.map_err(|source| Failure::Output { path: target.path.to_owned(), source })?;
    Ok(pen.exported)
}

/// One of two readings of the same bytes.
struct Half<'a> {
    progress: &'a dyn Progress,
    second: bool,
}

impl Progress for Half<'_> {
    fn at(&self, done: u64, total: u64) {
        let before = if self.second { total } else { 0 };
        self.progress.at(before.saturating_add(done), total.saturating_mul(2));
    }

    fn detail(&self, text: &str) {
        if !self.second {
            self.progress.detail(text);
        }
    }
}

/// What one piece of input became.
#[derive(Debug, Default)]
struct Picked {
    rows: Vec<Row<'static>>,
    bad_times: u64,
    recovered: u64,
}

/// Picks the events that are wanted.
struct Picker<'o> {
    options: &'o Options,
    all_events: bool,
    piece: Picked,
}

impl Picker<'_> {
    fn in_span(&self, sec: i64) -> bool {
        self.options.from.is_none_or(|from| from <= sec) && self.options.to.is_none_or(|to| sec < to)
    }
}

impl Sink for Picker<'_> {
    fn event(&mut self, event: &RawEvent<'_>) {
        if !Kind::of(event.kind).is_some_and(|kind| self.all_events || kind.always()) {
            return;
        }
        let sec = event.time.secs();
        if !is_time(sec) {
            self.piece.bad_times += 1;
        } else if event.recovered {
            self.piece.recovered += 1;
        } else if self.in_span(sec)
            && let Some(row) = Row::of_event(event, "")
            // Whose a row without a server is, only the pen knows.
            && (row.server.is_empty() || row_fits(&self.options.filters, &row))
        {
            self.piece.rows.push(row.into_owned());
        }
    }

    fn records(&mut self, _run: &RecordRun<'_>) {}
    fn client(&mut self, _log: ClientLog) {}
    // The survey has told them.
    fn skipped(&mut self, _place: Skipped) {}
}

impl Worker for Picker<'_> {
    type Piece = Picked;

    fn take(&mut self) -> Picked {
        std::mem::take(&mut self.piece)
    }
}

/// Writes rows.
struct Pen<'a> {
    rows: &'a mut dyn Rows,
    attempts: BTreeMap<String, Vec<Attempt>>,
    /// Number of the file, from 1.
    file: u32,
    filters: &'a Filters,
    servers: BTreeMap<String, String>,
    before: Written,
    exported: Exported,
}

impl Pen<'_> {
    fn piece(&mut self, read: Read<Picked>) -> std::io::Result<()> {
        let file = read.info.path.as_str();
        self.file += u32::from(read.first);
        self.exported.bad_times += read.piece.bad_times;
        self.exported.recovered += read.piece.recovered;
        // A client's log holds no events, so its attempts are all there is in this file.
        for attempt in self.attempts.remove(file).unwrap_or_default() {
            self.rows.row(&Row::of_tick(&attempt.tick, &attempt.workstation, attempt.dated, file))?;
            self.exported.rows += 1;
        }
        let mut rows: Vec<Row<'_>> = read.piece.rows;
        rows.sort_by_key(|row| row.offset);
        let server = self.servers.get(file).map_or("", String::as_str);
        for mut row in rows {
            if row.server.is_empty() {
                row.server = Cow::Borrowed(server);
                if !row_fits(self.filters, &row) {
                    continue;
                }
            }
            if self.before.before(&row, self.file) {
                self.exported.duplicates += 1;
                continue;
            }
            self.rows.row(&Row { file, ..row })?;
            self.exported.rows += 1;
        }
        Ok(())
    }
}
