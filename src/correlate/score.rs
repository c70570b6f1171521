//! One-to-one matching and the coincidence factor.

use super::settings::Settings;
use crate::model::matching::Clock;

/// Ticks and bursts at the edge of the common time may lie this far outside, in seconds.
pub(super) const EDGE_S: f64 = 5.0;
/// Fewer ticks or bursts in the common time are no basis for a score.
const FEWEST: usize = 3;
/// Least share of the time that must be free of marks' tolerance windows, so that G stays finite.
const FREE_FLOOR: f64 = 0.05;

/// A clock and what it explains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    pub(super) clock: Clock,
    /// Matched pairs K.
    pub(super) matched: usize,
    /// Ticks inside the server log's coverage.
    pub(super) of_client: usize,
    /// Marks inside the ticks' coverage.
    pub(super) of_server: usize,
    /// Coincidence factor (Kistler, Gerstner, van Hemmen 1997).
    pub(super) g: f64,
    /// G sqrt(min(of_client, of_server)).
    pub(super) s: f64,
    /// The marks are burst ends.
    pub(super) on_ends: bool,
}

/// Fraction bits of fixed-point seconds: offsets up to half a year and drifts of 0.2 % over a century
/// fit into 64 bits, and a drift of 1e-11 over ten years is a millisecond.
pub(super) const FRACTION: u32 = 36;

/// Client time to server time.
pub(super) fn to_server(clock: &Clock, tick: i64) -> f64 {
    debug_assert!(clock.rho.abs() < 1.0, "mapped ticks must stay in order");
    clock.mid + (tick as f64 - clock.delta - clock.mid) / (1.0 + clock.rho)
}

/// The offset of a clock at a server time.
pub(super) fn offset_at(clock: &Clock, server: f64) -> f64 {
    clock.delta + clock.rho * (server - clock.mid)
}

/// Times looked at together.
pub(super) const FEW: usize = 4;

/// How many of the sorted times lie below `bound`, if the first `at` do. It is mostly a step or two,
/// as irregular as the logs are: counted without a branch for each.
#[inline(always)]
pub(super) fn upto(times: &[i64], mut at: usize, bound: i64) -> usize {
    while let Some(next) = times.get(at..).and_then(<[i64]>::first_chunk::<FEW>) {
        let below: usize = next.iter().map(|time| usize::from(*time < bound)).sum();
        at += below;
        if below < FEW {
            return at;
        }
    }
    at + times[at..].iter().take_while(|time| **time < bound).count()
}

/// Calls `pair(tick, mark)` for a maximum one-to-one matching in order of time: every tick takes
/// the first mark within the tolerance `w` that no earlier tick took. Returns the number of pairs.
///
/// A mapped tick is tick - delta' - kappa (tick - first) with kappa = rho / (1 + rho); the two small
/// terms are kept in fixed point, so that the loop needs no rounding of floats.
pub(super) fn match_pairs(c: &[i64], s: &[i64], clock: &Clock, w: f64, mut pair: impl FnMut(usize, usize)) -> usize {
    let Some(first) = c.first().copied() else { return 0 };
    let one = (1_i64 << FRACTION) as f64;
    let kappa = ((clock.rho / (1.0 + clock.rho)) * one).round() as i64;
    let shift = to_server(clock, first) - first as f64;
    let (least, most) = (((shift - w) * one).ceil() as i64 + (1 << FRACTION) - 1, ((shift + w) * one).floor() as i64);
    let mut j = s.partition_point(|mark| *mark < first + (least >> FRACTION));
    let mut count = 0;
    for (i, tick) in c.iter().enumerate() {
        let drift = kappa * (tick - first);
        // the first and the last whole second within the tolerance
        let (low, high) = (tick + ((least - drift) >> FRACTION), tick + ((most - drift) >> FRACTION));
        j = upto(s, j, low);
        if j < s.len() && s[j] <= high {
            pair(i, j);
            count += 1;
            j += 1;
        }
    }
    count
}

/// What remains of a matching when chance is taken away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Counts {
    pub(super) matched: usize,
    pub(super) of_client: usize,
    pub(super) of_server: usize,
    /// Length of the common time in seconds.
    pub(super) overlap: f64,
}

impl Counts {
    /// Coincidence factor; `None` where the common time is too short or too empty.
    pub(super) fn g(&self, settings: &Settings) -> Option<f64> {
        if self.of_client < FEWEST || self.of_server < FEWEST || self.overlap < settings.fit_overlap {
            return None;
        }
        let w = settings.match_tolerance;
        let (nc, ns) = (self.of_client as f64, self.of_server as f64);
        let rate = ns / self.overlap;
        let by_chance = nc.min(2.0 * w * rate * nc);
        Some((self.matched as f64 - by_chance) / (0.5 * (nc + ns)) / (1.0 - 2.0 * rate * w).max(FREE_FLOOR))
    }

    /// A pair at the edge of the common time may have its tick or its mark just outside, by less
    /// than the tolerance: both belong to what was compared, so that no match is of fewer attempts.
    pub(super) fn hold_matched(&mut self) {
        self.of_client = self.of_client.max(self.matched);
        self.of_server = self.of_server.max(self.matched);
    }

    /// Ranking score: G weighted with the size of the smaller side.
    pub(super) fn s(&self, g: f64) -> f64 {
        g * (self.of_client.min(self.of_server) as f64).sqrt()
    }
}

/// Scores a clock for ticks `c` and marks `s` of a server log that covers `[0, span]`; `None` where
/// the common time is too short or too empty.
pub(super) fn score(c: &[i64], s: &[i64], clock: Clock, span: i64, settings: &Settings) -> Option<Fit> {
    score_above(c, s, clock, span, settings, (usize::MAX, f64::NEG_INFINITY))
}

/// The same, but `None` also where `most` matched pairs would not bring the score up to `least`; such
/// clocks are not matched.
pub(super) fn score_above(
    c: &[i64],
    s: &[i64],
    clock: Clock,
    span: i64,
    settings: &Settings,
    (most, least): (usize, f64),
) -> Option<Fit> {
    let (first, last) = (to_server(&clock, *c.first()?), to_server(&clock, *c.last()?));
    let span = span as f64;
    // mapped ticks are in order
    let before = c.partition_point(|tick| to_server(&clock, *tick) < 0.0);
    let of_client = c.partition_point(|tick| to_server(&clock, *tick) <= span) - before;
    let (a, b) = ((first - EDGE_S).max(0.0), (last + EDGE_S).min(span));
    let of_server = count_between(s, a, b);
    let mut counts = Counts { matched: 0, of_client, of_server, overlap: b - a };
    let at_best = Counts { matched: most.min(of_client).min(of_server), ..counts };
    if at_best.s(at_best.g(settings)?) < least && most <= at_best.matched {
        return None;
    }
    counts.matched = match_pairs(c, s, &clock, settings.match_tolerance, |_, _| ());
    counts.hold_matched();
    let g = counts.g(settings)?;
    let Counts { of_client, of_server, .. } = counts;
    Some(Fit { clock, matched: counts.matched, of_client, of_server, g, s: counts.s(g), on_ends: true })
}

/// How many of the sorted marks lie in `[a, b]`.
pub(super) fn count_between(s: &[i64], a: f64, b: f64) -> usize {
    let from = s.partition_point(|mark| (*mark as f64) < a);
    s[from..].partition_point(|mark| *mark as f64 <= b)
}

#[cfg(test)]
mod tests {
    use super::*;

    const C: [i64; 10] = [100, 161, 222, 283, 344, 705, 766, 827, 888, 949];
    const S: [i64; 11] = [90, 160, 220, 290, 341, 400, 702, 765, 830, 886, 1000];

    fn check(delta: f64, rho: f64, pairs: &[(usize, usize)], g: f64, s: f64) {
        let clock = Clock { delta, rho, mid: 500.0 };
        let mut got = Vec::new();
        match_pairs(&C, &S, &clock, 2.5, |i, j| got.push((i, j)));
        assert_eq!(got, pairs);
        let fit = score(&C, &S, clock, 1200, &Settings::default()).expect("admissible");
        assert_eq!((fit.matched, fit.of_client, fit.of_server), (pairs.len(), 10, 9));
        assert!((fit.g - g).abs() < 1e-6 && (fit.s - s).abs() < 1e-6, "{fit:?}");
    }

    #[test]
    fn worked_examples() {
        let six = [(1, 1), (2, 2), (4, 4), (5, 6), (6, 7), (8, 9)];
        check(0.0, 0.0, &[(1, 1), (2, 2), (6, 7), (8, 9)], 0.386137, 1.158412);
        check(1.5, 0.0, &six, 0.608302, 1.824906);
        check(1.0, 100e-6, &six, 0.608300, 1.824899);
    }

    #[test]
    fn a_mark_serves_one_tick_only_and_the_tolerance_is_closed() {
        let clock = Clock { delta: 0.5, rho: 0.0, mid: 0.0 };
        let mut got = Vec::new();
        match_pairs(&[100, 101, 103, 200], &[98, 103, 202], &clock, 2.5, |i, j| got.push((i, j)));
        assert_eq!(got, [(0, 0), (1, 1), (3, 2)]);
    }

    #[test]
    fn ticks_outside_the_coverage_do_not_count() {
        let clock = Clock { delta: 0.0, rho: 0.0, mid: 0.0 };
        let fit = score(&[-5000, -60, 0, 60, 600, 900, 1000], &[0, 60, 600, 900], clock, 900, &Settings::default())
            .expect("admissible");
        assert_eq!((fit.matched, fit.of_client, fit.of_server), (4, 4, 4));
    }

    #[test]
    fn short_or_empty_common_time_has_no_score() {
        let clock = Clock { delta: 0.0, rho: 0.0, mid: 0.0 };
        assert_eq!(score(&[0, 60, 120, 180], &[0, 60, 120, 180], clock, 5000, &Settings::default()), None);
        assert_eq!(score(&[], &[1], clock, 5000, &Settings::default()), None);
        assert_eq!(score(&[0, 900], &[0, 300, 900], clock, 5000, &Settings::default()), None);
    }
}
