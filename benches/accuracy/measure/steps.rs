//! Clocks that were set: which steps are told, and where.

use chrono::DateTime;
use logonstorm::model::analysis::Row;
use logonstorm::model::matching::Match;
use logonstorm::simulate::{ClientTruth, Truth};

use super::counts::Counts;
use super::pairs::start;

/// Steps from this size on, in seconds, are told; smaller ones may be drift.
const LEAST_S: f64 = 60.0;
/// Lines on either side that make a step visible.
const LINES: usize = 12;
/// Lines of one window.
const WINDOW: usize = 300;
/// A told step is this one if it differs by less, in seconds.
const LIKE_S: f64 = 15.0;

/// Scores the steps of one log that belongs to its workstation.
pub(crate) fn score(truth: &Truth, client: &ClientTruth, row: &Row, found: &Match, counts: &mut Counts) {
    if client.step_s == 0.0 {
        counts.add("logs without a step told to have one", !found.steps.is_empty());
        return;
    }
    let Some(set_at) = set_at(truth, client) else { return };
    let lines: Vec<f64> = row.evidence.ticks.iter().filter_map(|tick| Some(tick.at_ms? as f64 / 1000.0)).collect();
    let before = |time: f64| lines.iter().filter(|line| **line < time).count();
    let at = before(set_at);
    if client.step_s.abs() < LEAST_S || at < LINES || lines.len() - at < LINES {
        return;
    }
    let told = found.steps.iter().find(|step| (step.seconds - client.step_s).abs() < LIKE_S);
    counts.add("visible steps told", told.is_some());
    if let Some(step) = told {
        counts.add("steps told within one window", before(step.after as f64).abs_diff(at) <= WINDOW);
    }
}

/// What the client's clock showed when it was set.
fn set_at(truth: &Truth, client: &ClientTruth) -> Option<f64> {
    let at = DateTime::parse_from_rfc3339(client.step_at.as_deref()?).ok()?.timestamp() as f64;
    Some(at + client.clock_offset_s + client.drift_ppm * 1e-6 * (at - start(truth)?))
}
