//! Exports that do not name the server that wrote them.
//!
//! Event Viewer since Vista leaves the computer out of its CSV and text. Where another export tells
//! of the same failures and does name a server, the file is of that server: else its failures would
//! be counted once more, under no name.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::keys::{Keys, Tried};
use crate::model::event::{EventKind, Who, WhoId};
use crate::model::gathered::Gathered;
use crate::model::names::NameId;
use crate::model::status::Status;
use crate::model::workstation::server_key;

/// Share of a file's records, within the time that the other export covers, that it must tell too.
const AGREE_PERCENT: u64 = 95;

/// What a record tells besides its server.
type Tells = (u32, u16, EventKind, Tried, u32, Status);

/// Gives the records of a file without a server the server whose other exports tell the same.
/// Warns of records that are still without one.
pub(super) fn name_servers(gathered: &mut Gathered, keys: &mut Keys, warnings: &mut Vec<String>) {
    let names = names_of_files(gathered, keys);
    if !names.is_empty() {
        rename(gathered, keys, &names);
        *keys = Keys::new(gathered);
    }
    let blank = |name: NameId| server_key(gathered.names.text(name)).is_empty();
    let left: u64 = gathered.coverage.iter().filter(|cover| blank(cover.server)).map(|cover| cover.records).sum();
    if left > 0 {
        warnings.push(format!(
            "{left} records name no server, as Event Viewer's CSV and text since Vista do not, and count as those of \
             one more server; as .evtx or XML the export names it"
        ));
    }
}

/// For each file (number in `Gathered::files`) whose records name no server the name of the server
/// whose other exports tell the same.
pub fn servers_of_unnamed(gathered: &Gathered) -> BTreeMap<u32, String> {
    let names = names_of_files(gathered, &Keys::new(gathered));
    names.into_iter().map(|(file, name)| (file, gathered.names.text(name).to_owned())).collect()
}

/// The same as names; any spelling of a name will do.
fn names_of_files(gathered: &Gathered, keys: &Keys) -> BTreeMap<u32, NameId> {
    let unnamed = unnamed(gathered, keys);
    if unnamed.is_empty() {
        return BTreeMap::new();
    }
    let mut names: BTreeMap<u32, NameId> = BTreeMap::new();
    for (who, server) in gathered.whos.iter().zip(&keys.server) {
        names.entry(*server).or_insert(who.server);
    }
    let servers = servers_of_files(gathered, keys, &unnamed).into_iter();
    servers.filter_map(|(file, server)| Some((file, *names.get(&server)?))).collect()
}

fn is_unnamed(keys: &Keys, who: WhoId) -> bool {
    keys.servers.text(keys.server[who.0 as usize]).is_empty()
}

/// What the records without a server tell, with their file: sorted, each once.
fn unnamed(gathered: &Gathered, keys: &Keys) -> Vec<(Tells, u32)> {
    if !keys.server.iter().any(|server| keys.servers.text(*server).is_empty()) {
        return Vec::new();
    }
    let events = gathered.events.iter().filter(|event| is_unnamed(keys, event.who));
    let mut rows: Vec<(Tells, u32)> =
        events.map(|event| (tells(gathered, keys, event.who, event.sec), event.file.0)).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn tells(gathered: &Gathered, keys: &Keys, id: WhoId, sec: u32) -> Tells {
    let (who, at) = (gathered.who(id), id.0 as usize);
    (sec, who.event_id, who.kind, keys.tried[at], keys.account[at], who.reason)
}

/// Files whose records another server's exports tell too, with that server's rank: the one that
/// tells most of them.
fn servers_of_files(gathered: &Gathered, keys: &Keys, unnamed: &[(Tells, u32)]) -> BTreeMap<u32, u32> {
    let mut spans: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    // (file, server, row): a row counts once, however often it is told.
    let mut shared: BTreeSet<(u32, u32, u32)> = BTreeSet::new();
    for event in &gathered.events {
        if is_unnamed(keys, event.who) || gathered.who(event.who).recovered {
            continue;
        }
        let server = keys.server[event.who.0 as usize];
        let span = spans.entry(server).or_insert((event.sec, event.sec));
        *span = (span.0.min(event.sec), span.1.max(event.sec));
        let tells = tells(gathered, keys, event.who, event.sec);
        let from = unnamed.partition_point(|row| row.0 < tells);
        for (at, row) in unnamed.iter().enumerate().skip(from).take_while(|(_, row)| row.0 == tells) {
            shared.insert((row.1, server, at as u32));
        }
    }
    let mut pairs: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for (file, server, _) in shared {
        *pairs.entry((file, server)).or_insert(0) += 1;
    }
    // In order of time, as all rows are.
    let mut times: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (tells, file) in unnamed {
        times.entry(*file).or_default().push(tells.0);
    }
    let mut best: BTreeMap<u32, (u64, Reverse<u32>)> = BTreeMap::new();
    for ((file, server), count) in pairs {
        let (first, last) = spans[&server];
        let of_file = &times[&file];
        let within = of_file.partition_point(|sec| *sec <= last) - of_file.partition_point(|sec| *sec < first);
        if count * 100 >= within as u64 * AGREE_PERCENT {
            let entry = best.entry(file).or_insert((0, Reverse(server)));
            *entry = (*entry).max((count, Reverse(server)));
        }
    }
    best.into_iter().map(|(file, (_, Reverse(server)))| (file, server)).collect()
}

/// Puts the server's name into the records and the coverage of these files.
fn rename(gathered: &mut Gathered, keys: &Keys, names: &BTreeMap<u32, NameId>) {
    let name_of = |file: u32| names.get(&file).copied();
    let mut made: BTreeMap<(WhoId, NameId), WhoId> = BTreeMap::new();
    for at in 0..gathered.events.len() {
        let event = gathered.events[at];
        let Some(name) = name_of(event.file.0).filter(|_| is_unnamed(keys, event.who)) else { continue };
        let who = *gathered.who(event.who);
        let whos = &mut gathered.whos;
        gathered.events[at].who = *made.entry((event.who, name)).or_insert_with(|| {
            whos.push(Who { server: name, ..who });
            WhoId(u32::try_from(whos.len() - 1).unwrap_or(event.who.0))
        });
    }
    for cover in &mut gathered.coverage {
        if let Some(name) = name_of(cover.file.0)
            && server_key(gathered.names.text(cover.server)).is_empty()
        {
            cover.server = name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    const LOG: &str = "
        dc1.evtx DC01 #5 100 4776 WS1 bob 72
        dc1.evtx DC01 #6 160 4776 WS1 bob 72
        dc1.evtx DC01 #7 220 4776 WS1 bob 72
        fs1.evtx FS01 #1 90 4776 WS1 bob 72
        fs1.evtx FS01 #2 220 4776 WS1 bob 72
        fs1.evtx FS01 #3 250 4776 WS1 bob 72\n";

    #[test]
    fn an_export_without_a_server_is_of_the_server_that_tells_the_same() {
        let csv = "x.csv - :2 100 4776 WS1 bob 72\nx.csv - :9 160 4776 WS1 bob 72\nx.csv - :16 220 4776 WS1 bob 72\n\
                   x.csv - :23 280 4776 WS1 bob 72\n";
        check(
            &[LOG, csv].concat(),
            "WS1 Named DC01 bob AccountLogon 100*1 160*1 220*1 280*1
             WS1 Named FS01 bob AccountLogon 90*1 220*1 250*1
             7 failures, 3 duplicates",
        );
    }

    #[test]
    fn an_export_of_another_server_stays_without_a_name() {
        let csv = "x.csv - :2 100 4776 WS1 bob 72\nx.csv - :9 161 4776 WS1 bob 72\nx.csv - :16 221 4776 WS1 bob 72\n";
        check(
            &[LOG, csv].concat(),
            "WS1 Named  bob AccountLogon 100*1 161*1 221*1
             WS1 Named DC01 bob AccountLogon 100*1 160*1 220*1
             WS1 Named FS01 bob AccountLogon 90*1 220*1 250*1
             9 failures, 0 duplicates",
        );
    }
}
