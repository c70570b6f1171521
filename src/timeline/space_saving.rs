//! The Space-Saving summary: the most frequent of any number of names, with a fixed number of
//! counters (Metwally, Agrawal, El Abbadi 2005, "Efficient computation of frequent and top-k
//! elements in data streams").
//!
//! true count <= count <= true count + err, and every name with more than N / counters is here.

use std::collections::{BTreeSet, HashMap};

/// A name and its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// The name.
    pub(super) name: &'a str,
    /// At least the true count.
    pub(super) count: u64,
    /// `count - err` is at most the true count.
    pub(super) err: u64,
}

#[derive(Debug)]
struct Counter {
    name: String,
    count: u64,
    err: u64,
    /// When it was counted last: of equal counters the one that waited longest goes.
    turn: u64,
}

/// The summary. Equal names in equal order give an equal summary.
#[derive(Debug)]
pub(super) struct SpaceSaving {
    most: usize,
    counters: Vec<Counter>,
    by_name: HashMap<String, usize>,
    /// (count, turn, place) of every counter: the smallest is the next victim.
    order: BTreeSet<(u64, u64, usize)>,
    turns: u64,
}

impl SpaceSaving {
    /// A summary with `most` counters, at least one.
    pub(super) fn new(most: usize) -> Self {
        let (by_name, order) = (HashMap::new(), BTreeSet::new());
        Self { most: most.max(1), counters: Vec::new(), by_name, order, turns: 0 }
    }

    /// Counts `times` more of a name.
    pub(super) fn add(&mut self, name: &str, times: u64) {
        self.turns += 1;
        let turn = self.turns;
        if let Some(at) = self.by_name.get(name) {
            let counter = &mut self.counters[*at];
            self.order.remove(&(counter.count, counter.turn, *at));
            (counter.count, counter.turn) = (counter.count + times, turn);
            self.order.insert((counter.count, turn, *at));
        } else if self.counters.len() < self.most {
            let at = self.counters.len();
            self.counters.push(Counter { name: name.to_owned(), count: times, err: 0, turn });
            self.by_name.insert(name.to_owned(), at);
            self.order.insert((times, turn, at));
        } else if let Some((least, _, at)) = self.order.pop_first() {
            let counter = &mut self.counters[at];
            self.by_name.remove(&counter.name);
            *counter = Counter { name: name.to_owned(), count: least + times, err: least, turn };
            self.by_name.insert(name.to_owned(), at);
            self.order.insert((counter.count, turn, at));
        }
    }

    /// No name that is missing here has more than this; 0 while there is room for all.
    pub(super) fn bound(&self) -> u64 {
        if self.counters.len() < self.most { 0 } else { self.order.first().map_or(0, |(least, ..)| *least) }
    }

    /// All, most first; equal counts in byte order of the name.
    pub(super) fn entries(&self) -> Vec<Entry<'_>> {
        let entries = self.counters.iter();
        let entries = entries.map(|counter| Entry { name: &counter.name, count: counter.count, err: counter.err });
        let mut all: Vec<Entry<'_>> = entries.collect();
        all.sort_unstable_by(|a, b| b.count.cmp(&a.count).then(a.name.cmp(b.name)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_oldest_of_the_smallest_counters_goes_and_the_newcomer_knows_its_error() {
        let mut summary = SpaceSaving::new(2);
        for name in ["a", "b", "a", "c"] {
            summary.add(name, 1);
        }
        let told: Vec<(&str, u64, u64)> =
            summary.entries().iter().map(|entry| (entry.name, entry.count, entry.err)).collect();
        assert_eq!(told, [("a", 2, 0), ("c", 2, 1)]);
        assert_eq!(summary.bound(), 2);
    }

    #[test]
    fn storms_stay_under_a_million_one_time_names() {
        let mut summary = SpaceSaving::new(1024);
        for at in 0..200_000u64 {
            summary.add(&format!("junk{at}"), 1);
            if at % 100 == 0 {
                summary.add("storm", 3);
            }
        }
        let first = summary.entries()[0];
        assert_eq!((first.name, first.count - first.err <= 6000, first.count >= 6000), ("storm", true, true));
        assert!(summary.bound() <= 206_000 / 1024 + 1);
    }

    proptest! {
        #[test]
        fn the_bounds_hold_for_any_stream(
            stream in proptest::collection::vec((0u8..40, 1u64..5), 0..400), most in 1usize..20
        ) {
            let mut summary = SpaceSaving::new(most);
            let mut truth = HashMap::new();
            for (name, times) in &stream {
                summary.add(&name.to_string(), *times);
                *truth.entry(name.to_string()).or_insert(0) += times;
            }
            let entries = summary.entries();
            prop_assert!(entries.len() <= most);
            for entry in &entries {
                let count: u64 = truth[entry.name];
                prop_assert!(entry.count - entry.err <= count && count <= entry.count);
            }
            for (name, count) in &truth {
                let here = entries.iter().any(|entry| entry.name == name);
                prop_assert!(here || *count <= summary.bound(), "{name} {count} {}", summary.bound());
            }
            prop_assert_eq!(entries.iter().map(|entry| entry.count).sum::<u64>(), truth.values().sum::<u64>());
        }
    }
}
