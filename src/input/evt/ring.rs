//! Bytes of the ring: positioned reads through a window, and reads around the end.

use std::io;
use std::ops::Range;

use crate::fsio::aligned::{Buffer, PAGE};
use crate::fsio::source::Source;

use super::header::HEADER_LEN;

/// Bytes that are read from the file at once.
const WINDOW: usize = 256 << 10;

/// The ring of records: the bytes from the end of the header to the end of the file.
pub(super) struct Ring<'s> {
    source: &'s Source,
    window: Buffer,
    /// The bytes of the window that were read, by their offsets in the file.
    covers: Range<u64>,
    joined: Vec<u8>,
    /// Where the ring ends: the length of the file, in whole words.
    pub(super) end: u64,
}

impl<'s> Ring<'s> {
    /// Where the ring starts.
    pub(super) const START: u64 = HEADER_LEN as u64;

    /// The ring of a file; of no size when the file is shorter than its header.
    pub(super) fn new(source: &'s Source) -> Self {
        let end = (source.len & !3).max(Self::START);
        Self { source, window: Buffer::new(0), covers: 0..0, joined: Vec::new(), end }
    }

    /// Bytes in the ring.
    pub(super) fn size(&self) -> u64 {
        self.end - Self::START
    }

    /// True for a place where a record may start.
    pub(super) fn holds(&self, at: u64) -> bool {
        (Self::START..self.end).contains(&at) && at.is_multiple_of(4)
    }

    /// Bytes to go forward from `from` to `to`, around the end if need be; 0 where they are equal.
    pub(super) fn distance(&self, from: u64, to: u64) -> u64 {
        if to >= from { to - from } else { (self.end - from) + (to - Self::START) }
    }

    /// The place `bytes` (at most one turn) behind `at`.
    pub(super) fn forward(&self, at: u64, bytes: u64) -> u64 {
        let to = at + bytes;
        if to < self.end { to } else { Self::START + (to - self.end) }
    }

    /// `len` bytes from `at`, around the end; fewer only where the ring is shorter than `len`.
    pub(super) fn read(&mut self, at: u64, len: usize) -> io::Result<&[u8]> {
        let here = usize::try_from(self.end.saturating_sub(at)).unwrap_or(usize::MAX).min(len);
        if here == len {
            return self.straight(at, len);
        }
        let mut joined = std::mem::take(&mut self.joined);
        joined.clear();
        joined.extend_from_slice(self.straight(at, here)?);
        let rest = (len - here).min(usize::try_from(at.saturating_sub(Self::START)).unwrap_or(usize::MAX));
        joined.extend_from_slice(self.straight(Self::START, rest)?);
        self.joined = joined;
        Ok(&self.joined)
    }

    /// Bytes that do not cross the end; fewer than asked at the end of the file.
    fn straight(&mut self, at: u64, len: usize) -> io::Result<&[u8]> {
        if at < self.covers.start || at + len as u64 > self.covers.end {
            // Whole pages are copied faster.
            let start = at & !(PAGE as u64 - 1);
            let size = (len + (at - start) as usize).max(WINDOW);
            if self.window.bytes().len() < size {
                self.window = Buffer::new(size);
            }
            let got = self.source.read_at(start, self.window.bytes_mut())?;
            self.covers = start..start + got as u64;
        }
        let covered = (self.covers.end - self.covers.start) as usize;
        let from = ((at - self.covers.start) as usize).min(covered);
        Ok(&self.window.bytes()[from..(from + len).min(covered)])
    }

    /// Bytes that can be passed over from `at`, at most `left`: `find` tells the first place in the bytes it
    /// is given, a multiple of 4, where what is looked for may start. It sees `len` bytes, a multiple of 4,
    /// from each place; only places that have fewer before the end of the ring are never passed over.
    pub(super) fn skip(
        &mut self,
        at: u64,
        left: u64,
        len: u64,
        find: &dyn Fn(&[u8]) -> Option<usize>,
    ) -> io::Result<u64> {
        let mut gone = 0;
        while gone < left {
            let here = self.forward(at, gone);
            let straight = (self.end - here).min((WINDOW - PAGE) as u64);
            let bytes = self.read(here, straight as usize)?;
            if let Some(found) = find(bytes) {
                gone += found as u64;
                break;
            }
            if bytes.len() as u64 <= len {
                break;
            }
            gone += bytes.len() as u64 - len;
        }
        Ok(gone.min(left))
    }
}
