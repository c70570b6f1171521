//! The walk over all records: the live ones first, then what lies between the newest and the
//! oldest.

use std::collections::HashSet;
use std::io;

use crate::fsio::source::Source;

use super::header::{self, Bounds, EOF_LEN, Header};
use super::record::{self, FIXED, Record};
use super::ring::Ring;

/// What the walk meets.
pub enum Item<'a> {
    /// The header says that the log is full or never overwrites.
    Full,
    /// A record between the oldest and the newest.
    Live(Record<'a>),
    /// A whole record from bytes that the log no longer counts.
    Recovered(Record<'a>),
    /// A place that could not be read.
    Damage {
        /// Bytes from the start of the file.
        offset: u64,
        /// How many bytes; 0 where that makes no sense.
        length: u64,
        /// `header`, `record` or `file`.
        what: &'static str,
        /// Why.
        why: String,
    },
}

/// What fills the end of the ring where the fixed part of a record has no room.
const FILLER: [u8; 4] = [0x27, 0, 0, 0];

type Each<'e> = &'e mut dyn FnMut(Item<'_>);

/// Walks over every record of a log, oldest first, then over recovered ones.
pub fn walk(source: &Source, each: Each<'_>) -> io::Result<()> {
    let mut head = [0; header::HEADER_LEN];
    let got = source.read_at(0, &mut head)?;
    let header = match header::parse(&head[..got]) {
        Ok(header) => {
            if header.full {
                each(Item::Full);
            }
            Some(header)
        }
        Err(why) => {
            damage(each, 0, 0, "header", why);
            None
        }
    };
    let mut ring = Ring::new(source);
    let bounds = locate(&mut ring, header, each)?;
    let slack = match bounds {
        Some(bounds) => {
            live(&mut ring, bounds, each)?;
            let used = ring.distance(bounds.begin, bounds.end);
            let eof = (EOF_LEN as u64).min(ring.size() - used);
            (ring.forward(bounds.end, eof), ring.size() - used - eof)
        }
        None => (Ring::START, ring.size()),
    };
    recover(&mut ring, bounds, slack, each)
}

fn damage(each: Each<'_>, offset: u64, length: u64, what: &'static str, why: impl Into<String>) {
    each(Item::Damage { offset, length, what, why: why.into() });
}

/// Where the live records lie. The EOF record decides; the header only where there is none.
/// `None`: nothing tells; every record is a recovered one.
fn locate(ring: &mut Ring<'_>, header: Option<Header>, each: Each<'_>) -> io::Result<Option<Bounds>> {
    let told = header.map(|header| header.bounds);
    let found = header::find_eof(ring, told.map_or(Ring::START, |bounds| bounds.end))?;
    let Some(bounds) = found.or(told) else {
        damage(each, 0, 0, "file", "neither header nor EOF record: what is found counts as recovered");
        return Ok(None);
    };
    if bounds.oldest == 0 && bounds.begin == bounds.end {
        return Ok(Some(Bounds { begin: Ring::START, end: Ring::START, ..bounds }));
    }
    if let (Some(eof), Some(header)) = (found, header)
        && !header.dirty
        && eof != header.bounds
    {
        damage(each, 0, 0, "header", "the header disagrees with the EOF record, which is believed");
    }
    let current = found.is_some() || header.is_some_and(|header| !header.dirty);
    let Some(begin) = first_record(ring, bounds, told, current, each)? else {
        damage(each, 0, 0, "file", "the oldest record is not there: what is found counts as recovered");
        return Ok(None);
    };
    let end = if found.is_some() { bounds.end } else { end_without_eof(ring, begin, bounds, each)? };
    Ok(Some(Bounds { begin, end, ..bounds }))
}

/// The oldest record's place: where EOF record or header say if that record is there, or if both say
/// the same (then it is damaged) and are `current`; else the first record behind the newest whose number is between
/// oldest and next.
fn first_record(
    ring: &mut Ring<'_>,
    bounds: Bounds,
    told: Option<Bounds>,
    current: bool,
    each: Each<'_>,
) -> io::Result<Option<u64>> {
    for at in [Some(bounds.begin), told.map(|told| told.begin)].into_iter().flatten() {
        if whole(ring, at)?.is_some_and(|(_, number)| number == bounds.oldest) {
            return Ok(Some(at));
        }
    }
    let agreed = current && told.is_some_and(|told| told.begin == bounds.begin);
    if ring.holds(bounds.begin) && (agreed || whole(ring, bounds.begin)?.is_some()) {
        return Ok(Some(bounds.begin));
    }
    let from = if ring.holds(bounds.end) { ring.forward(bounds.end, EOF_LEN as u64) } else { Ring::START };
    let mut at = if ring.holds(from) { from } else { Ring::START };
    for _ in 0..ring.size() / 4 {
        if let Some((_, number)) = whole(ring, at)?
            && number.wrapping_sub(bounds.oldest) < bounds.next.wrapping_sub(bounds.oldest)
        {
            let why = format!("records {} to {} are not where the log says", bounds.oldest, number.wrapping_sub(1));
            let why = if number == bounds.oldest { "the offset of the oldest record is wrong".to_owned() } else { why };
            damage(each, bounds.begin, 0, "record", why);
            return Ok(Some(at));
        }
        at = if at + 4 < ring.end { at + 4 } else { Ring::START };
    }
    Ok((current && ring.holds(bounds.begin)).then_some(bounds.begin))
}

/// Where the live records end in a log without EOF record: the header's end, and then as long as
/// whole records follow that count on from it.
fn end_without_eof(ring: &mut Ring<'_>, begin: u64, told: Bounds, each: Each<'_>) -> io::Result<u64> {
    damage(each, told.end, 0, "EOF record", "there is none; the header and the record numbers decide");
    if !ring.holds(told.end) {
        let why = format!("the file ends at {:#x}, before the end of its log", ring.end);
        damage(each, ring.end, told.end.saturating_sub(ring.end), "file", why);
        return Ok(if told.end >= ring.end && begin != Ring::START { Ring::START } else { ring.end });
    }
    let (mut end, mut next) = (told.end, told.next);
    let mut left = ring.size() - ring.distance(begin, end);
    while let Some((length, number)) = whole(ring, end)? {
        if number != next || u64::from(length) > left {
            break;
        }
        left -= u64::from(length);
        end = ring.forward(end, u64::from(length));
        next = next.wrapping_add(1);
    }
    Ok(end)
}

/// Length and number of a whole record at `at`: signature, length, and the same length at its end.
fn whole(ring: &mut Ring<'_>, at: u64) -> io::Result<Option<(u32, u32)>> {
    if !ring.holds(at) || ring.end - at < FIXED as u64 {
        return Ok(None);
    }
    let Ok(length) = record::length(ring.read(at, 8)?) else { return Ok(None) };
    if u64::from(length) > ring.size() {
        return Ok(None);
    }
    let bytes = ring.read(at, length as usize)?;
    let closed = header::word(bytes, length as usize - 4) == length;
    Ok(closed.then(|| (length, header::word(bytes, 8))))
}

/// Hands over the records from the oldest to the EOF record.
fn live(ring: &mut Ring<'_>, bounds: Bounds, each: Each<'_>) -> io::Result<()> {
    let mut at = bounds.begin;
    let mut left = ring.distance(bounds.begin, bounds.end);
    // The number that must follow; not known behind a place that could not be read.
    let mut expected = Some(bounds.oldest);
    while left > 0 {
        let before_end = ring.end - at;
        if before_end < FIXED as u64 && before_end < left {
            // Too little room for the fixed part: filled up, and the record starts over.
            if ring.read(at, before_end as usize)?.chunks(4).any(|filler| filler != FILLER) {
                damage(each, at, before_end, "record", "the end of the ring is neither a record nor padding");
            }
            left -= before_end;
            at = Ring::START;
            continue;
        }
        let step = match next_record(ring, at, left)? {
            Ok((length, note)) => {
                let record = Record::decode(ring.read(at, length as usize)?, at);
                let notes = [
                    note.map(str::to_owned),
                    record.missing_strings().map(|missing| format!("{missing} of its strings are missing")),
                    expected
                        .filter(|number| *number != record.number)
                        .map(|number| format!("record {} stands where record {number} must be", record.number)),
                ];
                expected = Some(record.number.wrapping_add(1));
                each(Item::Live(record));
                for note in notes.into_iter().flatten() {
                    damage(each, at, u64::from(length), "record", note);
                }
                u64::from(length)
            }
            Err(why) => {
                let skip = resync(ring, at, left)?;
                damage(each, at, skip, "record", why);
                expected = None;
                skip
            }
        };
        left -= step;
        at = ring.forward(at, step);
    }
    Ok(())
}

type Next = Result<(u32, Option<&'static str>), &'static str>;

/// The record at `at`: its length and what is wrong with it, or why it cannot be used. A record
/// whose trailing length is wrong is used where another one, or the end, follows it.
fn next_record(ring: &mut Ring<'_>, at: u64, left: u64) -> io::Result<Next> {
    let head = ring.read(at, 20)?;
    if header::is_eof(head) {
        return Ok(Err("an EOF record stands among the records"));
    }
    let length = match record::length(head) {
        Ok(length) => length,
        Err(why) => return Ok(Err(why)),
    };
    if u64::from(length) > left {
        return Ok(Err("the record runs past the end of the log"));
    }
    let bytes = ring.read(at, length as usize)?;
    if bytes.len() == length as usize && header::word(bytes, length as usize - 4) == length {
        return Ok(Ok((length, None)));
    }
    let behind = ring.forward(at, u64::from(length));
    if u64::from(length) == left || whole(ring, behind)?.is_some() {
        return Ok(Ok((length, Some("the lengths at its start and at its end differ"))));
    }
    Ok(Err("the lengths at its start and at its end differ"))
}

/// Bytes from a bad place to the next whole record, at most `left`.
fn resync(ring: &mut Ring<'_>, from: u64, left: u64) -> io::Result<u64> {
    let mut step = 4;
    while step < left {
        let at = ring.forward(from, step);
        if let Some((length, _)) = whole(ring, at)?
            && u64::from(length) <= left - step
        {
            return Ok(step);
        }
        step += 4;
    }
    Ok(left)
}

/// Hands over whole records in bytes that are not live, each (number, time) once and none that is live.
fn recover(ring: &mut Ring<'_>, bounds: Option<Bounds>, slack: (u64, u64), each: Each<'_>) -> io::Result<()> {
    let mut found = HashSet::new();
    carve(ring, slack, &mut |record| {
        found.insert((record.number, record.generated));
    })?;
    if let Some(bounds) = bounds.filter(|_| !found.is_empty()) {
        live(ring, bounds, &mut |item| {
            if let Item::Live(record) = item {
                found.remove(&(record.number, record.generated));
            }
        })?;
    }
    carve(ring, slack, &mut |record| {
        if found.remove(&(record.number, record.generated)) {
            each(Item::Recovered(record));
        }
    })
}

/// Every whole record in bytes that are not live.
fn carve(ring: &mut Ring<'_>, slack: (u64, u64), visit: &mut dyn FnMut(Record<'_>)) -> io::Result<()> {
    let (mut at, mut left) = slack;
    while left >= FIXED as u64 {
        let step = match whole(ring, at)? {
            Some((length, _)) if u64::from(length) <= left => {
                visit(Record::decode(ring.read(at, length as usize)?, at));
                u64::from(length)
            }
            _ => 4 + ring.skip(ring.forward(at, 4), left - 4, 8, &record::find_signature)?,
        };
        left = left.saturating_sub(step);
        at = ring.forward(at, step);
    }
    Ok(())
}
