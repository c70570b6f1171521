//! The server's side: a workstation's failures on one server, as bursts.

use crate::model::train::Mark;

/// Bursts of one workstation in one server's log.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Start of the log's coverage, Unix seconds; the times below count from here.
    from: i64,
    /// Length of the coverage in seconds.
    span: i64,
    onsets: Vec<i64>,
    ends: Vec<i64>,
}

/// Collapses failures to bursts: a gap of more than `burst_gap` seconds begins a new one.
///
/// `marks` are sorted by second and distinct, on the server's clock; `coverage` holds the first and
/// the last record of any kind, Unix seconds (of the 32 bits that marks have), and is widened to the
/// marks where it does not hold them. No marks give a side without bursts.
pub fn side(marks: &[Mark], coverage: (i64, i64), burst_gap: i64) -> Side {
    let within = |time: i64| time.clamp(0, i64::from(u32::MAX));
    let first = marks.first().map_or(within(coverage.0), |mark| within(coverage.0).min(i64::from(mark.sec)));
    let last = marks.last().map_or(within(coverage.1), |mark| within(coverage.1).max(i64::from(mark.sec)));
    let (mut onsets, mut ends) = (Vec::new(), Vec::new());
    let mut previous: Option<i64> = None;
    for mark in marks {
        let sec = i64::from(mark.sec).saturating_sub(first);
        match previous {
            Some(before) if sec - before <= burst_gap => {}
            _ => {
                ends.extend(previous);
                onsets.push(sec);
            }
        }
        previous = Some(sec);
    }
    ends.extend(previous);
    Side { from: first, span: last.saturating_sub(first).max(0), onsets, ends }
}

impl Side {
    /// Bursts.
    pub fn bursts(&self) -> usize {
        self.ends.len()
    }

    /// Start of the coverage, Unix seconds.
    pub fn from(&self) -> i64 {
        self.from
    }

    /// Length of the coverage in seconds.
    pub fn span(&self) -> i64 {
        self.span
    }

    /// Last seconds of the bursts, counted from the start of the coverage, ascending.
    pub fn ends(&self) -> &[i64] {
        &self.ends
    }

    /// First seconds of the bursts, counted from the start of the coverage, ascending.
    pub fn onsets(&self) -> &[i64] {
        &self.onsets
    }

    /// Every burst lies within one second: onsets and ends are the same.
    pub(super) fn single(&self) -> bool {
        self.onsets == self.ends
    }

    /// The marks a fit was made on.
    pub(super) fn marks(&self, on_ends: bool) -> &[i64] {
        if on_ends { &self.ends } else { &self.onsets }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(times: &[u32], onsets: &[i64], ends: &[i64]) {
        let marks: Vec<Mark> = times.iter().map(|sec| Mark { sec: *sec, count: 1 }).collect();
        let side = side(&marks, (0, 400), 15);
        assert_eq!((side.onsets(), side.ends()), (onsets, ends));
        assert_eq!((side.from(), side.span()), (0, 400));
    }

    #[test]
    fn bursts_split_at_gaps_above_the_burst_gap_whatever_the_median_gap() {
        check(&[0, 60, 61, 121, 182, 183, 243, 304], &[0, 60, 121, 182, 243, 304], &[0, 61, 121, 183, 243, 304]);
        check(
            &[0, 1, 2, 3, 61, 62, 63, 125, 126, 200, 216, 231, 300],
            &[0, 61, 125, 200, 216, 300],
            &[3, 63, 126, 200, 231, 300],
        );
        check(&[], &[], &[]);
        check(&[7], &[7], &[7]);
    }

    #[test]
    fn coverage_is_widened_to_the_failures() {
        let marks = [Mark { sec: 50, count: 1 }, Mark { sec: 950, count: 2 }];
        let side = side(&marks, (100, 900), 15);
        assert_eq!((side.from(), side.span(), side.ends()), (50, 900, &[0, 900][..]));
    }
}
