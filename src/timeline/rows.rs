//! Workstations: which failures belong to one name, and which names have enough of them to be
//! looked at.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::keys::{Keys, Tried, dense};
use super::order;
use super::room::Room;
use super::trains::Builder;
use crate::model::event::{Event, EventKind};
use crate::model::gathered::Gathered;
use crate::model::lights::{LightTrain, Lights};
use crate::model::names::NameId;
use crate::model::texts::Ranks;
use crate::model::timeline::{NameKind, WorkstationTrains};
use crate::model::workstation::BLANK;

/// Bytes of events that may stand in memory twice, to be sorted faster.
const COPY: u64 = 24 << 20;

/// The workstations, and what is too little to be one of them.
#[derive(Debug, Default)]
pub(super) struct Grouped {
    /// Sorted by name.
    pub(super) workstations: Vec<WorkstationTrains>,
    /// The others.
    pub(super) lights: Lights,
    /// Fewest failures of a workstation that was looked at for itself, where the room did not suffice
    /// for all that might be listed; else `None`.
    pub(super) raised: Option<u64>,
}

/// Groups the failures among the events. Takes events, descriptions, names and keys: who has few
/// failures keeps them as events.
pub(super) fn group(
    gathered: &mut Gathered,
    keys: Keys,
    addresses: &BTreeMap<IpAddr, u32>,
    room: &Room,
    session_gap: i64,
) -> Grouped {
    let rows = Rows::new(gathered, &keys, addresses);
    let mut events = std::mem::take(&mut gathered.events);
    events.retain(|event| gathered.who(event.who).kind == EventKind::Failure);
    let bytes = (std::mem::size_of::<Event>() * events.len()) as u64;
    let copy = bytes <= COPY && room.bytes.is_none_or(|room| bytes <= room);
    let mut events = order::by_train(events, &rows.train, copy);
    let clients: BTreeSet<&str> =
        gathered.clients.iter().filter_map(|log| log.workstation.as_ref()).map(|(name, _)| name.as_str()).collect();
    let wanted = |row: u32| clients.contains(rows.ranks.text(row)) || room.wants(rows.ranks.text(row));
    let row_of = |event: &Event| rows.parts[event.who.0 as usize].0;
    let mut counts: Vec<u32> = Vec::new();
    for of_one in events.chunk_by(|a, b| row_of(a) == row_of(b)).filter(|of_one| !wanted(row_of(&of_one[0]))) {
        counts.push(u32::try_from(of_one.len()).unwrap_or(u32::MAX));
    }
    let (fewest, raised) = room.fewest(counts);
    let builder = Builder {
        whos: &gathered.whos,
        names: &gathered.names,
        servers: &keys.servers,
        accounts: &keys.accounts,
        keep_records: room.keep_records,
        session_gap,
    };
    let mut workstations: Vec<WorkstationTrains> = Vec::new();
    let mut lights: Vec<LightTrain> = Vec::new();
    let mut kept = 0;
    let mut at = 0;
    while at < events.len() {
        let row = row_of(&events[at]);
        let len = events[at..].iter().take_while(|event| row_of(event) == row).count();
        let of_one = &events[at..at + len];
        if len as u64 >= fewest || wanted(row) {
            workstations.push(rows.workstation(&builder, of_one));
        } else {
            rows.light(&builder, of_one, kept, &mut lights);
            events.copy_within(at..at + len, kept);
            kept += len;
        }
        at += len;
    }
    events.truncate(kept);
    events.shrink_to_fit();
    lights.shrink_to_fit();
    let lights = Lights {
        trains: lights,
        events,
        rows: rows.ranks,
        servers: keys.servers,
        accounts: keys.accounts,
        whos: std::mem::take(&mut gathered.whos),
        names: std::mem::take(&mut gathered.names),
    };
    Grouped { workstations, lights, raised }
}

/// Which row and which train each description belongs to.
struct Rows {
    /// Names of rows.
    ranks: Ranks,
    /// Per description: row, server, account.
    parts: Vec<(u32, u32, u32)>,
    /// Per description: its train; trains are in order of their parts.
    train: Vec<u32>,
    /// Per description: what the row's name is.
    kinds: Vec<NameKind>,
}

impl Rows {
    fn new(gathered: &Gathered, keys: &Keys, addresses: &BTreeMap<IpAddr, u32>) -> Self {
        let whos = 0..gathered.whos.len();
        let (ranks, row) = Ranks::number(whos.clone().map(|who| name(keys, addresses, who).0));
        let kinds = whos.clone().map(|who| name(keys, addresses, who).1).collect();
        let parts: Vec<(u32, u32, u32)> = whos.map(|who| (row[who], keys.server[who], keys.account[who])).collect();
        Self { train: dense(&parts), ranks, parts, kinds }
    }

    fn trains<'e>(&self, of_one: &'e [Event]) -> impl Iterator<Item = &'e [Event]> {
        of_one.chunk_by(|a, b| self.train[a.who.0 as usize] == self.train[b.who.0 as usize])
    }

    /// A server's name that other servers log too is a computer like any other.
    fn kind(&self, of_one: &[Event]) -> NameKind {
        of_one.iter().map(|event| self.kinds[event.who.0 as usize]).min().unwrap_or(NameKind::Blank)
    }

    fn workstation(&self, builder: &Builder<'_>, of_one: &[Event]) -> WorkstationTrains {
        let train = |events: &[Event]| {
            let (_, server, account) = self.parts[events[0].who.0 as usize];
            builder.train(events, server, account)
        };
        let row = self.parts[of_one[0].who.0 as usize].0;
        let mut trains = Vec::with_capacity(self.trains(of_one).count());
        trains.extend(self.trains(of_one).map(train));
        WorkstationTrains { name: self.ranks.text(row).to_owned(), kind: self.kind(of_one), trains }
    }

    fn light(&self, builder: &Builder<'_>, of_one: &[Event], first: usize, lights: &mut Vec<LightTrain>) {
        let kind = self.kind(of_one);
        let mut first = first;
        for events in self.trains(of_one) {
            let (row, server, account) = self.parts[events[0].who.0 as usize];
            lights.push(LightTrain {
                row,
                server,
                account,
                first: first as u32,
                events: events.len() as u32,
                ip: ip(builder, events),
                kind,
                family: builder.larger_family(events),
            });
            first += events.len();
        }
    }
}

/// The most frequent address that is logged; empty where none is.
fn ip(builder: &Builder<'_>, events: &[Event]) -> NameId {
    let all = || events.iter().map(|event| builder.whos[event.who.0 as usize].ip);
    let named = |id: &NameId| !matches!(builder.names.text(*id), "" | "-");
    let count = |id: NameId| all().filter(|other| *other == id).count();
    let text = |id: NameId| std::cmp::Reverse(builder.names.text(id));
    all().filter(named).max_by_key(|id| (count(*id), text(*id))).unwrap_or(NameId::EMPTY)
}

/// The name under which the failures of a description are listed, and what that name is.
fn name<'k>(keys: &'k Keys, addresses: &BTreeMap<IpAddr, u32>, who: usize) -> (Cow<'k, str>, NameKind) {
    let server = keys.servers.text(keys.server[who]);
    let of_name = |name: u32| (Cow::Borrowed(keys.workstations.text(name)), NameKind::Named);
    let (name, kind) = match &keys.tried[who] {
        Tried::Named(name) => of_name(*name),
        Tried::Address(ip) => match addresses.get(ip) {
            Some(name) => of_name(*name),
            None => (Cow::Owned(ip.to_string()), NameKind::Address),
        },
        Tried::Server if !server.is_empty() => (Cow::Borrowed(server), NameKind::Server),
        Tried::Server | Tried::Blank => {
            let account = keys.accounts.text(keys.account[who]);
            (Cow::Owned(format!("{BLANK} {account}").trim_end().to_owned()), NameKind::Blank)
        }
    };
    if name == server { (name, NameKind::Server) } else { (name, kind) }
}
