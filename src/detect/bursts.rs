//! Burst collapse: the failures that one connection attempt of a client produces are one burst.

use crate::model::period::median_of_sorted;
use crate::model::train::{Burst, Mark};

/// Fewer distinct seconds than this, and every second is a burst: there are fewer than five gaps.
const FEWEST: usize = 6;

/// The gaps between the onsets of the bursts that a class is judged by, ascending: a burst ends where a gap is
/// longer than `gap` seconds. Trains whose median gap is not shorter than `gap`, and trains of fewer than six
/// seconds, are not collapsed: there every second is a burst. `marks` ascend.
pub fn onset_gaps(marks: &[Mark], gap: i64) -> Vec<i64> {
    let mut gaps: Vec<i64> = marks.windows(2).map(|pair| i64::from(pair[1].sec) - i64::from(pair[0].sec)).collect();
    gaps.sort_unstable();
    if marks.len() >= FEWEST && median_of_sorted(&gaps) < gap as f64 {
        let mut onsets = bursts(marks, gap).map(|burst| burst.onset);
        let mut last = onsets.next().unwrap_or_default();
        gaps.clear();
        gaps.extend(onsets.map(|onset| onset - std::mem::replace(&mut last, onset)));
        gaps.sort_unstable();
    }
    gaps
}

/// Bursts for the comparison with a client's log: always split where a gap is longer than `gap`.
pub fn for_correlation(marks: &[Mark], gap: i64) -> Vec<Burst> {
    bursts(marks, gap).collect()
}

/// The same, one by one.
fn bursts(marks: &[Mark], gap: i64) -> impl Iterator<Item = Burst> {
    let mut marks = marks.iter().peekable();
    std::iter::from_fn(move || {
        let first = marks.next()?;
        let onset = i64::from(first.sec);
        let mut burst = Burst { onset, end: onset, events: u64::from(first.count), seconds: 1 };
        while let Some(mark) = marks.next_if(|mark| i64::from(mark.sec) - burst.end <= gap) {
            burst.end = i64::from(mark.sec);
            burst.events += u64::from(mark.count);
            burst.seconds = burst.seconds.saturating_add(1);
        }
        Some(burst)
    })
}

/// Median size of the bursts in failures, 0 without bursts; and the median spacing of the failures inside a
/// burst in seconds, the server's answer included, `None` when every burst lies within one second.
pub fn medians(marks: &[Mark], gap: i64) -> (f64, Option<f64>) {
    let (mut sizes, mut spacings) = (Vec::with_capacity(marks.len()), Vec::new());
    for burst in bursts(marks, gap) {
        sizes.push(i64::try_from(burst.events).unwrap_or(i64::MAX));
        if burst.events >= 2 && burst.end > burst.onset {
            spacings.push((burst.end - burst.onset) as f64 / (burst.events - 1) as f64);
        }
    }
    sizes.sort_unstable();
    spacings.sort_unstable_by(f64::total_cmp);
    let middle = spacings.len() / 2;
    let spacing = match spacings.len() {
        0 => None,
        n if n % 2 == 1 => Some(spacings[middle]),
        _ => Some((spacings[middle - 1] + spacings[middle]) / 2.0),
    };
    (median_of_sorted(&sizes), spacing)
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
        assert_eq!(onsets(&for_correlation(&marks, 15)), [0, 61, 125, 200, 216, 300]);
        assert_eq!(onset_gaps(&marks, 15), [16, 61, 64, 75, 84]);
        assert_eq!(bursts(&marks, 15).map(|burst| burst.events).collect::<Vec<_>>(), [4, 3, 2, 1, 2, 1]);
        assert_eq!(medians(&marks, 15), (2.0, Some(1.0)));
    }

    #[test]
    fn slow_trains_are_collapsed_for_correlation_only() {
        let marks = train(&[0, 60, 61, 121, 182, 183, 243, 304]);
        assert_eq!(onset_gaps(&marks, 15), [1, 1, 60, 60, 60, 61, 61]);
        let bursts = for_correlation(&marks, 15);
        assert_eq!(onsets(&bursts), [0, 60, 121, 182, 243, 304]);
        assert_eq!(bursts.iter().map(|burst| burst.end).collect::<Vec<_>>(), [0, 61, 121, 183, 243, 304]);
    }

    #[test]
    fn few_seconds_are_not_collapsed_and_nothing_is_nothing() {
        assert_eq!(onset_gaps(&train(&[1, 2, 3, 4, 5]), 15), [1; 4]);
        assert!(onset_gaps(&train(&[1, 2, 3, 4, 5, 6]), 15).is_empty());
        assert!(onset_gaps(&[], 15).is_empty());
        assert_eq!(medians(&[], 15), (0.0, None));
    }
}
