//! One loop or two of the same rhythm: what remains to ask where an offset is known only modulo the period.
//!
//! A steady loop pairs with any other loop of its period, for some hours, so the number of pairs says
//! little there. But waits jitter, and what comes late stays late: two loops walk away from each other
//! with every wait, while the lines of a client stay beside the failures that it makes. The distances of
//! the ticks from the nearest marks are noise around a line (one loop) or a random walk (two loops), and
//! the likelihoods of both are compared. The walk is filtered as a local level model (Harvey 1989,
//! Forecasting, Structural Time Series Models and the Kalman Filter, chapter 4); both allow for ticks
//! whose own mark was lost. Pauses count: behind one, two loops may be anywhere.

use super::choice::APART_PERIODS;
use super::fit::Range;
use super::score::{Fit, to_server};
use super::side::Side;

/// Marks farther from a tick than this belong to something else, in seconds; half the period if less.
const REACH_S: f64 = 30.0;
/// Variance of the difference of two times that were floored to seconds: twice 1/12.
const FLOORS: f64 = 1.0 / 6.0;
/// Variances of the noise around the line or the walk that are tried, in square seconds.
const NOISES: [f64; 3] = [FLOORS, 0.4, 1.0];
/// Shares of ticks whose own mark is lost that are tried.
const LOST: [f64; 2] = [0.05, 0.25];
/// How much two loops jitter, in units of what the client jitters: at least the client itself does.
const JITTERS: [f64; 2] = [1.0, 4.0];
/// Variances of a wait that are tried, in square seconds.
const WAITS: [f64; 9] = [0.0, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];
/// Of these, all are believed whose log-likelihood is this near to the best: 95 % of the chi-square
/// distribution with one degree of freedom, halved (Wilks 1938).
const BELIEVED: f64 = 1.92;
/// A gap of so many periods may be one whose lines between were lost; a longer one is a pause.
const LONGEST_GAP: f64 = 4.5;
/// Density of what fits no jitter at all.
const NEVER: f64 = 1e-9;
/// Gaps that differ from whole periods by more than this are pauses: seconds, share of the period.
const WAIT: (f64, f64) = (4.0, 0.15);
/// Fewer waits do not tell how much they jitter.
const FEWEST_WAITS: usize = 4;

/// A tick and the mark nearest to it, or the beat that is nearest.
#[derive(Clone, Copy, Debug)]
struct Seen {
    /// Time of the tick.
    at: f64,
    /// Tick minus mark or beat.
    off: f64,
}

/// The first tick of a run.
const START: Seen = Seen { at: 0.0, off: 0.0 };

/// How much likelier one loop is than two, as the logarithm of the ratio: the best of the `fits`, which
/// are about equally good, less the logarithm of how many there were to choose from. `None` where the
/// client's waits are too few to tell.
pub(super) fn one_loop(c: &[i64], own: &Side, period: f64, fits: &[Fit], range: &Range) -> Option<f64> {
    let jitter = jitter(c, period)?;
    let mut tried: Vec<f64> = Vec::new();
    let mut best: Option<f64> = None;
    for fit in fits {
        if tried.iter().any(|delta| (delta - fit.clock.delta).abs() <= APART_PERIODS * period) {
            continue;
        }
        tried.push(fit.clock.delta);
        let reach = REACH_S.min(period / 2.0);
        let seen = level(&nearest(c, own, fit, reach), range);
        let most = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::NEG_INFINITY, f64::max);
        let noises = || NOISES.iter().flat_map(|noise| LOST.iter().map(move |lost| (*noise, *lost)));
        let one = most(&mut noises().map(|(noise, lost)| likelihood(&seen, None, noise, lost / (2.0 * reach), lost)));
        let walks = |(noise, lost): (f64, f64)| {
            let seen = &seen;
            let walk = move |times: &f64| (times * jitter, period);
            JITTERS.iter().map(move |times| likelihood(seen, Some(walk(times)), noise, lost / (2.0 * reach), lost))
        };
        let two = most(&mut noises().flat_map(walks));
        best = Some(best.map_or(one - two, |best| best.max(one - two)));
    }
    best.map(|best| best - (tried.len() as f64).ln())
}

/// The least variance of a wait in square seconds that is in line with the ticks: how far they stray from
/// a steady beat. 0 where they may be the beat itself; two such loops stay together, and nothing tells them
/// from one.
fn jitter(c: &[i64], period: f64) -> Option<f64> {
    let periods = |pair: &[i64]| {
        let gap = (pair[1] - pair[0]) as f64;
        let count = (gap / period).round().max(1.0);
        let regular = gap <= LONGEST_GAP * period && (gap - count * period).abs() <= WAIT.0.max(WAIT.1 * period);
        regular.then_some((gap, count))
    };
    let regular = || c.windows(2).filter_map(periods);
    if regular().count() < FEWEST_WAITS {
        return None;
    }
    let beat = regular().map(|(gap, _)| gap).sum::<f64>() / regular().map(|(_, count)| count).sum::<f64>();
    let mut runs = vec![vec![START]];
    for pair in c.windows(2) {
        let before = runs.last().and_then(|run| run.last().copied()).unwrap_or(START);
        match (runs.last_mut(), periods(pair)) {
            (Some(run), Some((gap, count))) => {
                run.push(Seen { at: before.at + gap, off: before.off + gap - count * beat });
            }
            _ => runs.push(vec![START]),
        }
    }
    let of =
        |wait: f64| runs.iter().map(|run| likelihood(run, Some((wait, beat)), FLOORS / 2.0, NEVER, 0.0)).sum::<f64>();
    let all = WAITS.map(of);
    let best = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    WAITS.iter().zip(all).find(|(_, one)| *one >= best - BELIEVED).map(|(wait, _)| *wait)
}

/// The ticks inside the coverage that have a mark within reach.
fn nearest(c: &[i64], own: &Side, fit: &Fit, reach: f64) -> Vec<Seen> {
    let marks = own.marks(fit.on_ends);
    let mut seen = Vec::new();
    for tick in c {
        let at = to_server(&fit.clock, *tick);
        if !(0.0..=own.span() as f64).contains(&at) {
            continue;
        }
        let next = marks.partition_point(|mark| (*mark as f64) < at);
        let beside = &marks[next.saturating_sub(1)..(next + 1).min(marks.len())];
        let offs = beside.iter().map(|mark| at - *mark as f64);
        seen.extend(
            offs.min_by(|a, b| a.abs().total_cmp(&b.abs()))
                .filter(|off| off.abs() <= reach)
                .map(|off| Seen { at, off }),
        );
    }
    seen
}

/// The same with the line through the matched ticks taken off, as far as a clock may drift.
fn level(seen: &[Seen], range: &Range) -> Vec<Seen> {
    let settings = range.settings;
    let matched: Vec<&Seen> = seen.iter().filter(|seen| seen.off.abs() <= settings.match_tolerance).collect();
    let n = matched.len().max(1) as f64;
    let (at, off) =
        (matched.iter().map(|seen| seen.at).sum::<f64>() / n, matched.iter().map(|seen| seen.off).sum::<f64>() / n);
    let squares: f64 = matched.iter().map(|seen| (seen.at - at) * (seen.at - at)).sum();
    let products: f64 = matched.iter().map(|seen| (seen.at - at) * (seen.off - off)).sum();
    let limit = settings.drift_accepted;
    let slope = if squares > 0.0 { (products / squares).clamp(-limit, limit) } else { 0.0 };
    seen.iter().map(|seen| Seen { at: seen.at, off: seen.off - off - slope * (seen.at - at) }).collect()
}

/// Logarithm of the likelihood of all distances but the first. `walk`: variance of a wait and the period,
/// for two loops; without it the distances are noise around zero. A share `lost` of the ticks has its
/// mark anywhere, with the density `anywhere`.
fn likelihood(seen: &[Seen], walk: Option<(f64, f64)>, noise: f64, anywhere: f64, lost: f64) -> f64 {
    let Some(first) = seen.first() else { return 0.0 };
    let (mut mean, mut variance) = walk.map_or((0.0, 0.0), |_| (first.off, noise));
    let (mut before, mut sum) = (first.at, 0.0);
    for seen in &seen[1..] {
        if let Some((jitter, period)) = walk {
            variance += jitter * ((seen.at - before) / period).round().max(1.0);
            before = seen.at;
        }
        let (spread, off) = (variance + noise, seen.off - mean);
        let density = (1.0 - lost) * (-0.5 * off * off / spread).exp() / (std::f64::consts::TAU * spread).sqrt();
        sum += (density + anywhere).ln();
        if density > anywhere {
            mean += off * variance / spread;
            variance *= noise / spread;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::rng::Rng;
    use super::super::settings::Settings;
    use super::super::side::side;
    use super::*;
    use crate::model::matching::Clock;
    use crate::model::train::Mark;

    /// Waits of a minute and up to `jitter` seconds.
    fn endless(rng: &mut Rng, jitter: f64) -> Vec<f64> {
        let wait = |t: &mut f64, _| {
            *t += 60.0 + jitter * rng.below(1000) as f64 / 1000.0;
            Some(*t)
        };
        (0..200).scan(1000.0, wait).collect()
    }

    /// The logarithm for the ticks of `client` and the failures of `server`, a quarter of both lost.
    fn check(rng: &mut Rng, client: &[f64], server: &[f64], jitter: f64) -> f64 {
        let kept =
            |rng: &mut Rng, all: &[f64]| -> Vec<f64> { all.iter().copied().filter(|_| rng.below(4) > 0).collect() };
        let marks: Vec<Mark> = kept(rng, server).iter().map(|at| Mark { sec: *at as u32, count: 1 }).collect();
        let own = side(&marks, (0, 20_000), 15);
        let c: Vec<i64> = kept(rng, client).iter().map(|at| *at as i64).collect();
        let clock = Clock { delta: 0.0, rho: 0.0, mid: 0.0 };
        let fit = Fit { clock, matched: 9, of_client: 9, of_server: 9, g: 1.0, s: 3.0, on_ends: true };
        let settings = &Settings::default();
        one_loop(&c, &own, 60.0 + jitter / 2.0, &[fit], &Range { reach: 51_300, settings }).expect("there are waits")
    }

    /// The logarithm by seed, of one loop or of two.
    fn by_seed(jitter: f64, one: bool) -> Vec<(u64, f64)> {
        let of = |seed: u64| {
            let mut rng = Rng::new(seed);
            let client = endless(&mut rng, jitter);
            let server = if one { client.clone() } else { endless(&mut rng, jitter) };
            (seed, check(&mut rng, &client, &server, jitter))
        };
        (1..20).map(of).collect()
    }

    #[test]
    fn lines_beside_their_failures_are_one_loop() {
        by_seed(3.0, true).into_iter().for_each(|(seed, nats)| assert!(nats > 10.0, "seed {seed}: {nats}"));
    }

    #[test]
    fn two_loops_that_walk_away_from_each_other_are_two() {
        by_seed(3.0, false).into_iter().for_each(|(seed, nats)| assert!(nats < -10.0, "seed {seed}: {nats}"));
    }

    #[test]
    fn two_loops_without_jitter_are_never_said_to_be_one() {
        let most = Settings::default().one_loop;
        by_seed(0.0, false).into_iter().for_each(|(seed, nats)| assert!(nats < most, "seed {seed}: {nats}"));
    }

    #[test]
    fn few_waits_do_not_tell() {
        assert_eq!(jitter(&[0, 60, 121, 181, 900], 60.0), None);
        assert_eq!(jitter(&[0, 60, 121, 181, 241], 60.0), Some(0.0));
    }

    #[test]
    fn the_least_jitter_is_found_although_times_are_whole_seconds() {
        for (jitter_s, least, most) in [(0.0, 0.0, 0.0), (1.0, 0.03, 0.1), (3.0, 0.3, 1.0)] {
            let ticks: Vec<i64> = endless(&mut Rng::new(7), jitter_s).iter().map(|at| *at as i64).collect();
            let got = jitter(&ticks, 60.0 + jitter_s / 2.0).expect("there are waits");
            assert!((least..=most).contains(&got), "{jitter_s}: {got}");
        }
    }
}
