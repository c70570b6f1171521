//! Chance for the small logs that a figure writes by itself.

use logonstorm::model::time::Ticks;

/// Start of these logs: 2002-08-05T00:00:00Z.
const START_S: f64 = 1_028_505_600.0;
/// Seconds from 1601, where FILETIME begins, to 1970.
const FILETIME_S: f64 = 11_644_473_600.0;

/// SplitMix64 (Steele, Lea, Flood 2014): any seed is good.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// At least 0, below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Between two numbers, small ones as likely as large ones.
    pub(crate) fn log_between(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.unit())
    }

    /// Standard normal, to three digits: the sum of twelve.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// Exponential with the mean 1.
    pub(crate) fn exponential(&mut self) -> f64 {
        -(1.0 - self.unit()).ln()
    }
}

/// A moment so many seconds after the start.
pub(crate) fn ticks(at: f64) -> Ticks {
    Ticks::from_filetime(((START_S + FILETIME_S + at) * 1e7) as u64)
}
