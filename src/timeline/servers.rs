//! What the logs of each server cover, and the events that bound the evidence.

use std::collections::{BTreeMap, BTreeSet};

use super::growing::provenance;
use super::keys::Keys;
use crate::model::event::EventKind;
use crate::model::gathered::{Coverage, Gathered};
use crate::model::timeline::{ContextEvent, ServerLog};
use crate::model::workstation::{Workstation, server_key, workstation};

/// The servers, sorted by name; `context` tells which logs say themselves that they are full.
pub(super) fn logs(gathered: &Gathered, context: &[ContextEvent]) -> Vec<ServerLog> {
    let mut by_server: BTreeMap<String, Vec<&Coverage>> = BTreeMap::new();
    for coverage in &gathered.coverage {
        by_server.entry(server_key(gathered.names.text(coverage.server))).or_default().push(coverage);
    }
    by_server
        .into_iter()
        .map(|(server, files)| ServerLog {
            from: files.iter().map(|file| file.first).min().unwrap_or(0),
            to: files.iter().map(|file| file.last).max().unwrap_or(0),
            records: files.iter().map(|file| file.records).sum(),
            audits: files.iter().fold(Default::default(), |all, file| file.audits.union(all)),
            full: files.iter().any(|file| file.full)
                || context.iter().any(|event| event.kind == EventKind::LogFull && event.server == server),
            hours: hours(&files, |file| &file.hours),
            server,
        })
        .collect()
}

/// Servers of different domains with one first label: their logs are taken for one.
pub(super) fn warn_of_one_label(gathered: &Gathered, keys: &Keys, warnings: &mut Vec<String>) {
    let mut full: BTreeSet<(u32, String)> = BTreeSet::new();
    for (who, server) in gathered.whos.iter().zip(&keys.server) {
        let name = gathered.names.text(who.server);
        if name.contains('.') && keys.servers.text(*server) != name {
            full.insert((*server, name.trim_end_matches('.').to_lowercase()));
        }
    }
    let full: Vec<(u32, String)> = full.into_iter().collect();
    for of_one in full.chunk_by(|a, b| a.0 == b.0).filter(|of_one| of_one.len() > 1) {
        let names: Vec<&str> = of_one.iter().map(|(_, name)| name.as_str()).collect();
        warnings.push(format!("{} are taken for one server, {}", names.join(" and "), keys.servers.text(of_one[0].0)));
    }
}

/// What the logs of each server cover: canonical name, first and last record (Unix seconds), sorted.
pub fn spans(gathered: &Gathered) -> Vec<(String, i64, i64)> {
    let servers = logs(gathered, &[]);
    servers.into_iter().map(|log| (log.server, log.from, log.to)).collect()
}

/// Records of any id, each once as far as clock hours tell: per server and hour of several files the
/// maximum, of files that share no second of the hour the sum, and never less than the events kept.
/// Logs of different channels that come in files of their own are told apart by this last rule alone.
pub fn distinct_records(gathered: &Gathered) -> u64 {
    let mut by_server: BTreeMap<String, Vec<&Coverage>> = BTreeMap::new();
    for coverage in &gathered.coverage {
        by_server.entry(server_key(gathered.names.text(coverage.server))).or_default().push(coverage);
    }
    let servers: Vec<String> = gathered.whos.iter().map(|who| server_key(gathered.names.text(who.server))).collect();
    let mut known: BTreeMap<(&str, i64), u64> = BTreeMap::new();
    for event in gathered.events.iter().filter(|event| !gathered.who(event.who).recovered) {
        *known.entry((&servers[event.who.0 as usize], i64::from(event.sec).div_euclid(3600))).or_default() += 1;
    }
    for (server, files) in &by_server {
        for (hour, records) in hours(files, |file| &file.hour_records) {
            let kept = known.entry((server, hour)).or_default();
            *kept = records.max(*kept);
        }
    }
    known.into_values().sum()
}

/// Bytes or records per clock hour: of several files the maximum; files that share no second of the
/// hour, as the parts of one log that was split, are added.
fn hours(files: &[&Coverage], of: impl Fn(&Coverage) -> &[(i64, u64)]) -> Vec<(i64, u64)> {
    let mut by_hour: BTreeMap<i64, Vec<Part>> = BTreeMap::new();
    for file in files {
        for (hour, sum) in of(file) {
            by_hour.entry(*hour).or_default().push(Part { first: file.first, last: file.last, sum: *sum });
        }
    }
    by_hour.into_iter().map(|(hour, parts)| (hour, most(parts))).collect()
}

/// One file's share of an hour.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    last: i64,
    first: i64,
    sum: u64,
}

/// The largest sum over files of which no two overlap: one file where all are copies.
fn most(mut parts: Vec<Part>) -> u64 {
    parts.sort_unstable();
    let mut best: Vec<u64> = vec![0];
    for (at, part) in parts.iter().enumerate() {
        // Parts of one log may meet within a second; a copy of a single second may not.
        let before = |other: &Part| other.last < part.first || (other.last == part.first && part.first < part.last);
        let alone = parts[..at].partition_point(before);
        let with = best[alone].saturating_add(part.sum);
        best.push(with.max(best[at]));
    }
    best[parts.len()]
}

/// Context events, sorted by (time, server, id).
pub(super) fn context(gathered: &Gathered, keys: &Keys) -> Vec<ContextEvent> {
    let mut all: Vec<ContextEvent> = Vec::new();
    if gathered.whos.iter().all(|who| matches!(who.kind, EventKind::Failure | EventKind::Success)) {
        return all;
    }
    for event in &gathered.events {
        let who = gathered.who(event.who);
        let of = event.who.0 as usize;
        if matches!(who.kind, EventKind::Failure | EventKind::Success) {
            continue;
        }
        let of_account = !matches!(who.kind, EventKind::LogCleared | EventKind::LogFull | EventKind::AuditsLost);
        let caller = match workstation(gathered.names.text(who.workstation), "") {
            Workstation::Named(name) if who.kind == EventKind::Lockout => name,
            Workstation::Address(ip) if who.kind == EventKind::Lockout => ip.to_string(),
            _ => String::new(),
        };
        all.push(ContextEvent {
            sec: i64::from(event.sec),
            kind: who.kind,
            event_id: who.event_id,
            server: keys.servers.text(keys.server[of]).to_owned(),
            account_key: if of_account { keys.accounts.text(keys.account[of]).to_owned() } else { String::new() },
            account: if of_account { gathered.names.text(who.account).to_owned() } else { String::new() },
            workstation: caller,
            at: provenance(event, who),
        });
    }
    all.sort_by(|a, b| (a.sec, &a.server, a.event_id, a.at).cmp(&(b.sec, &b.server, b.event_id, b.at)));
    all
}
