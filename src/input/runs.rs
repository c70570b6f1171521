//! Adds records up to runs of one computer and one clock hour.

use super::door::{RecordRun, Sink};
use crate::model::gathered::Audits;
use crate::model::names::Text;

/// The run that is being added up.
#[derive(Debug, Default)]
pub struct Runs {
    computer: Vec<u8>,
    utf16: bool,
    records: u64,
    first: i64,
    last: i64,
    hour: i64,
    bytes: u64,
    audits: Audits,
}

impl Runs {
    /// One record more: who wrote it, when (Unix seconds), its size in bytes, 0 where the source does not
    /// tell. A run that it does not belong to is handed over first.
    #[inline]
    pub fn add(&mut self, computer: Text<'_>, sec: i64, size: u64, audits: Audits, sink: &mut dyn Sink) {
        let (raw, utf16) = match computer {
            Text::Utf16(raw) => (raw, true),
            Text::Utf8(text) => (text.as_bytes(), false),
        };
        if self.records == 0 || !self.is_hour(sec) || utf16 != self.utf16 || raw != self.computer {
            self.flush(sink);
            self.computer.clear();
            self.computer.extend_from_slice(raw);
            (self.utf16, self.hour, self.first, self.last) = (utf16, sec.div_euclid(3600), sec, sec);
        }
        self.records += 1;
        self.bytes += size;
        self.first = self.first.min(sec);
        self.last = self.last.max(sec);
        self.audits = self.audits.union(audits);
    }

    /// True when a record like this would join the run, which shows these categories already.
    #[inline]
    pub fn shows(&self, computer: &[u8], sec: i64, audits: Audits) -> bool {
        self.records > 0 && self.audits.has(audits) && self.is_hour(sec) && self.utf16 && computer == self.computer
    }

    #[inline]
    fn is_hour(&self, sec: i64) -> bool {
        (0..3600).contains(&sec.wrapping_sub(self.hour.wrapping_mul(3600)))
    }

    /// Hands over what was added up.
    pub fn flush(&mut self, sink: &mut dyn Sink) {
        if self.records == 0 {
            return;
        }
        let computer = match std::str::from_utf8(&self.computer) {
            Ok(text) if !self.utf16 => Text::Utf8(text),
            _ => Text::Utf16(&self.computer),
        };
        sink.records(&RecordRun {
            computer,
            records: self.records,
            first: self.first,
            last: self.last,
            hour: self.hour,
            bytes: self.bytes,
            audits: self.audits,
        });
        (self.records, self.bytes, self.audits) = (0, 0, Audits::default());
    }
}
