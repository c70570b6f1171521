//! The dominant period of a sequence of gaps.

/// Fewer gaps than this say nothing about a period or about regularity.
pub const FEWEST_GAPS: usize = 5;

/// The period in seconds around which the gaps lie densest: the median of the fullest window
/// `[x, x + 2 tol(x)]` that begins at a gap (ties: the shortest period), where `tolerance` holds the
/// least tol in seconds and its share of x. Gaps of zero and below are left out; `None` with fewer
/// than five others. May be a half-integer.
pub fn dominant_period(gaps: &[i64], tolerance: (f64, f64)) -> Option<f64> {
    let mut sorted = gaps.to_vec();
    sorted.retain(|gap| *gap > 0);
    if sorted.len() < FEWEST_GAPS {
        return None;
    }
    sorted.sort_unstable();
    let (mut at, mut end, mut high) = (0, 0, 0);
    for (low, gap) in sorted.iter().enumerate() {
        let bound = *gap as f64 + 2.0 * f64::max(tolerance.0, tolerance.1 * *gap as f64);
        while high < sorted.len() && sorted[high] as f64 <= bound {
            high += 1;
        }
        if high - low > end - at {
            (at, end) = (low, high);
        }
    }
    Some(median_of_sorted(&sorted[at..end]))
}

/// The median of sorted numbers; of an even number of them the mean of the two in the middle; 0 of none.
pub fn median_of_sorted(sorted: &[i64]) -> f64 {
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[n / 2] as f64,
        n => (sorted[n / 2 - 1] as f64 + sorted[n / 2] as f64) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(gaps: &[i64], period: Option<f64>) {
        assert_eq!(dominant_period(gaps, (2.0, 0.04)), period, "{gaps:?}");
    }

    #[test]
    fn periods_of_known_gap_lists() {
        check(&[61; 8], Some(61.0));
        check(&[61, 62, 122, 61, 183, 60, 61, 62, 61, 900], Some(61.0));
        check(&[4, 9, 6, 1800, 7, 12, 5, 7200, 8, 3, 15, 11, 86_000, 6], Some(5.5));
        check(&[30, 31, 29, 30, 30, 90, 30, 31, 30, 30], Some(30.0));
        check(&[1800; 20], Some(1800.0));
    }

    #[test]
    fn four_gaps_and_zero_gaps_are_no_period() {
        check(&[61; 4], None);
        check(&[0, 0, 0, 61, 61, 61, 61], None);
    }
}
