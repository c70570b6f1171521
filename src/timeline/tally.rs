//! Histograms of strings in the two orders that reports use.

use std::cmp::Reverse;

use crate::model::sums::sums_of;

/// Counts of strings: most frequent first, ties in byte order.
#[derive(Debug)]
pub(super) struct Tally<'a> {
    /// Most events of one train say the same: that takes no room.
    first: Option<(&'a str, u64)>,
    others: Vec<(&'a str, u64)>,
}

impl<'a> Tally<'a> {
    /// Counts names; blank text and `-` are none and are left out.
    pub(super) fn names(all: impl Iterator<Item = (&'a str, u64)>) -> Self {
        Self::any(all.filter(|(text, _)| !matches!(*text, "" | "-")))
    }

    /// Counts whatever comes.
    pub(super) fn any(mut all: impl Iterator<Item = (&'a str, u64)>) -> Self {
        let mut first = all.next();
        while let (Some(first), Some(next)) = (&mut first, all.next()) {
            if first.0 != next.0 {
                return Self::of(sums_of([*first, next].into_iter().chain(all)));
            }
            first.1 += next.1;
        }
        Self { first, others: Vec::new() }
    }

    fn of(mut counts: Vec<(&'a str, u64)>) -> Self {
        counts.sort_by_key(|(_, count)| Reverse(*count));
        let mut counts = counts.into_iter();
        Self { first: counts.next(), others: counts.collect() }
    }

    /// Most frequent first; ties in byte order.
    pub(super) fn ranked(&self) -> Vec<(String, u64)> {
        let all = self.first.iter().chain(&self.others);
        all.map(|(text, count)| ((*text).to_owned(), *count)).collect()
    }

    /// The most frequent (ties: byte order); `None` when nothing was counted.
    pub(super) fn top(&self) -> Option<String> {
        self.first.map(|(text, _)| text.to_owned())
    }
}
