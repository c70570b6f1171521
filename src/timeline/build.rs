//! The way from everything that was read to the timeline.

use super::keys::Keys;
use super::room::Room;
use super::unnumbered::Drop;
use super::{clients, numbered, pairs, resolve, rows, servers, shift, unnamed, unnumbered};
use crate::model::config::{Param, Thresholds};
use crate::model::gathered::Gathered;
use crate::model::timeline::{InputCounts, Timeline};

/// Merges and groups everything that was read. `keep_records` keeps one provenance per second of
/// every train, for `explain`. Cannot fail: damage was sorted out by the readers.
pub fn build(gathered: Gathered, keep_records: bool, thresholds: &Thresholds) -> Timeline {
    build_within(gathered, &Room::unlimited(keep_records), thresholds)
}

/// The same within limits: workstations with few failures are kept together as
/// [`Timeline::lights`].
pub fn build_within(mut gathered: Gathered, room: &Room, thresholds: &Thresholds) -> Timeline {
    let mut warnings = Vec::new();
    let mut keys = Keys::new(&gathered);
    unnamed::name_servers(&mut gathered, &mut keys, &mut warnings);
    let duplicates = merge(&mut gathered, &keys, &mut warnings);
    let resolved = resolve::blank_names(&mut gathered, &mut keys, &mut warnings);
    let names = pairs::names_of_addresses(&gathered, &keys);
    servers::warn_of_one_label(&gathered, &keys, &mut warnings);
    let context = servers::context(&gathered, &keys);
    let servers = servers::logs(&gathered, &context);
    let clients = clients::trains(&gathered, &servers, thresholds, &mut warnings);
    let session_gap = thresholds[Param::SessionGap] as i64;
    let rows::Grouped { workstations, lights, raised } = rows::group(&mut gathered, keys, &names, room, session_gap);
    if let Some(fewest) = raised {
        warnings.push(format!(
            "workstations with fewer than {fewest} failures are counted in the totals only: more of them than the \
             memory budget holds"
        ));
    }
    let failures = workstations.iter().map(|workstation| workstation.failures());
    Timeline {
        failures: failures.sum::<u64>() + lights.by_name().map(|trains| lights.failures(trains)).sum::<u64>(),
        workstations,
        lights,
        servers,
        context,
        clients,
        resolved,
        duplicates,
        exact: raised.is_none(),
        files: gathered.files.iter().map(|file| file.path.clone()).collect(),
        warnings,
        inputs: inputs(gathered),
    }
}

/// Removes recovered records and copies; returns how many copies there were.
fn merge(gathered: &mut Gathered, keys: &Keys, warnings: &mut Vec<String>) -> u64 {
    let mut recovered = 0;
    let all = gathered.events.len();
    let mut events = std::mem::take(&mut gathered.events);
    if gathered.whos.iter().any(|who| who.recovered) {
        events.retain(|event| !gathered.who(event.who).recovered);
    }
    recovered += all - events.len();
    gathered.events = events;
    if recovered > 0 {
        warnings.push(format!("{recovered} records recovered from slack are not counted"));
    }
    let sources = shift::sources(gathered, keys);
    let (found, dropped) = drop_copies(gathered, keys, Drop::Copies);
    for (server, count) in &found.reused {
        let server = keys.servers.text(*server);
        warnings.push(format!("{server}: {count} record numbers are used again with another time; both are counted"));
    }
    shift::warn(gathered, keys, &found, sources, warnings);
    dropped
}

/// Removes copies that can never matter, whatever is read later, and returns how many there were. Equal
/// timelines are built with and without it.
pub fn compact(gathered: &mut Gathered) -> u64 {
    let keys = Keys::new(gathered);
    drop_copies(gathered, &keys, Drop::Useless).1
}

fn drop_copies(gathered: &mut Gathered, keys: &Keys, which: Drop) -> (numbered::Numbered, u64) {
    let needy = numbered::needy_files(gathered, keys);
    if needy.is_empty() && gathered.whos.iter().all(|who| who.numbered) {
        return (numbered::Numbered::default(), 0);
    }
    let mut dropped = vec![false; gathered.events.len()];
    let found = numbered::mark_copies(gathered, keys, &needy, &mut dropped);
    unnumbered::mark_copies(gathered, keys, which, &mut dropped);
    let copies = dropped.iter().filter(|dropped| **dropped).count() as u64;
    if copies > 0 {
        let mut at = 0;
        gathered.events.retain(|_| {
            at += 1;
            !dropped[at - 1]
        });
    }
    (found, copies)
}

fn inputs(gathered: Gathered) -> InputCounts {
    let read = || gathered.files.iter().filter(|file| !file.format.is_empty());
    InputCounts {
        files: read().count() as u64,
        bytes: read().map(|file| file.bytes).sum(),
        records: gathered.records,
        client_logs: gathered.clients.iter().filter(|log| log.earlier == 0).count() as u64,
        unrecognised: gathered.unrecognised,
        bad_times: gathered.bad_times,
        skipped: gathered.skipped,
    }
}
