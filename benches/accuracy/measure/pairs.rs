//! The two sides together: which client logs are said to tell of their workstation's failures.
//!
//! A positive is a log of the loop that makes the failures, with at least 6 (or 20) lines that have
//! a surviving failure within 20 s of true time; logs of that loop with fewer are left out. A
//! negative is any other log. What could not be compared counts as not confirmed.

use logonstorm::model::analysis::{Analysis, Row};
use logonstorm::model::finding::Class;
use logonstorm::model::matching::Match;
use logonstorm::model::verdict::Verdict;
use logonstorm::simulate::{ClientTruth, EntityTruth, Truth};

use super::baselines::{five_near, half_near, names_only};
use super::counts::Counts;
use super::steps;

/// Lines from which a match can be confirmed, and lines of a comfortable log.
const FEW: u64 = 6;
const MANY: u64 = 20;
/// p below which the null is called beaten, for its calibration.
const ALPHA: f64 = 0.05;

/// Scores every client log.
pub(crate) fn score(truth: &Truth, analysis: &Analysis, counts: &mut Counts) {
    for entity in &truth.entities {
        let Some(client) = &entity.client else { continue };
        if client.same_loop && client.common_lines < FEW {
            continue;
        }
        let row = analysis.rows.iter().find(|row| row.workstation == client.workstation);
        verdicts(entity, client, row, counts);
        let Some(row) = row else { continue };
        baselines(client, row, counts);
        let found = row.matched.as_ref().and_then(|matched| matched.found.as_deref());
        if client.same_loop {
            true_pair(truth, client, row, found, counts);
        } else {
            negative(entity, row, found, counts);
        }
    }
}

fn verdicts(entity: &EntityTruth, client: &ClientTruth, row: Option<&Row>, counts: &mut Counts) {
    let verdict = row.and_then(|row| row.verdict);
    let confirmed = verdict == Some(Verdict::Confirmed);
    let storms = row.is_some_and(|row| row.class == Class::Storm);
    let is_one = client.same_loop;
    counts.judge("confirmed", confirmed, is_one);
    counts.judge("storm and confirmed", confirmed && storms, is_one);
    counts.judge("confirmed or likely", confirmed || verdict == Some(Verdict::Likely), is_one);
    if !is_one || client.common_lines >= MANY {
        counts.judge("confirmed, 20 lines", confirmed, is_one);
        counts.judge("storm and confirmed, 20 lines", confirmed && storms, is_one);
    }
    if confirmed == is_one {
        return;
    }
    let found = row.and_then(|row| row.matched.as_ref()).and_then(|matched| matched.found.as_deref());
    let numbers = found.map_or("no match".to_owned(), |found| {
        format!(
            "K {} of {} / {}, G {:.2}, p {:.3}, z {:.1}, {:.0} ppm",
            found.matched,
            found.of_client,
            found.of_server,
            found.g,
            found.p,
            found.z,
            found.clock.rho * 1e6
        )
    });
    counts.notes.push(format!(
        "{} ({}, {} common lines, step {} s, drift {} ppm): {}; {numbers}",
        client.workstation,
        entity.class,
        client.common_lines,
        client.step_s,
        client.drift_ppm,
        verdict.map_or("no verdict", Verdict::word),
    ));
}

fn baselines(client: &ClientTruth, row: &Row, counts: &mut Counts) {
    counts.judge("half the lines within 5 min", half_near(row), client.same_loop);
    counts.judge("5 lines within 5 min", five_near(row), client.same_loop);
    counts.judge("names only", names_only(row, row.class == Class::Storm), client.same_loop);
}

fn true_pair(truth: &Truth, client: &ClientTruth, row: &Row, found: Option<&Match>, counts: &mut Counts) {
    counts.add("true pairs contradicted", row.verdict == Some(Verdict::Contradicted));
    if client.step_s != 0.0 {
        counts.add("set clocks confirmed", row.verdict == Some(Verdict::Confirmed));
    }
    let Some(found) = found else { return };
    if found.decoys > 0 {
        counts.add("own workstation first", found.decoy_rank_first);
    }
    steps::score(truth, client, row, found, counts);
    if client.step_s == 0.0
        && let Some(error) = offset_error(truth, client, row, found)
    {
        counts.offset_errors.push(error);
        counts.add("offset within 3 s", error <= 3.0);
        counts.add("offset within 15 s", error <= 15.0);
        counts.add("offset within 15 s or flagged", error <= 15.0 || found.ambiguous_by.is_some());
    }
}

fn negative(entity: &EntityTruth, row: &Row, found: Option<&Match>, counts: &mut Counts) {
    if entity.class == "hard-negative" {
        counts.add("hard negatives confirmed", row.verdict == Some(Verdict::Confirmed));
    }
    let beaten = found.is_some_and(|found| found.p <= ALPHA);
    counts.add("negatives with p <= .05", beaten);
    if let Some(found) = found {
        counts.add("compared negatives with p <= .05", beaten);
        if found.decoys > 0 {
            counts.add("negatives first by the decoy rule", found.decoy_ok);
        }
    }
}

/// Reported offset minus the true one at the same moment, without sign, in seconds.
fn offset_error(truth: &Truth, client: &ClientTruth, row: &Row, found: &Match) -> Option<f64> {
    let matched = row.matched.as_ref()?;
    let (first, last) = (found.pairs.first()?, found.pairs.last()?);
    let middle = (first.server_sec as f64 + last.server_sec as f64) / 2.0;
    let server = truth.servers.iter().find(|server| server.name == matched.server).map_or(0.0, |s| s.clock_offset_s);
    let since = middle - server - start(truth)?;
    let real = client.clock_offset_s + client.drift_ppm * 1e-6 * since - server;
    Some((matched.clock_offset_s? - real).abs())
}

/// Start of the fleet's span in Unix seconds.
pub(crate) fn start(truth: &Truth) -> Option<f64> {
    chrono::DateTime::parse_from_rfc3339(&truth.start).ok().map(|start| start.timestamp() as f64)
}
