//! What correlation found between a client's log and a server's log.

/// The clock model: client = server + delta + rho * (server - mid); all in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// Offset at `mid`: positive when the client is ahead.
    pub delta: f64,
    /// Drift, dimensionless (1e-6 is 1 ppm).
    pub rho: f64,
    /// Server time at which `delta` holds, seconds since the Unix epoch.
    pub mid: f64,
}

/// A jump of the client's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockStep {
    /// Last well-matched client tick before, seconds on the client's clock.
    pub after: i64,
    /// First well-matched client tick behind.
    pub before: i64,
    /// New offset minus old offset, seconds: negative when the clock was set back.
    pub seconds: f64,
}

/// One point of the tracked offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackPoint {
    /// Client time at the window's centre, seconds on the client's clock.
    pub client_sec: i64,
    /// Offset there; `None` where the window could not be matched.
    pub offset: Option<f64>,
    /// Coincidence factor of the window.
    pub g: f64,
}

/// A client tick and the server burst it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Index into the ticks of the client train.
    pub tick: usize,
    /// Client time, seconds on the client's clock.
    pub client_sec: i64,
    /// Server time of the mark (burst end or onset), seconds since the Unix epoch.
    pub server_sec: i64,
}

/// What the comparison of one client log with one train gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Matched pairs K of the whole log.
    pub matched: usize,
    /// Client ticks inside the server log's coverage, nc.
    pub of_client: usize,
    /// Server bursts inside the client log's coverage, ns.
    pub of_server: usize,
    /// Coincidence factor G of the whole log: 1 all explained, 0 chance.
    pub g: f64,
    /// Ranking score S = G * sqrt(min(nc, ns)) of the ticks compared with shuffles, before the alias step.
    pub s: f64,
    /// The fitted clock; its offset holds at the middle between the first and the last matched pair.
    pub clock: Clock,
    /// Server marks are burst ends (else burst onsets).
    pub on_ends: bool,
    /// Consecutive ticks that were compared with shuffles: all of a short log, else a window.
    pub compared: usize,
    /// Matched pairs among them: what `shuffled_best` must be compared with.
    pub compared_matched: usize,
    /// Monte-Carlo p-value of the shuffles.
    pub p: f64,
    /// Standard score of S against the shuffles.
    pub z: f64,
    /// Gumbel tail of S against the shuffles, for ranking only.
    pub p_gumbel: f64,
    /// Shuffles done (the test may stop early).
    pub shuffles: usize,
    /// Most matched pairs of any shuffle.
    pub shuffled_best: usize,
    /// Other workstations the client log was compared with.
    pub decoys: usize,
    /// K of the best other workstation; `None` without decoys.
    pub decoy_best: Option<usize>,
    /// Best score of the others / own score; `None` without decoys.
    pub decoy_ratio: Option<f64>,
    /// Its own workstation ranks first among all.
    pub decoy_rank_first: bool,
    /// The decoy rule holds: clearly first among at least 20 others, with enough pairs and a sane drift,
    /// the whole log does not speak against it, and it is not the rhythm alone that fits (alias, p and
    /// `one_loop`).
    pub decoy_ok: bool,
    /// Runner-up / best score among offsets shifted by whole periods; `None` if not tried.
    pub alias: Option<f64>,
    /// The offset is known only modulo this many seconds (alias above its threshold).
    pub ambiguous_by: Option<f64>,
    /// How much likelier one loop is than two loops of the same rhythm, in nats (below 0: two are
    /// likelier); `None` unless the offset is known only modulo a period, or with too few waits to tell.
    pub one_loop: Option<f64>,
    /// Offset over time, window by window; empty for short logs.
    pub track: Vec<TrackPoint>,
    /// Clock steps in order of time.
    pub steps: Vec<ClockStep>,
    /// Every matched pair of the whole log, in order of time.
    pub pairs: Vec<Pair>,
    /// Total ticks and bursts of the two sides, before any window.
    pub ticks: usize,
    /// See `ticks`.
    pub bursts: usize,
}

/// What a standard score against the shuffles is worth in nats: the logarithm of the likelihood ratio of
/// a normal deviate against its mean; 0 for scores below 0.
pub fn nats(z: f64) -> f64 {
    z.max(0.0) * z.max(0.0) / 2.0
}

/// Why two trains could not be compared in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotComparable {
    /// The client's lines carry no stamps.
    Undated,
    /// Fewer than 5 ticks.
    FewTicks,
    /// Fewer than 5 bursts.
    FewBursts,
    /// No offset within the search range brings the spans together.
    NoCommonSpan,
    /// Nothing admissible was found.
    NoFit,
}

/// What run lengths say about an undated log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UndatedMatch {
    /// Least time the retries took, in seconds: announced wait x waits.
    pub min_duration_s: f64,
    /// Failure lines / server bursts.
    pub count_ratio: f64,
    /// Alignment score of the run lengths.
    pub score: f64,
    /// Monte-Carlo p-value of that score.
    pub p: f64,
}

/// The result of correlating one client log with one train.
#[derive(Clone, Debug, PartialEq)]
pub enum Correlation {
    /// Compared in time.
    InTime(Box<Match>),
    /// Compared by counts and run lengths only.
    Undated(UndatedMatch),
    /// Not compared, and why.
    Not(NotComparable),
}
