//! What each description of an event means for grouping: server, channel, account, workstation.

use std::net::IpAddr;

use crate::model::event::Who;
use crate::model::gathered::Gathered;
use crate::model::names::NameId;
use crate::model::texts::Ranks;
use crate::model::workstation::{address, push_account_key, push_canonical, server_key};

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
        let named = || {
            let (servers, server) = ranked(gathered, |who| who.server, |raw, to| to.push_str(&server_key(raw)));
            let (_, channel) = ranked(gathered, |who| who.channel, |raw, to| to.push_str(&raw.to_uppercase()));
            let logs: Vec<(u32, u32)> = server.iter().copied().zip(channel).collect();
            (servers, server, dense(&logs).1, ranked(gathered, |who| who.account, push_account_key))
        };
        let ((servers, server, log, (accounts, account)), (workstations, tried)) =
            rayon::join(named, || tried(gathered));
        Self { log, servers, accounts, workstations, server, account, tried }
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

/// Ranks of the keys of one field, and the rank of each description. `key` appends the key of a name.
fn ranked(gathered: &Gathered, field: impl Fn(&Who) -> NameId, key: impl Fn(&str, &mut String)) -> (Ranks, Vec<u32>) {
    let (names, mut of) = distinct(gathered, field);
    let (ranks, rank) = Ranks::number_written(&names, |name, to| key(gathered.names.text(*name), to));
    of.iter_mut().for_each(|at| *at = rank[*at as usize]);
    (ranks, of)
}

fn tried(gathered: &Gathered) -> (Ranks, Vec<Tried>) {
    let (names, of) = distinct(gathered, |who| who.workstation);
    let mut named: Vec<Option<Tried>> = vec![None; names.len()];
    let (ranks, rank) = Ranks::number_written(names.iter().zip(&mut named), |(name, tried), to| {
        let known = push_canonical(gathered.names.text(*name), to);
        *tried = known.map(|known| known.map_or_else(of_ip, |()| Tried::Named(0)));
    });
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
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    let value = |at: u32| &values[at as usize];
    if !values.is_sorted() {
        order.sort_unstable_by(|a, b| value(*a).cmp(value(*b)));
    }
    let mut distinct: Vec<T> = Vec::new();
    let mut places = vec![0; values.len()];
    for at in order {
        if distinct.last() != Some(value(at)) {
            distinct.push(*value(at));
        }
        places[at as usize] = distinct.len() as u32 - 1;
    }
    (distinct, places)
}
