//! The trains of very many names, added up to one per server, account and family of events.

use std::collections::BTreeMap;

use crate::model::event::Family;
use crate::model::status::Status;
use crate::model::train::{Mark, Sighting, Train, merged};

/// Spellings, domains, addresses and processes that are counted, of each kind.
const SPELLINGS: usize = 1024;
/// Places that are remembered before every second one is forgotten.
const PLACES: usize = 4096;
/// Names and addresses of the sum, most frequent first.
const MOST: usize = 64;

/// Trains so far.
#[derive(Debug, Default)]
pub(super) struct Together(BTreeMap<(String, String, Family), Sum>);

#[derive(Debug, Default)]
struct Sum {
    marks: Vec<Mark>,
    failures: u64,
    tuples: u64,
    bytes: u64,
    event_ids: BTreeMap<u16, u64>,
    statuses: BTreeMap<Status, u64>,
    logon_types: BTreeMap<u8, u64>,
    accounts: BTreeMap<String, u64>,
    domains: BTreeMap<String, u64>,
    processes: BTreeMap<String, u64>,
    relays: BTreeMap<String, u64>,
    ips: BTreeMap<String, u64>,
    sightings: Vec<Sighting>,
}

impl Together {
    /// Adds one train. Names of workstations are not kept.
    pub(super) fn add(&mut self, train: Train) {
        let sum = self.0.entry((train.server, train.account_key, train.family)).or_default();
        let failures = train.failures;
        sum.marks.extend(train.marks);
        sum.failures += failures;
        sum.tuples += train.tuples;
        sum.bytes += train.bytes;
        train.event_ids.into_iter().for_each(|(id, count)| *sum.event_ids.entry(id).or_default() += count);
        train.statuses.into_iter().for_each(|(status, count)| *sum.statuses.entry(status).or_default() += count);
        train.logon_types.into_iter().for_each(|(kind, count)| *sum.logon_types.entry(kind).or_default() += count);
        count(&mut sum.accounts, Some(train.account), failures);
        count(&mut sum.domains, train.domain, failures);
        count(&mut sum.processes, train.process, failures);
        count(&mut sum.relays, train.relay, failures);
        train.ips.into_iter().for_each(|(ip, times)| count(&mut sum.ips, Some(ip), times));
        sum.sightings.extend(train.sightings);
        if sum.sightings.len() > PLACES {
            thin(&mut sum.sightings);
        }
    }

    /// The sums, in order of (server, account, family).
    pub(super) fn trains(self) -> Vec<Train> {
        self.0.into_iter().map(|((server, account_key, family), sum)| sum.train(server, account_key, family)).collect()
    }
}

impl Sum {
    fn train(mut self, server: String, account_key: String, family: Family) -> Train {
        self.sightings.sort_unstable();
        Train {
            server,
            account_key,
            account: top(&self.accounts).unwrap_or_default(),
            domain: top(&self.domains),
            family,
            marks: merged(self.marks),
            failures: self.failures,
            event_ids: self.event_ids.into_iter().collect(),
            statuses: self.statuses.into_iter().collect(),
            phases: Vec::new(),
            tuples: self.tuples,
            logon_types: self.logon_types.into_iter().collect(),
            process: top(&self.processes),
            relay: top(&self.relays),
            bytes: self.bytes,
            sightings: self.sightings,
            records: Vec::new(),
            raw_names: Vec::new(),
            ips: ranked(&self.ips).into_iter().take(MOST).map(|(ip, times)| (ip.to_owned(), times)).collect(),
        }
    }
}

fn count(counts: &mut BTreeMap<String, u64>, text: Option<String>, times: u64) {
    let Some(text) = text else { return };
    if let Some(count) = counts.get_mut(&text) {
        *count += times;
    } else if counts.len() < SPELLINGS {
        counts.insert(text, times);
    }
}

/// Most frequent first; ties in byte order.
fn ranked(counts: &BTreeMap<String, u64>) -> Vec<(&str, u64)> {
    let mut all: Vec<(&str, u64)> = counts.iter().map(|(text, count)| (text.as_str(), *count)).collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all
}

fn top(counts: &BTreeMap<String, u64>) -> Option<String> {
    ranked(counts).first().map(|(text, _)| (*text).to_owned())
}

/// Leaves the first, the last, and every second one between them.
fn thin(sightings: &mut Vec<Sighting>) {
    sightings.sort_unstable();
    let last = sightings.len() - 1;
    let mut at = 0;
    sightings.retain(|_| {
        at += 1;
        (at - 1) % 2 == 0 || at - 1 == last
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fleet::{DAY, DISABLED, WRONG, train};

    #[test]
    fn the_sum_has_all_failures_and_the_most_frequent_spelling() {
        let mut together = Together::default();
        for (account, status, seconds) in
            [("Bob", DISABLED, vec![DAY, DAY + 9]), ("bob", WRONG, vec![DAY]), ("BOB", WRONG, vec![DAY, DAY, DAY + 5])]
        {
            together.add(train("DC01", account, 681, status, &seconds));
        }
        together.add(train("DC01", "eve", 681, WRONG, &[DAY]));
        let trains = together.trains();
        let told: Vec<(&str, u64, usize, u64)> =
            trains.iter().map(|train| (train.account.as_str(), train.failures, train.n(), train.bytes)).collect();
        assert_eq!(told, [("BOB", 6, 3, 6 * 240), ("eve", 1, 1, 240)]);
        assert_eq!(trains[0].statuses, [(WRONG, 4), (DISABLED, 2)]);
        assert_eq!(trains[0].sightings.len(), 5);
    }

    #[test]
    fn places_are_thinned_but_the_first_and_the_last_stay() {
        let mut together = Together::default();
        for sec in 0..3 * PLACES as i64 {
            together.add(train("DC01", "bob", 681, WRONG, &[DAY + sec]));
        }
        let sightings = &together.trains()[0].sightings;
        assert!(sightings.len() <= PLACES + 1);
        assert_eq!((sightings[0].sec, sightings[sightings.len() - 1].sec), (DAY, DAY + 3 * PLACES as i64 - 1));
    }
}
