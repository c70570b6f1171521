//! The dominant period of the gaps between burst onsets.

use super::binomial::log10_tail;
use crate::model::config::{Param, Thresholds};
use crate::model::finding::Period;
use crate::model::period::dominant_period;

/// A random gap hits the period with chance 2.8 tol / P: the interval is 2 tol wide, times 1.4 for
/// the wider intervals of the multiples.
const HIT_WIDTH: f64 = 2.8;
/// That chance never counts as certainty.
const CHANCE_CAP: f64 = 0.999;
/// Nor as impossible, even where the tolerance was set to nothing.
const CHANCE_FLOOR: f64 = 1e-12;

/// The dominant period of positive onset gaps in seconds; `None` with fewer than five.
///
/// The densest window of relative width gives the period; gaps near a small multiple of it count
/// as hits too, because bursts get lost. `log10_p` pays for having chosen the best window.
pub fn dominant(gaps: &[i64], thresholds: &Thresholds) -> Option<Period> {
    let (least, relative) = (thresholds[Param::PeriodTolerance], thresholds[Param::PeriodToleranceShare]);
    let seconds = dominant_period(gaps, (least, relative))?;
    let tolerance = f64::max(least, relative * seconds);
    let highest = thresholds[Param::PeriodMultiple].max(1.0);
    let hit = |gap: f64| {
        // Ties to even: a gap of exactly 4.5 periods must not become multiple 5.
        let multiple = (gap / seconds).round_ties_even().clamp(1.0, highest);
        (gap - multiple * seconds).abs() <= tolerance * multiple.sqrt()
    };
    let (mut hits, mut tried) = (0, 0);
    // Of gaps in order many are equal.
    for equal in gaps.chunk_by(|a, b| a == b).filter(|equal| equal[0] as f64 <= (highest + 0.5) * seconds) {
        tried += equal.len();
        hits += if hit(equal[0] as f64) { equal.len() } else { 0 };
    }
    let chance = (HIT_WIDTH * tolerance / seconds).clamp(CHANCE_FLOOR, CHANCE_CAP);
    let log10_p = 0.5 * (gaps.len() as f64).log10() + log10_tail(tried as u64, hits as u64, chance);
    Some(Period { seconds, tolerance, share: hits as f64 / tried as f64, log10_p: log10_p.min(0.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `expect`: period, tolerance, share, p.
    fn check(gaps: &[i64], expect: (f64, f64, f64, f64)) {
        let found = dominant(gaps, &Thresholds::default()).unwrap();
        assert_eq!((found.seconds, found.tolerance), (expect.0, expect.1), "{gaps:?}");
        assert!((found.share - expect.2).abs() < 1e-4, "{gaps:?}: {}", found.share);
        let p = 10f64.powf(found.log10_p);
        assert!((p / expect.3 - 1.0).abs() < 1e-6, "{gaps:?}: {p}");
    }

    #[test]
    fn periods_of_the_published_vectors() {
        check(&[61; 8], (61.0, 2.44, 1.0, 7.003081e-8));
        check(&[61, 62, 122, 61, 183, 60, 61, 62, 61, 900], (61.0, 2.44, 1.0, 8.769245e-9));
        check(&[4, 9, 6, 1800, 7, 12, 5, 7200, 8, 3, 15, 11, 86000, 6], (5.5, 2.0, 9.0 / 11.0, 1.0));
        let cycle = [60, 61, 60, 61, 62, 60, 600, 61, 60, 61, 62, 61, 900];
        check(&cycle.repeat(3), (61.0, 2.44, 1.0, 2.628615e-31));
        check(&[30, 31, 29, 30, 30, 90, 30, 31, 30, 30], (30.0, 2.0, 1.0, 1.624306e-7));
        check(&[1800; 20], (1800.0, 72.0, 1.0, 4.313953e-19));
        assert_eq!(dominant(&[61; 4], &Thresholds::default()), None);
    }

    #[test]
    fn a_gap_of_four_and_a_half_periods_is_no_fifth_multiple() {
        let found = dominant(&[60, 60, 60, 60, 60, 60, 270], &Thresholds::default()).unwrap();
        assert!((found.share - 6.0 / 7.0).abs() < 1e-12, "{}", found.share);
    }

    #[test]
    fn a_loop_of_a_year_has_a_probability_below_every_float() {
        let found = dominant(&vec![61; 500_000], &Thresholds::default()).unwrap();
        assert!(found.log10_p < -400_000.0 && found.log10_p.is_finite());
    }
}
