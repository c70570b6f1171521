//! The thresholds of correlation, copied once per call.

/// Every number that correlation can be told to use.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Seconds without a failure that end a burst.
    pub burst_gap: i64,
    /// Largest clock offset searched, seconds, either sign.
    pub max_offset: i64,
    /// Largest drift searched, dimensionless.
    pub max_drift: f64,
    /// Largest drift that is believed.
    pub drift_accepted: f64,
    /// Matching tolerance in seconds.
    pub tolerance: f64,
    /// Most ticks that are compared with shuffles.
    pub window: usize,
    /// Shuffles.
    pub shuffles: usize,
    /// Alias ratio from which the offset counts as ambiguous.
    pub alias: f64,
    /// Fewest matched pairs of an acceptance.
    pub matched: usize,
    /// Least coincidence factor of an acceptance.
    pub g: f64,
    /// Most other workstations compared.
    pub decoys_most: usize,
    /// Fewest other workstations for the decoy rule.
    pub decoys_fewest: usize,
    /// First ticks that are compared with other workstations.
    pub decoy_ticks: usize,
    /// Largest runner-up / own score of the decoy rule.
    pub decoy_ratio: f64,
    /// Least coincidence factor of an attribution by time alone.
    pub open_g: f64,
    /// Ticks of one tracking window.
    pub track_window: usize,
    /// Half width of the tracking search, seconds.
    pub track_half: f64,
    /// Drift searched inside one tracking window.
    pub track_drift: f64,
    /// Offset difference between windows that counts as a clock step, seconds.
    pub step: f64,
    /// Longest stretch of ticks that one clock may explain, seconds; bounds offset x drift for bad clocks.
    pub stretch: i64,
}

/// Drift range of `--old-clocks`: two minutes a day are 1,400 ppm (KB 189706).
const OLD_DRIFT: f64 = 2000e-6;
/// Share of the drift range of `--old-clocks` that is believed: false matches sit at the limit.
const OLD_DRIFT_BELIEVED: f64 = 0.75;
/// With old clocks one clock must fit within the 70 s search window: 6 h x 1,400 ppm = 30 s.
const OLD_STRETCH_S: i64 = 6 * 3600;

impl Default for Settings {
    fn default() -> Self {
        Self {
            burst_gap: 15,
            max_offset: 51_300,
            max_drift: 200e-6,
            drift_accepted: 150e-6,
            tolerance: 2.5,
            window: 700,
            shuffles: 99,
            alias: 0.9,
            matched: 6,
            g: 0.30,
            decoys_most: 200,
            decoys_fewest: 20,
            decoy_ticks: 300,
            decoy_ratio: 0.5,
            open_g: 0.50,
            track_window: 300,
            track_half: 45.0,
            track_drift: 50e-6,
            step: 60.0,
            stretch: i64::MAX,
        }
    }
}

impl Settings {
    /// The same for clocks that drift by up to 2,000 ppm.
    pub fn for_old_clocks(mut self) -> Self {
        self.max_drift = OLD_DRIFT;
        self.drift_accepted = OLD_DRIFT_BELIEVED * OLD_DRIFT;
        self.track_drift = OLD_DRIFT;
        self.stretch = OLD_STRETCH_S;
        self
    }
}
