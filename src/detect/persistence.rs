//! Persistence and rate: how long, how dense, in how many sittings.

use crate::model::train::Mark;

/// Length of the closed window of the rate rule in seconds.
pub const HOUR: i64 = 3600;

/// Distinct clock hours (`sec` / 3600) with a failure. `marks` ascend.
pub fn hours(marks: &[Mark]) -> usize {
    let mut last = None;
    marks.iter().map(|mark| mark.sec / 3600).filter(|hour| last.replace(*hour) != Some(*hour)).count()
}

/// Most distinct seconds, and most failures, within any closed window [t, t + 3600] that starts at
/// a failure; (0, 0) without failures.
pub fn peaks(marks: &[Mark]) -> (usize, u64) {
    let (mut end, mut failures, mut best) = (0, 0u64, (0, 0));
    for (start, mark) in marks.iter().enumerate() {
        while end < marks.len() && i64::from(marks[end].sec) - i64::from(mark.sec) <= HOUR {
            failures += u64::from(marks[end].count);
            end += 1;
        }
        best = (best.0.max(end - start), best.1.max(failures));
        failures -= u64::from(mark.count);
    }
    best
}

/// Sessions: split where a gap is longer than `gap` seconds.
pub fn sessions(marks: &[Mark], gap: i64) -> impl Iterator<Item = &[Mark]> {
    marks.chunk_by(move |a, b| i64::from(b.sec) - i64::from(a.sec) <= gap)
}

/// From the first to the last second of a session, in seconds.
pub fn length(session: &[Mark]) -> i64 {
    match (session.first(), session.last()) {
        (Some(first), Some(last)) => i64::from(last.sec) - i64::from(first.sec),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn train(seconds: &[u32]) -> Vec<Mark> {
        seconds.iter().map(|sec| Mark { sec: *sec, count: 2 }).collect()
    }

    #[test]
    fn hours_windows_and_sessions_of_the_published_vector() {
        let marks = train(&[3590, 3595, 3601, 4000, 7199, 7200, 7201, 9000, 9901]);
        assert_eq!(hours(&marks), 3);
        assert_eq!(peaks(&marks), (5, 10));
        let sizes: Vec<usize> = sessions(&marks, 900).map(<[Mark]>::len).collect();
        assert_eq!(sizes, [4, 3, 1, 1]);
    }

    #[test]
    fn the_window_is_closed_at_both_ends() {
        assert_eq!(peaks(&train(&[0, 10, 3600, 3601, 7200])), (3, 6));
        assert_eq!(peaks(&[]), (0, 0));
    }
}
