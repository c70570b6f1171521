//! File header and EOF record (Microsoft: ELF_LOGFILE_HEADER, ELF_EOF_RECORD).

use std::io;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::ring::Ring;

/// Size of the file header, in bytes; it stands at its start and at its end.
pub(super) const HEADER_LEN: usize = 0x30;
/// Size of the EOF record, in bytes; it stands at its start and at its end.
pub(super) const EOF_LEN: usize = 0x28;
/// The words behind the size of an EOF record.
const EOF_WORDS: [u32; 4] = [0x1111_1111, 0x2222_2222, 0x3333_3333, 0x4444_4444];

/// Header flag: the log was open, so the header may be old and only the EOF record counts.
const DIRTY: u32 = 1;
/// Header flag: a record did not fit any more.
const FULL_WRITTEN: u32 = 4;
/// Retention of a log that never overwrites.
const NEVER_OVERWRITE: u32 = u32::MAX;

/// Where the records lie, as the header or the EOF record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    /// Offset of the oldest record.
    pub(super) begin: u64,
    /// Offset of the EOF record.
    pub(super) end: u64,
    /// Number of the next record that will be written.
    pub(super) next: u32,
    /// Number of the oldest record; 0 in an empty log.
    pub(super) oldest: u32,
}

/// The file header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Where the records lie; old in a dirty file.
    pub(super) bounds: Bounds,
    /// The log was not closed.
    pub(super) dirty: bool,
    /// The log is full, or is set to never overwrite.
    pub(super) full: bool,
}

/// The little-endian word at `at`; 0 where there is none.
pub(super) fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

/// Reads a header; the error says what is wrong with it.
pub(super) fn parse(bytes: &[u8]) -> Result<Header, &'static str> {
    if bytes.len() < HEADER_LEN {
        return Err("the file is shorter than a header");
    }
    if bytes[4..8] != *b"LfLe" {
        return Err("the header's signature is wrong");
    }
    if word(bytes, 0) != HEADER_LEN as u32 || word(bytes, 44) != HEADER_LEN as u32 {
        return Err("the header's size is wrong");
    }
    let bounds = Bounds {
        begin: u64::from(word(bytes, 16)),
        end: u64::from(word(bytes, 20)),
        next: word(bytes, 24),
        oldest: word(bytes, 28),
    };
    let flags = word(bytes, 36);
    let full = flags & FULL_WRITTEN != 0 || word(bytes, 40) == NEVER_OVERWRITE;
    Ok(Header { bounds, dirty: flags & DIRTY != 0, full })
}

/// How many of the four marks of a header are there: both sizes, signature, version 1.1.
pub(super) fn marks(bytes: &[u8]) -> usize {
    let marks = [
        word(bytes, 0) == HEADER_LEN as u32,
        bytes.get(4..8) == Some(b"LfLe"),
        word(bytes, 8) == 1 && word(bytes, 12) == 1,
        word(bytes, 44) == HEADER_LEN as u32,
    ];
    marks.into_iter().filter(|mark| *mark).count()
}

/// How many of the five words that start an EOF record are there.
fn eof_words(bytes: &[u8]) -> usize {
    usize::from(word(bytes, 0) == EOF_LEN as u32) + (0..4).filter(|n| word(bytes, 4 + 4 * n) == EOF_WORDS[*n]).count()
}

/// True for the first bytes of an EOF record, one of its words damaged or none.
pub(super) fn is_eof(bytes: &[u8]) -> bool {
    eof_words(bytes) >= 4
}

/// The EOF record at `at`, if there is one: five fixed words in front, its own offset, its size at
/// the end. One of the seven may be wrong.
pub(super) fn eof_at(ring: &mut Ring<'_>, at: u64) -> io::Result<Option<Bounds>> {
    if !ring.holds(at) || !is_eof(ring.read(at, 20)?) {
        return Ok(None);
    }
    let bytes = ring.read(at, EOF_LEN)?;
    let own = usize::from(u64::from(word(bytes, 24)) == at) + usize::from(word(bytes, 36) == EOF_LEN as u32);
    let bounds = Bounds { begin: u64::from(word(bytes, 20)), end: at, next: word(bytes, 28), oldest: word(bytes, 32) };
    Ok((eof_words(bytes) + own >= 6).then_some(bounds))
}

/// The first EOF record from `from` on, around the end.
pub(super) fn find_eof(ring: &mut Ring<'_>, from: u64) -> io::Result<Option<Bounds>> {
    let mut at = if ring.holds(from) { from } else { Ring::START };
    let mut left = ring.size();
    while left > 0 {
        if let Some(bounds) = eof_at(ring, at)? {
            return Ok(Some(bounds));
        }
        at = ring.forward(at, 4);
        left -= 4;
        let gone = ring.skip(at, left, EOF_LEN as u64, &find_eof_words)?;
        at = ring.forward(at, gone);
        left -= gone;
    }
    Ok(None)
}

/// The first place, a multiple of 4, where an EOF record may start: of its words at most one is damaged, so
/// the first two behind the size or the last two are whole.
fn find_eof_words(bytes: &[u8]) -> Option<usize> {
    static PAIRS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let [a, b, c, d] = EOF_WORDS.map(u32::to_le_bytes);
        AhoCorasick::new([[a, b].concat(), [c, d].concat()]).expect("two short constants")
    });
    // The second pair of a place stands behind its first, so places come in order.
    let places = PAIRS.find_iter(bytes).filter_map(|pair| pair.start().checked_sub([4, 12][pair.pattern().as_usize()]));
    { places }.find(|at| at.is_multiple_of(4))
}
