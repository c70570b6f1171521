//! What a text reader hands over: events, and a bounded list of places that it could not read.

use std::ops::Range;

use super::rows::Row;
use crate::input::door::{Job, Sink};
use crate::input::hand::Hand;
use crate::model::event::{EventKind, RawEvent};
use crate::model::gathered::{Severity, Skipped};
use crate::model::names::Text;

/// Places of one file that are reported one by one; of more, only the number.
const MAX_PLACES: u64 = 100;

/// Hands over what a text reader finds.
pub(super) struct Out<'s> {
    hand: Hand<'s>,
    path: String,
    places: u64,
    /// Offset behind the last text that [`Out::junk`] was told of.
    junk_end: Option<u64>,
}

impl<'s> Out<'s> {
    pub(super) fn new(job: &Job<'_>, sink: &'s mut dyn Sink) -> Self {
        Self { hand: Hand::new(sink), path: job.source.path.clone(), places: 0, junk_end: None }
    }

    /// Takes one record; see [`Hand::record`]. A wanted one whose values cannot be read is reported.
    pub(super) fn record<'a>(&mut self, mut event: RawEvent<'a>, fill: &mut dyn FnMut(&mut RawEvent<'a>) -> bool) {
        let (line, id) = (event.line.unwrap_or(0), event.event_id);
        if self.hand.record(&mut event, fill).is_err() {
            let why = format!(
                "its text or strings are not those of an English event {id}; \
                 as .evtx or XML it reads the same in every language"
            );
            self.bad(line, "record", &why);
        }
    }

    /// Reports text at these offsets that is no record. A long one comes in pieces: one that starts where
    /// the last ended is the same place.
    pub(super) fn junk(&mut self, line: u64, offsets: Range<u64>, why: &str) {
        if self.junk_end.replace(offsets.end) != Some(offsets.start) {
            self.bad(line, "text", why);
        }
    }

    /// Reports a row of which only the beginning was kept.
    pub(super) fn cut(&mut self, row: &Row<'_>) {
        if row.cut {
            self.bad(row.line, "row", "it is longer than 64 KiB; its end is not read");
        }
    }

    /// Reports a line that could not be read; 0 stands for the whole file.
    pub(super) fn bad(&mut self, line: u64, what: &str, why: &str) {
        self.places += 1;
        if self.places <= MAX_PLACES {
            let at = if line == 0 { String::new() } else { format!("line {line}") };
            self.place(at, what, why.to_owned());
        }
    }

    fn place(&mut self, at: String, what: &str, why: String) {
        let file = self.path.clone();
        self.hand.sink.skipped(Skipped { file, at, what: what.to_owned(), why, severity: Severity::Damage });
    }

    /// Hands over what is left.
    pub(super) fn finish(mut self) {
        if self.places > MAX_PLACES {
            let more = self.places - MAX_PLACES;
            self.place(String::new(), "line", format!("{more} more places could not be read"));
        }
        self.hand.flush();
    }
}

/// An event at a place, with nothing else in it.
pub(super) fn event_at<'a>(event_id: u16, line: u64, offset: u64) -> RawEvent<'a> {
    let mut event = RawEvent::new(EventKind::Failure, event_id);
    event.line = Some(line);
    event.offset = offset;
    event
}

/// The Security log where the source is one that writes only there; else blank, for not known.
pub(super) fn channel_of(provider: &str) -> Text<'static> {
    let audit = ["Security", "Microsoft-Windows-Security-Auditing"];
    Text::Utf8(if audit.iter().any(|name| provider.eq_ignore_ascii_case(name)) { "Security" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::super::testing::told;
    use super::super::{otrf, xml};

    #[test]
    fn every_damaged_record_of_one_line_is_reported() {
        let record = r#"{"SourceName":"Security","Channel":"Security","Hostname":"x","EventID":"?"}"#;
        let told = told(&otrf::FORMAT, format!("{record} {record} junk {record} junk").as_bytes());
        assert_eq!(told.skipped.len(), 5, "{:?}", told.skipped);
    }

    #[test]
    fn a_long_text_that_is_passed_over_in_pieces_is_one_place() {
        for format in [&otrf::FORMAT, &xml::FORMAT] {
            let told = told(format, &vec![b'x'; 5 << 20]);
            assert_eq!(told.skipped.len(), 1, "{}: {:?}", format.name, told.skipped);
        }
    }
}
