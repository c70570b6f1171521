//! What each description of an event means for grouping: server, channel, account, workstation.

use std::net::IpAddr;

use crate::model::event::Who;
use crate::model::gathered::Gathered;
use crate::model::names::NameId;
use crate::model::texts::Ranks;
use crate::model::workstation::{account_key, address, canonical, server_key};

/// Who an event says has tried: a [`crate::model::workstation::Workstation`] as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Tried {
    /// A computer's name: number in [`Keys::workstations`].
    Named(u32),
    /// An address, where the event has no name.
    Address(IpAddr),
    /// The logging computer itself.
    Server,
    /// Neither name nor address.
    Blank,
}

/// Keys of every description, parallel to `Gathered::whos`. Ranks sort like their texts.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Canonical names of servers.
    pub(super) servers: Ranks,
    /// Accounts for keys.
    pub(super) accounts: Ranks,
    /// Canonical names of workstations.
    pub(super) workstations: Ranks,
    /// The server of each description.
    pub(super) server: Vec<u32>,
    /// The log of each description: equal numbers are one server and one channel.
    pub(super) log: Vec<u32>,
    /// The account of each description.
    pub(super) account: Vec<u32>,
    /// Who tried, before any address is joined to a name.
    pub(super) tried: Vec<Tried>,
}

impl Keys {
    /// The keys of everything that was read.
    pub(super) fn new(gathered: &Gathered) -> Self {
        let (servers, server) = ranked(gathered, |who| who.server, server_key);
        let (accounts, account) = ranked(gathered, |who| who.account, account_key);
        let (_, channel) = ranked(gathered, |who| who.channel, str::to_uppercase);
        let logs: Vec<(u32, u32)> = server.iter().copied().zip(channel).collect();
        let (workstations, tried) = tried(gathered);
        Self { log: dense(&logs).1, servers, accounts, workstations, server, account, tried }
    }

    /// Adds a description that differs from number `of` only in its workstation.
    pub(super) fn push(&mut self, of: usize, tried: Tried) {
        self.server.push(self.server[of]);
        self.log.push(self.log[of]);
        self.account.push(self.account[of]);
        self.tried.push(tried);
    }
}

/// The names in one field of the descriptions, each once, and per description which one it has.
fn distinct(gathered: &Gathered, field: impl Fn(&Who) -> NameId) -> (Vec<NameId>, Vec<u32>) {
    let mut place = vec![u32::MAX; gathered.names.len()];
    let mut names = Vec::new();
    let of = |who: &Who| {
        let name = field(who);
        let at = &mut place[name.0 as usize];
        if *at == u32::MAX {
            *at = names.len() as u32;
            names.push(name);
        }
        *at
    };
    let of = gathered.whos.iter().map(of).collect();
    (names, of)
}

/// Ranks of the keys of one field, and the rank of each description.
fn ranked(gathered: &Gathered, field: impl Fn(&Who) -> NameId, key: impl Fn(&str) -> String) -> (Ranks, Vec<u32>) {
    let (names, mut of) = distinct(gathered, field);
    let (ranks, rank) = Ranks::number(names.iter().map(|name| key(gathered.names.text(*name))));
    of.iter_mut().for_each(|at| *at = rank[*at as usize]);
    (ranks, of)
}

fn tried(gathered: &Gathered) -> (Ranks, Vec<Tried>) {
    let (names, of) = distinct(gathered, |who| who.workstation);
    let mut named: Vec<Option<Tried>> = Vec::with_capacity(names.len());
    let (ranks, rank) = Ranks::number(names.iter().map(|name| {
        let known = canonical(gathered.names.text(*name));
        named.push(known.as_ref().map(|known| known.as_ref().map_or_else(|ip| of_ip(*ip), |_| Tried::Named(0))));
        known.and_then(Result::ok).unwrap_or_default()
    }));
    for (tried, rank) in named.iter_mut().zip(rank) {
        if let Some(Tried::Named(number)) = tried {
            *number = rank;
        }
    }
    let nameless = |who: &Who| address(gathered.names.text(who.ip)).map_or(Tried::Blank, of_ip);
    let tried = gathered.whos.iter().zip(of).map(|(who, at)| named[at as usize].unwrap_or_else(|| nameless(who)));
    (ranks, tried.collect())
}

fn of_ip(ip: IpAddr) -> Tried {
    if ip.is_loopback() { Tried::Server } else { Tried::Address(ip) }
}

/// The distinct values in order, and the place of each value among them.
pub(super) fn dense<T: Ord + Copy>(values: &[T]) -> (Vec<T>, Vec<u32>) {
    let mut distinct = values.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let place = |value: &T| distinct.binary_search(value).unwrap_or_else(|at| at);
    let places = values.iter().map(|value| u32::try_from(place(value)).unwrap_or(u32::MAX)).collect();
    (distinct, places)
}
