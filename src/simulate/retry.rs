//! The loop model: one function produces the attempts a server sees and the lines a client writes.

use super::rng::Rng;

/// Seconds of one day.
pub(super) const DAY: f64 = 86_400.0;

/// A retry loop. Times in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loop {
    /// Attempts in a burst.
    pub(super) m: f64,
    /// Mean distance of the attempts of a burst.
    pub(super) d: f64,
    /// Wait between a burst's end and the next burst.
    pub(super) wait: f64,
    /// Spread of the wait.
    pub(super) sigma: f64,
    /// Bursts in a round and mean pause between rounds; `None` for a loop without rounds.
    pub(super) rounds: Option<(u32, f64)>,
    /// The loop rests outside 8-18 h.
    pub(super) office: bool,
}

/// One burst: the attempts, and the moment the client gives up and writes its line.
#[derive(Clone, Debug)]
pub(super) struct Burst {
    pub(super) attempts: Vec<f64>,
    pub(super) end: f64,
    /// Number of the burst in its round, from 0.
    pub(super) i: u32,
}

/// The bursts of a loop from `start` to `end`.
pub(super) fn bursts(rng: &mut Rng, model: &Loop, start: f64, end: f64) -> Vec<Burst> {
    let mut all = Vec::new();
    let mut t = start;
    let mut i = 0;
    while t < end {
        let hour = t.rem_euclid(DAY) / 3600.0;
        if model.office && !(8.0..18.0).contains(&hour) {
            let day = (t / DAY).floor() + if hour < 8.0 { 0.0 } else { 1.0 };
            t = day * DAY + 8.0 * 3600.0 + rng.exponential(300.0);
            i = 0;
            continue;
        }
        let burst = burst(rng, model, t, i);
        t = burst.end + model.wait + rng.normal(0.0, model.sigma).abs();
        all.push(burst);
        i += 1;
        if let Some((round, pause)) = model.rounds
            && i >= round
        {
            t += rng.exponential(pause);
            i = 0;
        }
    }
    all
}

fn burst(rng: &mut Rng, model: &Loop, from: f64, i: u32) -> Burst {
    let m = if model.m > 3.0 { model.m * rng.between(0.9, 1.1) } else { model.m };
    let count = m.round().max(1.0) as usize;
    let mut gap = || rng.normal(model.d, 0.05 * model.d).max(0.02);
    let mut attempts = Vec::with_capacity(count);
    let mut t = from;
    for k in 0..count {
        if k > 0 {
            t += gap();
        }
        attempts.push(t);
    }
    let end = t + gap();
    Burst { attempts, end, i }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_has_its_bursts_and_each_burst_its_attempts() {
        let model = Loop { m: 3.0, d: 1.0, wait: 60.0, sigma: 1.0, rounds: Some((5, 900.0)), office: false };
        let all = bursts(&mut Rng::new(3), &model, 0.0, 2.0 * DAY);
        assert!(all.len() > 300);
        assert!(all.iter().all(|burst| burst.attempts.len() == 3 && burst.end > burst.attempts[2]));
        for pair in all.windows(2) {
            assert_eq!(pair[1].i, (pair[0].i + 1) % 5);
            assert!(pair[1].attempts[0] >= pair[0].end + 60.0);
        }
    }

    #[test]
    fn office_loops_rest_at_night() {
        let model = Loop { m: 1.0, d: 1.0, wait: 60.0, sigma: 1.0, rounds: None, office: true };
        let all = bursts(&mut Rng::new(3), &model, 0.0, 3.0 * DAY);
        assert!(all.len() > 1000);
        assert!(all.iter().all(|burst| (8.0..18.0).contains(&(burst.attempts[0] % DAY / 3600.0))));
    }
}
