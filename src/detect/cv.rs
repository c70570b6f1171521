//! Robust coefficient of variation of the gaps between burst onsets.
//!
//! The plain coefficient does not separate storms from people, because pauses between retry cycles
//! dominate it; the median absolute deviation does.

use crate::model::period::{FEWEST_GAPS, median_of_sorted};

/// Makes the median absolute deviation of a normal distribution its standard deviation.
const MAD_SCALE: f64 = 1.4826;
/// The difference of two times that were cut to whole seconds has this variance, in s^2.
const QUANTISATION: f64 = 1.0 / 6.0;
/// Medians below this, in seconds, are corrected for it.
const CORRECTED_BELOW: f64 = 4.0;

/// The robust coefficient of positive gaps in seconds; `None` with fewer than five.
pub fn robust(gaps: &[i64]) -> Option<f64> {
    if gaps.len() < FEWEST_GAPS {
        return None;
    }
    let mut sorted = gaps.to_vec();
    sorted.sort_unstable();
    let middle = median_of_sorted(&sorted);
    // Twice the distances stay integers although the median may be a half-integer.
    let twice = (2.0 * middle) as i64;
    let mut distances: Vec<i64> = sorted.iter().map(|gap| (2 * gap - twice).abs()).collect();
    distances.sort_unstable();
    let deviation = MAD_SCALE * median_of_sorted(&distances) / 2.0;
    let deviation =
        if middle < CORRECTED_BELOW { (deviation * deviation - QUANTISATION).max(0.0).sqrt() } else { deviation };
    Some(deviation / middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(gaps: &[i64], expect: f64) {
        let cv = robust(gaps).unwrap();
        assert!((cv - expect).abs() <= 1e-6 * expect.max(1.0), "{gaps:?}: {cv}");
    }

    #[test]
    fn coefficients_of_the_published_vectors() {
        check(&[61, 62, 60, 61, 300, 61, 59], 0.024305);
        check(&[1, 2, 1, 3, 2, 1, 2], 0.712642);
        check(&[61; 8], 0.0);
        check(&[61, 62, 122, 61, 183, 60, 61, 62, 61, 900], 1.4826 * 0.5 / 61.5);
        check(&[4, 9, 6, 1800, 7, 12, 5, 7200, 8, 3, 15, 11, 86000, 6], 1.4826 * 3.5 / 8.5);
        check(&[60, 61, 60, 61, 62, 60, 600, 61, 60, 61, 62, 61, 900].repeat(3), 0.024305);
        check(&[30, 31, 29, 30, 30, 90, 30, 31, 30, 30], 0.0);
    }

    #[test]
    fn few_gaps_have_none() {
        assert_eq!(robust(&[61; 4]), None);
    }
}
