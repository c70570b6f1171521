//! Offsets shifted by whole periods: a steady loop fits almost as well one period further.

use super::choice::{APART_PERIODS, Choice};
use super::fit::{Fitter, Range};
use super::refine::Search;
use super::rhythm::one_loop;
use super::score::{Fit, offset_at, score};
use super::side::Side;
use crate::model::matching::Clock;
use crate::model::period::{dominant_period, median_of_sorted};

/// Least period in seconds.
const LEAST_PERIOD_S: f64 = 20.0;
/// Half width of the refinement in periods.
const HALF_PERIODS: f64 = 0.4;

/// What the shifted offsets gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Alias {
    /// The fit chosen among the equally good.
    pub(super) chosen: Fit,
    /// Score of the best shifted offset / best score of all.
    pub(super) ratio: f64,
    /// The period in seconds.
    pub(super) period: f64,
    /// Nats by which one loop is likelier than two of the same rhythm; `None` where one offset is better
    /// than those beside it, or the waits are too few to tell.
    pub(super) one_loop: Option<f64>,
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

/// Tries the offsets shifted by one to five periods, and chooses among all that are equally good,
/// the search's `rivals` included; `None` if there is no period to try.
pub(super) fn alias(
    fitter: &mut Fitter,
    c: &[i64],
    own: &Side,
    (fit, rivals): (&Fit, &[Fit]),
    range: &Range,
) -> Option<Alias> {
    let period = period(c, range)?;
    let settings = range.settings;
    let (s, span) = (own.marks(fit.on_ends), own.span());
    let search = Search { half: HALF_PERIODS * period, drift: settings.alias_drift };
    let mut runner_up: f64 = 0.0;
    for k in (-settings.alias_periods..=settings.alias_periods).filter(|k| *k != 0) {
        let start = Clock { delta: fit.clock.delta + k as f64 * period, ..fit.clock };
        let Some(clock) = fitter.refine.refine(c, s, &start, &search, settings) else { continue };
        let away = offset_at(&clock, fit.clock.mid) - fit.clock.delta;
        if away.abs() > APART_PERIODS * period {
            runner_up = runner_up.max(score(c, s, clock, span, settings).map_or(0.0, |found| found.s));
        }
    }
    let best = runner_up.max(fit.s);
    if best <= 0.0 {
        return None;
    }
    let (chosen, equal) = Choice { c, own, period, search, settings }.choose(fitter, fit, rivals);
    let ratio = runner_up / best;
    let one_loop = if ratio > settings.alias_flag { one_loop(c, own, period, &equal, range) } else { None };
    Some(Alias { chosen, ratio, period, one_loop })
}

#[cfg(test)]
mod tests {
    use super::super::settings::Settings;
    use super::super::side::side;
    use super::*;
    use crate::model::train::Mark;

    fn steady(offset: i64) -> Alias {
        let s: Vec<i64> = (0..80).map(|i| 300 + i * 61).collect();
        let c: Vec<i64> = s.iter().map(|s| s + offset).collect();
        let marks: Vec<Mark> = s.iter().map(|s| Mark { sec: *s as u32, count: 1 }).collect();
        let clock = Clock { delta: offset as f64, rho: 0.0, mid: 2000.0 };
        let settings = &Settings::default();
        let fit = score(&c, &s, clock, 6000, settings).expect("admissible");
        let range = Range { reach: 51_300, settings };
        alias(&mut Fitter::default(), &c, &side(&marks, (0, 6000), 15), (&fit, &[]), &range).expect("there is a period")
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
