//! Upper tail of the binomial distribution, as a logarithm: values below 1e-300 occur routinely.

use std::f64::consts::{LN_10, TAU};
use std::sync::LazyLock;

/// Terms below this share of the sum do not change it.
const NEGLIGIBLE: f64 = 1e-17;
/// From here on Stirling's series is exact to the last bits.
const STIRLING_FROM: u64 = 256;

/// log10 of P[X >= hits] for X ~ Bin(n, p) with 0 < p < 1. 0 for `hits` = 0; minus infinity for
/// `hits` > n, which cannot happen.
pub fn log10_tail(n: u64, hits: u64, p: f64) -> f64 {
    if hits == 0 {
        return 0.0;
    }
    if hits > n {
        return f64::NEG_INFINITY;
    }
    if hits as f64 > n as f64 * p {
        return upward(n, hits, p) / LN_10;
    }
    // The larger part of the distribution: the complement is the smaller and exacter sum.
    let below = upward(n, n - hits + 1, 1.0 - p).exp();
    (-below.min(1.0)).ln_1p() / LN_10
}

/// ln P[X >= from]: the first term, then each by its ratio to the one before, until they vanish.
fn upward(n: u64, from: u64, p: f64) -> f64 {
    let first = ln_factorial(n) - ln_factorial(from) - ln_factorial(n - from)
        + from as f64 * p.ln()
        + (n - from) as f64 * (-p).ln_1p();
    let odds = p / (1.0 - p);
    let (mut sum, mut term) = (1.0, 1.0);
    for k in from..n {
        term *= (n - k) as f64 / (k + 1) as f64 * odds;
        sum += term;
        if term < NEGLIGIBLE * sum {
            break;
        }
    }
    first + sum.ln()
}

/// ln(n!): a sum of logarithms in a fixed order, made once, or Stirling's series.
fn ln_factorial(n: u64) -> f64 {
    static SMALL: LazyLock<Vec<f64>> = LazyLock::new(|| {
        let mut sum = 0.0;
        let mut add = |i: u64| {
            sum += (i.max(1) as f64).ln();
            sum
        };
        (0..STIRLING_FROM).map(&mut add).collect()
    });
    if n < STIRLING_FROM {
        return SMALL[n as usize];
    }
    let x = n as f64 + 1.0;
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    (x - 0.5) * x.ln() - x
        + 0.5 * TAU.ln()
        + inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(n: u64, hits: u64, p: f64, expect: f64) {
        let got = log10_tail(n, hits, p);
        assert!((got - expect).abs() <= 1e-6 * expect.abs().max(0.01), "{n} {hits} {p}: {got}");
    }

    #[test]
    fn tails_of_the_published_vectors() {
        check(8, 8, 0.112, -7.60625582);
        check(20, 12, 0.0933, -7.57339378);
        check(100, 80, 0.112, -56.35143507);
        check(600, 500, 0.06, -497.56014687);
        check(1000, 1000, 0.0056, -2251.81197299);
        check(10, 3, 0.5, -0.02442460);
        check(5, 0, 0.3, 0.0);
    }

    #[test]
    fn the_series_continues_the_sum_of_logarithms() {
        let sum: f64 = (2..=STIRLING_FROM).map(|i| (i as f64).ln()).sum();
        assert!((ln_factorial(STIRLING_FROM) - sum).abs() < 1e-10);
    }

    #[test]
    fn millions_of_gaps_stay_finite_and_below_certainty() {
        for (n, hits) in [(10_000_000, 10_000_000), (10_000_000, 1), (10_000_000, 1_120_001), (1, 1)] {
            let log10 = log10_tail(n, hits, 0.112);
            assert!(log10.is_finite() && log10 <= 0.0, "{n} {hits}: {log10}");
        }
    }
}
