//! The clock of a client against the server's.

use super::rng::Rng;

/// A client's clock: seconds to add to true time. Zero of all times is the start of the span.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    pub(super) offset: f64,
    /// Relative error of the rate, in parts per million.
    pub(super) drift_ppm: f64,
    /// When the clock is set, and by how much.
    pub(super) step: Option<(f64, f64)>,
}

impl Clock {
    /// A clock as they are found in a fleet: right, minutes off, in another zone, or anywhere.
    pub(super) fn draw(rng: &mut Rng, span: f64, drift_sd: f64) -> Self {
        let kind = rng.unit();
        let offset = if kind < 0.30 {
            rng.between(-2.0, 2.0)
        } else if kind < 0.55 {
            rng.between(-900.0, 900.0)
        } else if kind < 0.85 {
            (rng.whole(0, 18) as f64 - 9.0) * 3600.0 + rng.between(-60.0, 60.0)
        } else {
            rng.between(-43_200.0, 43_200.0)
        };
        let drift_ppm = rng.normal(0.0, drift_sd);
        let step = rng.chance(0.10).then(|| {
            let at = span * rng.between(0.3, 0.7);
            let size = if rng.chance(0.5) { rng.between(20.0, 300.0) } else { 3600.0 };
            (at, if rng.chance(0.5) { size } else { -size })
        });
        Self { offset, drift_ppm, step }
    }

    /// What this clock shows at true time `t`.
    pub(super) fn read(&self, t: f64) -> f64 {
        let step = self.step.filter(|step| t >= step.0).map_or(0.0, |step| step.1);
        t + self.offset + self.drift_ppm * 1e-6 * t + step
    }
}
