//! Trains: the failures of one (server, workstation, account), of the family that counts.

use std::collections::BTreeMap;

use super::tally::Tally;
use crate::model::event::{Event, Family, Provenance, Who, family};
use crate::model::lights::{LightTrain, Lights};
use crate::model::names::Names;
use crate::model::status::Status;
use crate::model::sums::sums;
use crate::model::texts::Ranks;
use crate::model::train::{Mark, Sighting, Train};

/// Failures that reports can point at, per train.
const SIGHTINGS: usize = 8;

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
    builder.train(lights.events(train), train.server, train.account)
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

impl Builder<'_> {
    /// One train of its events, which are in order of time, on one server against one account.
    pub(super) fn train(&self, events: &[Event], server: u32, account: u32) -> Train {
        let whos = by_who(events);
        let families = || whos.iter().map(|(who, _)| family(self.whos[*who as usize].event_id));
        let of_first = self.family(&events[0]);
        let alone = families().all(|family| family == of_first);
        let family = if alone { of_first } else { self.larger_family(events) };
        let counted = || events.iter().filter(move |event| alone || self.family(event) == family);
        let failures = if alone { events.len() } else { counted().count() };
        let described = Described::new(self, &whos, family);
        let mut train = Train {
            server: self.servers.text(server).to_owned(),
            account_key: self.accounts.text(account).to_owned(),
            account: described.account.top().unwrap_or_default(),
            domain: described.domain.top(),
            family,
            marks: Vec::new(),
            failures: failures as u64,
            event_ids: described.event_ids.into_iter().collect(),
            statuses: described.statuses.into_iter().collect(),
            phases: Vec::new(),
            tuples: 0,
            logon_types: described.logon_types.into_iter().collect(),
            process: described.process.top(),
            relay: described.relay.top(),
            bytes: 0,
            sightings: Vec::new(),
            records: Vec::new(),
            raw_names: described.raw_names.ranked(),
            ips: described.ips.ranked(),
        };
        self.place(counted(), failures, &mut train);
        match train.statuses.as_slice() {
            // Most accounts fail for one reason.
            [(status, _)] => {
                (train.phases, train.tuples) = (self.sessions(&train.marks, *status), train.marks.len() as u64);
            }
            _ => (train.phases, train.tuples) = (self.phases(counted()), self.tuples(counted())),
        }
        train
    }

    fn who(&self, event: &Event) -> &Who {
        &self.whos[event.who.0 as usize]
    }

    fn family(&self, event: &Event) -> Family {
        family(self.who(event).event_id)
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

    /// The sessions of failures that have one reason.
    fn sessions(&self, marks: &[Mark], status: Status) -> Vec<(u32, Status)> {
        let together = |a: &Mark, b: &Mark| i64::from(b.sec) - i64::from(a.sec) <= self.session_gap;
        marks.chunk_by(together).map(|session| (session[0].sec, status)).collect()
    }

    /// The most frequent reason of each session.
    fn phases<'e>(&self, events: impl Iterator<Item = &'e Event>) -> Vec<(u32, Status)> {
        let mut phases: Vec<(u32, Status)> = Vec::new();
        let mut last: Option<u32> = None;
        let mut seen: BTreeMap<Status, u64> = BTreeMap::new();
        // Failures that follow each other mostly have one reason.
        let mut equal = (Status::None, 0);
        for event in events {
            let pause = last.is_none_or(|last| i64::from(event.sec) - i64::from(last) > self.session_gap);
            let reason = self.who(event).reason;
            if pause || reason != equal.0 {
                add(&mut seen, equal);
                equal = (reason, 0);
            }
            if pause {
                end_phase(&mut phases, &mut seen);
                phases.push((event.sec, Status::None));
            }
            last = Some(event.sec);
            equal.1 += 1;
        }
        add(&mut seen, equal);
        end_phase(&mut phases, &mut seen);
        phases
    }

    /// Distinct (second, status) pairs.
    fn tuples<'e>(&self, events: impl Iterator<Item = &'e Event>) -> u64 {
        let mut tuples = 0;
        let mut now = None;
        let mut seen: Vec<Status> = Vec::new();
        let close = |seen: &mut Vec<Status>| {
            seen.sort_unstable();
            seen.dedup();
            let distinct = seen.len() as u64;
            seen.clear();
            distinct
        };
        for event in events {
            if now != Some(event.sec) {
                tuples += close(&mut seen);
                now = Some(event.sec);
            }
            let status = self.who(event).reason;
            if seen.last() != Some(&status) {
                seen.push(status);
            }
        }
        tuples + close(&mut seen)
    }

    /// Marks, sightings, records and bytes of the counted events.
    fn place<'e>(&self, events: impl Iterator<Item = &'e Event>, failures: usize, train: &mut Train) {
        let wanted = SIGHTINGS.min(failures);
        for (at, event) in events.enumerate() {
            train.bytes += u64::from(event.size);
            match train.marks.last_mut() {
                Some(mark) if mark.sec == event.sec => mark.count = mark.count.saturating_add(1),
                _ => {
                    train.marks.push(Mark { sec: event.sec, count: 1 });
                    if self.keep_records {
                        train.records.push(self.provenance(event));
                    }
                }
            }
            let next = train.sightings.len();
            if next < wanted && at == next * (failures - 1) / (wanted - 1).max(1) {
                train.sightings.push(Sighting { sec: i64::from(event.sec), at: self.provenance(event) });
            }
        }
    }

    fn provenance(&self, event: &Event) -> Provenance {
        provenance(event, self.who(event))
    }
}

fn add(seen: &mut BTreeMap<Status, u64>, (status, count): (Status, u64)) {
    if count > 0 {
        *seen.entry(status).or_insert(0) += count;
    }
}

/// Gives the last phase its most frequent status; of equals the first.
fn end_phase(phases: &mut [(u32, Status)], seen: &mut BTreeMap<Status, u64>) {
    let mut most = 0;
    for (status, count) in std::mem::take(seen) {
        if let Some(phase) = phases.last_mut()
            && count > most
        {
            (most, phase.1) = (count, status);
        }
    }
}

/// Where an event can be looked up.
pub(super) fn provenance(event: &Event, who: &Who) -> Provenance {
    Provenance { file: event.file, at: event.record, is_line: !who.numbered }
}

/// How many events each description has, in order of the descriptions' numbers.
fn by_who(events: &[Event]) -> Vec<(u32, u64)> {
    let runs = events.chunk_by(|a, b| a.who == b.who);
    sums(runs.map(|run| (run[0].who.0, run.len() as u64)).collect())
}

/// Histograms of what the events of one train say.
#[derive(Default)]
struct Described<'a> {
    account: Tally<'a>,
    domain: Tally<'a>,
    process: Tally<'a>,
    relay: Tally<'a>,
    raw_names: Tally<'a>,
    ips: Tally<'a>,
    event_ids: BTreeMap<u16, u64>,
    statuses: BTreeMap<Status, u64>,
    logon_types: BTreeMap<u8, u64>,
}

impl<'a> Described<'a> {
    fn new(builder: &Builder<'a>, whos: &[(u32, u64)], counted: Family) -> Self {
        let mut all = Self::default();
        for (who, count) in whos {
            let who = &builder.whos[*who as usize];
            let text = |id| builder.names.text(id);
            all.account.any(text(who.account), *count);
            all.domain.name(text(who.domain), *count);
            all.process.name(text(who.process), *count);
            all.relay.name(text(who.relay), *count);
            all.raw_names.name(text(who.workstation), *count);
            all.ips.name(text(who.ip), *count);
            *all.event_ids.entry(who.event_id).or_insert(0) += count;
            if family(who.event_id) == counted {
                *all.statuses.entry(who.reason).or_insert(0) += count;
                *all.logon_types.entry(who.logon_type).or_insert(0) += count;
            }
        }
        all
    }
}
