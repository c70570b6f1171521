//! Trains: the sorted failures of one (server, workstation, account), and the bursts in them.

use std::borrow::Cow;

use super::event::{Family, Provenance};
use super::status::Status;

/// All failures of one train within one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Whole seconds since the Unix epoch, on the server's clock.
    pub sec: u32,
    /// Failures in that second, at least 1.
    pub count: u32,
}

/// One failure that can be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighting {
    /// Whole seconds since the Unix epoch.
    pub sec: i64,
    /// File and record.
    pub at: Provenance,
}

/// Seconds for each mark below which marks are put together by counting: 4 bytes a second are less than
/// what the marks take then.
const DENSE: usize = 2;

/// The failures of one (server, workstation, account), of the family that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Train {
    /// Canonical name of the server.
    pub server: String,
    /// The account for keys: trimmed, upper case. Empty for a blank account.
    pub account_key: String,
    /// The account's most frequent spelling (ties: byte order).
    pub account: String,
    /// The most frequent domain that is not blank (ties: byte order).
    pub domain: Option<String>,
    /// The family whose events count as failures.
    pub family: Family,
    /// Seconds with failures, ascending; the sum of the counts is `failures`.
    pub marks: Vec<Mark>,
    /// Failures: events of the counted family.
    pub failures: u64,
    /// Events of every family by event id, ascending by id; 0 is netlogon.log.
    pub event_ids: Vec<(u16, u64)>,
    /// Failures by reason status (counted family), ascending by status.
    pub statuses: Vec<(Status, u64)>,
    /// Per session (failures without a pause longer than the session gap): its first second, and its
    /// most frequent reason (ties: the first in order). In order of time.
    pub phases: Vec<(u32, Status)>,
    /// Distinct (second, status) pairs of the counted family: the spray rule's tuples.
    pub tuples: u64,
    /// Failures by logon type (counted family), ascending; type 0 where the event has none.
    pub logon_types: Vec<(u8, u64)>,
    /// Most frequent process that is not blank or `-`.
    pub process: Option<String>,
    /// Most frequent relay (netlogon.log `via`) that is not blank.
    pub relay: Option<String>,
    /// Sum of the record sizes of the counted events, in bytes.
    pub bytes: u64,
    /// Up to eight failures, first and last among them, evenly spread, in order of time.
    pub sightings: Vec<Sighting>,
    /// One provenance per mark, where the caller asked to keep them (`explain`, HTML); else empty.
    pub records: Vec<Provenance>,
    /// Workstation as logged, most frequent first.
    pub raw_names: Vec<(String, u64)>,
    /// Addresses as logged, most frequent first.
    pub ips: Vec<(String, u64)>,
}

impl Train {
    /// Distinct seconds with a failure: the count that every rule uses.
    pub fn n(&self) -> usize {
        self.marks.len()
    }
}

/// The seconds of several trains together: counts of one second add.
pub fn union<'a>(trains: impl IntoIterator<Item = &'a Train>) -> Cow<'a, [Mark]> {
    let mut trains = trains.into_iter().map(|train| train.marks.as_slice());
    match (trains.next(), trains.next()) {
        (Some(only), None) => Cow::Borrowed(only),
        (first, second) => Cow::Owned(together(&first.into_iter().chain(second).chain(trains).collect::<Vec<_>>())),
    }
}

fn together(all: &[&[Mark]]) -> Vec<Mark> {
    let marks = || all.iter().copied().flatten();
    let ends = |ends: (u32, u32), mark: &Mark| (mark.sec.min(ends.0), mark.sec.max(ends.1));
    let (first, last) = marks().fold((u32::MAX, 0), ends);
    let len: usize = all.iter().map(|marks| marks.len()).sum();
    // Many trains within hours have failures in most seconds: then counting is quicker than sorting.
    if len == 0 || (last - first) as usize / DENSE > len {
        return merged(marks().copied().collect());
    }
    let mut counts = vec![0_u32; (last - first) as usize + 1];
    for mark in marks() {
        let count = &mut counts[(mark.sec - first) as usize];
        *count = count.saturating_add(mark.count);
    }
    let seconds = (first..=last).zip(counts).filter(|(_, count)| *count > 0);
    seconds.map(|(sec, count)| Mark { sec, count }).collect()
}

/// Marks in order of time, one a second: counts of one second add.
pub fn merged(mut marks: Vec<Mark>) -> Vec<Mark> {
    marks.sort_unstable_by_key(|mark| mark.sec);
    marks.dedup_by(|next, kept| {
        let same = next.sec == kept.sec;
        if same {
            kept.count = kept.count.saturating_add(next.count);
        }
        same
    });
    marks
}

/// A group of failures that one connection attempt produces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    /// First second.
    pub onset: i64,
    /// Last second.
    pub end: i64,
    /// Failures.
    pub events: u64,
    /// Distinct seconds.
    pub seconds: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn seconds_together_are_those_of_a_sort_of_all_marks(
            seconds in prop::collection::vec(prop::collection::vec(0_u32..40, 0..20), 0..4),
            far in prop::option::of(u32::MAX - 3..),
        ) {
            let mark = |sec| Mark { sec, count: 1 };
            let mut all: Vec<Vec<Mark>> =
                seconds.into_iter().map(|seconds| merged(seconds.into_iter().map(mark).collect())).collect();
            all.extend(far.map(|far| vec![mark(far)]));
            let slices: Vec<&[Mark]> = all.iter().map(Vec::as_slice).collect();
            prop_assert_eq!(together(&slices), merged(all.concat()));
        }
    }
}
