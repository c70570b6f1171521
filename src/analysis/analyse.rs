//! From a timeline to the one inert value that every report is made from.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Index;
use super::decoys::storm_sides;
use super::joins::{Bench, join, workstation_of};
use super::rank::rank;
use super::renamed::{renamed, unattributed};
use super::rows::Sources;
use super::servers::summaries;
use super::settings::Settings;
use crate::correlate;
use crate::detect::detect;
use crate::model::analysis::{Analysis, Inputs, Row};
use crate::model::finding::{Class, Detected};
use crate::model::timeline::Timeline;

/// Everything that a report may say about what was read. Pure, and the same for any number of
/// threads.
pub fn analyse(mut timeline: Timeline, settings: &Settings) -> Analysis {
    let found = detect(&timeline, &settings.thresholds);
    // Only clients' logs are compared with them.
    let storms = match timeline.clients.is_empty() {
        true => Vec::new(),
        false => storm_sides(&timeline, &found, &settings.thresholds),
    };
    let bench = Bench {
        timeline: &timeline,
        storms: &storms,
        clients_tested: clients_tested(&timeline, &found),
        settings,
        correlation: correlate::Settings::new(&settings.thresholds, settings.old_clocks),
    };
    let joins = join(&bench, &found);
    let renamed = renamed(&bench, &found);
    let loose = unattributed(&bench);
    let sources = Sources {
        timeline: &timeline,
        found: &found,
        joins: &joins,
        renamed: &renamed,
        context: Index::new(&timeline.context),
        metering_servers: metering_servers(&timeline),
        settings,
    };
    let (mut rows, passed_over) = sources.rows();
    rank(&mut rows, settings.all);
    let storm_bytes = storm_bytes(&timeline, &rows);
    let servers = summaries(&timeline, |server| storm_bytes.get(server).copied().unwrap_or(0));
    drop(storms);
    let changed = settings.thresholds.changed();
    timeline
        .warnings
        .extend(changed.map(|(info, value)| format!("{} is {value} instead of {}", info.name, info.default)));
    Analysis {
        span: span(&timeline),
        exact: timeline.exact,
        inputs: inputs(&timeline),
        servers,
        unattributed: loose,
        rows,
        others: passed_over + found.lights.iter().filter(|scan| scan.is_none()).count() as u64,
        files: timeline.files,
        warnings: timeline.warnings,
        changes: None,
    }
}

/// Client logs that are compared with failures: many tests need a higher bar.
fn clients_tested(timeline: &Timeline, found: &Detected) -> usize {
    let tested = timeline.clients.iter().filter(|client| !client.ticks.is_empty());
    tested.filter(|client| workstation_of(timeline, found, client).is_some()).count()
}

/// First and last second of any record; `None` when no event log was read.
fn span(timeline: &Timeline) -> Option<(i64, i64)> {
    let from = timeline.servers.iter().map(|log| log.from).min()?;
    let to = timeline.servers.iter().map(|log| log.to).max()?;
    Some((from, to))
}

/// Servers that client logs name as their metering servers.
fn metering_servers(timeline: &Timeline) -> BTreeSet<&str> {
    timeline.clients.iter().flat_map(|client| &client.metering_servers).map(String::as_str).collect()
}

fn inputs(timeline: &Timeline) -> Inputs {
    let read = &timeline.inputs;
    Inputs {
        files: read.files,
        bytes: read.bytes,
        records: read.records,
        failures: timeline.failures,
        duplicates: timeline.duplicates,
        client_logs: read.client_logs,
        attempts: timeline.clients.iter().map(|client| client.ticks.len() as u64).sum(),
        unrecognised: read.unrecognised,
        bad_times: read.bad_times,
        skipped: read.skipped.clone(),
    }
}

/// Bytes of the storms' failures per server.
fn storm_bytes<'a>(timeline: &'a Timeline, rows: &[Row]) -> BTreeMap<&'a str, u64> {
    let mut bytes: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.class == Class::Storm) {
        let at = timeline.workstations.binary_search_by(|known| known.name.as_str().cmp(&row.workstation));
        let Ok(at) = at else { continue };
        for train in &timeline.workstations[at].trains {
            *bytes.entry(&train.server).or_default() += train.bytes;
        }
    }
    bytes
}
