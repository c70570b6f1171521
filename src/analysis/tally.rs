//! Sums over the trains of one row. Over servers events of the same family add; different families
//! of one account tell of the same attempts, so the one with more distinct seconds counts.

use crate::model::analysis::AccountCount;
use crate::model::status::Status;
use crate::model::sums::sums_of;
use crate::model::timeline::counted;
use crate::model::train::{Sighting, Train};

/// Sample failures of one row.
const SIGHTINGS: usize = 8;
/// Distinct names, addresses and processes that a row keeps of each kind.
const NAMES: usize = 32;

/// The sums of one row.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally<'a> {
    /// Trains of the family that counts, in the order given.
    pub(super) counted: Vec<&'a Train>,
    /// All trains.
    pub(super) all: Vec<&'a Train>,
    /// Failures.
    pub(super) failures: u64,
    /// Accounts, most failures first (ties: byte order).
    pub(super) accounts: Vec<AccountCount>,
    /// Keys of the accounts, sorted.
    pub(super) account_keys: Vec<&'a str>,
    /// Statuses, most failures first.
    pub(super) statuses: Vec<(Status, u64)>,
    /// Events of every family, most first.
    pub(super) event_ids: Vec<(u16, u64)>,
    /// Failures by logon type, most first.
    pub(super) logon_types: Vec<(u8, u64)>,
}

/// The sums of each key, most first; equal counts in order of the key.
fn ranked<K: Ord>(counts: impl Iterator<Item = (K, u64)>) -> Vec<(K, u64)> {
    let mut out = sums_of(counts);
    out.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    out
}

/// Sums up trains.
pub(super) fn tally<'a>(trains: impl IntoIterator<Item = &'a Train>) -> Tally<'a> {
    let all: Vec<&Train> = trains.into_iter().collect();
    let counted = counted(all.iter().copied());
    let mut account_keys: Vec<&str> = all.iter().map(|train| train.account_key.as_str()).collect();
    account_keys.sort();
    account_keys.dedup();

    Tally {
        failures: counted.iter().map(|train| train.failures).sum(),
        accounts: accounts(&counted),
        account_keys,
        statuses: ranked(counted.iter().flat_map(|train| train.statuses.iter().copied())),
        event_ids: ranked(all.iter().flat_map(|train| train.event_ids.iter().copied())),
        logon_types: ranked(all.iter().flat_map(|train| train.logon_types.iter().copied())),
        counted,
        all,
    }
}

/// One entry per account: the spelling and the domain of its largest train, the failures of all.
fn accounts(counted: &[&Train]) -> Vec<AccountCount> {
    let mut trains = counted.to_vec();
    trains.sort_by(|a, b| {
        let largest = || b.failures.cmp(&a.failures).then_with(|| a.account.cmp(&b.account));
        a.account_key.cmp(&b.account_key).then_with(largest)
    });
    let account = |of_one: &[&Train]| AccountCount {
        account: of_one.first().map_or_else(String::new, |train| train.account.clone()),
        domain: of_one.iter().find_map(|train| train.domain.clone()),
        failures: of_one.iter().map(|train| train.failures).sum(),
    };
    let mut out: Vec<AccountCount> = trains.chunk_by(|a, b| a.account_key == b.account_key).map(account).collect();
    out.sort_by(|a, b| b.failures.cmp(&a.failures).then_with(|| (&a.account, &a.domain).cmp(&(&b.account, &b.domain))));
    out
}

impl Tally<'_> {
    /// First and last second with a failure; `None` without failures.
    pub(super) fn span(&self) -> Option<(i64, i64)> {
        let first = self.all.iter().filter_map(|train| train.marks.first()).map(|mark| i64::from(mark.sec)).min()?;
        let last = self.all.iter().filter_map(|train| train.marks.last()).map(|mark| i64::from(mark.sec)).max()?;
        Some((first, last))
    }

    /// Server of the first failure; of several in that second the first by name.
    pub(super) fn first_server(&self) -> Option<&str> {
        let first = self.all.iter().filter_map(|train| Some((train.marks.first()?.sec, train.server.as_str()))).min();
        first.map(|(_, server)| server)
    }

    /// Record sizes of the counted events, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.counted.iter().map(|train| train.bytes).sum()
    }

    /// Record sizes of this row's failures on one server, in bytes.
    pub(super) fn bytes_on(&self, server: &str) -> u64 {
        self.all.iter().filter(|train| train.server == server).map(|train| train.bytes).sum()
    }

    /// The server with most failures (ties: byte order); `None` without failures.
    pub(super) fn main_server(&self) -> Option<&str> {
        let by_server = sums_of(self.all.iter().map(|train| (train.server.as_str(), train.failures)));
        by_server.into_iter().max_by_key(|(name, n)| (*n, std::cmp::Reverse(*name))).map(|(name, _)| name)
    }

    /// Failures per clock hour (seconds / 3600) of the counted trains, sorted.
    pub(super) fn hours(&self) -> Vec<(i64, u64)> {
        let marks = self.counted.iter().flat_map(|train| &train.marks);
        sums_of(marks.map(|mark| (i64::from(mark.sec / 3600), u64::from(mark.count))))
    }

    /// Up to eight failures in order of time, first and last among them.
    pub(super) fn sightings(&self) -> Vec<Sighting> {
        let mut found = in_order(self.all.iter().flat_map(|train| train.sightings.iter().copied()).collect());
        found.dedup();
        if found.len() <= SIGHTINGS {
            return found;
        }
        (0..SIGHTINGS).map(|at| found[at * (found.len() - 1) / (SIGHTINGS - 1)]).collect()
    }

    /// Workstation as logged, most frequent first.
    pub(super) fn raw_names(&self) -> Vec<String> {
        top(self.all.iter().flat_map(|train| &train.raw_names).map(|(name, n)| (name.as_str(), *n)))
    }

    /// Addresses as logged, most frequent first.
    pub(super) fn ips(&self) -> Vec<String> {
        top(self.all.iter().flat_map(|train| &train.ips).map(|(ip, n)| (ip.as_str(), *n)))
    }

    /// Processes, most frequent first.
    pub(super) fn processes(&self) -> Vec<String> {
        top(self.all.iter().filter_map(|train| Some((train.process.as_deref()?, train.failures))))
    }
}

/// Sorted: a row of thousands of accounts has eight of each, so their seconds are sorted as numbers.
fn in_order(found: Vec<Sighting>) -> Vec<Sighting> {
    let second = |key: &u64| key >> 32;
    let mut keys: Vec<u64> = (0..).zip(&found).map(|(at, sighting)| sighting.sec.unsigned_abs() << 32 | at).collect();
    keys.sort_unstable();
    let mut sorted: Vec<Sighting> = keys.iter().map(|key| found[*key as u32 as usize]).collect();
    let mut first = 0;
    for of_one in keys.chunk_by(|a, b| second(a) == second(b)) {
        sorted[first..][..of_one.len()].sort_unstable();
        first += of_one.len();
    }
    sorted
}

fn top<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> Vec<String> {
    ranked(counts).into_iter().take(NAMES).map(|(name, _)| name.to_owned()).collect()
}
