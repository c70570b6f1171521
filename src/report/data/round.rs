//! Rounding, done once for JSON and CSV: seconds, hours, rates and ppm to one decimal, shares and
//! scores to four.

/// To one decimal; `None` for values that are no number.
pub fn tenth(value: f64) -> Option<f64> {
    to(value, 10.0)
}

/// To four decimals; `None` for values that are no number.
pub fn share(value: f64) -> Option<f64> {
    to(value, 10_000.0)
}

fn to(value: f64, scale: f64) -> Option<f64> {
    // Adding zero turns -0.0 into 0.0.
    value.is_finite().then(|| (value * scale).round() / scale + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_and_never_minus_zero_or_nan() {
        assert_eq!(tenth(2940.149), Some(2940.1));
        assert_eq!(tenth(-0.04).map(f64::to_bits), Some(0.0f64.to_bits()));
        assert_eq!(share(0.050_49), Some(0.0505));
        assert_eq!([tenth(f64::NAN), share(f64::INFINITY)], [None, None]);
    }
}
