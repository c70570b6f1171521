//! How well shuffled copies of the client fit the same server: p, z and the Gumbel tail.

use std::f64::consts::PI;

use rayon::prelude::*;

use super::fit::{Fitter, with_fitter};
use super::rng::Rng;
use super::score::Fit;
use super::settings::Settings;
use super::surrogate::Shuffler;

/// The test stops early once enough copies did as well (Besag and Clifford 1991), but not before
/// this many were made.
const LEAST_DONE: usize = 5;
/// Bounds the memory of copies.
const MOST_AT_ONCE: usize = 64;
/// Floor of the standard deviation.
const LEAST_DEVIATION: f64 = 0.15;
/// Euler-Mascheroni constant: the mean of the standard Gumbel distribution.
const EULER_GAMMA: f64 = 0.5772;
/// Bound of the Gumbel exponent, and floor of the tail.
const GUMBEL: (f64, f64) = (50.0, 1e-12);

/// What the shuffled copies gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Null {
    pub(super) p: f64,
    pub(super) z: f64,
    pub(super) p_gumbel: f64,
    pub(super) done: usize,
    /// Most matched pairs of any copy.
    pub(super) most_matched: usize,
}

/// Fits shuffled copies of `times` with `fit` and compares their scores with `observed`.
///
/// Copies are fitted on several threads and judged in the order in which they were shuffled, so the
/// result does not depend on the threads; a few copies behind an early stop are made for nothing.
pub(super) fn null(
    times: &[i64],
    observed: f64,
    settings: &Settings,
    rng: &mut Rng,
    fit: impl Fn(&mut Fitter, &[i64]) -> Option<Fit> + Sync,
) -> Null {
    let mut shuffler = Shuffler::new(times, settings);
    let mut scores = Vec::with_capacity(settings.shuffles);
    let (mut exceeded, mut most_matched) = (0, 0);
    while scores.len() < settings.shuffles {
        let at_once = at_once(scores.len(), exceeded, settings.shuffle_stop);
        let copies: Vec<Vec<i64>> =
            (scores.len()..settings.shuffles).take(at_once).map(|_| shuffler.shuffle(rng).to_vec()).collect();
        let fits: Vec<Option<Fit>> =
            copies.par_iter().with_max_len(1).map(|copy| with_fitter(|fitter| fit(fitter, copy))).collect();
        for fit in fits {
            let score = fit.map_or(-1.0, |fit| fit.s.max(-1.0));
            most_matched = most_matched.max(fit.map_or(0, |fit| fit.matched));
            exceeded += usize::from(score >= observed);
            scores.push(score);
            if exceeded >= settings.shuffle_stop && scores.len() >= LEAST_DONE {
                return summary(&scores, observed, exceeded, most_matched);
            }
        }
    }
    summary(&scores, observed, exceeded, most_matched)
}

/// How many copies to fit before the next look at them, where threads wait for each other: all that the
/// test needs to stop, or half of those after which that is to be expected.
fn at_once(done: usize, exceeded: usize, stop: usize) -> usize {
    let lacking = stop.saturating_sub(exceeded);
    let expected = lacking.saturating_mul(done) / (exceeded + 1);
    let least = LEAST_DONE.saturating_sub(done).max(rayon::current_num_threads());
    lacking.max(expected / 2).max(least).min(MOST_AT_ONCE)
}

fn summary(scores: &[f64], observed: f64, exceeded: usize, most_matched: usize) -> Null {
    let n = scores.len() as f64;
    let mean = if scores.is_empty() { 0.0 } else { scores.iter().sum::<f64>() / n };
    let squares: f64 = scores.iter().map(|score| (score - mean) * (score - mean)).sum();
    let deviation = if scores.len() < 2 { 0.0 } else { (squares / (n - 1.0)).sqrt() };
    let deviation = deviation.max(LEAST_DEVIATION);
    let beta = deviation * 6.0_f64.sqrt() / PI;
    let mode = mean - EULER_GAMMA * beta;
    let reduced = ((observed - mode) / beta).clamp(-GUMBEL.0, GUMBEL.0);
    // 1 - exp(-x) keeps its digits for small x
    let p_gumbel = (-(-(-reduced).exp()).exp_m1()).max(GUMBEL.1);
    Null {
        p: (1 + exceeded) as f64 / (n + 1.0),
        z: (observed - mean) / deviation,
        p_gumbel,
        done: scores.len(),
        most_matched,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::matching::Clock;

    fn shuffles(shuffles: usize) -> Settings {
        Settings { shuffles, ..Settings::default() }
    }

    fn check(score: f64, observed: f64, done: usize, p: f64) {
        let clock = Clock { delta: 0.0, rho: 0.0, mid: 0.0 };
        let fit = Fit { clock, matched: 4, of_client: 9, of_server: 9, g: 0.1, s: score, on_ends: true };
        let times: Vec<i64> = (0..30).map(|i| i * i * 7).collect();
        let got = null(&times, observed, &Settings::default(), &mut Rng::new(1), |_, _| Some(fit));
        assert_eq!((got.done, got.most_matched), (done, 4));
        assert!((got.p - p).abs() < 1e-12, "{got:?}");
    }

    #[test]
    fn a_score_that_no_copy_reaches_takes_all_shuffles() {
        check(1.0, 2.0, 99, 0.01);
    }

    #[test]
    fn the_test_stops_after_five_when_copies_do_as_well() {
        check(2.0, 2.0, 5, 1.0);
    }

    #[test]
    fn copies_without_a_fit_count_as_minus_one() {
        let got = null(&[0, 60, 130], 1.0, &shuffles(9), &mut Rng::new(1), |_, _| None);
        assert_eq!((got.done, got.p), (9, 0.1));
        assert!((got.z - 2.0 / 0.15).abs() < 1e-9);
        assert!(got.p_gumbel >= 1e-12 && got.p_gumbel < 1e-6);
    }

    #[test]
    fn no_shuffles_prove_nothing() {
        assert_eq!(null(&[0, 60], 1.0, &shuffles(0), &mut Rng::new(1), |_, _| None).p, 1.0);
    }
}
