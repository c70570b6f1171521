//! From a candidate offset to a clock: a vote over drift and offset, then least squares.

use super::score::{FEW, offset_at, upto};
use super::settings::Settings;
use super::vote::{Vote, Voters};
use super::wide::wide;
use crate::model::matching::Clock;

/// Drift steps are this many tolerances wide at the ends of the span.
const STEP_TOLERANCES: f64 = 1.5;
/// Spans below this count as this long, in seconds.
const LEAST_SPAN_S: f64 = 3600.0;
/// Margin of the vote's histogram beyond the half width, in bins of a second.
const MARGIN: i32 = 3;
/// Tolerances of the two rounds of least squares, in seconds.
const ROUNDS: [f64; 2] = [4.0, 2.5];
/// Pairs so near the voted line are all that the two rounds look at, unless the line moves far, in seconds.
const NEAR_S: f64 = 8.0;
/// More than doubles of this size can err, in seconds.
const ERROR_S: f64 = 0.01;
/// A line may exceed the searched drift by this factor.
const DRIFT_SLACK: f64 = 1.3;
/// Neighbouring pairs from one of which to the next the line hardly moves.
const BLOCK: usize = 32;
/// Fewest pairs.
const FEWEST: usize = 4;

/// How far a refinement may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search {
    /// Half width in seconds.
    pub(super) half: f64,
    /// Drift on either side of the start's.
    pub(super) drift: f64,
}

/// Buffers that live as long as a client. The first two hold a tick and a mark near each other, in
/// order of the marks.
#[derive(Default)]
pub(super) struct Refine {
    /// Mark, seconds after the first mark of all pairs.
    x: Vec<f64>,
    /// Tick minus mark minus the whole seconds of the start's offset.
    e: Vec<i32>,
    vote: Vote,
    /// Places of the pairs near the line that was voted for, and perhaps of some more.
    near: Vec<u32>,
    /// Marks of the inliers after the centre, and their distances from the line.
    inlier_x: Vec<f64>,
    residuals: Vec<f64>,
    /// Most pairs that the last clock can match.
    most: usize,
}

/// What all pairs are measured against: the median mark, and the start's offset there without the
/// whole seconds that are already taken from `e`.
#[derive(Clone, Copy)]
struct Centre {
    x: f64,
    offset: f64,
    /// The start's drift.
    rho: f64,
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
        let origin = wide(
            #[inline(always)]
            || self.collect(c, s, start, search.half, whole),
        )?;
        let n = self.x.len();
        let x = (self.x[(n - 1) / 2] + self.x[n / 2]) / 2.0;
        let mid = origin as f64 + x;
        let centre = Centre { x, offset: offset_at(start, mid) - whole as f64, rho: start.rho };
        let voted = self.vote(&centre, search, settings)?;
        let (rho, off) = self.least_squares(&centre, voted, DRIFT_SLACK * search.drift, settings);
        // no mark that a tick may match lies further from the centre
        let length = (c[c.len() - 1] - c[0]) as f64 + 4.0 * search.half;
        let w = settings.match_tolerance * (1.0 + rho.abs()) + ERROR_S;
        let inside = off.abs() + (rho - centre.rho).abs() * length + w <= search.half;
        let stayed = self.moved(&centre, voted, (rho, off)) + w <= NEAR_S;
        self.most = if inside && stayed { self.close_pairs(&centre, (rho, off), w) } else { usize::MAX };
        Some(Clock { delta: whole as f64 + centre.offset + off, rho, mid })
    }

    /// Fills the pairs in order of the marks; returns the first mark.
    #[inline(always)]
    fn collect(&mut self, c: &[i64], s: &[i64], start: &Clock, half: f64, whole: i64) -> Option<i64> {
        let (first, last) = (*c.first()?, *c.last()?);
        // closed range of tick minus mark at a mark
        let lags = |mark: i64| {
            let expected = start.delta + start.rho * (mark as f64 - start.mid);
            ((expected - half).ceil() as i64, (expected + half).floor() as i64)
        };
        let fixed = (start.rho == 0.0).then(|| lags(0));
        let from = s.partition_point(|mark| mark + fixed.unwrap_or_else(|| lags(*mark)).1 < first);
        let origin = s.get(from).copied()?;
        let (mut low, mut high, mut pairs) = (0, 0, 0);
        let mut next = from;
        while let Some(mark) = s.get(next).copied() {
            next += 1;
            let (least, most) = fixed.unwrap_or_else(|| lags(mark));
            if mark + least > last {
                break;
            }
            low = upto(c, low, mark + least);
            if c[low] - mark > most {
                // the client pauses: on to the first mark near its next tick
                next = if fixed.is_some() { upto(s, next, c[low] - most) } else { next };
                continue;
            }
            let (base, x) = (mark + whole, (mark - origin) as f64);
            let room = pairs + FEW.max(c.len() - low);
            if self.x.len() < room {
                self.x.resize(2 * room, 0.0);
                self.e.resize(2 * room, 0);
            }
            let (xs, es) = (&mut self.x[pairs..], &mut self.e[pairs..]);
            if let Some(few) = c[low..].first_chunk::<FEW>().filter(|few| few[FEW - 1] - mark > most)
                && let (Some(xs), Some(es)) = (xs.first_chunk_mut(), es.first_chunk_mut())
            {
                // as many as there may be, without a loop; what comes next overwrites those too many
                (*xs, *es) = ([x; FEW], few.map(|tick| (tick - base) as i32));
                pairs += few.iter().map(|tick| usize::from(tick - mark <= most)).sum::<usize>();
            } else {
                high = upto(c, high.max(low), mark + most + 1);
                xs[..high - low].fill(x);
                es.iter_mut().zip(&c[low..high]).for_each(|(e, tick)| *e = (tick - base) as i32);
                pairs += high - low;
            }
        }
        self.x.truncate(pairs);
        self.e.truncate(pairs);
        if pairs < FEWEST { None } else { Some(origin) }
    }

    /// The drift and offset (relative to the centre's) that most pairs share.
    fn vote(&mut self, centre: &Centre, search: &Search, settings: &Settings) -> Option<(f64, f64)> {
        let bound = search.half.ceil() as i32 + MARGIN;
        let span = self.x.last()? - self.x.first()?;
        let step = settings.drift_step.max(STEP_TOLERANCES * settings.match_tolerance / span.max(LEAST_SPAN_S));
        let steps = (search.drift / step).floor() as i32;
        let voters = Voters { x: &self.x, e: &self.e, bound };
        Some(self.vote.elect(&voters, (centre.x, centre.offset), centre.rho, (step, steps)))
    }

    /// Two rounds over the pairs that agree with the vote: a line where they reach far enough, else
    /// the median. `slack` bounds the drift of a line.
    #[inline(never)]
    fn least_squares(&mut self, centre: &Centre, voted: (f64, f64), slack: f64, settings: &Settings) -> (f64, f64) {
        self.keep_near(centre, voted);
        let (mut rho, mut off) = voted;
        for tolerance in ROUNDS {
            if self.moved(centre, voted, (rho, off)) + tolerance > NEAR_S {
                self.near.clear();
                self.near.extend(0..self.x.len() as u32);
            }
            self.keep_inliers(centre, (rho, off), tolerance);
            let (Some(first), Some(last)) = (self.inlier_x.first(), self.inlier_x.last()) else { continue };
            if self.inlier_x.len() >= settings.refine_inliers && last - first > settings.refine_span {
                let mut line = Line::default();
                self.inlier_x.iter().zip(&self.residuals).for_each(|(x, e)| line.add(*x, *e));
                let (more, slope) = line.fit();
                if (rho + slope - centre.rho).abs() <= slack {
                    (off, rho) = (off + more, rho + slope);
                }
            } else {
                off += median(&mut self.residuals);
            }
        }
        (rho, off)
    }

    /// Sets the pairs near a line apart, without a branch for each. Alone the loop keeps all it needs in
    /// registers.
    #[inline(never)]
    fn keep_near(&mut self, centre: &Centre, (rho, off): (f64, f64)) {
        let at_centre = centre.offset + off - rho * centre.x;
        self.near.resize(self.x.len(), 0);
        let (mut kept, mut at) = (0, 0);
        for (x, e) in self.x.chunks(BLOCK).zip(self.e.chunks(BLOCK)) {
            // whole seconds for all of a block: the line moves little from its first pair to its last
            let (first, last) = (at_centre + rho * x[0], at_centre + rho * x[x.len() - 1]);
            let low = (first.min(last) - NEAR_S) as i32 - 1;
            let width = (first.max(last) + NEAR_S) as i32 + 1 - low;
            for e in e {
                self.near[kept] = at;
                kept += usize::from(e.wrapping_sub(low) as u32 <= width as u32);
                at += 1;
            }
        }
        self.near.truncate(kept);
    }

    /// Of the pairs that are near sets apart those within a tolerance, without a branch for each.
    #[inline(never)]
    fn keep_inliers(&mut self, centre: &Centre, (rho, off): (f64, f64), tolerance: f64) {
        let at_centre = centre.offset + off - rho * centre.x;
        self.inlier_x.resize(self.near.len(), 0.0);
        self.residuals.resize(self.near.len(), 0.0);
        let mut kept = 0;
        for at in &self.near {
            let (x, e) = (self.x[*at as usize], self.e[*at as usize]);
            let residual = f64::from(e) - rho * x - at_centre;
            (self.inlier_x[kept], self.residuals[kept]) = (x - centre.x, residual);
            kept += usize::from(residual.abs() <= tolerance);
        }
        self.inlier_x.truncate(kept);
        self.residuals.truncate(kept);
    }

    /// How many of the pairs near the voted line lie within `w` seconds of another.
    fn close_pairs(&self, centre: &Centre, (rho, off): (f64, f64), w: f64) -> usize {
        let at_centre = centre.offset + off - rho * centre.x;
        let residual = |at: usize| f64::from(self.e[at]) - rho * self.x[at] - at_centre;
        self.near.iter().filter(|at| residual(**at as usize).abs() <= w).count()
    }

    /// No more pairs than this can match with the clock of the last refinement; `usize::MAX` where
    /// pairs further away than those collected might.
    pub(super) fn most_matches(&self) -> usize {
        self.most
    }

    /// By how much two lines (drift, offset at the centre) differ at most at any pair, in seconds;
    /// rounded up by more than doubles of this size can err.
    fn moved(&self, centre: &Centre, a: (f64, f64), b: (f64, f64)) -> f64 {
        let ends = [self.x.first(), self.x.last()].map(|x| x.map_or(0.0, |x| (x - centre.x).abs()));
        (a.1 - b.1).abs() + (a.0 - b.0).abs() * ends[0].max(ends[1]) + ERROR_S
    }
}

/// Sums for least squares e = o + r x. Feed it with x near zero and small e, or long spans lose digits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line {
    n: f64,
    x: f64,
    e: f64,
    xx: f64,
    xe: f64,
}

impl Line {
    pub(super) fn add(&mut self, x: f64, e: f64) {
        self.n += 1.0;
        self.x += x;
        self.e += e;
        self.xx += x * x;
        self.xe += x * e;
    }

    /// Offset at x = 0, and slope; a slope of 0 where all x are equal, zeros without points.
    pub(super) fn fit(&self) -> (f64, f64) {
        let n = self.n.max(1.0);
        let (sxx, sxe) = (self.xx - self.x * self.x / n, self.xe - self.x * self.e / n);
        let r = if sxx > 0.0 { sxe / sxx } else { 0.0 };
        ((self.e - r * self.x) / n, r)
    }
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
