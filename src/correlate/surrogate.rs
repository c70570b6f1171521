//! Shuffled copies of a client's ticks: the null that keeps its rhythm.
//!
//! Two steady loops fit each other at any phase, so the null must be as steady as the client. Only
//! the order of its irregularities is shuffled: the intervals inside a run, the pauses, the runs.

use super::rng::Rng;
use super::settings::Settings;
use crate::model::period::median_of_sorted;

/// Makes shuffled copies of one train.
pub(super) struct Shuffler {
    shift: i64,
    first: i64,
    gaps: Vec<i64>,
    /// Runs as ranges of `gaps`; empty between two pauses in a row.
    runs: Vec<(usize, usize)>,
    pauses: Vec<i64>,
    copy: Vec<i64>,
}

impl Shuffler {
    /// `times` are sorted; at least one. Gaps above the pause factor times the median separate runs.
    pub(super) fn new(times: &[i64], settings: &Settings) -> Self {
        let gaps: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let mut sorted = gaps.clone();
        sorted.sort_unstable();
        let limit = settings.shuffle_pause * median_of_sorted(&sorted);
        let (mut runs, mut pauses, mut from) = (Vec::new(), Vec::new(), 0);
        for (at, gap) in gaps.iter().enumerate() {
            if *gap as f64 > limit {
                runs.push((from, at));
                pauses.push(*gap);
                from = at + 1;
            }
        }
        runs.push((from, gaps.len()));
        let shift = settings.shuffle_shift;
        Self { shift, first: times.first().copied().unwrap_or(0), gaps, runs, pauses, copy: Vec::new() }
    }

    /// A new shuffled copy: as many ticks, the same intervals, the same length.
    pub(super) fn shuffle(&mut self, rng: &mut Rng) -> &[i64] {
        for (from, to) in &self.runs {
            rng.shuffle(&mut self.gaps[*from..*to]);
        }
        rng.shuffle(&mut self.pauses);
        rng.shuffle(&mut self.runs);
        let mut time = self.first + rng.below(2 * self.shift as usize + 1) as i64 - self.shift;
        self.copy.clear();
        self.copy.push(time);
        for (at, (from, to)) in self.runs.iter().enumerate() {
            for gap in &self.gaps[*from..*to] {
                time += gap;
                self.copy.push(time);
            }
            if let Some(pause) = self.pauses.get(at) {
                time += pause;
                self.copy.push(time);
            }
        }
        &self.copy
    }
}

#[cfg(test)]
mod tests {
    use super::super::rng::Rng;
    use super::*;
    use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

    fn gaps(times: &[i64]) -> Vec<i64> {
        times.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    proptest! {
        #[test]
        fn a_copy_has_the_same_intervals_and_starts_within_half_an_hour(
            steps in prop::collection::vec(prop_oneof![55_i64..70, 1_i64..5000], 1..60), seed in any::<u64>()
        ) {
            let times: Vec<i64> = steps.iter().scan(1000, |t, gap| { *t += gap; Some(*t) }).collect();
            let mut shuffler = Shuffler::new(&times, &Settings::default());
            let mut rng = Rng::new(seed);
            for _ in 0..3 {
                let copy = shuffler.shuffle(&mut rng);
                prop_assert_eq!(copy.len(), times.len());
                prop_assert!(copy.is_sorted());
                prop_assert!((copy[0] - times[0]).abs() <= 1800);
                let (mut a, mut b) = (gaps(copy), gaps(&times));
                a.sort_unstable();
                b.sort_unstable();
                prop_assert_eq!(a, b);
            }
        }
    }

    #[test]
    fn a_steady_train_has_only_shifted_copies() {
        let times: Vec<i64> = (0..50).map(|i| i * 61).collect();
        let mut shuffler = Shuffler::new(&times, &Settings::default());
        assert_eq!(gaps(shuffler.shuffle(&mut Rng::new(5))), gaps(&times));
    }
}
