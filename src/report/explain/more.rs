//! What lies behind the row, as JSON: findings, bursts, gaps, the tracked offset, remedies.

use serde::Serialize;

use crate::model::analysis::Row;
use crate::model::finding::Finding;
use crate::model::remedy::Effect;
use crate::model::time::rfc3339;
use crate::report::data::round::{share, tenth};
use crate::report::data::row::client_time;
use crate::report::gaps::histogram;
use crate::report::pairs;

/// Gaps that are listed, most frequent first.
const GAPS: usize = 100;

/// The numbers behind a class on one server.
#[derive(Serialize)]
pub(super) struct FindingData<'a> {
    server: &'a str,
    class: &'static str,
    only_account: Option<&'a str>,
    distinct_seconds: usize,
    failures: u64,
    accounts: usize,
    bursts: usize,
    period_s: Option<f64>,
    regular_share: Option<f64>,
    hours: usize,
    peak_per_hour: u64,
    longest_session_s: i64,
    burst_size: Option<f64>,
    spacing_s: Option<f64>,
}

/// A burst of the main train.
#[derive(Serialize)]
pub(super) struct BurstData {
    onset: String,
    end: String,
    failures: u64,
}

/// How often a gap lies between two bursts.
#[derive(Serialize)]
pub(super) struct GapData {
    seconds: i64,
    times: u64,
}

/// The client's offset at one moment of its clock; null where it could not be told.
#[derive(Serialize)]
pub(super) struct OffsetData {
    client_time: String,
    offset_s: Option<f64>,
    score: Option<f64>,
}

/// What would stop it.
#[derive(Serialize)]
pub(super) struct RemedyData<'a> {
    text: &'a str,
    effect: &'static str,
    source: Option<&'a str>,
    steps: &'a [&'static str],
}

/// Failures a day now, and what the registry values cannot go below.
#[derive(Serialize)]
pub(super) struct CycleData {
    observed_per_day: Option<f64>,
    floor_per_day: Option<f64>,
    rough: bool,
}

pub(super) fn findings(row: &Row) -> Vec<FindingData<'_>> {
    row.evidence.findings.iter().map(finding).collect()
}

fn finding(finding: &Finding) -> FindingData<'_> {
    let n = &finding.features;
    FindingData {
        server: &finding.server,
        class: finding.class.word(),
        only_account: finding.only_account.as_deref(),
        distinct_seconds: n.n,
        failures: n.failures,
        accounts: n.accounts,
        bursts: n.bursts,
        period_s: n.period.and_then(|period| tenth(period.seconds)),
        regular_share: n.period.and_then(|period| share(period.share)),
        hours: n.hours,
        peak_per_hour: n.peak_per_hour,
        longest_session_s: n.longest_session_s,
        burst_size: tenth(n.burst_size),
        spacing_s: n.spacing_s.and_then(tenth),
    }
}

pub(super) fn bursts(row: &Row) -> Vec<BurstData> {
    let one = |burst: &crate::model::train::Burst| BurstData {
        onset: rfc3339(burst.onset),
        end: rfc3339(burst.end),
        failures: burst.events,
    };
    row.evidence.bursts.iter().map(one).collect()
}

pub(super) fn gaps(row: &Row) -> Vec<GapData> {
    let gaps = histogram(row, 1).map(|gaps| gaps.most_frequent(GAPS)).unwrap_or_default();
    gaps.into_iter().map(|(seconds, times)| GapData { seconds, times }).collect()
}

pub(super) fn track(row: &Row) -> Vec<OffsetData> {
    let track = pairs::found(row).map(|found| found.track.as_slice()).unwrap_or_default();
    track
        .iter()
        .map(|point| OffsetData {
            client_time: client_time(point.client_sec * 1000),
            offset_s: point.offset.and_then(tenth),
            score: share(point.g),
        })
        .collect()
}

pub(super) fn remedies(row: &Row) -> Vec<RemedyData<'_>> {
    row.evidence
        .remedies
        .iter()
        .map(|remedy| RemedyData {
            text: &remedy.text,
            effect: match remedy.effect {
                Effect::Ends => "ends",
                Effect::Slows => "slows",
                Effect::Tells => "tells",
            },
            source: Some(remedy.source).filter(|source| !source.is_empty()),
            steps: remedy.steps,
        })
        .collect()
}

pub(super) fn cycle(row: &Row) -> Option<CycleData> {
    let cycle = row.evidence.cycle.as_ref()?.as_ref().ok()?;
    Some(CycleData {
        observed_per_day: tenth(cycle.observed_per_day),
        floor_per_day: tenth(cycle.floor_per_day),
        rough: cycle.rough,
    })
}
