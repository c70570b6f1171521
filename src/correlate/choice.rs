//! Which of several offsets that fit about equally well: the sharpest.
//!
//! A loop scores about as well one period off, and which of such offsets scores best is an accident
//! of the lost lines. But the waits of a loop jitter, and every period by which an offset is wrong
//! adds the jitter of one more wait to the distances of the pairs: at the right offset these are
//! sharpest. Burst ends go before onsets: the client writes its line after the last retry, and where
//! waits hardly jitter, that line is as sharp against the onset of the *next* burst, a wait too late.

use super::fit::Fitter;
use super::refine::Search;
use super::score::{Fit, match_pairs, offset_at, score};
use super::settings::Settings;
use super::side::Side;
use crate::model::matching::Clock;

/// Rounds of looking around, each as far as the alias test looks: an offset may be many periods off.
const ROUNDS: usize = 8;
/// A refined offset must stay this many periods away from another to be another one.
pub(super) const APART_PERIODS: f64 = 0.5;
/// Few pairs are sharp by accident: each variance counts as if two more pairs lay a second off.
const DULL_PAIRS: f64 = 2.0;

/// What is chosen among.
pub(super) struct Choice<'a> {
    /// Ticks.
    pub(super) c: &'a [i64],
    /// The server's marks.
    pub(super) own: &'a Side,
    /// Period in seconds by whose multiples offsets may be wrong.
    pub(super) period: f64,
    /// How far a shifted offset is refined.
    pub(super) search: Search,
    pub(super) settings: &'a Settings,
}

impl Choice<'_> {
    /// The fit to believe, among `fit`, the `rivals` that the search found elsewhere, and what lies
    /// whole periods around whatever is the sharpest so far; and all that are about as good.
    pub(super) fn choose(&self, fitter: &mut Fitter, fit: &Fit, rivals: &[Fit]) -> (Fit, Vec<Fit>) {
        let mut pool = vec![*fit];
        pool.extend(rivals);
        let (mut centre, mut seen) = (*fit, Vec::new());
        for _ in 0..ROUNDS {
            self.look_around(fitter, &centre, &mut pool);
            seen.push(centre.clock);
            let chosen = self.sharpest(&pool).unwrap_or(centre);
            let same = |clock: &Clock| {
                (offset_at(clock, chosen.clock.mid) - chosen.clock.delta).abs() <= APART_PERIODS * self.period
            };
            centre = chosen;
            if seen.iter().any(same) {
                break;
            }
        }
        (centre, self.equal(&pool))
    }

    /// Appends the fits at `centre` and whole periods around it, on both kinds of marks.
    fn look_around(&self, fitter: &mut Fitter, centre: &Fit, pool: &mut Vec<Fit>) {
        let Self { c, own, settings, .. } = *self;
        for on_ends in [true, false] {
            if !on_ends && own.single() {
                continue;
            }
            let s = own.marks(on_ends);
            for k in -settings.alias_periods..=settings.alias_periods {
                let start = Clock { delta: centre.clock.delta + k as f64 * self.period, ..centre.clock };
                let clock = fitter.refine.refine(c, s, &start, &self.search, settings);
                let found = clock.and_then(|clock| score(c, s, clock, own.span(), settings));
                pool.extend(found.map(|found| Fit { on_ends, ..found }));
            }
        }
    }

    /// Those whose score is within the band of the best, on burst ends if any of them is.
    fn equal(&self, pool: &[Fit]) -> Vec<Fit> {
        let best = pool.iter().map(|fit| fit.s).fold(0.0, f64::max);
        let mut equal: Vec<Fit> = pool.iter().filter(|fit| fit.s >= self.settings.alias_band * best).copied().collect();
        if equal.iter().any(|fit| fit.on_ends) {
            equal.retain(|fit| fit.on_ends);
        }
        equal
    }

    /// The sharpest of the equally good (ties: the first); most clocks are right, so an offset near
    /// zero counts as sharper. `None` of none.
    fn sharpest(&self, pool: &[Fit]) -> Option<Fit> {
        let equal = self.equal(pool);
        // as many pairs for all, or more pairs would be worth more than sharper ones
        let pairs = equal.iter().map(|fit| fit.matched).min()? as f64;
        let mut chosen: Option<(f64, Fit)> = None;
        for fit in &equal {
            let right = fit.clock.delta.abs() <= self.settings.alias_zero;
            let log_likelihood = -0.5 * pairs * self.variance(fit).ln();
            let value = log_likelihood + if right { self.settings.alias_right } else { 0.0 };
            if chosen.is_none_or(|(known, _)| value > known) {
                chosen = Some((value, *fit));
            }
        }
        chosen.map(|(_, fit)| fit)
    }

    /// Variance of the distances of the matched pairs, in square seconds; never 0.
    fn variance(&self, fit: &Fit) -> f64 {
        let (c, s) = (self.c, self.own.marks(fit.on_ends));
        let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
        match_pairs(c, s, &fit.clock, self.settings.match_tolerance, |i, j| {
            let e = (c[i] - s[j]) as f64 - offset_at(&fit.clock, s[j] as f64);
            (n, sum, squares) = (n + 1.0, sum + e, squares + e * e);
        });
        let about_the_mean = squares - sum * sum / f64::max(n, 1.0);
        (about_the_mean + DULL_PAIRS) / (n + DULL_PAIRS)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fit::{Range, best_and_rivals};
    use super::super::rng::Rng;
    use super::super::side::side;
    use super::*;
    use crate::model::train::Mark;

    /// Seconds at which a burst of `length` seconds begins, and the moments behind its last retry.
    /// Waits of a minute and up to `jitter` seconds.
    fn endless(rng: &mut Rng, bursts: usize, length: f64, jitter: f64) -> (Vec<f64>, Vec<f64>) {
        let (mut t, mut onsets, mut ticks) = (1000.0, Vec::new(), Vec::new());
        for _ in 0..bursts {
            onsets.push(t);
            t += length;
            ticks.push(t + 0.4);
            t += 60.0 + jitter * rng.below(1000) as f64 / 1000.0;
        }
        (onsets, ticks)
    }

    /// The offset that is found when half of both sides is lost, the client's clock being `ahead`.
    fn found(seed: u64, length: f64, jitter: f64, ahead: f64) -> f64 {
        let mut rng = Rng::new(seed);
        let (onsets, ticks) = endless(&mut rng, 600, length, jitter);
        let mut marks = Vec::new();
        for onset in onsets {
            // first and last retry, each lost in one case of three
            for at in [onset, onset + length] {
                if rng.below(3) > 0 && marks.last().is_none_or(|last: &Mark| (last.sec as f64) < at.floor()) {
                    marks.push(Mark { sec: at as u32, count: 1 });
                }
            }
        }
        let own = side(&marks, (0, 50_000), 15);
        let heard = ticks.iter().filter(|_| rng.below(2) == 0);
        let c: Vec<i64> = heard.map(|tick| (tick + ahead).floor() as i64 - own.from()).collect();
        let settings = &Settings::default();
        let range = Range { reach: 51_300, settings };
        let mut fitter = Fitter::default();
        let (fit, rivals) = best_and_rivals(&c, &own, &range).expect("they fit");
        let search = Search { half: 24.0, drift: settings.alias_drift };
        let choice = Choice { c: &c, own: &own, period: 61.0 + length, search, settings };
        let (chosen, _) = choice.choose(&mut fitter, &fit, &rivals);
        offset_at(&chosen.clock, 25_000.0)
    }

    #[test]
    fn of_offsets_whole_periods_apart_the_sharpest_is_right() {
        for seed in 1..9 {
            let offset = found(seed, 0.0, 2.0, 7000.0);
            assert!((offset - 7000.0).abs() < 3.0, "seed {seed}: {offset}");
        }
    }

    #[test]
    fn the_next_burst_is_not_taken_for_the_one_that_ended() {
        // Waits that hardly jitter cannot tell whole periods apart; a wait is none.
        const PERIOD: f64 = 9.0 + 0.4 + 60.25;
        for seed in 1..9 {
            let error = found(seed, 9.0, 0.5, -20_000.0) + 20_000.0;
            assert!((error - PERIOD * (error / PERIOD).round()).abs() < 3.0, "seed {seed}: {error}");
        }
    }
}
