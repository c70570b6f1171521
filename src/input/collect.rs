//! The sink of the main job: small events, interned names, coverage.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;

use super::door::{Description, Moment, RecordRun, Sink};
use super::drive::{Progress, Worker, read_found};
use super::intern::{RawNames, Whos};
use super::merge::Merger;
use super::options::Options;
use super::walk::{Found, walk};
use crate::model::client::ClientLog;
use crate::model::event::{Event, EventKind, FileId, RawEvent, Who, WhoId};
use crate::model::gathered::{Audits, Gathered, Skipped};
use crate::model::names::{NameId, Names};
use crate::model::texts::Texts;

/// 1980-01-01, the first moment that counts as a time. Earlier ones are damage or a dead clock.
pub const FIRST_TIME: i64 = 315_532_800;
/// 2101-01-01: from here on a time is no time.
pub const END_OF_TIME: i64 = 4_133_980_800;

/// Descriptions that all workers together remember at most. Names may differ in every event: then
/// nothing is gained by remembering more.
pub const REMEMBERED: usize = 1 << 17;

/// More descriptions than this are forgotten where they seldom come again: tables that stay in the processor's
/// caches are faster than what they spare.
const SELDOM: usize = 1 << 13;

/// The same while they are known to come again seldom, and how often this is believed before it is looked at anew.
const HARDLY: usize = 1 << 9;
const BELIEVED: u32 = 1 << 8;

/// Bytes of one piece at most, about: long inputs are cut.
pub const PIECE: usize = 16 << 20;

/// Bytes of a piece that goes on that are handed over together, about. Larger parts would only take memory.
const PART: usize = 256 << 10;

/// True for a second that can be the time of an event.
pub fn is_time(sec: i64) -> bool {
    (FIRST_TIME..END_OF_TIME).contains(&sec)
}

/// Decides what is kept of what was read. Asked in order of (path, place), whatever the threads do.
pub trait Sieve {
    /// The number under which events with this description go. Equal descriptions may be judged again.
    fn judge<'t>(&mut self, who: &Who, text: &dyn Fn(NameId) -> &'t str) -> u32;
    /// Whether an event is kept; its `who` means nothing here. `known` tells whether an event with this
    /// description is kept already.
    fn admit(&mut self, number: u32, event: &Event, known: &dyn Fn() -> bool) -> bool;
    /// True when [`Sieve::admit`] need not be asked about events with this number: all are kept.
    fn keeps_all(&self, _number: u32) -> bool {
        false
    }
    /// Everything kept so far, after each piece of input. True when the sieve took the events: then
    /// they, their descriptions and names are forgotten.
    fn after_piece(&mut self, kept: &Kept<'_>) -> bool;
    /// Descriptions that all workers together may remember from one piece to the next.
    fn remembered(&self) -> usize {
        REMEMBERED
    }
    /// Attempts and successes of all clients' logs together that are kept, each.
    fn attempts(&self) -> usize {
        usize::MAX
    }
    /// Bytes that one piece may have before the rest of an input becomes the next.
    fn piece(&self) -> usize {
        PIECE
    }
}

/// Events that are kept, with what they need to be read.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    /// The events.
    pub events: &'a [Event],
    /// Their descriptions.
    pub whos: &'a [Who],
    /// The names in them.
    pub names: &'a Names,
}

/// Keeps everything.
impl Sieve for () {
    fn judge<'t>(&mut self, _who: &Who, _text: &dyn Fn(NameId) -> &'t str) -> u32 {
        0
    }
    fn admit(&mut self, _number: u32, _event: &Event, _known: &dyn Fn() -> bool) -> bool {
        true
    }
    fn keeps_all(&self, _number: u32) -> bool {
        true
    }
    fn after_piece(&mut self, _kept: &Kept<'_>) -> bool {
        false
    }
}

/// Reads everything below `paths`; `threads` `None` means one a core. Equal inputs give equal results,
/// whatever the number of threads.
///
/// Only a failure to start threads is an error: what cannot be read is in [`Gathered::skipped`].
pub fn gather(
    paths: &[PathBuf],
    options: &Options,
    threads: Option<usize>,
    sieve: &mut dyn Sieve,
    progress: &dyn Progress,
) -> io::Result<Gathered> {
    gather_found(walk(paths), options, threads, sieve, progress)
}

/// The same for files that were found before: the nightly job leaves out what it knows.
pub fn gather_found(
    found: Found,
    options: &Options,
    threads: Option<usize>,
    sieve: &mut dyn Sieve,
    progress: &dyn Progress,
) -> io::Result<Gathered> {
    let workers = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get())).max(1);
    let remembered = (sieve.remembered() / workers).max(1 << 8);
    let heavy = sieve.piece();
    let make = || Collector { remembered, heavy, part_ends: PART.min(heavy), ..Collector::default() };
    let options = &Options { attempts: Some(sieve.attempts()), ..options.clone() };
    let mut merger = Merger::new(workers, sieve);
    let done = read_found(found, options, Some(workers), progress, &make, &mut |read| merger.piece(read))?;
    Ok(merger.finish(done))
}

/// What one server's records in one piece cover.
#[derive(Debug)]
pub(super) struct Cover {
    pub(super) server: NameId,
    pub(super) records: u64,
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) hours: Vec<(i64, u64)>,
    pub(super) hour_records: Vec<(i64, u64)>,
    pub(super) audits: Audits,
}

impl Cover {
    fn of(server: NameId) -> Cover {
        let (first, last, audits) = (i64::MAX, i64::MIN, Audits::default());
        Cover { server, records: 0, first, last, hours: Vec::new(), hour_records: Vec::new(), audits }
    }
}

fn add_hour(hours: &mut Vec<(i64, u64)>, hour: i64, more: u64) {
    match hours.last_mut() {
        Some(last) if last.0 == hour => last.1 += more,
        _ => hours.push((hour, more)),
    }
}

/// What one piece of input became.
#[derive(Debug, Default)]
pub struct Collected {
    /// The worker began anew before this piece: numbers of names and descriptions count from the start.
    pub(super) anew: bool,
    /// The next one is of the same piece.
    pub(super) goes_on: bool,
    /// Names that are new in this piece; they continue the worker's numbers, of which 0 is the empty one.
    pub(super) texts: Texts,
    /// Descriptions that are new in this piece.
    pub(super) whos: Vec<Who>,
    pub(super) events: Vec<Event>,
    pub(super) covers: Vec<Cover>,
    by_server: HashMap<NameId, usize>,
    pub(super) clients: Vec<ClientLog>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) bad_times: u64,
    pub(super) full: bool,
}

/// Number of a description that is not kept.
const NOTHING: u32 = u32::MAX;

/// Collects what readers find. Names and descriptions stay interned over pieces, up to a number.
#[derive(Debug, Default)]
pub struct Collector {
    names: RawNames,
    whos: Whos,
    /// Description of the event that came last.
    last: Option<Description>,
    /// Events that were told since it began anew.
    told: usize,
    /// How often it began anew.
    age: u32,
    /// How often it will begin anew before it looks again whether descriptions come again.
    believed: u32,
    piece: Collected,
    /// Names or descriptions after which it begins anew.
    remembered: usize,
    /// Bytes of a piece that is too large.
    heavy: usize,
    /// Bytes of the piece, about.
    weight: usize,
    /// From how many bytes on some of the piece is handed over.
    part_ends: usize,
}

impl Collector {
    /// Tells in a piece what is new of names and descriptions, and forgets them where it is of no more use.
    fn tell(&mut self, piece: &mut Collected) {
        piece.texts = self.names.tell();
        piece.whos = self.whos.tell();
        self.told += piece.events.len();
        let kept = self.whos.all().len();
        let most = if self.believed > 0 { HARDLY } else { SELDOM };
        let seldom = kept > most && self.told < kept + kept / 2;
        if kept > most {
            self.believed = match seldom {
                true => self.believed.checked_sub(1).unwrap_or(BELIEVED),
                false => 0,
            };
        }
        if seldom || kept.max(self.names.numbered()) > self.remembered {
            self.names.clear(self.believed > 0);
            self.whos.clear();
            self.told = 0;
            self.age = self.age.wrapping_add(1);
            self.piece.anew = true;
        }
    }

    #[inline]
    fn push(&mut self, who: WhoId, sec: i64, record: u64, size: u32) {
        self.weight += size_of::<Event>();
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
        // A success is no failure and no context; what it says of the log's audits is in its run.
        if event.kind == EventKind::Success {
            self.last = Some(Description { number: NOTHING, age: self.age });
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
        let known = self.whos.all().len();
        let who = self.whos.intern(who);
        self.weight += (self.whos.all().len() - known) * (size_of::<Who>() + 64);
        self.last = Some(Description { number: who.0, age: self.age });
        self.push(who, sec, event.record_id.or(event.line).unwrap_or(0), event.size);
    }

    fn description(&self) -> Option<Description> {
        self.last
    }

    fn again(&mut self, description: Description, moment: &Moment) -> bool {
        let sec = moment.time.secs();
        if description.age != self.age || !is_time(sec) {
            return false;
        }
        if description.number != NOTHING {
            self.push(WhoId(description.number), sec, moment.record_id, moment.size);
        }
        true
    }

    fn records(&mut self, run: &RecordRun<'_>) {
        let server = self.names.intern(0, run.computer);
        let covers = &mut self.piece.covers;
        let at = match covers.last() {
            Some(last) if last.server == server => covers.len() - 1,
            _ => *self.piece.by_server.entry(server).or_insert_with(|| {
                covers.push(Cover::of(server));
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
        if is_time(run.first) {
            add_hour(&mut cover.hour_records, run.hour, run.records);
            if run.bytes > 0 {
                add_hour(&mut cover.hours, run.hour, run.bytes);
            }
        }
    }

    fn client(&mut self, log: ClientLog) {
        self.weight += size_of::<ClientLog>() + log.attempts.weight() + size_of_val(log.successes.as_slice());
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
        let mut piece = std::mem::take(&mut self.piece);
        self.weight = 0;
        self.part_ends = PART.min(self.heavy);
        // The next piece is mostly as large as what was left of this one.
        self.piece.events.reserve(piece.events.len());
        self.tell(&mut piece);
        piece
    }

    #[inline]
    fn is_heavy(&self) -> bool {
        self.weight > self.part_ends
    }

    /// Events and covers, and what is needed to read them; the rest of the piece comes at its end.
    fn take_some(&mut self) -> Option<Collected> {
        if self.weight > self.heavy {
            return None;
        }
        self.part_ends = (self.weight + PART).min(self.heavy);
        let room = self.piece.events.len();
        let events = std::mem::replace(&mut self.piece.events, Vec::with_capacity(room));
        let anew = std::mem::take(&mut self.piece.anew);
        // Covers go too: their servers' numbers may mean something else in the next part.
        let covers = std::mem::take(&mut self.piece.covers);
        self.piece.by_server.clear();
        let mut part = Collected { anew, goes_on: true, events, covers, ..Collected::default() };
        self.tell(&mut part);
        Some(part)
    }
}
