//! One chunk: walk, fast scan, general way, reports.

use super::general;
use super::header::ChunkHeader;
use super::records::{self, Damage, Found, Span};
use super::scan::{Outcome, Scan};
use super::wanted::{is_success, that_matter};
use crate::input::collect::is_time;
use crate::input::door::Sink;
use crate::input::runs::{Logger, Runs};
use crate::model::gathered::{Audits, Severity, Skipped};
use crate::model::layout::CHUNK;
use crate::model::time::Ticks;

/// Damaged places of one chunk that are told one by one; more are told as a number.
const TOLD: usize = 8;

/// Records of one chunk that go the general way by themselves; from the next one on the `evtx` crate
/// walks over the whole rest of the chunk.
const ALONE: usize = 8;

/// How many records went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// By the scan.
    pub fast: u64,
    /// By the `evtx` crate.
    pub general: u64,
    /// By none.
    pub lost: u64,
}

/// Reads chunk after chunk.
#[derive(Debug, Default)]
pub struct Chunks {
    /// Every record goes the general way: the judge in tests.
    pub judge: bool,
    /// How many records went which way.
    pub ways: Ways,
    scan: Scan,
    found: Found,
    runs: Runs,
}

/// Where a chunk stands.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The file, as reports name it.
    pub file: &'a str,
    /// Number of the chunk in the file, from 0.
    pub number: u64,
    /// Offset of the chunk in the file.
    pub base: u64,
}

impl Place<'_> {
    /// A report about this chunk.
    pub fn skipped(&self, damage: &Damage) -> Skipped {
        Skipped {
            file: self.file.to_owned(),
            at: format!("chunk {}, offset 0x{:x}", self.number, damage.at),
            what: damage.what.to_owned(),
            why: damage.why.clone(),
            severity: Severity::Damage,
        }
    }
}

impl Chunks {
    /// Reads one chunk, of which `have` bytes were in the file; the rest is zero.
    pub fn read(&mut self, chunk: &[u8], have: usize, place: Place<'_>, sink: &mut dyn Sink) {
        let header = ChunkHeader::read(chunk);
        let mut found = std::mem::take(&mut self.found);
        records::walk(chunk, have, &header, &mut found);
        check_header(&header, have, &mut found.damages);
        self.scan.next_chunk();
        if self.judge {
            self.general(chunk, &found.spans, place.base, &mut found.damages, sink);
        } else {
            self.scan(chunk, &found.spans, place.base, &mut found.damages, sink);
        }
        self.runs.flush(sink);
        found.damages.sort_by_key(|damage| damage.at);
        report(&found.damages, place, sink);
        self.found = found;
    }

    /// Scans record after record; those that are not of an expected shape go the general way.
    fn scan(&mut self, chunk: &[u8], spans: &[Span], base: u64, damages: &mut Vec<Damage>, sink: &mut dyn Sink) {
        let mut alone = 0;
        for (index, span) in spans.iter().enumerate() {
            if self.takes(chunk, span, base, damages, sink) {
                continue;
            }
            alone += 1;
            if alone > ALONE {
                return self.general(chunk, &spans[index..], base, damages, sink);
            }
            self.general(chunk, &spans[index..=index], base, damages, sink);
        }
    }

    /// True when the scan took the record. Most records of any log end here, so nothing is put together that
    /// is not needed.
    #[inline]
    fn takes(&mut self, chunk: &[u8], span: &Span, base: u64, damages: &mut Vec<Damage>, sink: &mut dyn Sink) -> bool {
        let place = (span, base);
        let Some(seen) = self.scan.see(chunk, span) else { return self.takes_apart(chunk, place, None, damages, sink) };
        let mut audits = Audits::default();
        if that_matter(self.runs.show(Audits::LOGON_SUCCESS)).has(seen.event_id) {
            match self.scan.again(chunk, span, base, seen, sink) {
                Ok(shown) => audits = shown,
                Err(form) => return self.takes_apart(chunk, place, form, damages, sink),
            }
        }
        if !self.runs.add_known(seen.computer, Ticks::from_filetime(span.written), span.size as u64, audits) {
            if is_success(seen.event_id) {
                // It begins another run, which does not show it yet.
                return self.takes_apart(chunk, place, None, damages, sink);
            }
            count(&mut self.runs, span, self.scan.computer(seen.computer), audits, damages, sink);
        }
        self.ways.fast += 1;
        true
    }

    /// True when the scan took the record, of which every part that matters is looked at.
    #[inline(never)]
    fn takes_apart(
        &mut self,
        chunk: &[u8],
        place: (&Span, u64),
        form: Option<u32>,
        damages: &mut Vec<Damage>,
        sink: &mut dyn Sink,
    ) -> bool {
        let Some(outcome) = self.scan.record(chunk, place, form, &self.runs, sink) else { return false };
        take(&mut self.runs, place.0, &outcome, damages, sink);
        self.ways.fast += 1;
        true
    }

    /// Reads records that follow each other with the crate; of several those that the scan does not take.
    fn general(&mut self, chunk: &[u8], spans: &[Span], base: u64, damages: &mut Vec<Damage>, sink: &mut dyn Sink) {
        let copy = general::repaired(chunk, spans);
        let opened = general::with_walk(&copy, |walk| {
            for span in spans {
                if !self.judge && spans.len() > 1 && self.takes(chunk, span, base, damages, sink) {
                    continue;
                }
                match walk.record(span) {
                    Ok(record) => {
                        let outcome = record.outcome(span, base, sink);
                        take(&mut self.runs, span, &outcome, damages, sink);
                        self.ways.general += 1;
                    }
                    Err(why) => {
                        damages.push(Damage { at: span.start, what: "record", why });
                        self.ways.lost += 1;
                    }
                }
            }
        });
        if opened.is_none() {
            damages.push(Damage { at: 0, what: "chunk", why: "refused by the parser".to_owned() });
            self.ways.lost += spans.len() as u64;
        }
    }
}

/// Hands one record over.
#[inline]
fn take(runs: &mut Runs, span: &Span, outcome: &Outcome<'_>, damages: &mut Vec<Damage>, sink: &mut dyn Sink) {
    let (logger, audits) = match outcome {
        Outcome::Plain(logger, audits) | Outcome::Event(logger, audits) => (*logger, *audits),
        Outcome::Odd(logger, event_id) => {
            let why = format!("event {event_id} has too few strings to be one");
            damages.push(Damage { at: span.start, what: "event", why });
            (*logger, Audits::default())
        }
    };
    count(runs, span, logger, audits, damages, sink);
}

/// Counts a record.
fn count(
    runs: &mut Runs,
    span: &Span,
    logger: Logger<'_>,
    audits: Audits,
    damages: &mut Vec<Damage>,
    sink: &mut dyn Sink,
) {
    let time = Ticks::from_filetime(span.written);
    if !is_time(time.secs()) {
        let why = format!("the time in the record's header is out of range (0x{:016x})", span.written);
        damages.push(Damage { at: span.start, what: "time", why });
    }
    runs.add(logger, time, span.size as u64, audits, sink);
}

fn check_header(header: &ChunkHeader, have: usize, damages: &mut Vec<Damage>) {
    let mut wrong = |what, why: &str| damages.push(Damage { at: 0, what, why: why.to_owned() });
    if !header.magic {
        wrong("chunk", "the magic is wrong");
    } else if !header.sound {
        wrong("chunk header", "the checksum is wrong");
    } else if !header.records_sound && have == CHUNK {
        wrong("checksum", "the checksum of the records is wrong; nothing is dropped for it");
    }
}

fn report(damages: &[Damage], place: Place<'_>, sink: &mut dyn Sink) {
    for damage in damages.iter().take(TOLD) {
        sink.skipped(place.skipped(damage));
    }
    if let [first, .., last] = damages.get(TOLD..).unwrap_or(&[]) {
        let more = damages.len() - TOLD;
        let why = format!("{more} more damaged places, the last at 0x{:x}", last.at);
        sink.skipped(place.skipped(&Damage { at: first.at, what: "chunk", why }));
    } else if let Some(last) = damages.get(TOLD) {
        sink.skipped(place.skipped(last));
    }
}
