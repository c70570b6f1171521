//! The last step of every reader of event records: is it wanted, what does it say, what does the
//! log cover.

use super::door::{RecordRun, Sink};
use super::windows::{field, ids};
use crate::model::event::RawEvent;
use crate::model::gathered::Audits;
use crate::model::names::Text;

/// A record of a wanted event whose values are not those of such an event. It was counted as a
/// record, but no event was handed over: the reader reports the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Misfit;

/// Hands records over to the sink, and what they cover as runs.
pub(super) struct Hand<'s> {
    /// Where everything goes.
    pub(super) sink: &'s mut dyn Sink,
    run: Option<Run>,
}

/// A run of records of one computer within one clock hour.
struct Run {
    computer: Computer,
    records: u64,
    first: i64,
    last: i64,
    hour: i64,
    bytes: u64,
    audits: Audits,
}

/// Owned twin of [`Text`].
enum Computer {
    Utf16(Vec<u8>),
    Utf8(String),
}

impl Computer {
    fn new(text: Text<'_>) -> Self {
        match text {
            Text::Utf16(bytes) => Computer::Utf16(bytes.to_vec()),
            Text::Utf8(text) => Computer::Utf8(text.to_owned()),
        }
    }

    fn text(&self) -> Text<'_> {
        match self {
            Computer::Utf16(bytes) => Text::Utf16(bytes),
            Computer::Utf8(text) => Text::Utf8(text),
        }
    }
}

impl<'s> Hand<'s> {
    /// A hand with nothing in it.
    pub(super) fn new(sink: &'s mut dyn Sink) -> Self {
        Self { sink, run: None }
    }

    /// Takes one record whose id, time, computer, provider, channel and place are set. `fill` sets
    /// its values and is only called for a wanted event.
    pub(super) fn record<'a>(
        &mut self,
        event: &mut RawEvent<'a>,
        fill: &mut dyn FnMut(&mut RawEvent<'a>) -> bool,
    ) -> Result<(), Misfit> {
        let row = ids::wanted(event.event_id).filter(|row| ids::is_audit(row, event.provider, event.channel));
        let mut outcome = Ok(());
        let mut audits = if is_auditor(event.provider) { ids::audits_by_id(event.event_id) } else { Audits(0) };
        if let Some(row) = row {
            event.kind = row.kind;
            if !fill(event) {
                outcome = Err(Misfit);
            } else if field::finish(event) {
                audits = ids::audits(event.event_id, event.kind);
                self.sink.event(event);
            }
        }
        if !event.recovered {
            self.cover(event, audits);
        }
        outcome
    }

    fn cover(&mut self, event: &RawEvent<'_>, audits: Audits) {
        let sec = event.time.secs();
        let hour = sec.div_euclid(3600);
        if self.run.as_ref().is_some_and(|run| run.hour != hour || run.computer.text() != event.computer) {
            self.flush();
        }
        let run = self.run.get_or_insert_with(|| Run {
            computer: Computer::new(event.computer),
            records: 0,
            first: sec,
            last: sec,
            hour,
            bytes: 0,
            audits: Audits(0),
        });
        run.records += 1;
        run.first = run.first.min(sec);
        run.last = run.last.max(sec);
        run.bytes += u64::from(event.size);
        run.audits = run.audits.union(audits);
    }

    /// Hands the last run over.
    pub(super) fn flush(&mut self) {
        if let Some(run) = self.run.take() {
            self.sink.records(&RecordRun {
                computer: run.computer.text(),
                records: run.records,
                first: run.first,
                last: run.last,
                hour: run.hour,
                bytes: run.bytes,
                audits: run.audits,
            });
        }
    }
}

fn is_auditor(provider: Text<'_>) -> bool {
    provider.is_ascii_word("Security") || provider.is_ascii_word("Microsoft-Windows-Security-Auditing")
}
