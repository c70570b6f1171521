//! What the detectors find in the trains of one workstation on one server.

use super::status::Status;

/// The class of a train or a workstation, in the order in which reports rank them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// An automated retry loop.
    Storm,
    /// Too few failures to call it a storm.
    PossibleStorm,
    /// One source, many accounts.
    Spray,
    /// Many one-time workstation names.
    Scanner,
    /// None of the others.
    Unclassified,
    /// A person.
    Human,
}

impl Class {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Class::Storm => "storm",
            Class::PossibleStorm => "possible-storm",
            Class::Spray => "spray",
            Class::Scanner => "scanner",
            Class::Unclassified => "unclassified",
            Class::Human => "human",
        }
    }
}

/// Why a train is a storm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StormRule {
    /// (a) a dominant period.
    Period,
    /// (b) at least 60 distinct seconds within an hour.
    Rate,
    /// (c) hour after hour.
    Persistence,
}

/// The dominant period of the gaps between burst onsets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    /// Period in seconds; may be a half-integer.
    pub seconds: f64,
    /// Tolerance in seconds.
    pub tolerance: f64,
    /// Share of the gaps that are the period or a small multiple, 0 to 1.
    pub share: f64,
    /// log10 of the chance that unrelated gaps do as well; 0 is no evidence.
    pub log10_p: f64,
}

/// The numbers behind a class. All counts of "seconds" are distinct seconds with a failure.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// Distinct seconds.
    pub n: usize,
    /// Failures.
    pub failures: u64,
    /// Distinct accounts.
    pub accounts: usize,
    /// Bursts (for classification).
    pub bursts: usize,
    /// Dominant period; `None` with fewer than 5 gaps.
    pub period: Option<Period>,
    /// Robust coefficient of variation of the onset gaps; `None` with fewer than 5 gaps.
    pub cv: Option<f64>,
    /// Distinct clock hours with a failure.
    pub hours: usize,
    /// Most seconds within any closed window of 3,600 s.
    pub max60: usize,
    /// Most failures (events) within any closed window of 3,600 s.
    pub peak_per_hour: u64,
    /// Seconds of the largest session.
    pub biggest_session: usize,
    /// Longest session in seconds.
    pub longest_session_s: i64,
    /// Median burst size in failures; 0 without bursts.
    pub burst_size: f64,
    /// Median spacing inside a burst in seconds; `None` when every burst lies in one second.
    pub spacing_s: Option<f64>,
}

/// A stretch of a storm without long pauses.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// First second.
    pub first: i64,
    /// Last second.
    pub last: i64,
    /// Failures.
    pub failures: u64,
    /// It was already running when the log begins.
    pub since_before: bool,
    /// It is still running when the log ends.
    pub ongoing: bool,
    /// It ends where a full or stopped log ends: not known to be over.
    pub log_stops: bool,
}

/// What was found for one workstation on one server.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Canonical name of the server.
    pub server: String,
    /// The class.
    pub class: Class,
    /// The rule, for a storm.
    pub rule: Option<StormRule>,
    /// The account that storms, where only one of many does.
    pub only_account: Option<String>,
    /// The numbers.
    pub features: Features,
    /// Episodes in order of time, of a storm or possible storm and of whatever a client's log may make
    /// one; empty for sprays and for few failures.
    pub episodes: Vec<Episode>,
    /// The account with most distinct seconds.
    pub dominant_account: String,
    /// The most frequent reason.
    pub dominant_status: Status,
}

/// A scan with random names.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// Canonical name of the server.
    pub server: String,
    /// The account that is tried, for keys (upper case), or the address it comes from where the
    /// account varies.
    pub target: String,
    /// Distinct names.
    pub names: u64,
    /// Failures.
    pub failures: u64,
    /// First second of the scan.
    pub first: i64,
    /// Last second of the scan.
    pub last: i64,
}

/// Everything that the detectors found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detected {
    /// Scans with random names, sorted by (server, target).
    pub scans: Vec<Scan>,
    /// Per workstation of the timeline: the scan (index into `scans`) whose row it became part of;
    /// such a workstation has no row and no findings of its own. `None` for all others.
    pub swallowed: Vec<Option<usize>>,
    /// The same per workstation of [`super::timeline::Timeline::lights`].
    pub lights: Vec<Option<u32>>,
    /// Per workstation of the timeline: its findings, those of the server with most distinct
    /// seconds first. Where single accounts of many storm, their findings (see
    /// [`Finding::only_account`]) stand before the one of the whole workstation on that server.
    pub findings: Vec<Vec<Finding>>,
}
