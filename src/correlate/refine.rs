//! From a candidate offset to a clock: a vote over drift and offset, then least squares.

use super::score::offset_at;
use super::settings::Settings;
use crate::model::matching::Clock;

/// Drift steps are this many tolerances wide at the ends of the span.
const STEP_TOLERANCES: f64 = 1.5;
/// Spans below this count as this long, in seconds.
const LEAST_SPAN_S: f64 = 3600.0;
/// What a drift step costs in the vote: among equals the smaller drift wins.
const PENALTY: f64 = 0.002;
/// Margin of the vote's histogram beyond the half width, in bins of a second.
const MARGIN: i64 = 3;
/// Tolerances of the two rounds of least squares, in seconds.
const ROUNDS: [f64; 2] = [4.0, 2.5];
/// A line may exceed the searched drift by this factor.
const DRIFT_SLACK: f64 = 1.3;
/// Fewest pairs.
const FEWEST: usize = 4;
/// Fraction bits of the vote's fixed-point numbers: 1e-11 of drift over ten years is a millisecond.
const FRACTION: u32 = 36;

/// How far a refinement may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search {
    /// Half width in seconds.
    pub(super) half: f64,
    /// Drift on either side of the start's.
    pub(super) drift: f64,
}

/// A tick and a mark near each other.
#[derive(Clone, Copy)]
struct Near {
    /// Mark, seconds after the first mark of all pairs.
    x: i64,
    /// Tick minus mark minus the whole seconds of the start's offset.
    e: i64,
}

/// Buffers that live as long as a client.
#[derive(Default)]
pub(super) struct Refine {
    near: Vec<Near>,
    votes: Vec<u32>,
    residuals: Vec<f64>,
    inliers: Vec<(f64, f64)>,
}

impl Refine {
    /// The clock near `start` that brings most ticks to marks; `None` with fewer than four pairs.
    pub(super) fn refine(
        &mut self,
        c: &[i64],
        s: &[i64],
        start: &Clock,
        search: &Search,
        settings: &Settings,
    ) -> Option<Clock> {
        let whole = start.delta.floor() as i64;
        let origin = self.collect(c, s, start, search.half, whole)?;
        let mid_x = {
            let n = self.near.len();
            let (low, high) = (self.near[(n - 1) / 2].x, self.near[n / 2].x);
            (low + high) as f64 / 2.0
        };
        let mid = origin as f64 + mid_x;
        // offset at mid, relative to the whole seconds already taken away
        let base = offset_at(start, mid) - whole as f64;
        let (rho, off) = self.vote((mid_x, base), start.rho, search, settings)?;
        let (rho, off) = self.least_squares((mid_x, base), (rho, off), DRIFT_SLACK * search.drift, start.rho, settings);
        Some(Clock { delta: whole as f64 + base + off, rho, mid })
    }

    /// Fills `near` in order of the marks; returns the first mark.
    fn collect(&mut self, c: &[i64], s: &[i64], start: &Clock, half: f64, whole: i64) -> Option<i64> {
        let (first, last) = (*c.first()? as f64, *c.last()? as f64);
        let scale = 1.0 + start.rho;
        let expected = |mark: i64| mark as f64 + start.delta + start.rho * (mark as f64 - start.mid);
        let from = s.partition_point(|mark| expected(*mark) + half * scale < first);
        let mut low = 0;
        let mut origin = None;
        self.near.clear();
        for mark in &s[from..] {
            let expected = expected(*mark);
            if expected - half > last {
                break;
            }
            while low < c.len() && (c[low] as f64) < expected - half {
                low += 1;
            }
            for tick in c[low..].iter().take_while(|tick| **tick as f64 <= expected + half) {
                let origin = *origin.get_or_insert(*mark);
                self.near.push(Near { x: mark - origin, e: tick - mark - whole });
            }
        }
        if self.near.len() < FEWEST { None } else { origin }
    }

    /// The drift and offset (relative to `base`) that most pairs share.
    fn vote(
        &mut self,
        (mid_x, base): (f64, f64),
        rho0: f64,
        search: &Search,
        settings: &Settings,
    ) -> Option<(f64, f64)> {
        let bound = search.half.ceil() as i64 + MARGIN;
        let bins = 2 * bound as usize + 1;
        let span = (self.near.last()?.x - self.near.first()?.x) as f64;
        let step = settings.drift_step.max(STEP_TOLERANCES * settings.match_tolerance / span.max(LEAST_SPAN_S));
        let steps = (search.drift / step).floor() as i64;
        let one = (1_i64 << FRACTION) as f64;
        self.votes.resize(bins, 0);
        let mut best = (-1.0, 0.0, 0.0);
        for q in -steps..=steps {
            let rho = rho0 + q as f64 * step;
            // bin = floor(e - base - rho (x - mid) + 1/2), in fixed point
            let at_origin = ((0.5 - base + rho * mid_x) * one) as i64;
            let slope = (rho * one).round() as i64;
            self.votes.fill(0);
            for near in &self.near {
                let bin = near.e + ((at_origin - slope * near.x) >> FRACTION);
                self.votes[(bin.clamp(-bound, bound) + bound) as usize] += 1;
            }
            let (count, bin) = fullest_box(&self.votes);
            let value = f64::from(count) - PENALTY * q.abs() as f64;
            if value > best.0 {
                best = (value, rho, (bin as i64 - bound) as f64);
            }
        }
        Some((best.1, best.2))
    }

    /// Two rounds over the pairs that agree with the vote.
    fn least_squares(
        &mut self,
        (mid_x, base): (f64, f64),
        (mut rho, mut off): (f64, f64),
        slack: f64,
        rho0: f64,
        settings: &Settings,
    ) -> (f64, f64) {
        for tolerance in ROUNDS {
            self.inliers.clear();
            self.residuals.clear();
            for near in &self.near {
                let (x, e) = (near.x as f64 - mid_x, near.e as f64 - base);
                let residual = e - rho * x - off;
                if residual.abs() <= tolerance {
                    self.inliers.push((x, e));
                    self.residuals.push(residual);
                }
            }
            let (Some(first), Some(last)) = (self.inliers.first(), self.inliers.last()) else { continue };
            if self.inliers.len() >= settings.refine_inliers && last.0 - first.0 > settings.refine_span {
                let (o, r) = line(&self.inliers);
                if (r - rho0).abs() <= slack {
                    (off, rho) = (o, r);
                }
            } else {
                off += median(&mut self.residuals);
            }
        }
        (rho, off)
    }
}

/// The highest sum of five neighbouring bins and the first bin in the middle of it.
fn fullest_box(votes: &[u32]) -> (u32, usize) {
    let at = |i: usize| votes.get(i).copied().unwrap_or(0);
    let mut sum = at(0) + at(1);
    let mut best = (0, 0);
    for i in 0..votes.len() {
        sum += at(i + 2);
        if i >= 3 {
            sum -= votes[i - 3];
        }
        if sum > best.0 {
            best = (sum, i);
        }
    }
    best
}

/// Least squares e = o + r x, centred first so that long spans lose no digits; the offset at x = 0.
pub(super) fn line(points: &[(f64, f64)]) -> (f64, f64) {
    let n = points.len() as f64;
    let mean_x = points.iter().map(|(x, _)| x).sum::<f64>() / n;
    let mean_e = points.iter().map(|(_, e)| e).sum::<f64>() / n;
    let (mut sxx, mut sxe) = (0.0, 0.0);
    for (x, e) in points {
        sxx += (x - mean_x) * (x - mean_x);
        sxe += (x - mean_x) * (e - mean_e);
    }
    let r = if sxx > 0.0 { sxe / sxx } else { 0.0 };
    (mean_e - r * mean_x, r)
}

/// The median; of an even number of values the mean of the two in the middle; 0 of none.
pub(super) fn median(values: &mut [f64]) -> f64 {
    let n = values.len();
    if n == 0 {
        return 0.0;
    }
    let (below, high, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    let high = *high;
    if n % 2 == 1 {
        return high;
    }
    let low = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::super::score::score;
    use super::*;

    const SEARCH: Search = Search { half: 70.0, drift: 200e-6 };

    fn at(delta: f64) -> Clock {
        Clock { delta, rho: 0.0, mid: 0.0 }
    }

    fn example() -> (Vec<i64>, Vec<i64>) {
        let s: Vec<i64> =
            [1000, 2100, 3500, 20_000].iter().flat_map(|start| (0..5).map(move |i| start + 61 * i)).collect();
        let c = s.iter().map(|s| (*s as f64 * (1.0 + 80e-6) + 7205.4).floor() as i64).collect();
        (c, s)
    }

    #[test]
    fn worked_example() {
        let (c, s) = example();
        assert_eq!((c[0], c[19]), (8205, 27_451));
        let clock = Refine::default().refine(&c, &s, &at(7200.0), &SEARCH, &Settings::default()).expect("enough pairs");
        assert_eq!(clock.mid, 2922.0);
        assert!((clock.delta - 7205.0731).abs() < 5e-5, "{clock:?}");
        assert!((clock.rho * 1e6 - 110.9).abs() < 0.05, "{clock:?}");
        let fit = score(&c, &s, clock, 30_000, &Settings::default()).expect("admissible");
        assert_eq!(fit.matched, 20);
        assert!((fit.g - 1.0).abs() < 1e-6 && (fit.s - 4.472136).abs() < 1e-6, "{fit:?}");
    }

    #[test]
    fn a_start_with_drift_is_refined_around_that_drift() {
        let (c, s) = example();
        let start = Clock { delta: 7203.0, rho: 100e-6, mid: 10_000.0 };
        let narrow = Search { half: 20.0, drift: 12e-6 };
        let clock = Refine::default().refine(&c, &s, &start, &narrow, &Settings::default()).expect("enough pairs");
        assert!((offset_at(&clock, 2922.0) - 7205.0731).abs() < 0.5, "{clock:?}");
    }

    #[test]
    fn three_pairs_are_refused() {
        let (settings, narrow) = (Settings::default(), Search { half: 5.0, ..SEARCH });
        let three = [0, 60, 120];
        assert_eq!(Refine::default().refine(&three, &three, &at(0.0), &narrow, &settings), None);
        assert_eq!(Refine::default().refine(&[], &[], &at(0.0), &SEARCH, &settings), None);
    }

    #[test]
    fn medians_of_even_and_odd_numbers() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(&mut []), 0.0);
    }
}
