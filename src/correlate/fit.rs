//! The best clock for a client's ticks and a server's marks.

use super::coarse::Coarse;
use super::local::Local;
use super::refine::{HALF_S, Refine, Search};
use super::score::{Fit, score};
use super::settings::Settings;
use super::side::Side;
use crate::model::matching::Clock;

/// Candidates closer than this to one already tried are skipped, in seconds.
const SAME_CANDIDATE_S: f64 = 20.0;

/// How far offsets and drifts are searched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    /// Largest offset in seconds, either sign.
    pub(super) reach: i64,
    /// Largest drift.
    pub(super) drift: f64,
    /// Matching tolerance in seconds.
    pub(super) w: f64,
}

impl Range {
    pub(super) fn of(settings: &Settings, reach: i64) -> Self {
        Self { reach, drift: settings.max_drift, w: settings.tolerance }
    }

    pub(super) fn search(&self) -> Search {
        Search { half: HALF_S, drift: self.drift, w: self.w }
    }
}

/// Buffers that live as long as a client.
#[derive(Default)]
pub(super) struct Fitter {
    coarse: Coarse,
    local: Local,
    pub(super) refine: Refine,
    candidates: Vec<f64>,
    tried: Vec<f64>,
}

impl Fitter {
    /// The best fit over burst ends and burst onsets (ties: ends, then the earlier candidate).
    pub(super) fn best(&mut self, c: &[i64], side: &Side, range: &Range) -> Option<Fit> {
        let ends = self.best_on(c, side.ends(), side.span(), range);
        if side.single() {
            return ends;
        }
        let onsets = self.best_on(c, side.onsets(), side.span(), range).map(|fit| Fit { on_ends: false, ..fit });
        better(ends, onsets)
    }

    /// The best fit over one kind of marks.
    pub(super) fn best_on(&mut self, c: &[i64], s: &[i64], span: i64, range: &Range) -> Option<Fit> {
        self.candidates.clear();
        self.tried.clear();
        self.coarse.candidates(c, s, span, range.reach, &mut self.candidates);
        self.local.candidates(c, s, range.reach, &mut self.candidates);
        let mut best = None;
        for at in 0..self.candidates.len() {
            let delta = self.candidates[at];
            if self.tried.iter().any(|tried| (tried - delta).abs() <= SAME_CANDIDATE_S) {
                continue;
            }
            self.tried.push(delta);
            let start = Clock { delta, rho: 0.0, mid: 0.0 };
            let clock = self.refine.refine(c, s, &start, &range.search());
            best = better(best, clock.and_then(|clock| score(c, s, clock, span, range.w)));
        }
        best
    }
}

/// The fit with the higher score; the first of equals.
pub(super) fn better(a: Option<Fit>, b: Option<Fit>) -> Option<Fit> {
    match (a, b) {
        (Some(a), Some(b)) if b.s > a.s => Some(b),
        (None, b) => b,
        (a, _) => a,
    }
}
