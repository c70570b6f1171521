//! How a state's events and names are laid out: column by column, with differences, so that a steady
//! storm costs about a byte an event once packed.
//!
//! Every number that points somewhere is checked on the way back: a state is a file, and files are
//! changed by others.

use serde::{Deserialize, Serialize};

use super::client_rows::ClientRow;
use super::rows::{CoverageRow, FileRow, MarkRow, NightRow, SkippedRow, WhoRow};
use super::state::State;
use crate::model::event::{Event, FileId, WhoId};
use crate::model::gathered::Gathered;
use crate::model::names::{NameId, Names};

/// The body of format 1.
#[derive(Serialize, Deserialize)]
pub struct Body {
    names: Vec<String>,
    whos: Vec<WhoRow>,
    events: Columns,
    files: Vec<FileRow>,
    present: u32,
    marks: Vec<MarkRow>,
    coverage: Vec<CoverageRow>,
    clients: Vec<ClientRow>,
    skipped: Vec<SkippedRow>,
    read_with: String,
    baseline: NightRow,
    current: NightRow,
}

/// Events in their order, one column per field. Differences are to the event before, wrapping.
#[derive(Default, Serialize, Deserialize)]
struct Columns {
    who: Vec<i64>,
    record: Vec<i64>,
    sec: Vec<i64>,
    file: Vec<i64>,
    size: Vec<i64>,
}

impl Body {
    /// The layout of a state.
    pub fn of(state: &State) -> Body {
        let seen = &state.seen;
        Body {
            names: (0..seen.names.len() as u32).map(|id| seen.names.text(NameId(id)).to_owned()).collect(),
            whos: seen.whos.iter().map(WhoRow::of).collect(),
            events: Columns::of(&seen.events),
            files: seen.files.iter().enumerate().map(|(at, file)| FileRow::of(file, seen.counts.get(at))).collect(),
            present: state.present as u32,
            marks: state.marks.iter().map(MarkRow::of).collect(),
            coverage: seen.coverage.iter().map(CoverageRow::of).collect(),
            clients: seen.clients.iter().map(ClientRow::of).collect(),
            skipped: seen.skipped.iter().map(SkippedRow::of).collect(),
            read_with: state.read_with.clone(),
            baseline: NightRow::of(&state.baseline),
            current: NightRow::of(&state.current),
        }
    }

    /// The state of a layout; `None` when a number points nowhere.
    pub fn state(self) -> Option<State> {
        let mut names = Names::default();
        for (at, text) in self.names.iter().enumerate() {
            if names.intern_stored(text) != NameId(at as u32) {
                return None;
            }
        }
        let name_count = names.len() as u32;
        let whos = self.whos.iter().map(|row| row.who(name_count)).collect::<Option<Vec<_>>>()?;
        let files = self.files.len() as u32;
        let present = Some(self.present).filter(|present| *present <= files)? as usize;
        let (files_seen, counts) = self.files.into_iter().map(FileRow::file).unzip();
        let mut seen = Gathered {
            events: self.events.events(whos.len() as u32, files)?,
            coverage: self.coverage.iter().map(|row| row.coverage(name_count, files)).collect::<Option<_>>()?,
            clients: self.clients.into_iter().map(|row| row.client(files)).collect::<Option<_>>()?,
            skipped: self.skipped.into_iter().map(SkippedRow::skipped).collect::<Option<_>>()?,
            names,
            whos,
            files: files_seen,
            counts,
            ..Gathered::default()
        };
        seen.count();
        let marks = self.marks.into_iter().map(MarkRow::mark).collect();
        let (baseline, current) = (self.baseline.night()?, self.current.night()?);
        Some(State { seen, present, marks, read_with: self.read_with, baseline, current })
    }
}

impl Columns {
    fn of(events: &[Event]) -> Columns {
        let mut columns = Columns::default();
        let mut before = Event { record: 0, sec: 0, who: WhoId(0), file: FileId(0), size: 0 };
        for event in events {
            columns.who.push(i64::from(event.who.0) - i64::from(before.who.0));
            columns.record.push(event.record.wrapping_sub(before.record) as i64);
            columns.sec.push(i64::from(event.sec) - i64::from(before.sec));
            columns.file.push(i64::from(event.file.0) - i64::from(before.file.0));
            columns.size.push(i64::from(event.size) - i64::from(before.size));
            before = *event;
        }
        columns
    }

    fn events(&self, whos: u32, files: u32) -> Option<Vec<Event>> {
        let length = self.who.len();
        if [&self.record, &self.sec, &self.file, &self.size].iter().any(|column| column.len() != length) {
            return None;
        }
        let mut events = Vec::with_capacity(length);
        let mut before = Event { record: 0, sec: 0, who: WhoId(0), file: FileId(0), size: 0 };
        for at in 0..length {
            before = Event {
                record: before.record.wrapping_add(self.record[at] as u64),
                sec: moved(before.sec, self.sec[at])?,
                who: WhoId(moved(before.who.0, self.who[at]).filter(|id| *id < whos)?),
                file: FileId(moved(before.file.0, self.file[at]).filter(|id| *id < files)?),
                size: moved(before.size, self.size[at])?,
            };
            events.push(before);
        }
        Some(events)
    }
}

fn moved(before: u32, by: i64) -> Option<u32> {
    u32::try_from(i64::from(before).checked_add(by)?).ok()
}
