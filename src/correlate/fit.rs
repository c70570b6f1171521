//! The best clock for a client's ticks and a server's marks.

use std::cell::RefCell;

use super::coarse::Coarse;
use super::local::Local;
use super::refine::{Refine, Search};
use super::score::{Fit, score_above};
use super::settings::Settings;
use super::side::Side;
use crate::model::matching::Clock;

/// How offsets and drifts are searched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range<'a> {
    /// Largest offset in seconds, either sign.
    pub(super) reach: i64,
    pub(super) settings: &'a Settings,
}

/// No rivals are asked for: a fit that is not better than the best is of no use.
const ONLY_BEST: f64 = 1.0;

thread_local! {
    static OF_THREAD: RefCell<Fitter> = RefCell::default();
}

/// Runs `work` with the buffers of this thread; it must not call for them again.
pub(super) fn with_fitter<R>(work: impl FnOnce(&mut Fitter) -> R) -> R {
    OF_THREAD.with_borrow_mut(work)
}

/// Buffers that live as long as a client, or as a thread.
#[derive(Default)]
pub(super) struct Fitter {
    coarse: Coarse,
    local: Local,
    pub(super) refine: Refine,
    candidates: Vec<f64>,
    tried: Vec<f64>,
    /// The fits of the last search, in order.
    fits: Vec<Fit>,
}

impl Fitter {
    /// The best fit over burst ends and burst onsets (ties: ends, then the earlier candidate).
    pub(super) fn best(&mut self, c: &[i64], side: &Side, range: &Range) -> Option<Fit> {
        let ends = self.best_on(c, side.ends(), side.span(), range);
        if side.single() {
            return ends;
        }
        let onsets = self.search(c, side.onsets(), side.span(), range, (ends, ONLY_BEST));
        better(ends, onsets.map(|fit| Fit { on_ends: false, ..fit }))
    }

    /// The best fit over burst ends, or whatever marks are given.
    pub(super) fn best_on(&mut self, c: &[i64], s: &[i64], span: i64, range: &Range) -> Option<Fit> {
        self.search(c, s, span, range, (None, ONLY_BEST))
    }

    /// The best fit found, if any is better than what is `known`. Candidates that can neither be better nor
    /// reach the share `band` of the best score are not matched.
    fn search(
        &mut self,
        c: &[i64],
        s: &[i64],
        span: i64,
        range: &Range,
        (known, band): (Option<Fit>, f64),
    ) -> Option<Fit> {
        let settings = range.settings;
        let search = Search { half: settings.refine_half, drift: settings.drift_search };
        self.candidates.clear();
        self.tried.clear();
        self.fits.clear();
        self.coarse.candidates(c, s, span, range, &mut self.candidates);
        self.local.candidates(c, s, range, &mut self.candidates);
        let mut best: Option<Fit> = None;
        for at in 0..self.candidates.len() {
            let delta = self.candidates[at];
            if self.tried.iter().any(|tried| (tried - delta).abs() <= settings.candidate_merge) {
                continue;
            }
            self.tried.push(delta);
            let start = Clock { delta, rho: 0.0, mid: 0.0 };
            let clock = self.refine.refine(c, s, &start, &search, settings);
            let least = better(known, best).map_or(f64::NEG_INFINITY, |best| best.s.min(band * best.s));
            let bounds = (self.refine.most_matches(), least);
            let fit = clock.and_then(|clock| score_above(c, s, clock, span, settings, bounds));
            self.fits.extend(fit);
            best = better(best, fit);
        }
        best
    }
}

/// The best fit over burst ends and burst onsets as [`Fitter::best`] finds it, and every fit that is about
/// as good, ends first. Both kinds of marks are searched at the same time.
pub(super) fn best_and_rivals(c: &[i64], side: &Side, range: &Range) -> Option<(Fit, Vec<Fit>)> {
    let band = range.settings.alias_band;
    let fits_on = |on_ends| {
        with_fitter(|fitter| {
            fitter.search(c, side.marks(on_ends), side.span(), range, (None, band));
            fitter.fits.iter().map(|fit| Fit { on_ends, ..*fit }).collect()
        })
    };
    let (mut fits, onsets): (Vec<Fit>, _) =
        if side.single() { (fits_on(true), Vec::new()) } else { rayon::join(|| fits_on(true), || fits_on(false)) };
    fits.extend(onsets);
    let best = fits.iter().fold(None, |best, fit| better(best, Some(*fit)))?;
    fits.retain(|rival| rival.s >= band * best.s);
    Some((best, fits))
}

/// The fit with the higher score; the first of equals.
pub(super) fn better(a: Option<Fit>, b: Option<Fit>) -> Option<Fit> {
    match (a, b) {
        (Some(a), Some(b)) if b.s > a.s => Some(b),
        (None, b) => b,
        (a, _) => a,
    }
}
