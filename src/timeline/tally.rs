//! Histograms of strings in the two orders that reports use.

use std::cmp::Reverse;

use crate::model::sums::sums_of;

/// Counts of strings: most frequent first, ties in byte order.
#[derive(Debug)]
pub(super) struct Tally<'a>(Vec<(&'a str, u64)>);

impl<'a> Tally<'a> {
    /// Counts names; blank text and `-` are none and are left out.
    pub(super) fn names(all: impl Iterator<Item = (&'a str, u64)>) -> Self {
        Self::any(all.filter(|(text, _)| !matches!(*text, "" | "-")))
    }

    /// Counts whatever comes.
    pub(super) fn any(all: impl Iterator<Item = (&'a str, u64)>) -> Self {
        let mut counts = sums_of(all);
        counts.sort_by_key(|(_, count)| Reverse(*count));
        Self(counts)
    }

    /// Most frequent first; ties in byte order.
    pub(super) fn ranked(&self) -> Vec<(String, u64)> {
        self.0.iter().map(|(text, count)| ((*text).to_owned(), *count)).collect()
    }

    /// The most frequent (ties: byte order); `None` when nothing was counted.
    pub(super) fn top(&self) -> Option<String> {
        self.0.first().map(|(text, _)| (*text).to_owned())
    }
}
