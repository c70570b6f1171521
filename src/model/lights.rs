//! Workstations with too few failures to be listed: kept as their events, because there may be
//! millions of them. Only a scan with random names is made of them.

use super::event::{Event, Family, Who, family};
use super::names::{NameId, Names};
use super::texts::Ranks;
use super::timeline::NameKind;

/// The failures of one (server, workstation, account) of which there are few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LightTrain {
    /// The workstation: number in [`Lights::rows`].
    pub row: u32,
    /// The server: number in [`Lights::servers`].
    pub server: u32,
    /// The account for keys: number in [`Lights::accounts`].
    pub account: u32,
    /// Its first event.
    pub first: u32,
    /// Its events, of every family.
    pub events: u32,
    /// The most frequent address as logged; empty where none was.
    pub ip: NameId,
    /// What the workstation's name is.
    pub kind: NameKind,
    /// The family that counts.
    pub family: Family,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Lights {
    /// Sorted by (workstation, server, account).
    pub trains: Vec<LightTrain>,
    /// Their failures, by train, then by time.
    pub events: Vec<Event>,
    /// Names of workstations, of others too.
    pub rows: Ranks,
    /// Names of servers, of others too.
    pub servers: Ranks,
    /// Accounts for keys, of others too.
    pub accounts: Ranks,
    /// What events say.
    pub whos: Vec<Who>,
    /// The names in that.
    pub names: Names,
}

impl Lights {
    /// The trains of each workstation.
    pub fn by_name(&self) -> impl Iterator<Item = &[LightTrain]> {
        self.trains.chunk_by(|a, b| a.row == b.row)
    }

    /// How many workstations there are.
    pub fn len(&self) -> usize {
        self.by_name().count()
    }

    /// True without any.
    pub fn is_empty(&self) -> bool {
        self.trains.is_empty()
    }

    /// The events of a train.
    pub fn events(&self, train: &LightTrain) -> &[Event] {
        let first = train.first as usize;
        self.events.get(first..first + train.events as usize).unwrap_or_default()
    }

    /// Seconds of the failures that count, ascending; a second with two failures twice.
    pub fn seconds<'a>(&'a self, train: &'a LightTrain) -> impl Iterator<Item = u32> + 'a {
        let counts = |event: &&Event| family(self.whos[event.who.0 as usize].event_id) == train.family;
        self.events(train).iter().filter(counts).map(|event| event.sec)
    }

    /// Distinct seconds of the failures that count.
    pub fn n(&self, train: &LightTrain) -> usize {
        let mut last = None;
        self.seconds(train).filter(|sec| last.replace(*sec) != Some(*sec)).count()
    }

    /// Failures of one workstation, given by its trains: over servers the same family of one account
    /// adds; of different families only the one with more distinct seconds counts.
    pub fn failures(&self, trains: &[LightTrain]) -> u64 {
        if let [train] = trains {
            return self.seconds(train).count() as u64;
        }
        let best = |account: u32| {
            let sum = |of: Family| -> usize {
                let same = trains.iter().filter(|train| train.account == account && train.family == of);
                same.map(|train| self.n(train)).sum()
            };
            let families = [Family::AccountLogon, Family::Logon, Family::Netlogon];
            families.into_iter().rev().max_by_key(|family| sum(*family))
        };
        let counted = trains.iter().filter(|train| Some(train.family) == best(train.account));
        counted.map(|train| self.seconds(train).count() as u64).sum()
    }
}
