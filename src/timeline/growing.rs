//! A train in the making: its failures come one by one, in order of time.

use std::collections::BTreeMap;

use crate::model::event::{Event, Provenance, Who};
use crate::model::status::Status;
use crate::model::train::{Mark, Sighting, Train};

/// Failures that reports can point at, per train.
const SIGHTINGS: u64 = 8;

/// What is known of a train's failures so far.
#[derive(Debug, Default)]
pub(super) struct Growing {
    failures: u64,
    /// Failures that came.
    came: u64,
    /// How many come before the next that reports can point at.
    next: u64,
    bytes: u64,
    marks: Vec<Mark>,
    sightings: Vec<Sighting>,
    /// Where one provenance per second is kept.
    records: Option<Vec<Provenance>>,
    /// Where the failures have more than one reason.
    reasons: Option<Box<Reasons>>,
}

impl Growing {
    /// A train that will have so many failures, of one reason or of more, in about so many seconds.
    pub(super) fn new(failures: u64, seconds: usize, one_reason: bool, keep_records: bool) -> Self {
        Self {
            failures,
            marks: Vec::with_capacity(seconds),
            sightings: Vec::with_capacity(SIGHTINGS.min(failures) as usize),
            records: keep_records.then(|| Vec::with_capacity(seconds)),
            reasons: (!one_reason).then(Box::default),
            ..Self::default()
        }
    }

    /// Adds the next failure.
    #[inline]
    pub(super) fn push(&mut self, event: &Event, whos: &[Who], session_gap: i64) {
        self.bytes += u64::from(event.size);
        match self.marks.last_mut() {
            Some(mark) if mark.sec == event.sec => mark.count = mark.count.saturating_add(1),
            _ => self.second(event, whos),
        }
        if self.came == self.next {
            self.sight(event, &whos[event.who.0 as usize]);
        }
        self.came += 1;
        if let Some(reasons) = &mut self.reasons {
            reasons.push(event.sec, whos[event.who.0 as usize].reason, session_gap);
        }
    }

    /// Begins the next second.
    fn second(&mut self, event: &Event, whos: &[Who]) {
        self.marks.push(Mark { sec: event.sec, count: 1 });
        if let Some(records) = &mut self.records {
            records.push(provenance(event, &whos[event.who.0 as usize]));
        }
    }

    /// Up to eight are pointed at, evenly spread, first and last among them.
    #[cold]
    fn sight(&mut self, event: &Event, who: &Who) {
        self.sightings.push(Sighting { sec: i64::from(event.sec), at: provenance(event, who) });
        let (sighted, wanted) = (self.sightings.len() as u64, SIGHTINGS.min(self.failures));
        self.next = match sighted < wanted {
            true => sighted * (self.failures - 1) / (wanted - 1),
            false => u64::MAX,
        };
    }

    /// Gives the train everything that its failures told.
    pub(super) fn end(&mut self, train: &mut Train, session_gap: i64) {
        train.bytes = self.bytes;
        train.marks = std::mem::take(&mut self.marks);
        train.sightings = std::mem::take(&mut self.sightings);
        train.records = self.records.take().unwrap_or_default();
        (train.phases, train.tuples) = match self.reasons.take() {
            Some(reasons) => reasons.end(),
            None => {
                let status = train.statuses.first().map_or(Status::None, |(status, _)| *status);
                (sessions(&train.marks, status, session_gap), train.marks.len() as u64)
            }
        };
    }
}

/// The sessions of failures that have one reason.
fn sessions(marks: &[Mark], status: Status, session_gap: i64) -> Vec<(u32, Status)> {
    let together = |a: &Mark, b: &Mark| i64::from(b.sec) - i64::from(a.sec) <= session_gap;
    marks.chunk_by(together).map(|session| (session[0].sec, status)).collect()
}

/// The reasons of a train that has more than one.
#[derive(Debug, Default)]
struct Reasons {
    /// Ended sessions, and the one at hand without its reason.
    phases: Vec<(u32, Status)>,
    /// The second at hand.
    now: Option<u32>,
    /// Failures of the session at hand, but for those in `equal`.
    of_session: BTreeMap<Status, u64>,
    /// Failures that follow each other mostly have one reason.
    equal: (Status, u64),
    /// Distinct (second, status) pairs of earlier seconds.
    tuples: u64,
    /// The reasons of the second at hand.
    of_second: Vec<Status>,
}

impl Reasons {
    fn push(&mut self, sec: u32, reason: Status, session_gap: i64) {
        let pause = self.now.is_none_or(|last| i64::from(sec) - i64::from(last) > session_gap);
        if pause || reason != self.equal.0 {
            self.add_equal();
            self.equal = (reason, 0);
        }
        if pause {
            self.end_session();
            self.phases.push((sec, Status::None));
        }
        self.equal.1 += 1;
        if self.now != Some(sec) {
            self.end_second();
            self.now = Some(sec);
        }
        if self.of_second.last() != Some(&reason) {
            self.of_second.push(reason);
        }
    }

    /// The most frequent reason of each session, and the distinct (second, status) pairs.
    fn end(mut self) -> (Vec<(u32, Status)>, u64) {
        self.add_equal();
        self.end_session();
        self.end_second();
        (self.phases, self.tuples)
    }

    fn add_equal(&mut self) {
        let (status, count) = self.equal;
        if count > 0 {
            *self.of_session.entry(status).or_insert(0) += count;
        }
    }

    /// Gives the last phase its most frequent status; of equals the first.
    fn end_session(&mut self) {
        let mut most = 0;
        for (status, count) in std::mem::take(&mut self.of_session) {
            if let Some(phase) = self.phases.last_mut()
                && count > most
            {
                (most, phase.1) = (count, status);
            }
        }
    }

    fn end_second(&mut self) {
        self.of_second.sort_unstable();
        self.of_second.dedup();
        self.tuples += self.of_second.len() as u64;
        self.of_second.clear();
    }
}

/// Where an event can be looked up.
pub(super) fn provenance(event: &Event, who: &Who) -> Provenance {
    Provenance { file: event.file, at: event.record, is_line: !who.numbered }
}
