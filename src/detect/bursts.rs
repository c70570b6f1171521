//! Burst collapse: the failures that one connection attempt of a client produces are one burst.

use crate::model::period::median_of_sorted;
use crate::model::train::{Burst, Mark};

/// Fewer distinct seconds than this, and every second is a burst: there are fewer than five gaps.
const FEWEST: usize = 6;

/// Bursts for classification: split where a gap is longer than `gap` seconds. Trains whose median
/// gap is not shorter than `gap`, and trains of fewer than six seconds, are not collapsed: there
/// every second is a burst. `marks` ascend.
pub fn for_class(marks: &[Mark], gap: i64) -> Vec<Burst> {
    if marks.len() < FEWEST || median_of_sorted(&sorted_gaps(marks)) >= gap as f64 {
        return marks.chunks(1).map(burst).collect();
    }
    for_correlation(marks, gap)
}

/// Bursts for the comparison with a client's log: always split where a gap is longer than `gap`.
pub fn for_correlation(marks: &[Mark], gap: i64) -> Vec<Burst> {
    marks.chunk_by(|a, b| i64::from(b.sec) - i64::from(a.sec) <= gap).map(burst).collect()
}

fn sorted_gaps(marks: &[Mark]) -> Vec<i64> {
    let mut gaps: Vec<i64> = marks.windows(2).map(|pair| i64::from(pair[1].sec) - i64::from(pair[0].sec)).collect();
    gaps.sort_unstable();
    gaps
}

/// One burst of marks, of which there is at least one.
fn burst(marks: &[Mark]) -> Burst {
    Burst {
        onset: marks.first().map_or(0, |mark| i64::from(mark.sec)),
        end: marks.last().map_or(0, |mark| i64::from(mark.sec)),
        events: marks.iter().map(|mark| u64::from(mark.count)).sum(),
        seconds: u32::try_from(marks.len()).unwrap_or(u32::MAX),
    }
}

/// Gaps between consecutive onsets in seconds, zero gaps left out, in order of time.
pub fn onset_gaps(bursts: &[Burst]) -> Vec<i64> {
    bursts.windows(2).map(|pair| pair[1].onset - pair[0].onset).filter(|gap| *gap > 0).collect()
}

/// Median burst size in failures; 0 without bursts.
pub fn median_size(bursts: &[Burst]) -> f64 {
    let mut sizes: Vec<i64> = bursts.iter().map(|burst| i64::try_from(burst.events).unwrap_or(i64::MAX)).collect();
    sizes.sort_unstable();
    median_of_sorted(&sizes)
}

/// Median spacing of the failures inside a burst in seconds, the server's answer included; `None`
/// when every burst lies within one second.
pub fn median_spacing(bursts: &[Burst]) -> Option<f64> {
    let long = bursts.iter().filter(|burst| burst.events >= 2 && burst.end > burst.onset);
    let mut spacings: Vec<f64> =
        long.map(|burst| (burst.end - burst.onset) as f64 / (burst.events - 1) as f64).collect();
    spacings.sort_unstable_by(f64::total_cmp);
    let middle = spacings.len() / 2;
    match spacings.len() {
        0 => None,
        n if n % 2 == 1 => Some(spacings[middle]),
        _ => Some((spacings[middle - 1] + spacings[middle]) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(in crate::detect) fn train(seconds: &[u32]) -> Vec<Mark> {
        seconds.iter().map(|sec| Mark { sec: *sec, count: 1 }).collect()
    }

    fn onsets(bursts: &[Burst]) -> Vec<i64> {
        bursts.iter().map(|burst| burst.onset).collect()
    }

    #[test]
    fn a_gap_of_exactly_the_burst_gap_does_not_split() {
        let marks = train(&[0, 1, 2, 3, 61, 62, 63, 125, 126, 200, 216, 231, 300]);
        let bursts = for_class(&marks, 15);
        assert_eq!(onsets(&bursts), [0, 61, 125, 200, 216, 300]);
        assert_eq!(bursts.iter().map(|burst| burst.events).collect::<Vec<_>>(), [4, 3, 2, 1, 2, 1]);
        assert_eq!(median_size(&bursts), 2.0);
        assert_eq!(median_spacing(&bursts), Some(1.0));
    }

    #[test]
    fn slow_trains_are_collapsed_for_correlation_only() {
        let marks = train(&[0, 60, 61, 121, 182, 183, 243, 304]);
        assert_eq!(for_class(&marks, 15).len(), 8);
        let bursts = for_correlation(&marks, 15);
        assert_eq!(onsets(&bursts), [0, 60, 121, 182, 243, 304]);
        assert_eq!(bursts.iter().map(|burst| burst.end).collect::<Vec<_>>(), [0, 61, 121, 183, 243, 304]);
    }

    #[test]
    fn few_seconds_are_not_collapsed_and_nothing_is_nothing() {
        assert_eq!(for_class(&train(&[1, 2, 3, 4, 5]), 15).len(), 5);
        assert_eq!(for_class(&train(&[1, 2, 3, 4, 5, 6]), 15).len(), 1);
        assert!(for_class(&[], 15).is_empty());
        assert_eq!((median_size(&[]), median_spacing(&[])), (0.0, None));
    }
}
