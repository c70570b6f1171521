//! Adds records up to runs of one computer and one clock hour.

use super::door::{RecordRun, Sink};
use crate::model::gathered::Audits;
use crate::model::names::Text;

/// Who wrote a record.
#[derive(Clone, Copy, Debug)]
pub enum Logger<'a> {
    /// The computer of this name.
    Named(Text<'a>),
    /// The computer of this UTF-16 name, which no other number means from one flush to the next.
    Fixed(u32, &'a [u8]),
}

impl<'a> Logger<'a> {
    /// The name.
    pub fn name(&self) -> Text<'a> {
        match *self {
            Logger::Named(name) => name,
            Logger::Fixed(_, name) => Text::Utf16(name),
        }
    }
}

/// The run that is being added up.
#[derive(Debug, Default)]
pub struct Runs {
    computer: Vec<u8>,
    utf16: bool,
    /// A number of the computer.
    number: Option<u32>,
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
    pub fn add(&mut self, logger: Logger<'_>, sec: i64, size: u64, audits: Audits, sink: &mut dyn Sink) {
        if !self.is_by_number(&logger) || !self.is_hour(sec) {
            self.turn_to(logger, sec, sink);
        }
        self.records += 1;
        self.bytes += size;
        self.first = self.first.min(sec);
        self.last = self.last.max(sec);
        self.audits = self.audits.union(audits);
    }

    /// Begins another run, unless the computer is the same after all.
    fn turn_to(&mut self, logger: Logger<'_>, sec: i64, sink: &mut dyn Sink) {
        if !self.is_by(&logger) || !self.is_hour(sec) {
            self.flush(sink);
            let (raw, utf16) = raw(&logger);
            self.computer.clear();
            self.computer.extend_from_slice(raw);
            (self.utf16, self.hour, self.first, self.last) = (utf16, sec.div_euclid(3600), sec, sec);
        }
        self.number = if let Logger::Fixed(number, _) = logger { Some(number) } else { None };
    }

    /// True when a record like this would join the run, which shows these categories already.
    #[inline]
    pub fn shows(&self, logger: Logger<'_>, sec: i64, audits: Audits) -> bool {
        self.audits.has(audits) && self.is_hour(sec) && (self.is_by_number(&logger) || self.is_by(&logger))
    }

    #[inline]
    fn is_by_number(&self, logger: &Logger<'_>) -> bool {
        matches!(logger, Logger::Fixed(number, _) if self.number == Some(*number))
    }

    fn is_by(&self, logger: &Logger<'_>) -> bool {
        let (raw, utf16) = raw(logger);
        self.records > 0 && utf16 == self.utf16 && raw == self.computer
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
        (self.records, self.bytes, self.audits, self.number) = (0, 0, Audits::default(), None);
    }
}

fn raw<'a>(logger: &Logger<'a>) -> (&'a [u8], bool) {
    match logger.name() {
        Text::Utf16(raw) => (raw, true),
        Text::Utf8(text) => (text.as_bytes(), false),
    }
}
