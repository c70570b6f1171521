//! Where workstations are made.
//!
//! Logs are in order of time, so most trains grow while all events are gone through once, in the order
//! of the files. Only the others need their events brought together: those out of order, those of
//! several families, and those of workstations that are kept as their events.

use rayon::prelude::*;

use super::counts::Counts;
use super::growing::Growing;
use super::order::Stretch;
use super::rows::Rows;
use super::trains::{Builder, one_family};
use crate::model::event::{Event, Family, Who};
use crate::model::lights::LightTrain;
use crate::model::names::NameId;
use crate::model::timeline::{NameKind, WorkstationTrains};
use crate::model::train::Train;

/// What workstations are made from.
pub(super) struct Workshop<'a> {
    pub(super) rows: &'a Rows,
    pub(super) counts: &'a Counts,
    pub(super) builder: &'a Builder<'a>,
}

/// A train to be made.
pub(super) struct Young {
    train: u32,
    /// What grows in the order of the files, and the family of all its events; `None` for a train that
    /// needs its events together.
    growing: Option<(Growing, Family)>,
}

/// The place of the first of some trains, and these.
type Share<'n> = (u32, &'n mut [Young]);

/// Bytes of events from which on those that trains have taken are given back at once.
const MANY: usize = if cfg!(test) { 0 } else { 32 << 20 };
/// Events that are given back together.
const BLOCK: usize = if cfg!(test) { 7 } else { 1 << 16 };

/// Stands for a train that does not grow in the order of the files.
const APART: u32 = u32::MAX;

impl Workshop<'_> {
    fn whos(&self, train: u32) -> Vec<(&Who, u64)> {
        self.builder.described(self.counts.whos(train))
    }

    /// The trains of these workstations, in order, before their first event.
    pub(super) fn nursery<'t>(&self, heavy: impl Iterator<Item = &'t [u32]>) -> Vec<Young> {
        let young = |train: &u32| {
            let growing = self.counts.seconds(*train).and_then(|seconds| {
                let whos = self.whos(*train);
                let family = one_family(&whos)?;
                Some((self.builder.growing(&whos, family, seconds), family))
            });
            Young { train: *train, growing }
        };
        heavy.flatten().map(young).collect()
    }

    /// Hands the events over to the trains that grow in their order; the others' events are left.
    pub(super) fn grow(&self, nursery: &mut [Young], events: &mut Vec<Event>) {
        let grown = || nursery.iter().filter(|young| young.growing.is_some());
        let taken: u64 = grown().map(|young| self.counts.events(young.train)).sum();
        if taken == 0 {
            return;
        }
        let mut place = vec![APART; self.rows.parts.len()];
        for (at, young) in nursery.iter().enumerate().filter(|(_, young)| young.growing.is_some()) {
            place[young.train as usize] = at as u32;
        }
        let place: Vec<u32> = self.rows.train.iter().map(|train| place[*train as usize]).collect();
        let mut shares = self.shares(nursery, taken);
        if taken == events.len() as u64 && size_of_val(events.as_slice()) > MANY {
            return self.grow_and_give_back(&mut shares, &place, events);
        }
        // Each thread goes through all events and takes those of its trains.
        shares.par_iter_mut().for_each(|share| self.feed(share, &place, events.iter()));
        if taken == events.len() as u64 {
            *events = Vec::new();
        } else {
            events.retain(|event| place[event.who.0 as usize] == APART);
            events.shrink_to_fit();
        }
    }

    /// The same where trains take all events: what was taken is given back while they grow, so both are never
    /// there whole.
    fn grow_and_give_back(&self, shares: &mut [Share<'_>], place: &[u32], events: &mut Vec<Event>) {
        // Only its end can be taken off a vector. That shrinking moves nothing is the allocator's doing; one that
        // copies costs time, and at worst the memory of before.
        events.reverse();
        while !events.is_empty() {
            let rest = events.len().saturating_sub(BLOCK);
            shares.par_iter_mut().for_each(|share| self.feed(share, place, events[rest..].iter().rev()));
            events.truncate(rest);
            events.shrink_to_fit();
        }
    }

    /// Hands events over to the trains of one share.
    fn feed<'e>(&self, (first, share): &mut Share<'_>, place: &[u32], events: impl Iterator<Item = &'e Event>) {
        for event in events {
            let at = place[event.who.0 as usize].wrapping_sub(*first);
            let young = share.get_mut(at as usize);
            if let Some((growing, _)) = young.and_then(|young| young.growing.as_mut()) {
                self.builder.push(growing, event);
            }
        }
    }

    /// The trains in one share for each thread, of about equally many events, with the place of its first.
    fn shares<'n>(&self, nursery: &'n mut [Young], events: u64) -> Vec<Share<'n>> {
        let each = events.div_ceil(rayon::current_num_threads() as u64).max(1);
        let (mut rest, mut shares, mut first) = (nursery, Vec::new(), 0);
        while !rest.is_empty() {
            let mut sum = 0;
            let full = rest.iter().position(|young| {
                sum += young.growing.as_ref().map_or(0, |_| self.counts.events(young.train));
                sum >= each
            });
            let (share, others) = rest.split_at_mut(full.map_or(rest.len(), |at| at + 1));
            let len = share.len() as u32;
            shares.push((first, share));
            (rest, first) = (others, first + len);
        }
        shares
    }

    /// The workstations, when all events have come but those that are left, which stand by train.
    pub(super) fn workstations(
        &self,
        mut nursery: Vec<Young>,
        events: &[Event],
        stretches: &[Stretch],
    ) -> Vec<WorkstationTrains> {
        let of_one = nursery.chunk_by_mut(|a, b| self.rows.row(a.train) == self.rows.row(b.train));
        let all: Vec<&mut [Young]> = of_one.collect();
        let workstation = |of_one: &mut [Young]| {
            let name = self.rows.ranks.text(self.rows.row(of_one[0].train)).to_owned();
            let kind = self.kind(of_one.iter().map(|young| young.train));
            let mut trains: Vec<Train> =
                of_one.par_iter_mut().map(|young| self.train(young, events, stretches)).collect();
            // Most workstations have one train, and room for four was made.
            trains.shrink_to_fit();
            WorkstationTrains { name, kind, trains }
        };
        all.into_par_iter().map(workstation).collect()
    }

    fn train(&self, young: &mut Young, events: &[Event], stretches: &[Stretch]) -> Train {
        let (_, server, account) = self.rows.parts[young.train as usize];
        let whos = self.whos(young.train);
        match &mut young.growing {
            Some((growing, family)) => self.builder.end(growing, &whos, *family, server, account),
            None => {
                let events = stretch(stretches, young.train).map_or(&[][..], |stretch| stretch.of(events));
                self.builder.train(events, &whos, server, account)
            }
        }
    }

    /// What the name of these trains' row is: a server's name that other servers log too is a computer
    /// like any other.
    fn kind(&self, trains: impl Iterator<Item = u32>) -> NameKind {
        let whos = trains.flat_map(|train| self.counts.whos(train));
        whos.map(|(who, _)| self.rows.kinds[who as usize]).min().unwrap_or(NameKind::Blank)
    }

    /// The trains of workstations that are kept as their events, which are all that stays. Like the stretches
    /// they come in order of the trains' numbers.
    pub(super) fn lights<'t>(
        &self,
        light: impl Iterator<Item = &'t [u32]>,
        events: &mut Vec<Event>,
        stretches: &[Stretch],
    ) -> Vec<LightTrain> {
        let mut lights: Vec<LightTrain> = Vec::with_capacity(stretches.len());
        let (mut kept, mut rest) = (0, stretches);
        for of_one in light {
            let kind = self.kind(of_one.iter().copied());
            for train in of_one {
                let Some(stretch) = next(&mut rest, *train) else { continue };
                let (row, server, account) = self.rows.parts[stretch.train as usize];
                let its = stretch.of(events);
                let (ip, family) = (ip(self.builder, its), self.builder.larger_family(its));
                let (first, len) = (kept as u32, stretch.len as u32);
                lights.push(LightTrain { row, server, account, first, events: len, ip, kind, family });
                if kept != stretch.first {
                    events.copy_within(stretch.first..stretch.first + stretch.len, kept);
                }
                kept += stretch.len;
            }
        }
        events.truncate(kept);
        events.shrink_to_fit();
        lights.shrink_to_fit();
        lights
    }
}

/// The stretch of a train, of those that are left; what stands before it is needed no more.
fn next<'s>(rest: &mut &'s [Stretch], train: u32) -> Option<&'s Stretch> {
    while let Some((first, others)) = rest.split_first() {
        if first.train > train {
            return None;
        }
        *rest = others;
        if first.train == train {
            return Some(first);
        }
    }
    None
}

/// Where the events of a train stand.
fn stretch(stretches: &[Stretch], train: u32) -> Option<&Stretch> {
    stretches.binary_search_by_key(&train, |stretch| stretch.train).ok().map(|at| &stretches[at])
}

/// The most frequent address that is logged; empty where none is.
fn ip(builder: &Builder<'_>, events: &[Event]) -> NameId {
    let all = || events.iter().map(|event| builder.whos[event.who.0 as usize].ip);
    let named = |id: &NameId| !matches!(builder.names.text(*id), "" | "-");
    if let [_] = events {
        return all().find(named).unwrap_or(NameId::EMPTY);
    }
    let count = |id: NameId| all().filter(|other| *other == id).count();
    let text = |id: NameId| std::cmp::Reverse(builder.names.text(id));
    all().filter(named).max_by_key(|id| (count(*id), text(*id))).unwrap_or(NameId::EMPTY)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::keys::Keys;
    use super::super::room::Room;
    use super::super::tests::gathered;
    use super::super::trains::{by_who, whole};
    use super::super::{counts, rows};
    use super::*;
    use proptest::prelude::*;

    const GAP: i64 = i64::MAX;

    /// Every train of its events, which a sort brings together.
    fn sorted(text: &str) -> Vec<(String, Train)> {
        let mut gathered = gathered(text);
        let keys = Keys::new(&gathered);
        let rows = Rows::new(&gathered, &keys, &BTreeMap::new());
        let mut events = std::mem::take(&mut gathered.events);
        let train = |event: &Event| rows.train[event.who.0 as usize];
        events.sort_by_key(|event| (train(event), event.sec, counts::key(event)));
        let (servers, accounts) = (&keys.servers, &keys.accounts);
        let (whos, names) = (&gathered.whos, &gathered.names);
        let builder = Builder { whos, names, servers, accounts, keep_records: false, session_gap: GAP };
        let of_one = events.chunk_by(|a, b| train(a) == train(b)).map(|of_one| {
            let (row, server, account) = rows.parts[train(&of_one[0]) as usize];
            let made = builder.train(of_one, &builder.described(by_who(of_one)), server, account);
            (rows.ranks.text(row).to_owned(), made)
        });
        of_one.collect()
    }

    fn grouped(text: &str, fewest: u64, threads: usize) -> Vec<(String, Train)> {
        let mut gathered = gathered(text);
        let keys = Keys::new(&gathered);
        let room = Room { fewest, ..Room::default() };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let all = pool.install(|| rows::group(&mut gathered, keys, &BTreeMap::new(), &room, GAP));
        let lights = &all.lights;
        let light = lights.trains.iter().map(|train| (lights.rows.text(train.row).to_owned(), whole(lights, train)));
        let heavy = all.workstations.into_iter();
        let heavy = heavy.flat_map(|one| one.trains.into_iter().map(move |train| (one.name.clone(), train)));
        let mut all: Vec<(String, Train)> = heavy.chain(light).collect();
        let key = |(name, train): &(String, Train)| (name.clone(), train.server.clone(), train.account_key.clone());
        all.sort_by_key(key);
        all
    }

    /// Whether the seconds of a file ascend, files, and one line for each event.
    fn logs() -> impl Strategy<Value = String> {
        let event = (0..2_u8, 0..2_u8, 0..9_u8, 100..112_u32, 0..3_usize, 0..3_u8, 0..2_u8, 0..2_usize);
        (prop::bool::ANY, prop::collection::vec(event, 0..60)).prop_map(|(ascending, mut events)| {
            if ascending {
                events.sort_by_key(|event| event.3);
            }
            let line = |(file, server, record, sec, id, name, account, status)| {
                let (id, status) = ([4776, 4625, 4771][id], ["72", "6A"][status]);
                format!("f{file} S{server} #{record} {sec} {id} W{name} a{account} {status} size={sec}\n")
            };
            events.into_iter().map(line).collect()
        })
    }

    #[test]
    fn trains_that_do_not_grow_make_no_shares_of_their_own() {
        let late = |name| format!("f0 S0 #1 200 4776 W{name} a0 72\nf0 S0 #2 100 4776 W{name} a0 72\n");
        let lines: String = (0..50).map(late).collect();
        let mut gathered = gathered(&format!("{lines}f0 S0 #3 300 4776 W99 a0 72\n"));
        let keys = Keys::new(&gathered);
        let rows = Rows::new(&gathered, &keys, &BTreeMap::new());
        let events = std::mem::take(&mut gathered.events);
        let counts = Counts::new(&events, &rows.train, rows.parts.len());
        let (servers, accounts) = (&keys.servers, &keys.accounts);
        let (whos, names) = (&gathered.whos, &gathered.names);
        let builder = Builder { whos, names, servers, accounts, keep_records: false, session_gap: GAP };
        let workshop = Workshop { rows: &rows, counts: &counts, builder: &builder };
        let trains: Vec<u32> = (0..rows.parts.len() as u32).collect();
        let mut nursery = workshop.nursery(trains.chunks(1));
        assert_eq!((nursery.len(), nursery.iter().filter(|young| young.growing.is_some()).count()), (51, 1));
        assert!(workshop.shares(&mut nursery, 1).len() <= 2);
    }

    proptest! {
        #[test]
        fn trains_are_those_of_their_sorted_events(text in logs(), fewest in 0_u64..20, threads in 1_usize..4) {
            prop_assert_eq!(grouped(&text, fewest, threads), sorted(&text));
        }
    }
}
