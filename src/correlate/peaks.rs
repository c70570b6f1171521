//! The highest of many values, again and again, each time without the neighbourhood of the last.

use super::wide::wide;

/// Values that share an entry in the list of tops: looking for the highest reads the tops only.
const BLOCK: usize = 256;

/// Values to take peaks from; keeps its memory between uses.
#[derive(Default)]
pub(super) struct Peaks<T> {
    values: Vec<T>,
    /// The highest value of every block.
    tops: Vec<T>,
}

impl<T: Copy + PartialOrd> Peaks<T> {
    /// Takes new values. `least` is what taken values become: below everything that matters.
    pub(super) fn begin(&mut self, values: impl Iterator<Item = T>, least: T) {
        wide(
            #[inline(always)]
            || {
                self.values.clear();
                self.values.extend(values);
                self.tops.clear();
                self.tops.extend(self.values.chunks(BLOCK).map(|block| highest(block, least)));
            },
        );
    }

    /// The first of the highest values and its place; `None` if none is above `least`.
    pub(super) fn first(&self, least: T) -> Option<(usize, T)> {
        let top = highest(&self.tops, least);
        let block = self.tops.iter().position(|value| *value == top).filter(|_| top > least)?;
        let at = self.values[block * BLOCK..].iter().position(|value| *value == top)?;
        Some((block * BLOCK + at, top))
    }

    /// Lowers the values up to `reach` places away from `at` to `least`.
    pub(super) fn suppress(&mut self, at: usize, reach: usize, least: T) {
        let (from, to) = (at.saturating_sub(reach), at.saturating_add(reach + 1).min(self.values.len()));
        self.values[from..to].fill(least);
        for block in from / BLOCK..to.div_ceil(BLOCK) {
            let end = (block * BLOCK + BLOCK).min(self.values.len());
            self.tops[block] = highest(&self.values[block * BLOCK..end], least);
        }
    }
}

#[inline(always)]
fn highest<T: Copy + PartialOrd>(values: &[T], least: T) -> T {
    values.iter().fold(least, |highest, value| if *value > highest { *value } else { highest })
}

#[cfg(test)]
mod tests {
    use super::super::rng::Rng;
    use super::*;

    /// Takes all peaks, and compares each with a plain search.
    fn check(mut plain: Vec<i64>, reach: usize) {
        let mut peaks = Peaks::default();
        peaks.begin(plain.iter().copied(), 0);
        while let Some(best) = plain.iter().copied().max().filter(|best| *best > 0) {
            let at = plain.iter().position(|value| *value == best).expect("it is there");
            assert_eq!(peaks.first(0), Some((at, best)));
            peaks.suppress(at, reach, 0);
            let end = (at + reach + 1).min(plain.len());
            plain[at.saturating_sub(reach)..end].fill(0);
        }
        assert_eq!(peaks.first(0), None);
    }

    #[test]
    fn peaks_are_those_of_a_plain_search() {
        let mut rng = Rng::new(11);
        for (n, reach) in [(1, 0), (255, 3), (256, 600), (257, 6), (2000, 6)] {
            check((0..n).map(|_| rng.below(50) as i64).collect(), reach);
        }
        check(vec![0; 300], 2);
        check(vec![], 2);
    }
}
