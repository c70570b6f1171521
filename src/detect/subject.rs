//! What the rules look at: one workstation on one server, or one account of it, as numbers.

use std::borrow::Cow;

use super::{bursts, cv, period, persistence};
use crate::model::config::{Param, Thresholds};
use crate::model::finding::Features;
use crate::model::status::Status;
use crate::model::train::{Mark, Train, union};

/// Stands for the period of a train that has none when time between failures is counted, in
/// seconds: the outer wait of the metering client.
pub(super) const USUAL_PERIOD: f64 = 60.0;

/// The trains of one workstation on one server (one per account), and their numbers.
pub(super) struct Subject<'a> {
    /// One train per account, of which there is at least one.
    pub(super) trains: &'a [Train],
    /// Seconds with failures of any of the accounts, ascending.
    pub(super) marks: Cow<'a, [Mark]>,
    /// The numbers.
    pub(super) features: Features,
    /// Distinct (second, account, status).
    pub(super) tuples: u64,
}

impl<'a> Subject<'a> {
    /// The numbers of these trains together.
    pub(super) fn new(trains: &'a [Train], thresholds: &Thresholds) -> Self {
        let marks = union(trains);
        let features = features(trains, &marks, thresholds);
        Self { trains, features, tuples: trains.iter().map(|train| train.tuples).sum(), marks }
    }

    /// The dominant period in seconds, or the usual one.
    pub(super) fn period_or_usual(&self) -> f64 {
        self.features.period.map_or(USUAL_PERIOD, |period| period.seconds)
    }

    /// The account with most distinct seconds (ties: the first), as logged.
    pub(super) fn dominant_account(&self) -> &str {
        let mut best: Option<&Train> = None;
        for train in self.trains {
            if best.is_none_or(|best| train.n() > best.n()) {
                best = Some(train);
            }
        }
        best.map_or("", |train| train.account.as_str())
    }

    /// The most frequent reason (ties: the first in order).
    pub(super) fn dominant_status(&self) -> Status {
        let mut all: Vec<(Status, u64)> = self.trains.iter().flat_map(|train| train.statuses.iter().copied()).collect();
        all.sort_unstable();
        let mut best = (0, Status::None);
        for equal in all.chunk_by(|a, b| a.0 == b.0) {
            let failures = equal.iter().map(|(_, count)| count).sum();
            if failures > best.0 {
                best = (failures, equal[0].0);
            }
        }
        best.1
    }
}

fn features(trains: &[Train], marks: &[Mark], thresholds: &Thresholds) -> Features {
    let gap = thresholds[Param::BurstGap] as i64;
    let gaps = bursts::onset_gaps(marks, gap);
    let period = period::dominant(&gaps, thresholds);
    let (max60, peak_per_hour) = persistence::peaks(marks);
    let (mut biggest_session, mut longest_session_s) = (0, 0);
    for session in persistence::sessions(marks, thresholds[Param::SessionGap] as i64) {
        biggest_session = session.len().max(biggest_session);
        longest_session_s = persistence::length(session).max(longest_session_s);
    }
    let (burst_size, spacing_s) = bursts::medians(marks, gap);
    Features {
        n: marks.len(),
        failures: trains.iter().map(|train| train.failures).sum(),
        accounts: trains.len(),
        bursts: gaps.len() + usize::from(!marks.is_empty()),
        period,
        cv: cv::robust(&gaps),
        hours: persistence::hours(marks),
        max60,
        peak_per_hour,
        biggest_session,
        longest_session_s,
        burst_size,
        spacing_s,
    }
}
