//! Histograms of strings in the two orders that reports use.

use std::collections::BTreeMap;

/// Counts of strings.
#[derive(Debug, Default)]
pub(super) struct Tally<'a>(BTreeMap<&'a str, u64>);

impl<'a> Tally<'a> {
    /// Adds `count` sightings of `text`; blank text and `-` are no name and are left out.
    pub(super) fn name(&mut self, text: &'a str, count: u64) {
        if !text.is_empty() && text != "-" {
            self.any(text, count);
        }
    }

    /// Adds `count` sightings of `text`, whatever it is.
    pub(super) fn any(&mut self, text: &'a str, count: u64) {
        *self.0.entry(text).or_insert(0) += count;
    }

    /// Most frequent first; ties in byte order.
    pub(super) fn ranked(&self) -> Vec<(String, u64)> {
        let mut all: Vec<(&str, u64)> = self.0.iter().map(|(text, count)| (*text, *count)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all.into_iter().map(|(text, count)| (text.to_owned(), count)).collect()
    }

    /// The most frequent (ties: byte order); `None` when nothing was counted.
    pub(super) fn top(&self) -> Option<String> {
        self.ranked().into_iter().next().map(|(text, _)| text)
    }
}
