//! What each description of an event means for grouping: server, channel, account, workstation.

use super::ranks::Ranks;
use crate::model::event::Who;
use crate::model::gathered::Gathered;
use crate::model::workstation::{Workstation, account_key, server_key, workstation};

/// Keys of every description, parallel to `Gathered::whos`. Ranks sort like their texts.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Canonical names of servers.
    pub(super) servers: Ranks,
    /// Accounts for keys.
    pub(super) accounts: Ranks,
    /// The server of each description.
    pub(super) server: Vec<u32>,
    /// The log of each description: equal numbers are one server and one channel.
    pub(super) log: Vec<u32>,
    /// The account of each description.
    pub(super) account: Vec<u32>,
    /// Who tried, before any address is joined to a name.
    pub(super) tried: Vec<Workstation>,
}

impl Keys {
    /// The keys of everything that was read.
    pub(super) fn new(gathered: &Gathered) -> Self {
        let text = |id| gathered.names.text(id);
        let server_texts: Vec<String> = gathered.whos.iter().map(|who| server_key(text(who.server))).collect();
        let account_texts: Vec<String> = gathered.whos.iter().map(|who| account_key(text(who.account))).collect();
        let servers = Ranks::new(server_texts.clone());
        let accounts = Ranks::new(account_texts.clone());
        let server: Vec<u32> = server_texts.iter().map(|text| servers.of(text)).collect();
        Self {
            log: logs(gathered, &server),
            account: account_texts.iter().map(|text| accounts.of(text)).collect(),
            tried: gathered.whos.iter().map(|who| workstation(text(who.workstation), text(who.ip))).collect(),
            servers,
            accounts,
            server,
        }
    }

    /// Adds a description that differs from number `of` only in its workstation.
    pub(super) fn push(&mut self, of: usize, gathered: &Gathered, who: &Who) {
        let text = |id| gathered.names.text(id);
        self.server.push(self.server[of]);
        self.log.push(self.log[of]);
        self.account.push(self.account[of]);
        self.tried.push(workstation(text(who.workstation), text(who.ip)));
    }
}

/// Numbers of (server, channel); channels compare without case.
fn logs(gathered: &Gathered, server: &[u32]) -> Vec<u32> {
    let channel: Vec<String> =
        gathered.whos.iter().map(|who| gathered.names.text(who.channel).to_uppercase()).collect();
    let channels = Ranks::new(channel.clone());
    let pairs: Vec<(u32, u32)> =
        server.iter().zip(&channel).map(|(server, text)| (*server, channels.of(text))).collect();
    dense(&pairs)
}

/// The place of each value among the distinct values in order.
pub(super) fn dense<T: Ord + Copy>(values: &[T]) -> Vec<u32> {
    let mut distinct = values.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let place = |value: &T| distinct.binary_search(value).unwrap_or_else(|at| at);
    values.iter().map(|value| u32::try_from(place(value)).unwrap_or(u32::MAX)).collect()
}
