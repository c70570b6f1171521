//! Coarse candidates: the envelopes of both trains in bins of a minute, correlated at every lag.
//!
//! All sums are exact integers, so the result depends on no library and no processor.

use super::fit::Range;
use super::lags::LagCounter;
use super::peaks::Peaks;
use super::settings::Settings;

/// Share of the client's bins (all, occupied) that is enough for short logs.
const SHARE: f64 = 0.25;
/// Floor of the product of variances: a flat envelope correlates with nothing.
const LEAST_VARIANCE: f64 = 1e-6;

/// Buffers that live as long as a client.
#[derive(Default)]
pub(super) struct Coarse {
    counter: LagCounter,
    counts: Vec<u32>,
    a: Vec<i64>,
    b: Vec<i64>,
    starts: Vec<usize>,
    z: Vec<f64>,
    peaks: Peaks<f64>,
}

/// The sums over the bins that overlap at one lag.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Overlap {
    bins: i64,
    sa: i64,
    sb: i64,
    sab: i64,
}

impl Overlap {
    /// Pearson's r.
    fn r(&self) -> f64 {
        let (n, sa, sb) = (self.bins as f64, self.sa as f64, self.sb as f64);
        let covariance = self.sab as f64 - sa * sb / n;
        covariance / ((sa - sa * sa / n) * (sb - sb * sb / n)).max(LEAST_VARIANCE).sqrt()
    }

    /// r weighted with the number of bins.
    fn z(&self) -> f64 {
        self.r() * (self.bins as f64).sqrt()
    }
}

impl Coarse {
    /// Appends the candidate offsets (client minus server) of ticks `c` and marks `s`, best first,
    /// for a server log that covers `[0, span]`; none lies out of reach.
    pub(super) fn candidates(&mut self, c: &[i64], s: &[i64], span: i64, range: &Range, out: &mut Vec<f64>) {
        let Range { reach, settings } = *range;
        let bin = settings.coarse_bin;
        let Some(c0) = c.first().copied() else { return };
        let bins_a = (c[c.len() - 1] - c0) / bin + 1;
        let bins_b = span / bin + 1;
        // |c0 - bin j| <= reach, and the envelopes overlap
        let from = (c0 - reach).div_euclid(bin) + i64::from((c0 - reach).rem_euclid(bin) > 0);
        let (from, to) = (from.max(1 - bins_a), (c0 + reach).div_euclid(bin).min(bins_b - 1));
        if from > to {
            return;
        }
        occupied(c, c0, bin, &mut self.a);
        let near = s.partition_point(|mark| *mark < from * bin);
        let far = s.partition_point(|mark| *mark < (to + bins_a) * bin);
        occupied(&s[near..far], 0, bin, &mut self.b);
        let known = out.len();
        // nearly always there are enough above zero
        for above in [0.0, f64::NEG_INFINITY] {
            self.correlate((from, to), (bins_a, bins_b), above, settings);
            while out.len() < known + settings.coarse_picks {
                let Some((best, _)) = self.peaks.first(above) else { break };
                out.push((c0 - bin * (from + best as i64)) as f64);
                self.peaks.suppress(best, settings.coarse_suppress, f64::NEG_INFINITY);
            }
            if out.len() == known + settings.coarse_picks {
                break;
            }
            if above == 0.0 {
                out.truncate(known);
            }
        }
    }

    /// Finds z for the lags `from..=to`; minus infinity for what is not admissible, and for what is
    /// not positive where only values `above` zero are wanted.
    fn correlate(&mut self, (from, to): (i64, i64), (bins_a, bins_b): (i64, i64), above: f64, settings: &Settings) {
        let least_bins = settings.coarse_overlap.min(SHARE * bins_a as f64);
        let least_occupied = settings.coarse_ticks.min(SHARE * self.a.len() as f64);
        self.z.clear();
        let Self { counter, counts, a, b, starts, z, peaks } = self;
        overlaps(counter, counts, starts, (a, b), (from, to), (bins_a, bins_b), |overlap| {
            let admissible = overlap.bins as f64 >= least_bins && overlap.sa as f64 >= least_occupied;
            let wanted = above < 0.0 || overlap.sab * overlap.bins > overlap.sa * overlap.sb;
            z.push(if admissible && wanted { overlap.z() } else { f64::NEG_INFINITY });
        });
        peaks.begin(z.iter().copied(), f64::NEG_INFINITY);
    }
}

/// Calls `each` with the sums of every lag in `from..=to`, in order.
fn overlaps(
    counter: &mut LagCounter,
    counts: &mut Vec<u32>,
    starts: &mut Vec<usize>,
    (a, b): (&[i64], &[i64]),
    (from, to): (i64, i64),
    (bins_a, bins_b): (i64, i64),
    mut each: impl FnMut(Overlap),
) {
    counter.begin((to - from + 1) as usize, bins_a as usize);
    b.iter().for_each(|bin| counter.mark(bin - from));
    starts.clear();
    starts.extend(a.iter().map(|bin| *bin as usize));
    counter.add(starts);
    counter.counts(counts);
    // the overlap's ends move by at most one bin per lag: all counts follow by pointers
    let overlap = |lag: i64| ((-lag).max(0), (bins_a - 1).min(bins_b - 1 - lag));
    let (low, high) = overlap(from);
    let upto = |bins: &[i64], end: i64| bins.partition_point(|bin| *bin < end);
    let (mut a_below, mut a_upto) = (upto(a, low), upto(a, high + 1));
    let (mut b_below, mut b_upto) = (upto(b, low + from), upto(b, high + 1 + from));
    for (lag, sab) in (from..=to).zip(counts.iter()) {
        let (low, high) = overlap(lag);
        a_below -= usize::from(a_below > 0 && a[a_below - 1] >= low);
        a_upto -= usize::from(a_upto > 0 && a[a_upto - 1] > high);
        b_below += usize::from(b_below < b.len() && b[b_below] < low + lag);
        b_upto += usize::from(b_upto < b.len() && b[b_upto] <= high + lag);
        let (sa, sb) = (a_upto.saturating_sub(a_below), b_upto.saturating_sub(b_below));
        each(Overlap { bins: high - low + 1, sa: sa as i64, sb: sb as i64, sab: i64::from(*sab) });
    }
}

/// The bins that hold at least one of the sorted times.
fn occupied(times: &[i64], origin: i64, bin: i64, bins: &mut Vec<i64>) {
    bins.clear();
    bins.extend(times.iter().map(|time| (time - origin).div_euclid(bin)));
    bins.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(settings: &Settings) -> Range<'_> {
        Range { reach: 51_300, settings }
    }

    fn all(a: &[i64], b: &[i64], bins_a: i64, bins_b: i64) -> Vec<(i64, Overlap)> {
        let (from, to) = (1 - bins_a, bins_b - 1);
        let mut got = Vec::new();
        let (mut counter, mut counts, mut starts) = (LagCounter::default(), Vec::new(), Vec::new());
        overlaps(&mut counter, &mut counts, &mut starts, (a, b), (from, to), (bins_a, bins_b), |overlap| {
            got.push((from + got.len() as i64, overlap));
        });
        got
    }

    #[test]
    fn worked_example_of_short_envelopes() {
        let got = all(&[0, 1, 4], &[2, 3, 6], 5, 10);
        let rows = [
            (-2, 3, 1, 1, 1, 1.0, 1.732051),
            (-1, 4, 2, 2, 1, 0.0, 0.0),
            (0, 5, 3, 2, 0, -1.0, -2.236068),
            (1, 5, 3, 2, 1, -0.166667, -0.372678),
            (2, 5, 3, 3, 3, 1.0, 2.236068),
            (4, 5, 3, 1, 0, -0.612372, -1.369306),
            (5, 5, 3, 1, 1, 0.408248, 0.912871),
            (6, 4, 2, 1, 1, 0.577350, 1.154701),
            (7, 3, 2, 0, 0, 0.0, 0.0),
        ];
        for (lag, bins, sa, sb, sab, r, z) in rows {
            let (_, overlap) = got.iter().find(|(at, _)| *at == lag).copied().expect("every lag is there");
            assert_eq!(overlap, Overlap { bins, sa, sb, sab }, "lag {lag}");
            assert!((overlap.r() - r).abs() < 1e-6 && (overlap.z() - z).abs() < 1e-6, "lag {lag}: {overlap:?}");
        }
    }

    #[test]
    fn the_true_offset_is_among_the_candidates() {
        let s: Vec<i64> = (0..40).flat_map(|run| (0..5).map(move |i| run * run * 37 + run * 1500 + i * 61)).collect();
        let c: Vec<i64> = s.iter().map(|s| s + 7200).collect();
        let mut out = Vec::new();
        Coarse::default().candidates(&c, &s, s[s.len() - 1], &range(&Settings::default()), &mut out);
        assert_eq!(out.len(), 12);
        assert_eq!(out[0], 7200.0);
    }

    #[test]
    fn spans_out_of_reach_have_no_candidate_and_the_reach_is_closed() {
        let s: Vec<i64> = (0..60).map(|i| i * 120).collect();
        let far: Vec<i64> = s.iter().map(|s| s + 200_000).collect();
        let mut out = Vec::new();
        Coarse::default().candidates(&far, &s, 7200, &range(&Settings::default()), &mut out);
        assert!(out.is_empty());
        let edge: Vec<i64> = s.iter().map(|s| s + 51_300).collect();
        Coarse::default().candidates(&edge, &s, 7200, &range(&Settings::default()), &mut out);
        assert!(out.contains(&51_300.0), "{out:?}");
    }
}
