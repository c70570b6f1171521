//! The gaps between a row's bursts, counted.

use std::collections::BTreeMap;

use crate::model::analysis::Row;
use crate::model::period::median_of_sorted;

/// Gaps between burst onsets.
#[derive(Clone, Debug, PartialEq)]
pub struct Gaps {
    /// Every gap in seconds, sorted.
    pub all: Vec<i64>,
    /// How many fall into each of the equal bars from 0 to `longest`.
    pub bars: Vec<u64>,
    /// Where the last bar ends, in seconds; at least 10.
    pub longest: f64,
    /// How many are longer.
    pub beyond: u64,
}

/// The gaps in so many bars, up to four periods (without a period four median gaps); `None` with
/// fewer than two bursts.
pub fn histogram(row: &Row, bars: usize) -> Option<Gaps> {
    let mut all: Vec<i64> =
        row.evidence.bursts.windows(2).map(|pair| pair[1].onset.saturating_sub(pair[0].onset)).collect();
    if all.is_empty() || bars == 0 {
        return None;
    }
    all.sort_unstable();
    let longest = row.rate.period_s.unwrap_or_else(|| median_of_sorted(&all)).max(2.5) * 4.0;
    let mut gaps = Gaps { all, bars: vec![0; bars], longest, beyond: 0 };
    for gap in &gaps.all {
        match gaps.bars.get_mut((*gap as f64 / longest * bars as f64) as usize) {
            Some(bar) => *bar += 1,
            None => gaps.beyond += 1,
        }
    }
    Some(gaps)
}

impl Gaps {
    /// The gaps that occur most often, with how often; of equals the shortest first.
    pub fn most_frequent(&self, most: usize) -> Vec<(i64, u64)> {
        let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
        self.all.iter().for_each(|gap| *counts.entry(*gap).or_default() += 1);
        let mut counts: Vec<(i64, u64)> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        counts.truncate(most);
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::Class;
    use crate::model::train::Burst;
    use crate::report::tests::sample::row;

    #[test]
    fn gaps_fall_into_bars_up_to_four_periods() {
        let mut storm = row(1, "W", Class::Storm, 6);
        storm.rate.period_s = Some(10.0);
        storm.evidence.bursts =
            [0, 10, 20, 31, 131].map(|onset| Burst { onset, end: onset, events: 1, seconds: 1 }).to_vec();
        let gaps = histogram(&storm, 8).expect("there are gaps");
        assert_eq!((gaps.bars.clone(), gaps.longest, gaps.beyond), (vec![0, 0, 3, 0, 0, 0, 0, 0], 40.0, 1));
        assert_eq!(gaps.most_frequent(2), [(10, 2), (11, 1)]);
        storm.evidence.bursts.truncate(1);
        assert_eq!(histogram(&storm, 8), None);
    }
}
