//! Where the records of a chunk lie, and which places between them are damaged.

use memchr::memmem;

use super::header::{ChunkHeader, u32_at, u64_at};
use crate::model::layout::{CHUNK, CHUNK_HEADER, RECORD_HEADER, RECORD_MAGIC};

/// Smallest record: header and size copy.
const LEAST: usize = RECORD_HEADER + 4;

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Offset in the chunk.
    pub start: usize,
    /// Bytes from the start to the end of the size copy.
    pub size: usize,
    /// The id in the record's header, which saved exports renumber.
    pub id: u64,
    /// When it was written, a FILETIME.
    pub written: u64,
    /// Its size is not what its header says: it may end early.
    pub doubtful: bool,
}

impl Span {
    /// Offset behind the record.
    pub fn end(&self) -> usize {
        self.start + self.size
    }
}

/// A place of the chunk that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Offset in the chunk.
    pub at: usize,
    /// What was being read.
    pub what: &'static str,
    /// Why it could not be.
    pub why: String,
}

/// What the walk over a chunk found. Reused from chunk to chunk.
#[derive(Debug, Default)]
pub struct Found {
    /// Records in order of their offset.
    pub spans: Vec<Span>,
    /// Damaged places in order of their offset.
    pub damages: Vec<Damage>,
    /// Record headers tried and bytes searched: at most a few times the bytes of the chunk.
    pub steps: usize,
}

/// Walks over the records of a chunk. `have` bytes of it were in the file, the rest is zero.
///
/// Each byte is looked at a bounded number of times, whatever the chunk says.
pub fn walk(chunk: &[u8], have: usize, header: &ChunkHeader, found: &mut Found) {
    found.spans.clear();
    found.damages.clear();
    found.steps = 0;
    let mut walk = Walk { chunk, have: have.min(CHUNK).min(chunk.len()), header, found };
    let end = walk.run();
    walk.check_end(end);
}

struct Walk<'a> {
    chunk: &'a [u8],
    have: usize,
    header: &'a ChunkHeader,
    found: &'a mut Found,
}

impl Walk<'_> {
    /// Walks to the end of the records and returns it.
    fn run(&mut self) -> usize {
        let mut at = CHUNK_HEADER;
        while at < self.have {
            at = self.whole_records(at);
            if at >= self.have {
                break;
            }
            self.found.steps += 1;
            if self.header.end().is_some_and(|end| at >= end) && !self.continues(at) {
                break;
            }
            match self.size_at(at) {
                Some(size) if self.copy_fits(at, size) => at = self.push(at, size, false),
                Some(size) => at = self.without_copy(at, size),
                None => match self.next_sound(at + 1, self.have) {
                    Some(next) => {
                        let lost = next - at;
                        self.damage(at, "record", format!("not readable, {lost} bytes passed over"));
                        at = next;
                    }
                    None => {
                        self.tail(at);
                        break;
                    }
                },
            }
        }
        at
    }

    /// Takes records while each is as it should be and ends where the header says that they end, or before.
    /// Returns where the next one would start. Nearly all records of any log are taken here.
    #[inline(never)]
    fn whole_records(&mut self, from: usize) -> usize {
        let end = self.header.end().unwrap_or(self.have).min(self.have);
        let Some(chunk) = self.chunk.get(..end) else { return from };
        let spans = &mut self.found.spans;
        let before = spans.len();
        let mut at = from;
        while let Some(head) = chunk.get(at..).and_then(<[u8]>::first_chunk::<RECORD_HEADER>) {
            let (Some(size), Some(id), Some(written)) = (u32_at(head, 4), u64_at(head, 8), u64_at(head, 16)) else {
                break;
            };
            let end = at + size as usize;
            let fits = size as usize >= LEAST && u32_at(chunk, end - 4) == Some(size);
            if !head.starts_with(&RECORD_MAGIC) || !fits {
                break;
            }
            spans.push(Span { start: at, size: size as usize, id, written, doubtful: false });
            at = end;
        }
        self.found.steps += spans.len() - before;
        at
    }

    /// A record goes on where the header says that the records end: the header is stale. Old records
    /// of an earlier pass over the chunk have other ids.
    fn continues(&self, at: usize) -> bool {
        let next = self.found.spans.last().and_then(|last| last.id.checked_add(1));
        self.size_at(at).is_some_and(|size| self.copy_fits(at, size)) && u64_at(self.chunk, at + 8) == next
    }

    /// The size of the record at `at`, if there is a record header with a size that can be one.
    fn size_at(&self, at: usize) -> Option<usize> {
        let magic = self.chunk.get(at..at + 4)? == RECORD_MAGIC;
        let size = u32_at(self.chunk, at + 4)? as usize;
        (magic && size >= LEAST && at + LEAST <= self.have).then_some(size)
    }

    fn copy_fits(&self, at: usize, size: usize) -> bool {
        size <= self.have - at && u32_at(self.chunk, at + size - 4) == Some(size as u32)
    }

    fn push(&mut self, start: usize, size: usize, doubtful: bool) -> usize {
        let long = |at| u64_at(self.chunk, at).unwrap_or(0);
        self.found.spans.push(Span { start, size, id: long(start + 8), written: long(start + 16), doubtful });
        start + size
    }

    /// A record header whose size is not repeated where it says: the size or the copy is damaged. What
    /// is there is still read, up to the next record.
    fn without_copy(&mut self, at: usize, size: usize) -> usize {
        let claimed = at.saturating_add(size);
        let next = self.next_sound(at + LEAST, claimed.min(self.have)).or_else(|| {
            let fits = claimed <= self.have;
            let joins = fits && (self.size_at(claimed).is_some() || self.header.end() == Some(claimed));
            if joins { Some(claimed) } else { self.next_sound(at + LEAST, self.have) }
        });
        match next {
            Some(next) => {
                self.damage(at, "record", "the size and its copy differ".to_owned());
                self.push(at, next - at, true)
            }
            None if claimed > self.have && self.have < CHUNK => {
                self.damage(at, "record", "cut by the end of the file".to_owned());
                self.have
            }
            None => {
                self.damage(at, "record", "the size and its copy differ".to_owned());
                let end = self.header.end().filter(|end| *end >= at + LEAST).unwrap_or(self.have);
                self.push(at, end.min(self.have) - at, true)
            }
        }
    }

    /// The next place in `[from, until)` where a whole record stands. A sound header bounds place and
    /// id: behind the end lie old records.
    fn next_sound(&mut self, from: usize, until: usize) -> Option<usize> {
        let until = self.header.end().unwrap_or(CHUNK).min(until);
        let mut from = from;
        while from < until {
            let found = memmem::find(&self.chunk[from..until], &RECORD_MAGIC);
            self.found.steps += found.map_or(until - from, |at| at + 1);
            let hit = from + found?;
            let sound = self.size_at(hit).is_some_and(|size| self.copy_fits(hit, size)) && self.id_fits(hit);
            if sound {
                return Some(hit);
            }
            from = hit + 1;
        }
        None
    }

    fn id_fits(&self, at: usize) -> bool {
        let (first, last) = self.header.ids;
        !self.header.sound || first > last || u64_at(self.chunk, at + 8).is_some_and(|id| (first..=last).contains(&id))
    }

    /// No record follows `at`: zeros are free space, anything else is damage.
    fn tail(&mut self, at: usize) {
        let end = self.header.end().unwrap_or(self.have).min(self.have);
        if self.chunk[at..end.max(at)].iter().any(|byte| *byte != 0) {
            let lost = end - at;
            self.damage(at, "record", format!("not readable, {lost} bytes up to the end of the records lost"));
        }
    }

    /// Compares the end of the walk with what the header says.
    fn check_end(&mut self, end: usize) {
        if self.have < CHUNK {
            let why = format!("cut after {} of {CHUNK} bytes", self.have);
            self.found.damages.insert(0, Damage { at: self.have, what: "chunk", why });
            return;
        }
        let header = self.header;
        if !header.sound || !self.found.damages.is_empty() {
            return;
        }
        let last = self.found.spans.last().map_or(0, |span| span.start);
        let read = self.found.spans.len() as u64;
        // A chunk without records has all ones for the last number.
        let told = match header.numbers {
            (_, u64::MAX) => 0,
            (first, last) => last.wrapping_sub(first).wrapping_add(1),
        };
        if (header.free < CHUNK && end < header.free) || (header.last_record < CHUNK && last < header.last_record) {
            self.damage(end, "record", "zeros where the chunk header tells of records".to_owned());
        } else if header.free < CHUNK && end > header.free {
            self.damage(header.free, "chunk header", "records go on behind the end that it gives".to_owned());
        } else if told != read {
            self.damage(0, "chunk header", format!("tells of {told} records, {read} are there"));
        } else if let Some(span) = self.found.spans.last()
            && span.id != header.ids.1
        {
            let why = format!("gives {} as the last record's id, which is {}", header.ids.1, span.id);
            self.damage(0, "chunk header", why);
        }
    }

    fn damage(&mut self, at: usize, what: &'static str, why: String) {
        self.found.damages.push(Damage { at, what, why });
    }
}
