//! Adds records up to runs of one computer and one clock hour.

use std::ops::Range;

use super::collect::is_time;
use super::door::{RecordRun, Sink};
use crate::model::gathered::Audits;
use crate::model::names::Text;
use crate::model::time::Ticks;

/// Seconds of a clock hour.
const HOUR: i64 = 3600;

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
    /// A number of the computer; `None` too where the hour can be no time, so that each record is looked at.
    number: Option<u32>,
    records: u64,
    first: Ticks,
    last: Ticks,
    /// The clock hour, of which every record's time is one moment.
    hour: Range<Ticks>,
    bytes: u64,
    audits: Audits,
}

impl Runs {
    /// One record more: who wrote it, when, its size in bytes, 0 where the source does not tell. A run that
    /// it does not belong to is handed over first.
    #[inline]
    pub fn add(&mut self, logger: Logger<'_>, time: Ticks, size: u64, audits: Audits, sink: &mut dyn Sink) {
        let known = matches!(logger, Logger::Fixed(number, _) if self.add_known(number, time, size, audits));
        if !known {
            self.turn_to(logger, time, sink);
            self.count(time, size, audits);
        }
    }

    /// The same by the number of a [`Logger::Fixed`]. False, and nothing is added, where it takes more to
    /// tell whether the record belongs to the run.
    #[inline]
    pub fn add_known(&mut self, number: u32, time: Ticks, size: u64, audits: Audits) -> bool {
        let known = self.number == Some(number) && self.hour.contains(&time);
        if known {
            self.count(time, size, audits);
        }
        known
    }

    #[inline]
    fn count(&mut self, time: Ticks, size: u64, audits: Audits) {
        self.records += 1;
        self.bytes += size;
        self.first = self.first.min(time);
        self.last = self.last.max(time);
        self.audits = self.audits.union(audits);
    }

    /// Begins another run, unless the computer is the same after all.
    fn turn_to(&mut self, logger: Logger<'_>, time: Ticks, sink: &mut dyn Sink) {
        if !self.is_by(&logger) || !self.hour.contains(&time) {
            self.flush(sink);
            let (raw, utf16) = raw(&logger);
            self.computer.clear();
            self.computer.extend_from_slice(raw);
            let hour = time.secs().div_euclid(HOUR);
            self.hour = Ticks::from_secs(hour * HOUR)..Ticks::from_secs((hour + 1) * HOUR);
            (self.utf16, self.first, self.last) = (utf16, time, time);
        }
        let number = if let Logger::Fixed(number, _) = logger { Some(number) } else { None };
        self.number = number.filter(|_| is_time(time.secs()));
    }

    /// True when a record like this would join the run, which shows these categories already.
    #[inline]
    pub fn shows(&self, logger: Logger<'_>, time: Ticks, audits: Audits) -> bool {
        let by_number = matches!(logger, Logger::Fixed(number, _) if self.number == Some(number));
        self.audits.has(audits) && self.hour.contains(&time) && (by_number || self.is_by(&logger))
    }

    /// True when the run shows these categories.
    #[inline]
    pub fn show(&self, audits: Audits) -> bool {
        self.audits.has(audits)
    }

    fn is_by(&self, logger: &Logger<'_>) -> bool {
        let (raw, utf16) = raw(logger);
        self.records > 0 && utf16 == self.utf16 && raw == self.computer
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
            first: self.first.secs(),
            last: self.last.secs(),
            hour: self.first.secs().div_euclid(HOUR),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::door::RecordRun;
    use crate::model::client::ClientLog;
    use crate::model::event::RawEvent;
    use crate::model::gathered::Skipped;

    /// The runs that were handed over: computer, records, bytes, first and last second, hour.
    #[derive(Default)]
    struct Told(Vec<String>);

    impl Sink for Told {
        fn event(&mut self, _event: &RawEvent<'_>) {}
        fn records(&mut self, run: &RecordRun<'_>) {
            let RecordRun { computer, records, bytes, first, last, hour, .. } = run;
            self.0.push(format!("{} {records} {bytes} {first}..{last} hour {hour}", computer.decode()));
        }
        fn client(&mut self, _log: ClientLog) {}
        fn skipped(&mut self, _place: Skipped) {}
    }

    fn check(records: &[(u32, i64)], known: &[bool], expect: &[&str]) {
        let names: [&[u8]; 2] = [b"A\0", b"B\0"];
        let (mut runs, mut told) = (Runs::default(), Told::default());
        let mut was_known = Vec::new();
        for (number, sec) in records {
            let (time, audits) = (Ticks::from_secs(*sec), Audits::default());
            let is_known = runs.add_known(*number, time, 10, audits);
            was_known.push(is_known);
            if !is_known {
                runs.add(Logger::Fixed(*number, names[*number as usize]), time, 10, audits, &mut told);
            }
        }
        runs.flush(&mut told);
        assert_eq!(was_known, known);
        assert_eq!(told.0, expect);
    }

    #[test]
    fn a_run_is_of_one_computer_and_one_hour() {
        let hour = 320_000 * HOUR;
        check(
            &[(0, hour + 5), (0, hour), (0, hour + 3599), (0, hour + 3600), (1, hour + 3601), (1, hour + 3602)],
            &[false, true, true, false, false, true],
            &[
                "A 3 30 1152000000..1152003599 hour 320000",
                "A 1 10 1152003600..1152003600 hour 320001",
                "B 2 20 1152003601..1152003602 hour 320001",
            ],
        );
    }

    #[test]
    fn what_a_run_shows_is_known_by_number_and_by_name() {
        let (mut runs, time, shown) = (Runs::default(), Ticks::from_secs(320_000 * HOUR), Audits::LOGON_SUCCESS);
        let (by_number, by_name) = (Logger::Fixed(0, b"A\0"), Logger::Named(Text::Utf16(b"A\0")));
        for logger in [by_number, by_name] {
            runs.add(logger, time, 10, shown, &mut Told::default());
            assert!(runs.shows(by_number, time, shown) && runs.shows(by_name, time, shown), "{logger:?}");
            assert!(!runs.shows(by_number, Ticks::from_secs(320_001 * HOUR), shown));
            assert!(!runs.shows(Logger::Fixed(1, b"B\0"), time, shown));
        }
    }

    #[test]
    fn a_record_whose_time_is_none_is_looked_at_each_time() {
        check(&[(0, 100), (0, 200)], &[false, false], &["A 2 20 100..200 hour 0"]);
        check(&[(0, -1), (0, -3600)], &[false, false], &["A 2 20 -3600..-1 hour -1"]);
    }
}
