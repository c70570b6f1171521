//! Workstations: which failures belong to one name, and which names have enough of them to be
//! looked at.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::keys::{Keys, Tried, dense};
use super::order::{self, Stretch};
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
    if gathered.whos.iter().any(|who| who.kind != EventKind::Failure) {
        events.retain(|event| gathered.who(event.who).kind == EventKind::Failure);
    }
    let bytes = (std::mem::size_of::<Event>() * events.len()) as u64;
    let copy = bytes <= COPY && room.bytes.is_none_or(|room| bytes <= room);
    let (mut events, stretches) = order::by_train(events, &rows.train, copy);
    let clients: BTreeSet<&str> =
        gathered.clients.iter().filter_map(|log| log.workstation.as_ref()).map(|(name, _)| name.as_str()).collect();
    let wanted = |row: u32| clients.contains(rows.ranks.text(row)) || room.wants(rows.ranks.text(row));
    let by_row = || stretches.chunk_by(|a, b| rows.row(a) == rows.row(b));
    let others = by_row().filter(|of_one| !wanted(rows.row(&of_one[0])));
    let counts = others.map(|of_one| u32::try_from(events_of(of_one)).unwrap_or(u32::MAX)).collect();
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
    for of_one in by_row() {
        let len = events_of(of_one);
        if len as u64 >= fewest || wanted(rows.row(&of_one[0])) {
            workstations.push(rows.workstation(&builder, &events, of_one));
        } else {
            rows.light(&builder, &events, of_one, kept, &mut lights);
            let first = of_one[0].first;
            events.copy_within(first..first + len, kept);
            kept += len;
        }
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

/// How many events these trains have.
fn events_of(stretches: &[Stretch]) -> usize {
    stretches.iter().map(|stretch| stretch.len).sum()
}

/// Which row and which train each description belongs to.
struct Rows {
    /// Names of rows.
    ranks: Ranks,
    /// Per train, in this order: row, server, account.
    parts: Vec<(u32, u32, u32)>,
    /// Per description: its train.
    train: Vec<u32>,
    /// Per description: what the row's name is.
    kinds: Vec<NameKind>,
}

impl Rows {
    fn new(gathered: &Gathered, keys: &Keys, addresses: &BTreeMap<IpAddr, u32>) -> Self {
        let whos = 0..gathered.whos.len();
        let (ranks, row) = Ranks::number(whos.clone().map(|who| name(keys, addresses, who).0));
        let kinds = whos.clone().map(|who| name(keys, addresses, who).1).collect();
        let of_who: Vec<(u32, u32, u32)> = whos.map(|who| (row[who], keys.server[who], keys.account[who])).collect();
        let (parts, train) = dense(&of_who);
        Self { ranks, parts, train, kinds }
    }

    fn row(&self, stretch: &Stretch) -> u32 {
        self.parts[stretch.train as usize].0
    }

    /// A server's name that other servers log too is a computer like any other.
    fn kind(&self, events: &[Event], of_one: &[Stretch]) -> NameKind {
        let kind = |event: &Event| self.kinds[event.who.0 as usize];
        of_one.iter().flat_map(|stretch| stretch.of(events)).map(kind).min().unwrap_or(NameKind::Blank)
    }

    fn workstation(&self, builder: &Builder<'_>, events: &[Event], of_one: &[Stretch]) -> WorkstationTrains {
        let train = |stretch: &Stretch| {
            let (_, server, account) = self.parts[stretch.train as usize];
            builder.train(stretch.of(events), server, account)
        };
        let trains = of_one.iter().map(train).collect();
        let name = self.ranks.text(self.row(&of_one[0])).to_owned();
        WorkstationTrains { name, kind: self.kind(events, of_one), trains }
    }

    fn light(
        &self,
        builder: &Builder<'_>,
        events: &[Event],
        of_one: &[Stretch],
        first: usize,
        lights: &mut Vec<LightTrain>,
    ) {
        let kind = self.kind(events, of_one);
        let mut first = first;
        for stretch in of_one {
            let (row, server, account) = self.parts[stretch.train as usize];
            let events = stretch.of(events);
            let (ip, family) = (ip(builder, events), builder.larger_family(events));
            let (at, len) = (first as u32, stretch.len as u32);
            lights.push(LightTrain { row, server, account, first: at, events: len, ip, kind, family });
            first += stretch.len;
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
