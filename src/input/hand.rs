//! The last step of every reader of event records: is it wanted, what does it say, what does the
//! log cover.

use super::door::{Moment, Sink};
use super::memo::Known;
use super::runs::{Logger, Runs};
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
    runs: Runs,
    /// What the sink keeps of the event that was handed over last.
    known: Option<Known>,
}

impl<'s> Hand<'s> {
    /// A hand with nothing in it.
    pub(super) fn new(sink: &'s mut dyn Sink) -> Self {
        Self { sink, runs: Runs::default(), known: None }
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
        self.known = None;
        let mut audits = if is_auditor(event.provider) { ids::audits_by_id(event.event_id) } else { Audits(0) };
        if let Some(row) = row {
            event.kind = row.kind;
            if !fill(event) {
                outcome = Err(Misfit);
            } else if field::finish(event) {
                audits = ids::audits(event.event_id, event.kind);
                self.sink.event(event);
                self.known = self.sink.description().map(|description| Known { description, audits });
            }
        }
        if !event.recovered {
            self.cover(event, audits);
        }
        outcome
    }

    /// What is known of the record that was taken last; `None` where it was no event, or where the sink wants
    /// every event whole.
    pub(super) fn known(&self) -> Option<Known> {
        self.known
    }

    /// Takes one record more of what is known. False when the sink wants it whole.
    pub(super) fn again(&mut self, known: &Known, computer: Text<'_>, moment: &Moment) -> bool {
        let taken = self.sink.again(known.description, moment);
        if taken {
            self.runs.add(Logger::Named(computer), moment.time, u64::from(moment.size), known.audits, self.sink);
        }
        taken
    }

    fn cover(&mut self, event: &RawEvent<'_>, audits: Audits) {
        self.runs.add(Logger::Named(event.computer), event.time, u64::from(event.size), audits, self.sink);
    }

    /// Hands the last run over.
    pub(super) fn flush(&mut self) {
        self.runs.flush(self.sink);
    }
}

fn is_auditor(provider: Text<'_>) -> bool {
    provider.is_ascii_word("Security") || provider.is_ascii_word("Microsoft-Windows-Security-Auditing")
}
