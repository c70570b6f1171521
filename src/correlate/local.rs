//! Local candidates: the lags of every tick of a dense stretch to every mark, in bins of a second.
//!
//! Needed for loops without pauses, whose envelope is flat.

use super::fit::Range;
use super::lags::LagCounter;
use super::peaks::Peaks;
use super::settings::Settings;

/// The box over which lags are summed reaches this far to either side, in bins.
const BOX: i64 = 2;
/// Counting one pair costs about as much as counting the coincidences of a tick for so many lags at once.
const PAIRS_AS_DEAR: i64 = 128;
/// Ticks of so many seconds are counted together: the bins of their lags to one mark stay in the
/// first-level cache, and indices below it need no check.
const STRETCH: usize = 1 << 12;

/// Buffers that live as long as a client.
#[derive(Default)]
pub(super) struct Local {
    after: Vec<u16>,
    lags: Vec<u16>,
    boxes: Peaks<u16>,
    counter: LagCounter,
    starts: Vec<usize>,
    layers: Vec<Vec<i64>>,
    density: Vec<usize>,
    used: Vec<bool>,
}

impl Local {
    /// Appends the candidate offsets (client minus server) of ticks `c` and marks `s`; none lies out
    /// of reach by more than the box.
    pub(super) fn candidates(&mut self, c: &[i64], s: &[i64], range: &Range, out: &mut Vec<f64>) {
        let settings = range.settings;
        self.densities(c, settings.local_span);
        self.used.clear();
        self.used.resize(c.len(), false);
        for _ in 0..settings.local_segments {
            // the first among the densest
            let unused = (0..c.len()).filter(|i| !self.used[*i]);
            let Some(start) = unused.max_by_key(|i| (self.density[*i], std::cmp::Reverse(*i))) else { break };
            let ticks = self.density[start].min(settings.local_ticks);
            if ticks < settings.local_min_ticks {
                break;
            }
            self.used[start..start + ticks].fill(true);
            self.segment(&c[start..start + ticks], s, range, out);
        }
    }

    /// For every tick the number of ticks within the stretch that begins with it.
    fn densities(&mut self, c: &[i64], span: i64) {
        let mut end = 0;
        self.density.clear();
        for (i, tick) in c.iter().enumerate() {
            while end < c.len() && c[end] - tick <= span {
                end += 1;
            }
            self.density.push(end - i);
        }
    }

    fn segment(&mut self, c: &[i64], s: &[i64], range: &Range, out: &mut Vec<f64>) {
        let Range { reach, settings } = *range;
        let (first, last) = (c[0], c[c.len() - 1]);
        let s = &s[s.partition_point(|mark| *mark < first - reach)..s.partition_point(|mark| *mark <= last + reach)];
        let (Some(earliest), Some(latest)) = (s.first(), s.last()) else { return };
        // lags that occur at all; the box adds its reach to both ends
        let span = ((first - latest).max(-reach) - BOX, (last - earliest).min(reach) + BOX);
        if span.0 > span.1 {
            return;
        }
        if s.len() as i64 * PAIRS_AS_DEAR < span.1 - span.0 {
            self.by_pairs(c, s, span, settings, out);
        } else {
            self.by_bits(c, s, span, settings, out);
        }
    }

    /// Counts pair by pair: few marks.
    fn by_pairs(&mut self, c: &[i64], s: &[i64], (low, high): (i64, i64), settings: &Settings, out: &mut Vec<f64>) {
        let bins = (high - low + 1 + 2 * BOX) as usize;
        self.lags.clear();
        self.lags.resize(STRETCH + bins + STRETCH, 0);
        let mut rest = c;
        while let Some(first) = rest.first() {
            let (ticks, behind) = rest.split_at(rest.partition_point(|tick| tick - first < STRETCH as i64));
            self.after.clear();
            self.after.extend(ticks.iter().map(|tick| (tick - first) as u16));
            count_lags(&self.after, *first, s, low - BOX, &mut self.lags);
            rest = behind;
        }
        self.boxes.begin(boxes(&self.lags[STRETCH..STRETCH + bins]), 0);
        for _ in 0..settings.local_picks {
            let Some((lag, _)) = self.boxes.first(0).filter(|(_, count)| *count >= settings.local_hits) else { break };
            out.push(centre(low, lag));
            self.boxes.suppress(lag, settings.local_suppress, 0);
        }
    }

    /// Counts 64 lags at a time: many marks.
    fn by_bits(&mut self, c: &[i64], s: &[i64], (low, high): (i64, i64), settings: &Settings, out: &mut Vec<f64>) {
        let (first, last) = (c[0], c[c.len() - 1]);
        self.counter.begin((high - low + 1) as usize, (last - first + 1) as usize);
        self.starts.clear();
        self.starts.extend(c.iter().map(|tick| (last - tick) as usize));
        layers(s, &mut self.layers);
        for (at, layer) in self.layers.iter().enumerate() {
            if at > 0 {
                self.counter.clear_marks();
            }
            for mark in layer {
                (-BOX..=BOX).for_each(|d| self.counter.mark(last - low - mark + d));
            }
            self.counter.add(&self.starts);
        }
        for _ in 0..settings.local_picks {
            let (count, lag) = self.counter.highest();
            if count < u32::from(settings.local_hits) {
                break;
            }
            out.push(centre(low, lag));
            let suppressed = settings.local_suppress;
            self.counter.erase(lag.saturating_sub(suppressed), lag + suppressed);
        }
    }
}

/// The centre of a bin: both times were floored.
fn centre(low: i64, lag: usize) -> f64 {
    (low + lag as i64) as f64 + 0.5
}

/// Marks in as few layers as possible so that the boxes of one layer do not overlap. With a burst
/// gap of 4 s or more there is one layer.
fn layers(s: &[i64], layers: &mut Vec<Vec<i64>>) {
    layers.iter_mut().for_each(Vec::clear);
    for mark in s {
        let free = |layer: &&mut Vec<i64>| layer.last().is_none_or(|last| mark - last > 2 * BOX);
        match layers.iter_mut().find(free) {
            Some(layer) => layer.push(*mark),
            None => layers.push(vec![*mark]),
        }
    }
    layers.retain(|layer| !layer.is_empty());
}

/// Counts every tick minus every mark; the ticks are given as seconds `after` the `first`. The bin of
/// lag `least` is the one behind a stretch of bins that count for nothing, and so are those at the end.
fn count_lags(after: &[u16], first: i64, s: &[i64], least: i64, lags: &mut [u16]) {
    let beyond = least + (lags.len() - STRETCH) as i64;
    let from = s.partition_point(|mark| first - mark >= beyond - STRETCH as i64);
    for mark in &s[from..] {
        let Some(bins) = usize::try_from(first - mark - least + STRETCH as i64).ok().and_then(|at| lags.get_mut(at..))
        else {
            break;
        };
        let Some(bins) = bins.first_chunk_mut::<STRETCH>() else { continue };
        after.iter().for_each(|after| bins[usize::from(*after) % STRETCH] += 1);
    }
}

/// Sums of five neighbouring bins.
fn boxes(lags: &[u16]) -> impl Iterator<Item = u16> {
    let from = |k: usize| lags[k..].iter();
    let outer = from(0).zip(from(4)).map(|(a, b)| a + b);
    let inner = from(1).zip(from(3)).map(|(a, b)| a + b);
    outer.zip(inner).zip(from(2)).map(|((outer, inner), middle)| outer + inner + middle)
}

#[cfg(test)]
mod tests {
    use super::super::rng::Rng;
    use super::super::settings::Settings;
    use super::*;

    /// The histogram of lags as it is defined, one pair at a time.
    fn plain(c: &[i64], s: &[i64], reach: i64) -> Vec<f64> {
        let mut h = vec![0_u32; 2 * reach as usize + 2];
        for c in c {
            for s in s.iter().filter(|s| (c - **s).abs() <= reach) {
                h[(c - s + reach) as usize] += 1;
            }
        }
        let at = |j: i64| if j < 0 { 0 } else { h.get(j as usize).copied().unwrap_or(0) };
        let mut boxes: Vec<u32> = (0..h.len() as i64).map(|j| (j - 2..=j + 2).map(at).sum()).collect();
        let mut out = Vec::new();
        for _ in 0..6 {
            let best = boxes.iter().copied().max().unwrap_or(0);
            if best < 3 {
                break;
            }
            let j = boxes.iter().position(|count| *count == best).unwrap_or(0);
            out.push(j as f64 - reach as f64 + 0.5);
            let end = (j + 7).min(boxes.len());
            boxes[j.saturating_sub(6)..end].fill(0);
        }
        out
    }

    fn check(c: &[i64], s: &[i64], reach: i64) {
        let mut out = Vec::new();
        let settings = &Settings::default();
        Local::default().segment(c, s, &Range { reach, settings }, &mut out);
        assert_eq!(out, plain(c, s, reach));
        let (span, mut by_pairs, mut by_bits) = ((-reach, reach), Vec::new(), Vec::new());
        Local::default().by_pairs(c, s, span, settings, &mut by_pairs);
        Local::default().by_bits(c, s, span, settings, &mut by_bits);
        assert_eq!(by_pairs, by_bits);
    }

    #[test]
    fn picks_are_those_of_the_plain_histogram() {
        let mut rng = Rng::new(3);
        for least in [1, 5, 16, 55] {
            let mut time = 0;
            let s: Vec<i64> = (0..200).map(|_| (time += least + rng.below(9) as i64, time).1).collect();
            let c: Vec<i64> = s.iter().skip(40).take(60).map(|s| s + 5000 + rng.below(3) as i64).collect();
            check(&c, &s, 20_000);
        }
    }

    #[test]
    fn no_marks_in_reach_give_nothing() {
        check(&[100_000, 100_060, 100_120, 100_180], &[0, 60, 120], 3_000);
    }

    #[test]
    fn three_ticks_are_no_stretch() {
        let mut out = Vec::new();
        Local::default().candidates(
            &[0, 60, 120],
            &[0, 60, 120, 180],
            &Range { reach: 51_300, settings: &Settings::default() },
            &mut out,
        );
        assert!(out.is_empty());
    }
}
