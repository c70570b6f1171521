//! A random generator of our own: the same seed gives the same fleet on every platform.
//!
//! Only the four basic operations and the square root are used, which IEEE 754 fixes to the last
//! bit; the `ln` and `exp` of a platform's C library differ.

use crate::model::splitmix::splitmix64;

/// xoshiro256++ (Blackman and Vigna), seeded by SplitMix64.
#[derive(Clone, Debug)]
pub(super) struct Rng {
    state: [u64; 4],
}

impl Rng {
    pub(super) fn new(seed: u64) -> Self {
        let mut at = seed;
        Self { state: std::array::from_fn(|_| splitmix64(&mut at)) }
    }

    /// A generator for a part of the work, independent of how much the others draw.
    pub(super) fn fork(&mut self) -> Self {
        Self::new(self.next())
    }

    pub(super) fn next(&mut self) -> u64 {
        let s = &mut self.state;
        let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// Uniform in [0, 1).
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in [low, high).
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number in low..=high.
    pub(super) fn whole(&mut self, low: u64, high: u64) -> u64 {
        low + ((u128::from(self.next()) * u128::from(high - low + 1)) >> 64) as u64
    }

    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.whole(0, from.len() as u64 - 1) as usize]
    }

    /// Log-uniform in [low, high).
    pub(super) fn log_uniform(&mut self, low: f64, high: f64) -> f64 {
        exp(self.between(ln(low), ln(high)))
    }

    /// Exponential with this mean.
    pub(super) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * ln(1.0 - self.unit())
    }

    /// Normal, by the polar method.
    pub(super) fn normal(&mut self, mean: f64, sd: f64) -> f64 {
        loop {
            let (x, y) = (self.between(-1.0, 1.0), self.between(-1.0, 1.0));
            let s = x * x + y * y;
            if s > 0.0 && s < 1.0 {
                return mean + sd * x * (-2.0 * ln(s) / s).sqrt();
            }
        }
    }

    /// Log-normal with this median and this standard deviation of the logarithm.
    pub(super) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * exp(self.normal(0.0, sigma))
    }

    /// Poisson with a small mean, by counting exponential gaps.
    pub(super) fn poisson(&mut self, mean: f64) -> u64 {
        let mut at = self.exponential(1.0);
        let mut count = 0;
        while at < mean {
            count += 1;
            at += self.exponential(1.0);
        }
        count
    }
}

/// Natural logarithm of a positive normal number: the exponent, and the series of atanh for the rest.
fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let square = z * z;
    let (mut term, mut sum, mut k) = (z, 0.0, 1.0);
    while k < 50.0 {
        sum += term / k;
        term *= square;
        k += 2.0;
    }
    2.0 * sum + exponent as f64 * std::f64::consts::LN_2
}

/// Exponential of a number of moderate size: whole powers of two, and Taylor's series for the rest.
fn exp(x: f64) -> f64 {
    let power = (x / std::f64::consts::LN_2).floor().clamp(-1000.0, 1000.0);
    let rest = x - power * std::f64::consts::LN_2;
    let (mut term, mut sum, mut k) = (1.0, 1.0, 1.0);
    while k < 25.0 {
        term *= rest / k;
        sum += term;
        k += 1.0;
    }
    sum * f64::from_bits(((power as i64 + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_never_changes() {
        let mut rng = Rng::new(1);
        let drawn: Vec<u64> = (0..3).map(|_| rng.next()).collect();
        assert_eq!(drawn, [14_971_601_782_005_023_387, 13_781_649_495_232_077_965, 1_847_458_086_238_483_744]);
    }

    #[test]
    fn ln_and_exp_are_those_of_mathematics() {
        for x in [1e-9, 0.02, 0.5, 1.0, 2.0, std::f64::consts::E, 60.0, 86_400.0, 1e12] {
            assert!((ln(x) - x.ln()).abs() < 1e-12 * (1.0 + x.ln().abs()), "{x}");
            assert!((exp(ln(x)) / x - 1.0).abs() < 1e-12, "{x}");
        }
    }

    #[test]
    fn draws_have_the_moments_they_claim() {
        let mut rng = Rng::new(7);
        let mean = |mut draw: Box<dyn FnMut() -> f64 + '_>| (0..20_000).map(|_| draw()).sum::<f64>() / 20_000.0;
        let mut r = rng.fork();
        assert!((mean(Box::new(|| r.exponential(10.0))) - 10.0).abs() < 0.3);
        assert!((mean(Box::new(|| rng.normal(5.0, 2.0))) - 5.0).abs() < 0.06);
        assert!((mean(Box::new(|| rng.normal(0.0, 2.0).powi(2))) - 4.0).abs() < 0.15);
        assert!((mean(Box::new(|| rng.poisson(1.6) as f64)) - 1.6).abs() < 0.05);
        assert!((mean(Box::new(|| rng.whole(1, 6) as f64)) - 3.5).abs() < 0.06);
    }
}
