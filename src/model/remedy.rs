//! What would stop a storm, and what a slower retry loop would still cost.

/// How much a remedy helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Ends the storm.
    Ends,
    /// Slows it down to a floor.
    Slows,
    /// Finds out more.
    Tells,
}

/// One remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What to do, in a few words.
    pub text: String,
    /// How much it helps.
    pub effect: Effect,
    /// The KB articles it comes from; empty for our own advice.
    pub source: &'static str,
    /// Where to look and what to type, one step each, without any name from a log; empty where the
    /// words say it all.
    pub steps: &'static [&'static str],
}

/// Why nothing can be predicted about a registry change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPrediction {
    /// No bursts, or their number per day is not known.
    NoBursts,
    /// Active for less than a twentieth of the day: too little active time.
    TooLittleActive,
}

/// A client's retry cycle: a burst of attempts, then everything else. The registry changes the burst
/// only (KB Q287626).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cycle {
    /// Failures per calendar day as observed.
    pub observed_per_day: f64,
    /// Attempts per burst, at least 1.
    pub attempts: f64,
    /// Length of a burst in seconds.
    pub burst_s: f64,
    /// Everything of the cycle outside the burst, in seconds.
    pub rest_s: f64,
    /// The observed rest was shorter than the announced wait, which stands in for it: attempts,
    /// spacing or bursts per day must be wrong, so the prediction is rough.
    pub rest_is_announced: bool,
    /// The spacing was only an upper bound, or the rest is the announced wait: the prediction is
    /// rough.
    pub rough: bool,
    /// Failures per day that no registry value can avoid: one attempt per cycle, nothing between.
    pub floor_per_day: f64,
    /// Events per attempt in the log looked at.
    pub events_per_attempt: f64,
    /// Active share of the day, 0 to 1.
    pub active_share: f64,
    /// Response time of one attempt in seconds.
    pub response_s: f64,
}

impl Cycle {
    /// Failures per calendar day with `attempts` attempts per burst, `interval_ms` apart; `None`
    /// for no attempts at all. `PipeRetries = N` means N or N + 1 attempts (the article does not
    /// say), so both belong into a table.
    pub fn per_day(&self, attempts: u32, interval_ms: u32) -> Option<f64> {
        if attempts == 0 {
            return None;
        }
        let attempts = f64::from(attempts);
        let burst = attempts * (f64::from(interval_ms) / 1000.0 + self.response_s);
        Some(self.events_per_attempt * attempts * 86_400.0 * self.active_share / (self.rest_s + burst))
    }
}
