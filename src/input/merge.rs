//! Puts the pieces of the inputs together while others are still read.
//!
//! Pieces come in order of (path, place), whatever the threads do. Numbers of names and descriptions
//! follow their first appearance in that order, so threads leave no trace.

use std::collections::HashMap;

use super::collect::{Collected, Collector, Cover, Kept, Sieve};
use super::drive::{Done, Read};
use super::intern::Whos;
use crate::model::client::ClientLog;
use crate::model::event::{Event, FileId, Who, WhoId};
use crate::model::gathered::{Coverage, FileCounts, Gathered, Severity, Skipped};
use crate::model::names::{NameId, Names};
use crate::model::sums::sums;
use crate::model::texts::Texts;

/// Everything that was put together so far.
pub(super) struct Merger<'s> {
    gathered: Gathered,
    whos: Whos,
    workers: Vec<Known>,
    covers: FileCovers,
    room: Room,
    sieve: &'s mut dyn Sieve,
}

/// What one worker's numbers mean, and where they went.
#[derive(Default)]
struct Known {
    texts: Texts,
    whos: Vec<Who>,
    /// Parallel to `texts`.
    names: Vec<Option<NameId>>,
    /// Parallel to `whos`.
    places: Vec<Place>,
    /// Parallel to `whos`: its number among everything kept, once the sieve has said that it keeps all of
    /// them; until then [`NOT_ALWAYS`].
    always: Vec<WhoId>,
    /// Room for the work on those that are new.
    new: New,
    /// Some were recovered from slack.
    recovered: bool,
}

/// What is new in a piece, in order of its events.
#[derive(Default)]
struct New {
    /// Descriptions, by the worker's numbers, and with the names of all.
    at: Vec<u32>,
    whos: Vec<Who>,
    /// Their names that have no number among all, by the worker's numbers.
    names: Vec<u32>,
}

/// Descriptions that are numbered together: what is looked at for them should stay near until it is needed.
const TOGETHER: usize = 512;

/// Stands for a name that is among those that are numbered next.
const NEXT: NameId = NameId(u32::MAX);

/// Stands for a description of which the sieve is asked each time.
const NOT_ALWAYS: WhoId = WhoId(u32::MAX);

/// What becomes of the events with one description.
#[derive(Clone, Copy, Default)]
struct Place {
    /// The sieve's number.
    number: Option<u32>,
    /// Its number among everything kept, once one is kept.
    kept: Option<WhoId>,
}

impl<'s> Merger<'s> {
    pub(super) fn new(workers: usize, sieve: &'s mut dyn Sieve) -> Self {
        Self {
            gathered: Gathered::default(),
            whos: Whos::default(),
            workers: (0..workers).map(|_| Known::default()).collect(),
            covers: FileCovers::default(),
            room: Room { attempts: sieve.attempts(), successes: sieve.attempts() },
            sieve,
        }
    }

    /// Adds the next piece.
    pub(super) fn piece(&mut self, read: Read<Collected>) {
        let gathered = &mut self.gathered;
        if read.first {
            self.covers.end_file(gathered);
            gathered.files.push(read.info);
            gathered.counts.push(FileCounts { unrecognised: read.unrecognised, ..FileCounts::default() });
        }
        let file = FileId(u32::try_from(gathered.files.len().saturating_sub(1)).unwrap_or(u32::MAX));
        let piece = read.piece;
        let known = &mut self.workers[read.worker];
        known.learn(&piece);
        if let Some(counts) = gathered.counts.last_mut() {
            counts.wanted += known.wanted(&piece.events);
            counts.bad_times += piece.bad_times;
        }
        known.number_new(&piece.events, &mut self.whos, &mut gathered.names, self.sieve);
        let mut events = std::mem::take(&mut gathered.events);
        events.reserve(piece.events.len());
        for event in &piece.events {
            let mut who = known.always[event.who.0 as usize];
            if who == NOT_ALWAYS {
                let event = Event { file, ..*event };
                let admitted = known.admit(&event, &mut self.whos, &mut gathered.names, self.sieve);
                let Some(number) = admitted else { continue };
                who = number;
            }
            events.push(Event { file, who, ..*event });
        }
        gathered.events = events;
        for cover in piece.covers {
            self.covers.add(known.name(cover.server, &mut gathered.names), cover);
        }
        self.covers.full |= piece.full;
        for log in piece.clients {
            let path = gathered.files.last().map_or("", |file| file.path.as_str());
            let log = self.room.fit(ClientLog { file, ..log }, path, &mut gathered.skipped);
            gathered.clients.push(log);
        }
        gathered.skipped.extend(piece.skipped);
        gathered.bad_times += piece.bad_times;
        gathered.records += read.records;
        if !piece.goes_on {
            self.let_go();
        }
    }

    /// Lets the sieve take the events, and forgets what only they needed.
    fn let_go(&mut self) {
        let gathered = &mut self.gathered;
        let kept = Kept { events: &gathered.events, whos: self.whos.all(), names: &gathered.names };
        if !self.sieve.after_piece(&kept) {
            return;
        }
        gathered.events = Vec::new();
        self.whos = Whos::default();
        let names = std::mem::take(&mut gathered.names);
        let new = &mut gathered.names;
        let mut again = |id: &mut NameId| *id = new.intern_stored(names.text(*id));
        gathered.coverage.iter_mut().for_each(|coverage| again(&mut coverage.server));
        self.covers.rename(again);
        self.workers.iter_mut().for_each(Known::forget_places);
    }

    /// Everything, when all pieces were added. Files stand in order of their path bytes.
    pub(super) fn finish(mut self, done: Done<Collector>) -> Gathered {
        let mut gathered = self.gathered;
        self.covers.end_file(&mut gathered);
        gathered.whos = self.whos.into_all();
        gathered.unrecognised = done.unrecognised;
        gathered.bytes_read = done.bytes_read;
        let mut all = done.skipped;
        all.append(&mut gathered.skipped);
        // Places of one file are in order already.
        all.sort_by(|a, b| a.file.cmp(&b.file));
        gathered.skipped = all;
        in_order_of_paths(&mut gathered);
        gathered
    }
}

/// What clients' logs may still have.
struct Room {
    attempts: usize,
    successes: usize,
}

impl Room {
    /// The log, cut to the room that is left.
    fn fit(&mut self, mut log: ClientLog, path: &str, skipped: &mut Vec<Skipped>) -> ClientLog {
        let told = log.attempts.len() + log.successes.len();
        log.attempts.truncate(self.attempts);
        log.successes.truncate(self.successes);
        self.attempts -= log.attempts.len();
        self.successes -= log.successes.len();
        let cut = told - log.attempts.len() - log.successes.len();
        if cut > 0 {
            let why = format!("{cut} attempts or successes are left out: too many in all clients' logs (see --memory)");
            let (file, at, what) = (path.to_owned(), String::new(), "client log".to_owned());
            skipped.push(Skipped { file, at, what, why, severity: Severity::Note });
        }
        log
    }
}

/// A member of an archive may sort behind a file that was read after it: `a!m` and `a b`.
fn in_order_of_paths(gathered: &mut Gathered) {
    if gathered.files.is_sorted_by(|a, b| a.path.as_bytes() <= b.path.as_bytes()) {
        return;
    }
    let mut order: Vec<usize> = (0..gathered.files.len()).collect();
    order.sort_by(|a, b| gathered.files[*a].path.as_bytes().cmp(gathered.files[*b].path.as_bytes()));
    let mut new = vec![FileId(0); order.len()];
    for (at, before) in order.iter().enumerate() {
        new[*before] = FileId(at as u32);
    }
    gathered.files = order.iter().map(|before| gathered.files[*before].clone()).collect();
    gathered.counts = order.iter().map(|before| gathered.counts[*before]).collect();
    let again = |file: &mut FileId| *file = new.get(file.0 as usize).copied().unwrap_or(*file);
    gathered.events.iter_mut().for_each(|event| again(&mut event.file));
    gathered.events.sort_by_key(|event| event.file);
    gathered.coverage.iter_mut().for_each(|coverage| again(&mut coverage.file));
    gathered.coverage.sort_by_key(|coverage| coverage.file);
    gathered.clients.iter_mut().for_each(|client| again(&mut client.file));
    gathered.clients.sort_by_key(|client| client.file);
}

impl Known {
    fn learn(&mut self, piece: &Collected) {
        if piece.anew || self.texts.is_empty() {
            self.begin_anew();
        }
        self.texts.append(&piece.texts);
        self.whos.extend_from_slice(&piece.whos);
        self.names.resize(self.texts.len(), None);
        self.recovered |= piece.whos.iter().any(|who| who.recovered);
        self.places.resize(self.whos.len(), Place::default());
        self.always.resize(self.whos.len(), NOT_ALWAYS);
    }

    /// Forgets what the numbers mean. The room is kept.
    fn begin_anew(&mut self) {
        let Self { texts, whos, names, places, always, new: _, recovered } = self;
        texts.clear();
        whos.clear();
        names.clear();
        places.clear();
        always.clear();
        *recovered = false;
        texts.push("");
    }

    /// How many of the events were not recovered from slack.
    fn wanted(&self, events: &[Event]) -> u64 {
        if !self.recovered {
            return events.len() as u64;
        }
        events.iter().filter(|event| !self.whos[event.who.0 as usize].recovered).count() as u64
    }

    fn forget_places(&mut self) {
        self.names.fill(None);
        self.places.fill(Place::default());
        self.always.fill(NOT_ALWAYS);
    }

    /// Numbers the descriptions that are met for the first time, many at once, in order of the events: as
    /// [`Known::admit`] does one by one. Only where the sieve keeps all of them.
    fn number_new(&mut self, events: &[Event], whos: &mut Whos, names: &mut Names, sieve: &mut dyn Sieve) {
        let mut new = std::mem::take(&mut self.new);
        new.at.clear();
        let mut keeps_all = true;
        let text = |id: NameId| self.texts.get(id.0 as usize);
        for event in events {
            let at = event.who.0 as usize;
            if self.always[at] != NOT_ALWAYS {
                continue;
            }
            let number = *self.places[at].number.get_or_insert_with(|| sieve.judge(&self.whos[at], &text));
            keeps_all = sieve.keeps_all(number);
            if !keeps_all {
                break;
            }
            self.always[at] = WhoId(0);
            new.at.push(at as u32);
        }
        if keeps_all {
            new.at.chunks(TOGETHER).for_each(|at| self.number_together(at, &mut new.whos, &mut new.names, whos, names));
        } else {
            new.at.iter().for_each(|at| self.always[*at as usize] = NOT_ALWAYS);
        }
        self.new = new;
    }

    fn number_together(
        &mut self,
        at: &[u32],
        new: &mut Vec<Who>,
        new_names: &mut Vec<u32>,
        whos: &mut Whos,
        names: &mut Names,
    ) {
        new_names.clear();
        for at in at {
            for name in self.whos[*at as usize].names() {
                let known = &mut self.names[name.0 as usize];
                if known.is_none() {
                    *known = Some(NEXT);
                    new_names.push(name.0);
                }
            }
        }
        let known = &mut self.names;
        let texts = new_names.iter().map(|name| self.texts.get(*name as usize));
        names.intern_many(texts, |at, id| known[new_names[at] as usize] = Some(id));
        new.clear();
        new.extend(at.iter().map(|at| {
            let mut who = self.whos[*at as usize];
            who.names_mut().into_iter().for_each(|name| *name = known[name.0 as usize].unwrap_or_default());
            who
        }));
        whos.intern_many(new, |next, id| {
            let at = at[next] as usize;
            self.places[at].kept = Some(id);
            self.always[at] = id;
        });
    }

    /// The number of an event's description among everything kept; `None` where the sieve keeps it not.
    fn admit(&mut self, event: &Event, whos: &mut Whos, names: &mut Names, sieve: &mut dyn Sieve) -> Option<WhoId> {
        let at = event.who.0 as usize;
        let text = |id: NameId| self.texts.get(id.0 as usize);
        let number = *self.places[at].number.get_or_insert_with(|| sieve.judge(&self.whos[at], &text));
        let kept = self.places[at].kept;
        // Another worker may have met the same description: only the common table knows.
        let known = || kept.is_some() || self.find(at, whos, names).is_some();
        if !sieve.admit(number, event, &known) {
            return None;
        }
        if kept.is_none() {
            let mut who = self.whos[at];
            who.names_mut().into_iter().for_each(|name| *name = self.name(*name, names));
            self.places[at].kept = Some(whos.intern(who));
        }
        let kept = self.places[at].kept?;
        if sieve.keeps_all(number) {
            self.always[at] = kept;
        }
        Some(kept)
    }

    fn find(&self, at: usize, whos: &Whos, names: &Names) -> Option<WhoId> {
        let mut who = self.whos[at];
        for name in who.names_mut() {
            *name = match self.names[name.0 as usize] {
                Some(known) => known,
                None => names.get_stored(self.texts.get(name.0 as usize))?,
            };
        }
        whos.find(&who)
    }

    fn name(&mut self, id: NameId, names: &mut Names) -> NameId {
        let at = id.0 as usize;
        *self.names[at].get_or_insert_with(|| names.intern_stored(self.texts.get(at)))
    }
}

/// The servers of the file that is being put together.
#[derive(Default)]
struct FileCovers {
    covers: Vec<Cover>,
    by_server: HashMap<NameId, usize>,
    full: bool,
}

impl FileCovers {
    fn add(&mut self, server: NameId, cover: Cover) {
        match self.by_server.get(&server) {
            None => {
                self.by_server.insert(server, self.covers.len());
                self.covers.push(Cover { server, ..cover });
            }
            Some(at) => {
                let known = &mut self.covers[*at];
                known.records += cover.records;
                known.first = known.first.min(cover.first);
                known.last = known.last.max(cover.last);
                known.hours.extend(cover.hours);
                known.hours = sums(std::mem::take(&mut known.hours));
                known.hour_records.extend(cover.hour_records);
                known.hour_records = sums(std::mem::take(&mut known.hour_records));
                known.audits = known.audits.union(cover.audits);
            }
        }
    }

    fn rename(&mut self, mut again: impl FnMut(&mut NameId)) {
        self.covers.iter_mut().for_each(|cover| again(&mut cover.server));
        self.by_server = self.covers.iter().enumerate().map(|(at, cover)| (cover.server, at)).collect();
    }

    fn end_file(&mut self, gathered: &mut Gathered) {
        let full = std::mem::take(&mut self.full);
        let mut covers = std::mem::take(&mut self.covers);
        self.by_server.clear();
        let Some(info) = gathered.files.last() else { return };
        covers.sort_by(|a, b| gathered.names.text(a.server).cmp(gathered.names.text(b.server)));
        let file = FileId((gathered.files.len() - 1) as u32);
        for cover in covers {
            let hours = sums(cover.hours);
            let (first, last) = if cover.first <= cover.last { (cover.first, cover.last) } else { (0, 0) };
            gathered.coverage.push(Coverage {
                file,
                server: cover.server,
                records: cover.records,
                first,
                last,
                log_bytes: if hours.is_empty() { 0 } else { info.bytes },
                hours,
                hour_records: sums(cover.hour_records),
                audits: cover.audits,
                full,
            });
        }
    }
}
