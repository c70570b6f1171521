//! Logs whose machine was renamed, and logs that no rule gave to a workstation.

use rayon::prelude::*;

use super::decoys::{StormSide, share};
use super::joins::{Bench, in_time, workstation_of};
use super::subject::subjects;
use crate::correlate::{self, Client};
use crate::model::analysis::Unattributed;
use crate::model::config::Param;
use crate::model::finding::Detected;
use crate::model::matching::Match;
use crate::model::timeline::{ClientTrain, Dating};
use crate::verdict::ladder::drift_limit;

/// Client logs that one storm without a log of its own is compared with: those of machines that use
/// its account, in order of name.
const TRIED: usize = 8;

/// A client log that fits another workstation's storm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Renamed {
    /// Index of the client in the timeline.
    pub(super) client: usize,
    /// Name of the workstation whose storm it fits: the older or newer name of the same machine.
    pub(super) fits: String,
}

/// A client log that can be compared in time.
struct Candidate<'a> {
    at: usize,
    train: &'a ClientTrain,
    client: Client,
    accounts: Vec<&'a str>,
    has_failures: bool,
}

/// Storms without a client log that fit the log of another name. A renamed machine keeps its
/// account, so the accounts of the log's own workstation (or those the log names) must be the
/// storm's; a log without any account is offered by time alone, with the stricter rule for that.
pub(super) fn renamed(bench: &Bench, found: &Detected) -> Vec<Renamed> {
    let candidates = candidates(bench, found);
    let lonely: Vec<&StormSide> = bench.storms.iter().filter(|storm| !has_log(bench, storm.workstation)).collect();
    let shared: Vec<Vec<Renamed>> =
        lonely.par_iter().map(|storm| by_account(bench, found, &candidates, storm)).collect();
    let open: Vec<Option<Renamed>> = candidates
        .par_iter()
        .filter(|candidate| !candidate.has_failures && candidate.accounts.is_empty())
        .map(|candidate| {
            let fits = suggestion(bench, candidate.train, &candidate.client)?;
            Some(Renamed { client: candidate.at, fits })
        })
        .collect();
    let mut out: Vec<Renamed> = shared.into_iter().flatten().chain(open.into_iter().flatten()).collect();
    out.sort_by(|a, b| (a.client, &a.fits).cmp(&(b.client, &b.fits)));
    out.dedup();
    out
}

fn has_log(bench: &Bench, workstation: &str) -> bool {
    bench.timeline.clients.iter().any(|client| client.workstation.as_deref() == Some(workstation))
}

fn candidates<'a>(bench: &Bench<'a>, found: &Detected) -> Vec<Candidate<'a>> {
    let fewest = bench.settings.thresholds[Param::AnalysableTicks] as usize;
    let mut out = Vec::new();
    for (at, train) in bench.timeline.clients.iter().enumerate() {
        if train.workstation.is_none() || train.dating == Dating::Undated || train.ticks.len() < fewest {
            continue;
        }
        let own = workstation_of(bench.timeline, found, train);
        let trains = own.map_or(&[][..], |own| bench.timeline.workstations[own].trains.as_slice());
        let mut accounts: Vec<&str> = trains.iter().map(|train| train.account_key.as_str()).collect();
        accounts.extend(train.accounts.iter().map(String::as_str));
        accounts.sort_unstable();
        accounts.dedup();
        out.push(Candidate { at, train, client: correlate::prepare(train), accounts, has_failures: own.is_some() });
    }
    out
}

fn by_account(bench: &Bench, found: &Detected, candidates: &[Candidate], storm: &StormSide) -> Vec<Renamed> {
    let Ok(at) = bench.timeline.workstations.binary_search_by(|known| known.name.as_str().cmp(storm.workstation))
    else {
        return Vec::new();
    };
    if found.swallowed.get(at).is_some_and(Option::is_some) {
        return Vec::new();
    }
    let workstation = &bench.timeline.workstations[at];
    let thresholds = &bench.settings.thresholds;
    let sharing = candidates.iter().filter(|candidate| share(&storm.accounts, &candidate.accounts));
    sharing
        .take(TRIED)
        .filter(|candidate| {
            let Some(subject) = subjects(workstation, storm.finding, thresholds).into_iter().next() else {
                return false;
            };
            let tested = bench.test(candidate.train, &candidate.client, &workstation.name, &storm.accounts, subject);
            in_time(&tested.correlation).is_some_and(|found| fits(bench, found))
        })
        .map(|candidate| Renamed { client: candidate.at, fits: storm.workstation.to_owned() })
        .collect()
}

/// The rule for giving a log to another name: stricter than a confirmation, since the names differ.
fn fits(bench: &Bench, found: &Match) -> bool {
    let thresholds = &bench.settings.thresholds;
    found.matched as f64 >= thresholds[Param::MatchPairs]
        && found.g >= thresholds[Param::SuggestG]
        && found.clock.rho.abs() <= drift_limit(bench.settings.old_clocks, thresholds)
}

/// The workstation without a log of its own whose storm a log fits by time alone; `None` where none
/// is clearly first. The log's own metering server is asked first, then the others by name.
fn suggestion(bench: &Bench, train: &ClientTrain, client: &Client) -> Option<String> {
    let mut servers: Vec<&str> = bench.storms.iter().map(|storm| storm.server).collect();
    servers.sort_unstable();
    servers.dedup();
    servers.sort_by_key(|server| !train.metering_servers.iter().any(|named| named == server));
    servers.into_iter().find_map(|server| {
        let storms: Vec<&StormSide> = bench.storms.iter().filter(|storm| storm.server == server).collect();
        let sides: Vec<&correlate::Side> = storms.iter().map(|storm| &storm.side).collect();
        let best = storms.get(correlate::suggest(client, &sides, &bench.correlation)?)?;
        (!has_log(bench, best.workstation)).then(|| best.workstation.to_owned())
    })
}

/// Client logs that no rule gave to a workstation, in order of file.
pub(super) fn unattributed(bench: &Bench) -> Vec<Unattributed> {
    let fewest = bench.settings.thresholds[Param::AnalysableTicks] as usize;
    let loose: Vec<&ClientTrain> = bench.timeline.clients.iter().filter(|train| train.workstation.is_none()).collect();
    let found: Vec<Vec<Unattributed>> = loose
        .par_iter()
        .map(|train| {
            let dated = train.dating != Dating::Undated && train.ticks.len() >= fewest;
            let suggestion = if dated { suggestion(bench, train, &correlate::prepare(train)) } else { None };
            let path = |file: &crate::model::event::FileId| bench.timeline.files.get(file.0 as usize).cloned();
            train
                .files
                .iter()
                .map(|file| Unattributed {
                    log: path(file).unwrap_or_default(),
                    attempts: train.ticks.len() as u64,
                    metering_server: train.metering_servers.first().cloned().unwrap_or_default(),
                    suggestion: suggestion.clone(),
                })
                .collect()
        })
        .collect();
    found.into_iter().flatten().collect()
}
