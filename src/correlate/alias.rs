//! Offsets shifted by whole periods: a steady loop fits almost as well one period further.

use super::fit::{Fitter, Range};
use super::refine::Search;
use super::score::{Fit, offset_at, score};
use crate::model::matching::Clock;
use crate::model::period::{dominant_period, median_of_sorted};

/// Least period in seconds.
const LEAST_PERIOD_S: f64 = 20.0;
/// Half width of the refinement in periods.
const HALF_PERIODS: f64 = 0.4;
/// A refined offset must stay this many periods away from the first to be another one.
const APART_PERIODS: f64 = 0.5;
/// Offsets whose score is at least this share of the best are equally good.
const CHOICE_BAND: f64 = 0.9;

/// What the shifted offsets gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Alias {
    /// The fit chosen among the equally good.
    pub(super) chosen: Fit,
    /// Score of the best shifted offset / best score of all.
    pub(super) ratio: f64,
    /// The period in seconds.
    pub(super) period: f64,
}

/// The period by which offsets of these ticks are shifted; `None` for a period beyond the search range.
fn period(c: &[i64], range: &Range) -> Option<f64> {
    let mut gaps: Vec<i64> = c.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let period = dominant_period(&gaps, range.settings.period_tolerance).unwrap_or_else(|| {
        gaps.sort_unstable();
        median_of_sorted(&gaps)
    });
    (period <= range.reach as f64).then_some(period.max(LEAST_PERIOD_S))
}

/// Tries the offsets shifted by one to five periods; `None` if there is no period to try.
pub(super) fn alias(fitter: &mut Fitter, c: &[i64], s: &[i64], span: i64, fit: &Fit, range: &Range) -> Option<Alias> {
    let period = period(c, range)?;
    let settings = range.settings;
    let search = Search { half: HALF_PERIODS * period, drift: settings.alias_drift };
    let mut shifted: Vec<Fit> = Vec::new();
    for k in (-settings.alias_periods..=settings.alias_periods).filter(|k| *k != 0) {
        let start = Clock { delta: fit.clock.delta + k as f64 * period, ..fit.clock };
        let Some(clock) = fitter.refine.refine(c, s, &start, &search, settings) else { continue };
        let away = offset_at(&clock, fit.clock.mid) - fit.clock.delta;
        if away.abs() > APART_PERIODS * period {
            shifted.extend(score(c, s, clock, span, settings).map(|found| Fit { on_ends: fit.on_ends, ..found }));
        }
    }
    let runner_up = shifted.iter().map(|fit| fit.s).fold(0.0, f64::max);
    let best = runner_up.max(fit.s);
    if best <= 0.0 {
        return None;
    }
    Some(Alias { chosen: choose(*fit, &shifted, best, settings.alias_zero), ratio: runner_up / best, period })
}

/// Among the fits within the choice band the one nearest to zero if it lies within `zero` seconds of
/// it, as most clocks are right, else the one with the highest score (ties: the unshifted first).
fn choose(fit: Fit, shifted: &[Fit], best: f64, zero: f64) -> Fit {
    let equal = std::iter::once(&fit).chain(shifted).filter(|fit| fit.s >= CHOICE_BAND * best);
    let mut chosen: Option<Fit> = None;
    for fit in equal {
        let better = chosen.is_none_or(|chosen| {
            let (a, b) = (fit.clock.delta.abs(), chosen.clock.delta.abs());
            if a.min(b) <= zero { a < b } else { fit.s > chosen.s }
        });
        if better {
            chosen = Some(*fit);
        }
    }
    chosen.unwrap_or(fit)
}

#[cfg(test)]
mod tests {
    use super::super::settings::Settings;
    use super::*;

    fn steady(offset: i64) -> Alias {
        let s: Vec<i64> = (0..80).map(|i| 300 + i * 61).collect();
        let c: Vec<i64> = s.iter().map(|s| s + offset).collect();
        let clock = Clock { delta: offset as f64, rho: 0.0, mid: 2000.0 };
        let settings = &Settings::default();
        let fit = score(&c, &s, clock, 6000, settings).expect("admissible");
        let range = Range { reach: 51_300, settings };
        alias(&mut Fitter::default(), &c, &s, 6000, &fit, &range).expect("there is a period")
    }

    #[test]
    fn a_steady_loop_is_ambiguous_by_its_period() {
        let alias = steady(500);
        assert_eq!(alias.period, 61.0);
        assert!(alias.ratio > 0.9, "{alias:?}");
    }

    #[test]
    fn among_equally_good_offsets_the_right_clock_is_taken() {
        assert!((steady(61).chosen.clock.delta).abs() < 1.0);
        assert!((steady(500).chosen.clock.delta - 500.0).abs() < 1.0);
    }
}
