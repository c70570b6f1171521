//! Joins what was read tonight to what was seen before.
//!
//! A file that is read again is another reading of the same log: as with two files, nothing counts
//! twice and nothing that only the older content told is lost. So the older content stays as a file
//! of its own behind the present ones, and the rules of two files hold: a record number counts once,
//! of equal records without a number the larger count of any file, of client logs the longer copy.
//! Its totals (files, bytes, records) go: they speak of files as they are.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::state::State;
use crate::model::client::ClientLog;
use crate::model::event::{Event, FileId, Who, WhoId};
use crate::model::gathered::{Coverage, FileCounts, FileInfo, Gathered};
use crate::model::names::{NameId, Names};

/// How a file, or the archive it is in, looks tonight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// It is not there.
    Gone,
    /// It is there.
    There,
    /// It is there, and what was read of it before is not wanted any more.
    Anew,
}

/// Adds tonight's reading to what was seen. `looks` is asked for every file that was
/// known, archives' members too.
///
/// Copies are still in: the caller compacts, and then calls [`settle`].
pub fn join(state: &mut State, tonight: Gathered, night: &Tonight<'_>) {
    let mut before = std::mem::take(&mut state.seen);
    // Of contents that come to be equally old, those that were told earlier stay in front.
    before.clients.sort_by_key(|log| std::cmp::Reverse(log.earlier));
    before.clients.iter_mut().filter(|log| log.earlier > 0).for_each(|log| log.earlier += night.days);
    let fates = fates(&before, state.present, &tonight, night);
    let mut joined = Joined::default();
    let places = joined.files(&before, &tonight, &fates);
    joined.add(tonight, &places.tonight);
    joined.add(before, &places.before);
    state.present = joined.present;
    state.seen = joined.finish();
}

/// Leaves out what earlier contents no longer tell, once copies are out. Totals are those of the
/// present files.
pub fn settle(state: &mut State) {
    let seen = &mut state.seen;
    let present = |file: FileId| (file.0 as usize) < state.present;
    drop_told_logs(&mut seen.clients);
    trim_coverage(&mut seen.coverage, &present, &seen.files);
    let mut used: HashSet<FileId> = seen.events.iter().map(|event| event.file).collect();
    used.extend(seen.coverage.iter().map(|coverage| coverage.file));
    used.extend(seen.clients.iter().map(|log| log.file));
    let mut to = Vec::with_capacity(seen.files.len());
    let mut kept = 0;
    for at in 0..seen.files.len() as u32 {
        to.push(FileId(kept));
        kept += u32::from(present(FileId(at)) || used.contains(&FileId(at)));
    }
    let keeps = |at: usize| to.get(at + 1).map_or(kept, |next| next.0) > to[at].0;
    let mut at = 0;
    seen.files.retain(|_| {
        at += 1;
        keeps(at - 1)
    });
    seen.counts.resize(seen.files.len(), FileCounts::default());
    seen.events.iter_mut().for_each(|event| event.file = to[event.file.0 as usize]);
    seen.coverage.iter_mut().for_each(|coverage| coverage.file = to[coverage.file.0 as usize]);
    seen.clients.iter_mut().for_each(|log| log.file = to[log.file.0 as usize]);
    seen.count();
}

/// What becomes of a file that was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It stays as it is, read again or gone.
    Stays,
    /// It was read again, or stands under another path: this is its earlier content.
    Earlier,
    /// It is gone and told nothing, or told what is not wanted any more.
    Goes,
}

fn fates(before: &Gathered, present: usize, tonight: &Gathered, night: &Tonight<'_>) -> Vec<Fate> {
    let again: HashSet<&str> = tonight.files.iter().map(|file| night.walked.container(&file.path)).collect();
    let known: HashSet<&str> = before.files[..present].iter().map(|file| file.path.as_str()).collect();
    let mut new: HashMap<Told, u32> = HashMap::new();
    for (file, told) in told(tonight) {
        if !known.contains(tonight.path(file)) {
            *new.entry(told).or_insert(0) += 1;
        }
    }
    let moved: HashMap<FileId, Told> = told(before).into_iter().collect();
    let fate = |(at, file): (usize, &FileInfo)| {
        let path = night.walked.container(&file.path);
        let looks = (night.looks)(&file.path);
        if at < present && again.contains(path) && looks == Looks::Anew {
            return Fate::Goes;
        }
        if at >= present || again.contains(path) {
            return Fate::Earlier;
        }
        if looks != Looks::Gone {
            return Fate::Stays;
        }
        match moved.get(&FileId(at as u32)).and_then(|told| new.get_mut(told)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                Fate::Earlier
            }
            None if !moved.contains_key(&FileId(at as u32)) => Fate::Goes,
            _ => Fate::Stays,
        }
    };
    before.files.iter().enumerate().map(fate).collect()
}

/// What a night knows besides what it read.
pub struct Tonight<'a> {
    /// What became of a file that was known.
    pub looks: &'a dyn Fn(&str) -> Looks,
    /// Which paths are files.
    pub walked: &'a Walked,
    /// Days since the night before; 0 when the same night is run again.
    pub days: u32,
}

/// Paths of files as they are found in folders, archives among them. A member of an archive has the
/// path `archive.zip!member`, but files and folders may have a `!` in their names too.
#[derive(Debug, Default)]
pub struct Walked(HashSet<String>);

impl Walked {
    /// These paths.
    pub fn new(paths: impl Iterator<Item = String>) -> Self {
        Self(paths.collect())
    }

    /// The path of the archive that a file is in; else its own.
    pub fn container<'p>(&self, path: &'p str) -> &'p str {
        if self.0.contains(path) {
            return path;
        }
        let mut archives = path.match_indices('!').map(|(at, _)| &path[..at]);
        archives.rfind(|archive| self.0.contains(*archive)).unwrap_or(path)
    }
}

/// What one reading told, as far as a renamed file must tell the same: its bytes, its wanted records,
/// per server the name, the span and the records, and the contents of client logs.
type Told = (u64, u64, Vec<(String, i64, i64, u64)>, Vec<u64>);

fn told(seen: &Gathered) -> Vec<(FileId, Told)> {
    let mut told: BTreeMap<FileId, Told> = BTreeMap::new();
    for coverage in &seen.coverage {
        let server = seen.names.text(coverage.server).to_owned();
        let row = (server, coverage.first, coverage.last, coverage.records);
        told.entry(coverage.file).or_default().2.push(row);
    }
    for log in seen.clients.iter().filter(|log| log.earlier == 0) {
        told.entry(log.file).or_default().3.push(log.content_hash);
    }
    for (file, told) in &mut told {
        told.0 = seen.files.get(file.0 as usize).map_or(0, |file| file.bytes);
        told.1 = seen.counts.get(file.0 as usize).map_or(0, |counts| counts.wanted);
    }
    told.into_iter().collect()
}

/// Two readings on the way to one.
#[derive(Default)]
struct Joined {
    all: Gathered,
    present: usize,
    whos: HashMap<Who, WhoId>,
}

/// Where the files of two readings went; `None` for one that goes.
struct Places {
    before: Vec<Option<FileId>>,
    tonight: Vec<Option<FileId>>,
}

impl Joined {
    /// The present files of both, sorted by path bytes, then the earlier contents, sorted too.
    fn files(&mut self, before: &Gathered, tonight: &Gathered, fates: &[Fate]) -> Places {
        let stays = before.files.iter().zip(&before.counts).zip(fates).filter(|(_, fate)| **fate == Fate::Stays);
        let mut present: Vec<(&FileInfo, &FileCounts)> = stays.map(|(file, _)| file).collect();
        present.extend(tonight.files.iter().zip(&tonight.counts));
        present.sort_by(|a, b| a.0.path.as_bytes().cmp(b.0.path.as_bytes()));
        self.present = present.len();
        let earlier = before.files.iter().zip(fates).filter(|(_, fate)| **fate == Fate::Earlier);
        let mut earlier: Vec<&str> = earlier.map(|(file, _)| file.path.as_str()).collect();
        earlier.sort_unstable();
        earlier.dedup();

        let number = |at: usize| FileId(at as u32);
        let now: HashMap<&str, FileId> =
            present.iter().enumerate().map(|(at, (file, _))| (file.path.as_str(), number(at))).collect();
        let then: HashMap<&str, FileId> =
            earlier.iter().enumerate().map(|(at, path)| (*path, number(present.len() + at))).collect();
        let place = |(file, fate): (&FileInfo, &Fate)| match fate {
            Fate::Stays => now.get(file.path.as_str()).copied(),
            Fate::Earlier => then.get(file.path.as_str()).copied(),
            Fate::Goes => None,
        };
        let places = Places {
            before: before.files.iter().zip(fates).map(place).collect(),
            tonight: tonight.files.iter().map(|file| now.get(file.path.as_str()).copied()).collect(),
        };
        self.all.files = present.iter().map(|(file, _)| (*file).clone()).collect();
        self.all.counts = present.iter().map(|(_, counts)| **counts).collect();
        self.all.files.extend(earlier.iter().map(|path| FileInfo { path: (*path).to_owned(), bytes: 0, format: "" }));
        places
    }

    /// Adds one reading.
    fn add(&mut self, part: Gathered, places: &[Option<FileId>]) {
        let file = |id: FileId| places.get(id.0 as usize).copied().flatten();
        let present = self.present;
        let is_earlier = |id: FileId| id.0 as usize >= present;
        let names: Vec<NameId> = names(&mut self.all.names, &part.names);
        let name = |id: NameId| names.get(id.0 as usize).copied().unwrap_or_default();
        let whos: Vec<WhoId> = part.whos.iter().map(|who| self.who(renamed(who, &name))).collect();
        for event in &part.events {
            // Recovered records are never counted; those of earlier contents are not even told.
            let recovered = part.who(event.who).recovered;
            if let Some(file) = file(event.file).filter(|file| !(recovered && is_earlier(*file))) {
                self.all.events.push(Event { who: whos[event.who.0 as usize], file, ..*event });
            }
        }
        for coverage in part.coverage {
            if let Some(file) = file(coverage.file) {
                let server = name(coverage.server);
                match is_earlier(file) {
                    false => self.all.coverage.push(Coverage { file, server, ..coverage }),
                    true => add_earlier(&mut self.all.coverage, Coverage { file, server, ..coverage }),
                }
            }
        }
        for log in part.clients {
            if let Some(file) = file(log.file) {
                let earlier = log.earlier.max(u32::from(is_earlier(file)));
                self.all.clients.push(ClientLog { file, earlier, ..log });
            }
        }
        self.all.skipped.extend(part.skipped);
    }

    fn who(&mut self, who: Who) -> WhoId {
        *self.whos.entry(who).or_insert_with(|| {
            self.all.whos.push(who);
            WhoId(self.all.whos.len() as u32 - 1)
        })
    }

    /// In the order that a reading has: by file, then place.
    fn finish(mut self) -> Gathered {
        self.all.events.sort_by_key(|event| event.file);
        self.all.clients.sort_by_key(|client| (client.file, std::cmp::Reverse(client.earlier)));
        let names = &self.all.names;
        self.all.coverage.sort_by(|a, b| (a.file, names.text(a.server)).cmp(&(b.file, names.text(b.server))));
        self.all.skipped.sort();
        self.all.skipped.dedup();
        self.all
    }
}

fn names(all: &mut Names, part: &Names) -> Vec<NameId> {
    (0..part.len() as u32).map(|id| all.intern_stored(part.text(NameId(id)))).collect()
}

fn renamed(who: &Who, name: &dyn Fn(NameId) -> NameId) -> Who {
    Who {
        server: name(who.server),
        channel: name(who.channel),
        workstation: name(who.workstation),
        account: name(who.account),
        domain: name(who.domain),
        ip: name(who.ip),
        process: name(who.process),
        relay: name(who.relay),
        ..*who
    }
}

/// What a file covered earlier: no records and no state of the log, which are those of its present
/// content. Several earlier contents of one path are one: every hour's larger sum, the wider span.
fn add_earlier(all: &mut Vec<Coverage>, new: Coverage) {
    let new = Coverage { records: 0, full: false, log_bytes: 0, ..new };
    let Some(old) = all.iter_mut().find(|old| (old.file, old.server) == (new.file, new.server)) else {
        all.push(new);
        return;
    };
    old.first = old.first.min(new.first);
    old.last = old.last.max(new.last);
    old.audits = old.audits.union(new.audits);
    widen(&mut old.hours, new.hours);
    widen(&mut old.hour_records, new.hour_records);
}

fn widen(old: &mut Vec<(i64, u64)>, new: Vec<(i64, u64)>) {
    for (hour, more) in new {
        match old.binary_search_by_key(&hour, |row| row.0) {
            Ok(at) => old[at].1 = old[at].1.max(more),
            Err(at) => old.insert(at, (hour, more)),
        }
    }
}

/// Earlier contents of client logs go when a log of the same workstation tells all that they told, or
/// when they are a copy of any other: the file was renamed.
fn drop_told_logs(clients: &mut Vec<ClientLog>) {
    let mut by_workstation: HashMap<Option<&str>, Vec<usize>> = HashMap::new();
    for (at, log) in clients.iter().enumerate() {
        by_workstation.entry(log.workstation.as_ref().map(|(name, _)| name.as_str())).or_default().push(at);
    }
    let now = clients.iter().filter(|log| log.earlier == 0);
    let copies: HashSet<(u64, u64)> = now.map(|log| (log.content_hash, log.lines)).collect();
    let mut told = vec![false; clients.len()];
    for (at, log) in clients.iter().enumerate().filter(|(_, log)| log.earlier > 0) {
        let of_one = &by_workstation[&log.workstation.as_ref().map(|(name, _)| name.as_str())];
        let later = of_one.iter().map(|at| &clients[*at]).filter(|other| other.earlier < log.earlier);
        let says_nothing = log.attempts.is_empty() && log.successes.is_empty();
        told[at] =
            says_nothing || copies.contains(&(log.content_hash, log.lines)) || { later }.any(|other| log.begins(other));
    }
    let mut at = 0;
    clients.retain(|_| {
        at += 1;
        !told[at - 1]
    });
}

/// Earlier coverage keeps only the hours of which the present content of its file does not tell as
/// much, and goes when nothing is left of it.
fn trim_coverage(all: &mut Vec<Coverage>, present: &dyn Fn(FileId) -> bool, files: &[FileInfo]) {
    let path = |file: FileId| files.get(file.0 as usize).map_or("", |file| file.path.as_str());
    let now: HashMap<(&str, NameId), (usize, i64, i64)> = all
        .iter()
        .enumerate()
        .filter(|(_, coverage)| present(coverage.file))
        .map(|(at, coverage)| ((path(coverage.file), coverage.server), (at, coverage.first, coverage.last)))
        .collect();
    let mut goes = vec![false; all.len()];
    for at in 0..all.len() {
        if present(all[at].file) {
            continue;
        }
        let Some(&(other, first, last)) = now.get(&(path(all[at].file), all[at].server)) else { continue };
        let (hours, records) = (all[other].hours.clone(), all[other].hour_records.clone());
        let mine = &mut all[at];
        mine.hours.retain(|row| !reaches(&hours, *row));
        mine.hour_records.retain(|row| !reaches(&records, *row));
        let inside = first <= mine.first && mine.last <= last;
        goes[at] = inside && mine.hours.is_empty() && mine.hour_records.is_empty();
    }
    let mut at = 0;
    all.retain(|_| {
        at += 1;
        !goes[at - 1]
    });
}

fn reaches(hours: &[(i64, u64)], (hour, least): (i64, u64)) -> bool {
    hours.binary_search_by_key(&hour, |row| row.0).is_ok_and(|at| hours[at].1 >= least)
}
