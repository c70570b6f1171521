//! Workstations: which failures belong to one name, and which names have enough of them to be
//! looked at.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::counts::Counts;
use super::keys::{Keys, Tried, dense};
use super::order;
use super::room::Room;
use super::trains::Builder;
use super::workshop::Workshop;
use crate::model::event::EventKind;
use crate::model::gathered::Gathered;
use crate::model::lights::Lights;
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
    let counts = Counts::new(&events, &rows.train, rows.parts.len());
    let clients: BTreeSet<&str> =
        gathered.clients.iter().filter_map(|log| log.workstation.as_ref()).map(|(name, _)| name.as_str()).collect();
    let wanted = |row: u32| clients.contains(rows.ranks.text(row)) || room.wants(rows.ranks.text(row));
    let trains: Vec<u32> = (0..rows.parts.len() as u32).filter(|train| counts.events(*train) > 0).collect();
    let by_row = || trains.chunk_by(|a, b| rows.row(*a) == rows.row(*b));
    let all = |of_one: &[u32]| of_one.iter().map(|train| counts.events(*train)).sum::<u64>();
    let others = by_row().filter(|of_one| !wanted(rows.row(of_one[0])));
    let (fewest, raised) = room.fewest(others.map(|of_one| u32::try_from(all(of_one)).unwrap_or(u32::MAX)).collect());
    let is_heavy = |of_one: &&[u32]| all(of_one) >= fewest || wanted(rows.row(of_one[0]));
    let builder = Builder {
        whos: &gathered.whos,
        names: &gathered.names,
        servers: &keys.servers,
        accounts: &keys.accounts,
        keep_records: room.keep_records,
        session_gap,
    };
    let workshop = Workshop { rows: &rows, counts: &counts, builder: &builder };
    let mut nursery = workshop.nursery(by_row().filter(is_heavy));
    workshop.grow(&mut nursery, &mut events);
    let bytes = size_of_val(events.as_slice()) as u64;
    let copy = bytes <= COPY && room.bytes.is_none_or(|room| bytes <= room);
    let (mut events, stretches) = order::by_train(events, &rows.train, copy);
    let workstations = workshop.workstations(nursery, &events, &stretches);
    let lights = workshop.lights(by_row().filter(|of_one| !is_heavy(of_one)), &mut events, &stretches);
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
pub(super) struct Rows {
    /// Names of rows.
    pub(super) ranks: Ranks,
    /// Per train, in this order: row, server, account.
    pub(super) parts: Vec<(u32, u32, u32)>,
    /// Per description: its train.
    pub(super) train: Vec<u32>,
    /// Per description: what the row's name is.
    pub(super) kinds: Vec<NameKind>,
}

impl Rows {
    pub(super) fn new(gathered: &Gathered, keys: &Keys, addresses: &BTreeMap<IpAddr, u32>) -> Self {
        let whos = 0..gathered.whos.len();
        let named = |who: usize| named(keys, addresses, who);
        let names = || (0..keys.workstations.len() as u32).map(|name| Cow::Borrowed(keys.workstations.text(name)));
        let others = whos.clone().filter(|who| named(*who).is_none()).map(|who| name(keys, who).0);
        // Most have a name that has its place already; the numbers of the others follow behind them.
        let (ranks, numbers) = Ranks::number(names().chain(others));
        let mut other = numbers[keys.workstations.len()..].iter();
        let of_name = |name: u32| numbers[name as usize];
        let row = |who| named(who).map(of_name).or_else(|| other.next().copied()).unwrap_or_default();
        let row: Vec<u32> = whos.clone().map(row).collect();
        let servers: Vec<Option<u32>> =
            (0..keys.servers.len() as u32).map(|server| keys.workstations.find(keys.servers.text(server))).collect();
        let kind = |who: usize| match named(who) {
            Some(name) if servers[keys.server[who] as usize] == Some(name) => NameKind::Server,
            Some(_) => NameKind::Named,
            None => name(keys, who).1,
        };
        let kinds = whos.clone().map(kind).collect();
        let of_who: Vec<(u32, u32, u32)> = whos.map(|who| (row[who], keys.server[who], keys.account[who])).collect();
        let (parts, train) = dense(&of_who);
        Self { ranks, parts, train, kinds }
    }

    pub(super) fn row(&self, train: u32) -> u32 {
        self.parts[train as usize].0
    }
}

/// The computer that a description's failures are listed under: number in [`Keys::workstations`].
fn named(keys: &Keys, addresses: &BTreeMap<IpAddr, u32>, who: usize) -> Option<u32> {
    match &keys.tried[who] {
        Tried::Named(name) => Some(*name),
        Tried::Address(ip) => addresses.get(ip).copied(),
        Tried::Server | Tried::Blank => None,
    }
}

/// The name under which the failures of a description without a computer's name are listed, and what it is.
fn name(keys: &Keys, who: usize) -> (Cow<'_, str>, NameKind) {
    let server = keys.servers.text(keys.server[who]);
    let (name, kind) = match &keys.tried[who] {
        Tried::Address(ip) => (Cow::Owned(ip.to_string()), NameKind::Address),
        Tried::Server if !server.is_empty() => (Cow::Borrowed(server), NameKind::Server),
        Tried::Named(_) | Tried::Server | Tried::Blank => {
            let account = keys.accounts.text(keys.account[who]);
            (Cow::Owned(format!("{BLANK} {account}").trim_end().to_owned()), NameKind::Blank)
        }
    };
    if name == server { (name, NameKind::Server) } else { (name, kind) }
}
