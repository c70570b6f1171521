//! What few outputs show of a row.

use super::cycle;
use super::rows::{Draft, Sources};
use super::subject::trains_of;
use crate::detect::bursts::for_correlation;
use crate::model::analysis::{ClientLine, Evidence};
use crate::model::client::AttributedBy;
use crate::model::config::Param;
use crate::model::detail::Detail;
use crate::model::finding::Class;
use crate::model::remedy::Remedy;
use crate::model::timeline::{ClientTrain, Resolved};
use crate::model::train::{Burst, Sighting, Train, union};

/// The evidence of a draft: all of it, or what a line of a table needs.
pub(super) fn of(sources: &Sources, draft: &Draft, remedies: Vec<Remedy>) -> Evidence {
    let is_loop = matches!(draft.class, Class::Storm | Class::PossibleStorm);
    let episodes = draft.main.filter(|_| is_loop).map(|finding| finding.episodes.clone()).unwrap_or_default();
    if sources.settings.detail < Detail::Evidence {
        return Evidence { episodes, ..Evidence::default() };
    }
    let main = main_trains(sources, draft);
    let client = draft.client.map(|(_, client)| client);
    Evidence {
        findings: draft.findings.to_vec(),
        first_server: draft.tally.first_server().unwrap_or_default().to_owned(),
        sightings: draft.tally.sightings(),
        records: records(&main),
        bursts: bursts(sources, &main),
        hours: draft.tally.hours(),
        ticks: client.map(ticks).unwrap_or_default(),
        episodes,
        context: sources.context.of_row(&draft.tally.account_keys, &draft.servers),
        logon_types: draft.tally.logon_types.clone(),
        processes: draft.tally.processes(),
        ips: draft.tally.ips(),
        attribution: client.map(|client| attribution(sources, client)).unwrap_or_default(),
        named: named(sources, draft.name),
        remedies,
        cycle: cycle::of(draft, &main, &sources.settings.thresholds),
    }
}

/// The trains that the row stands for: those behind its main finding.
pub(super) fn main_trains<'a>(sources: &Sources<'a>, draft: &Draft) -> Vec<&'a Train> {
    let workstations = &sources.timeline.workstations;
    let Some(main) = draft.main else { return Vec::new() };
    let at = workstations.binary_search_by(|known| known.name.as_str().cmp(draft.name));
    at.map(|at| trains_of(&workstations[at], main)).unwrap_or_default()
}

fn bursts(sources: &Sources, trains: &[&Train]) -> Vec<Burst> {
    let gap = sources.settings.thresholds[Param::BurstGap] as i64;
    for_correlation(&union(trains.iter().copied()), gap)
}

/// One record per distinct second, where the timeline kept them.
fn records(trains: &[&Train]) -> Vec<Sighting> {
    let kept = trains.iter().filter(|train| train.records.len() == train.marks.len());
    let mut out: Vec<Sighting> = kept
        .flat_map(|train| train.marks.iter().zip(&train.records))
        .map(|(mark, at)| Sighting { sec: i64::from(mark.sec), at: *at })
        .collect();
    out.sort_unstable();
    out.dedup_by_key(|sighting| sighting.sec);
    out
}

fn ticks(client: &ClientTrain) -> Vec<ClientLine> {
    let line = |tick: &crate::model::timeline::Tick| ClientLine {
        file: tick.file.0,
        line: tick.line,
        at_ms: tick.at_ms,
        class: tick.class,
    };
    client.ticks.iter().map(line).collect()
}

/// Failures that were logged without a name and given to this workstation.
fn named(sources: &Sources, workstation: &str) -> Vec<String> {
    let resolved = sources.timeline.resolved.iter().filter(|one| one.workstation == workstation);
    let named = |one: &Resolved| {
        let failures = if one.failures == 1 { "failure" } else { "failures" };
        let file = sources.timeline.files.get(one.told_by.file.0 as usize).map_or("", String::as_str);
        format!(
            "{} {failures} of {} that {} logged without a workstation: named first by {file}, line {}",
            one.failures, one.account_key, one.server, one.told_by.at
        )
    };
    resolved.map(named).collect()
}

fn attribution(sources: &Sources, client: &ClientTrain) -> Vec<String> {
    let Some(by) = client.attributed_by else { return Vec::new() };
    let rule = match by {
        AttributedBy::Map => "the client map",
        AttributedBy::Unc => "the UNC-like path",
        AttributedBy::Folder => "the parent folder",
        AttributedBy::FileName => "the file name",
    };
    let path = |file: &crate::model::event::FileId| sources.timeline.files.get(file.0 as usize);
    client.files.iter().filter_map(path).map(|path| format!("{path}: by {rule}")).collect()
}
