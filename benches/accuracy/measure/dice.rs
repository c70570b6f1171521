//! Chance for the small logs that a figure writes by itself.

use logonstorm::model::splitmix::splitmix64;
use logonstorm::model::time::Ticks;
use logonstorm::simulate::{Data, WrittenEvent};

/// Start of these logs: 2002-08-05T00:00:00Z.
const START_S: f64 = 1_028_505_600.0;
/// Seconds from 1601, where FILETIME begins, to 1970.
const FILETIME_S: f64 = 11_644_473_600.0;

/// SplitMix64: any seed is good.
#[derive(Clone, Copy)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        splitmix64(&mut self.0)
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

/// Failure `number` (from 0) of a log of one computer, so many seconds after the start.
pub(crate) fn failure(
    (number, at): (usize, f64),
    event_id: u16,
    computer: &'static str,
    provider: &'static str,
    data: Data<'static>,
) -> WrittenEvent<'static> {
    WrittenEvent { record_id: number as u64 + 1, time: ticks(at), event_id, failure: true, computer, provider, data }
}
