//! Trains: the failures of one (server, workstation, account), of the family that counts.

use super::growing::Growing;
use super::tally::Tally;
use crate::model::event::{Event, Family, Who, family};
use crate::model::lights::{LightTrain, Lights};
use crate::model::names::{NameId, Names};
use crate::model::sums::sums_of;
use crate::model::texts::Ranks;
use crate::model::train::Train;

/// The whole train of a workstation that has few failures.
pub fn whole(lights: &Lights, train: &LightTrain) -> Train {
    let builder = Builder {
        whos: &lights.whos,
        names: &lights.names,
        servers: &lights.servers,
        accounts: &lights.accounts,
        keep_records: false,
        session_gap: i64::MAX,
    };
    let events = lights.events(train);
    builder.train(events, &builder.described(by_who(events)), train.server, train.account)
}

/// Makes trains of events.
pub(super) struct Builder<'a> {
    pub(super) whos: &'a [Who],
    pub(super) names: &'a Names,
    pub(super) servers: &'a Ranks,
    pub(super) accounts: &'a Ranks,
    pub(super) keep_records: bool,
    pub(super) session_gap: i64,
}

/// Descriptions with the number of their events.
pub(super) type Described<'a> = [(&'a Who, u64)];

/// The family of all these descriptions; `None` where they are of several.
pub(super) fn one_family(whos: &Described<'_>) -> Option<Family> {
    let first = family(whos.first()?.0.event_id);
    whos.iter().all(|(who, _)| family(who.event_id) == first).then_some(first)
}

impl<'a> Builder<'a> {
    /// The descriptions with these numbers.
    pub(super) fn described(&self, whos: impl IntoIterator<Item = (u32, u64)>) -> Vec<(&'a Who, u64)> {
        whos.into_iter().map(|(who, count)| (&self.whos[who as usize], count)).collect()
    }

    /// One train of its events, which are in order of time, on one server against one account.
    pub(super) fn train(&self, events: &[Event], whos: &Described<'_>, server: u32, account: u32) -> Train {
        let alone = one_family(whos);
        let counts = alone.unwrap_or_else(|| self.larger_family(events));
        let mut growing = self.growing(whos, counts, 0);
        for event in events.iter().filter(|event| alone.is_some() || self.family(event) == counts) {
            self.push(&mut growing, event);
        }
        self.end(&mut growing, whos, counts, server, account)
    }

    /// A train of these descriptions, of which one family counts, before its first event.
    pub(super) fn growing(&self, whos: &Described<'_>, counts: Family, seconds: usize) -> Growing {
        let counted = || whos.iter().filter(|(who, _)| family(who.event_id) == counts);
        let failures = counted().map(|(_, count)| count).sum();
        let mut reasons = counted().map(|(who, _)| who.reason);
        let first = reasons.next();
        Growing::new(failures, seconds, reasons.all(|reason| Some(reason) == first), self.keep_records)
    }

    /// Adds the next of the counted events.
    #[inline]
    pub(super) fn push(&self, growing: &mut Growing, event: &Event) {
        growing.push(event, self.whos, self.session_gap);
    }

    /// The train when all of its events have come.
    pub(super) fn end(
        &self,
        growing: &mut Growing,
        whos: &Described<'_>,
        counts: Family,
        server: u32,
        account: u32,
    ) -> Train {
        let said =
            |field: fn(&Who) -> NameId| whos.iter().map(move |(who, count)| (self.names.text(field(who)), *count));
        let counted = || whos.iter().filter(|(who, _)| family(who.event_id) == counts);
        let statuses = sums_of(counted().map(|(who, count)| (who.reason, *count)));
        let mut train = Train {
            server: self.servers.text(server).to_owned(),
            account_key: self.accounts.text(account).to_owned(),
            account: Tally::any(said(|who| who.account)).top().unwrap_or_default(),
            domain: Tally::names(said(|who| who.domain)).top(),
            family: counts,
            marks: Vec::new(),
            failures: statuses.iter().map(|(_, count)| count).sum(),
            event_ids: sums_of(whos.iter().map(|(who, count)| (who.event_id, *count))),
            statuses,
            phases: Vec::new(),
            tuples: 0,
            logon_types: sums_of(counted().map(|(who, count)| (who.logon_type, *count))),
            process: Tally::names(said(|who| who.process)).top(),
            relay: Tally::names(said(|who| who.relay)).top(),
            bytes: 0,
            sightings: Vec::new(),
            records: Vec::new(),
            raw_names: Tally::names(said(|who| who.workstation)).ranked(),
            ips: Tally::names(said(|who| who.ip)).ranked(),
        };
        growing.end(&mut train, self.session_gap);
        train
    }

    fn family(&self, event: &Event) -> Family {
        family(self.whos[event.who.0 as usize].event_id)
    }

    /// The family with most distinct seconds; ties go to the first in the order of [`Family`].
    pub(super) fn larger_family(&self, events: &[Event]) -> Family {
        const ORDER: [Family; 3] = [Family::AccountLogon, Family::Logon, Family::Netlogon];
        let mut seconds = [0u64; ORDER.len()];
        let mut last = [None; ORDER.len()];
        for event in events {
            let at = self.family(event) as usize;
            if last[at] != Some(event.sec) {
                last[at] = Some(event.sec);
                seconds[at] += 1;
            }
        }
        let mut best = 0;
        for at in 1..ORDER.len() {
            if seconds[at] > seconds[best] {
                best = at;
            }
        }
        ORDER[best]
    }
}

/// How many events each description has, in order of the descriptions' numbers.
pub(super) fn by_who(events: &[Event]) -> Vec<(u32, u64)> {
    sums_of(events.iter().map(|event| (event.who.0, 1)))
}
