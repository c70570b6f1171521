//! One record (Microsoft: EVENTLOGRECORD).

use memchr::memmem;

use crate::input::memo::Key;
use crate::model::names::Text;

use super::header::word;

/// Size of the fixed part of a record; it is never split around the end of the ring.
pub(super) const FIXED: usize = 0x38;
/// Longest record that is believed, in bytes. ReportEvent limits a record of Windows 2000 to 64 KiB
/// and a single string to 32 KiB characters; a length past this is damage.
pub(super) const MAX_RECORD: u32 = 1 << 20;

/// One record of the log. Text is UTF-16LE, as in the file.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The record's number.
    pub number: u32,
    /// Unix seconds, UTC.
    pub generated: u32,
    /// Unix seconds, UTC.
    pub written: u32,
    /// Event id with qualifiers; the low 16 bits are the id.
    pub event_id: u32,
    /// 1 error, 2 warning, 4 information, 8 success audit, 16 failure audit.
    pub kind: u16,
    /// Category, the same in every language of Windows.
    pub category: u16,
    /// Name of the source, without NUL.
    pub source: &'a [u8],
    /// Name of the computer, without NUL.
    pub computer: &'a [u8],
    /// Security identifier of the header's user; empty where there is none.
    pub sid: &'a [u8],
    /// Bytes from the start of the file.
    pub offset: u64,
    /// Length in bytes.
    pub length: u32,
    /// The number of strings that the record announces.
    pub announced: u16,
    strings: &'a [u8],
    /// Everything that may be equal in two records of one description: from the event id to the end.
    same: [&'a [u8]; 2],
}

/// Checks the first 8 bytes of a record: its length, or why this is none.
pub(super) fn length(head: &[u8]) -> Result<u32, &'static str> {
    if head.get(4..8) != Some(b"LfLe") {
        return Err("no record signature");
    }
    let length = word(head, 0);
    if length < FIXED as u32 + 4 || !length.is_multiple_of(4) {
        return Err("record length is too small or odd");
    }
    if length > MAX_RECORD {
        return Err("record length is above 1 MiB");
    }
    Ok(length)
}

/// The first place, a multiple of 4, where a record may start by its signature.
pub(super) fn find_signature(bytes: &[u8]) -> Option<usize> {
    let places = memmem::find_iter(bytes, b"LfLe").filter_map(|at| at.checked_sub(4));
    { places }.find(|at| at.is_multiple_of(4))
}

impl<'a> Record<'a> {
    /// Decodes a record of at least [`FIXED`] bytes, its trailing length included.
    pub(super) fn decode(bytes: &'a [u8], offset: u64) -> Record<'a> {
        let body = &bytes[..bytes.len() - 4];
        let half = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let part = |at: u32, len: u32| {
            let (at, len) = (at as usize, len as usize);
            if at < FIXED { &[][..] } else { body.get(at..at.saturating_add(len)).unwrap_or(&[]) }
        };
        let names = &body[FIXED..];
        let (source, behind) = terminated(names);
        let string_offset = word(bytes, 36) as usize;
        Record {
            number: word(bytes, 8),
            generated: word(bytes, 12),
            written: word(bytes, 16),
            event_id: word(bytes, 20),
            kind: half(24),
            category: half(28),
            source,
            computer: terminated(&names[behind..]).0,
            sid: part(word(bytes, 44), word(bytes, 40)),
            offset,
            length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            announced: half(26),
            strings: if string_offset < FIXED { &[] } else { body.get(string_offset..).unwrap_or(&[]) },
            same: [&body[20..FIXED], names],
        }
    }

    /// By this a record is known: two whose keys are equal differ in their number and their times only.
    pub(super) fn key(&self) -> Key<'a> {
        Key { form: self.length, parts: self.same }
    }

    /// The insertion strings, as many as the record announces and has room for.
    ///
    /// The announced number counts, not the room: padding behind the last string is no string.
    pub fn strings(&self) -> Vec<Text<'a>> {
        let mut rest = self.strings;
        let mut strings = Vec::with_capacity(usize::from(self.announced).min(64));
        while strings.len() < usize::from(self.announced) && rest.len() >= 2 {
            let (text, behind) = terminated(rest);
            strings.push(Text::Utf16(text));
            rest = &rest[behind..];
        }
        strings
    }

    /// How many of the announced strings have no room in the record; `None`: all have.
    pub(super) fn missing_strings(&self) -> Option<usize> {
        let units = self.strings.chunks_exact(2);
        let ends = units.clone().filter(|unit| **unit == [0, 0]).count();
        // Behind the last end may stand one more, which has none.
        let open = units.last().is_some_and(|unit| unit != [0, 0]);
        let missing = usize::from(self.announced).saturating_sub(ends + usize::from(open));
        (missing > 0).then_some(missing)
    }
}

/// UTF-16 text up to its NUL, and where what follows starts.
fn terminated(bytes: &[u8]) -> (&[u8], usize) {
    match bytes.chunks_exact(2).position(|unit| unit == [0, 0]) {
        Some(units) => (&bytes[..units * 2], units * 2 + 2),
        None => (bytes, bytes.len()),
    }
}
