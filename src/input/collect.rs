//! The sink of the main job: small events, interned names, coverage.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;

use super::door::{Moment, RecordRun, Sink};
use super::drive::{Done, Progress, Read, Worker, read_all};
use super::intern::{RawNames, Whos};
use super::options::Options;
use crate::model::client::ClientLog;
use crate::model::event::{Event, FileId, RawEvent, Who, WhoId};
use crate::model::gathered::{Audits, Coverage, Gathered, Skipped};
use crate::model::names::{NameId, Names};

/// 1980-01-01, the first moment that counts as a time. Earlier ones are damage or a dead clock.
pub const FIRST_TIME: i64 = 315_532_800;
/// 2101-01-01: from here on a time is no time.
pub const END_OF_TIME: i64 = 4_133_980_800;

/// True for a second that can be the time of an event.
pub fn is_time(sec: i64) -> bool {
    (FIRST_TIME..END_OF_TIME).contains(&sec)
}

/// Reads everything below `paths`; `threads` `None` means one a core. Equal inputs give equal results,
/// whatever the number of threads.
///
/// Only a failure to start threads is an error: what cannot be read is in [`Gathered::skipped`].
pub fn gather(
    paths: &[PathBuf],
    options: &Options,
    threads: Option<usize>,
    progress: &dyn Progress,
) -> io::Result<Gathered> {
    let mut reads = Vec::new();
    let done = read_all(paths, options, threads, progress, &Collector::default, &mut |read| reads.push(read))?;
    Ok(merge(reads, done))
}

/// What one server's records in one piece cover.
#[derive(Debug)]
struct Cover {
    server: NameId,
    records: u64,
    first: i64,
    last: i64,
    hours: Vec<(i64, u64)>,
    audits: Audits,
}

/// What one piece of input became.
#[derive(Debug, Default)]
pub struct Collected {
    events: Vec<Event>,
    covers: Vec<Cover>,
    by_server: HashMap<NameId, usize>,
    clients: Vec<ClientLog>,
    skipped: Vec<Skipped>,
    bad_times: u64,
    full: bool,
}

/// Collects what readers find. Names and descriptions stay interned over all pieces.
#[derive(Debug, Default)]
pub struct Collector {
    names: RawNames,
    whos: Whos,
    /// Description of the event that came last.
    last: Option<WhoId>,
    piece: Collected,
}

impl Collector {
    fn push(&mut self, who: WhoId, sec: i64, record: u64, size: u32) {
        self.piece.events.push(Event { record, sec: sec as u32, who, file: FileId(0), size });
    }
}

impl Sink for Collector {
    fn event(&mut self, event: &RawEvent<'_>) {
        self.last = None;
        let sec = event.time.secs();
        if !is_time(sec) {
            self.piece.bad_times += 1;
            return;
        }
        let names = &mut self.names;
        let who = Who {
            kind: event.kind,
            event_id: event.event_id,
            numbered: event.record_id.is_some(),
            recovered: event.recovered,
            logon_type: event.logon_type.map_or(0, |kind| u8::try_from(kind).unwrap_or(u8::MAX)),
            reason: event.reason(),
            server: names.intern(0, event.computer),
            channel: names.intern(1, event.channel),
            workstation: names.intern(2, event.workstation),
            account: names.intern(3, event.account),
            domain: names.intern(4, event.domain),
            ip: names.intern(5, event.ip),
            process: names.intern(6, event.process),
            relay: names.intern(7, event.relay),
        };
        let who = self.whos.intern(who);
        self.last = Some(who);
        self.push(who, sec, event.record_id.or(event.line).unwrap_or(0), event.size);
    }

    fn description(&self) -> Option<u32> {
        self.last.map(|who| who.0)
    }

    fn again(&mut self, description: u32, moment: &Moment) {
        let sec = moment.time.secs();
        if is_time(sec) {
            self.push(WhoId(description), sec, moment.record_id, moment.size);
        } else {
            self.piece.bad_times += 1;
        }
    }

    fn records(&mut self, run: &RecordRun<'_>) {
        let server = self.names.intern(0, run.computer);
        let covers = &mut self.piece.covers;
        let at = match covers.last() {
            Some(last) if last.server == server => covers.len() - 1,
            _ => *self.piece.by_server.entry(server).or_insert_with(|| {
                let (first, last) = (i64::MAX, i64::MIN);
                covers.push(Cover { server, records: 0, first, last, hours: Vec::new(), audits: Audits::default() });
                covers.len() - 1
            }),
        };
        let cover = &mut covers[at];
        cover.records += run.records;
        cover.audits = cover.audits.union(run.audits);
        if is_time(run.first) {
            cover.first = cover.first.min(run.first);
        }
        if is_time(run.last) {
            cover.last = cover.last.max(run.last);
        }
        if run.bytes > 0 && is_time(run.first) {
            match cover.hours.last_mut() {
                Some(last) if last.0 == run.hour => last.1 += run.bytes,
                _ => cover.hours.push((run.hour, run.bytes)),
            }
        }
    }

    fn client(&mut self, log: ClientLog) {
        self.piece.clients.push(log);
    }

    fn skipped(&mut self, place: Skipped) {
        self.piece.skipped.push(place);
    }

    fn full(&mut self) {
        self.piece.full = true;
    }
}

impl Worker for Collector {
    type Piece = Collected;

    fn take(&mut self) -> Collected {
        std::mem::take(&mut self.piece)
    }
}

/// Puts pieces together in order of (path bytes, place in the file). Numbers of names and descriptions
/// follow their first appearance in that order, so threads leave no trace.
fn merge(mut reads: Vec<Read<Collected>>, done: Done<Collector>) -> Gathered {
    reads.sort_by(|a, b| a.info.path.as_bytes().cmp(b.info.path.as_bytes()));
    let mut gathered = Gathered { skipped: done.skipped, unrecognised: done.unrecognised, ..Gathered::default() };
    gathered.events.reserve_exact(reads.iter().map(|read| read.piece.events.len()).sum());
    let mut places: Vec<Places> = done
        .workers
        .iter()
        .map(|worker| Places {
            whos: vec![None; worker.whos.all().len()],
            names: vec![None; worker.names.names().len()],
        })
        .collect();
    let mut whos = Whos::default();
    let mut covers = FileCovers::default();
    for read in reads {
        if read.first {
            covers.end_file(&mut gathered);
            gathered.files.push(read.info.clone());
        }
        let file = FileId(u32::try_from(gathered.files.len().saturating_sub(1)).unwrap_or(u32::MAX));
        let (worker, place) = (&done.workers[read.worker], &mut places[read.worker]);
        let piece = read.piece;
        for event in piece.events {
            let who = place.who(event.who, worker, &mut whos, &mut gathered.names);
            gathered.events.push(Event { who, file, ..event });
        }
        for cover in piece.covers {
            let server = place.name(cover.server, worker.names.names(), &mut gathered.names);
            covers.add(server, cover);
        }
        covers.full |= piece.full;
        gathered.clients.extend(piece.clients.into_iter().map(|log| ClientLog { file, ..log }));
        gathered.skipped.extend(piece.skipped);
        gathered.bad_times += piece.bad_times;
        gathered.records += read.records;
    }
    covers.end_file(&mut gathered);
    gathered.whos = whos.into_all();
    // Places of one file are in order already.
    gathered.skipped.sort_by(|a, b| a.file.cmp(&b.file));
    gathered
}

/// Where one worker's numbers went.
struct Places {
    whos: Vec<Option<WhoId>>,
    names: Vec<Option<NameId>>,
}

impl Places {
    fn who(&mut self, id: WhoId, worker: &Collector, whos: &mut Whos, names: &mut Names) -> WhoId {
        let at = id.0 as usize;
        if let Some(known) = self.whos[at] {
            return known;
        }
        let mut who = worker.whos.all()[at];
        for name in [
            &mut who.server,
            &mut who.channel,
            &mut who.workstation,
            &mut who.account,
            &mut who.domain,
            &mut who.ip,
            &mut who.process,
            &mut who.relay,
        ] {
            *name = self.name(*name, worker.names.names(), names);
        }
        let id = whos.intern(who);
        self.whos[at] = Some(id);
        id
    }

    fn name(&mut self, id: NameId, from: &Names, to: &mut Names) -> NameId {
        *self.names[id.0 as usize].get_or_insert_with(|| to.intern_stored(from.text(id)))
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
                known.audits = known.audits.union(cover.audits);
            }
        }
    }

    fn end_file(&mut self, gathered: &mut Gathered) {
        let full = std::mem::take(&mut self.full);
        let mut covers = std::mem::take(&mut self.covers);
        self.by_server.clear();
        let Some(info) = gathered.files.last() else { return };
        covers.sort_by(|a, b| gathered.names.text(a.server).cmp(gathered.names.text(b.server)));
        let file = FileId((gathered.files.len() - 1) as u32);
        for cover in covers {
            let hours = sum_hours(cover.hours);
            let (first, last) = if cover.first <= cover.last { (cover.first, cover.last) } else { (0, 0) };
            gathered.coverage.push(Coverage {
                file,
                server: cover.server,
                records: cover.records,
                first,
                last,
                log_bytes: if hours.is_empty() { 0 } else { info.bytes },
                hours,
                audits: cover.audits,
                full,
            });
        }
    }
}

fn sum_hours(mut hours: Vec<(i64, u64)>) -> Vec<(i64, u64)> {
    hours.sort_unstable();
    hours.dedup_by(|later, sum| {
        let same = later.0 == sum.0;
        if same {
            sum.1 += later.1;
        }
        same
    });
    hours
}
