//! What a client log is compared with: one account's failures on one server, or those of all
//! accounts of a loop together.

use crate::detect::persistence::sessions;
use crate::model::config::{Param, Thresholds};
use crate::model::finding::{Class, Finding};
use crate::model::timeline::WorkstationTrains;
use crate::model::train::{Mark, Train, union};

/// Accounts of one workstation on one server that a client log is compared with, most seconds first:
/// a client runs as one user or a few, and every comparison costs a hundred shuffles.
const ACCOUNTS: usize = 4;
/// Period of a train that shows none, in seconds: the metering client's outer wait (KB Q287626).
pub(super) const PERIOD_S: f64 = 60.0;

/// Failures that one comparison is made with.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// Server whose log tells of them.
    pub(super) server: String,
    /// Account as logged; of several the one with most seconds.
    pub(super) account: String,
    /// Its class.
    pub(super) class: Class,
    /// Seconds with failures.
    pub(super) marks: Vec<Mark>,
    /// Failures.
    pub(super) failures: u64,
    /// Stretches without long pauses: first and last second.
    pub(super) sessions: Vec<(i64, i64)>,
    /// Active time in seconds.
    pub(super) active_s: f64,
}

/// First and last second of every stretch without long pauses.
pub(super) fn stretches(marks: &[Mark], thresholds: &Thresholds) -> Vec<(i64, i64)> {
    let ends = |session: &[Mark]| Some((i64::from(session.first()?.sec), i64::from(session.last()?.sec)));
    sessions(marks, thresholds[Param::SessionGap] as i64).filter_map(ends).collect()
}

/// Active time of stretches in seconds: each lasts one period longer than from its first to its last
/// failure.
pub(super) fn active_s(stretches: &[(i64, i64)], period_s: f64) -> f64 {
    stretches.iter().map(|(first, last)| (last - first) as f64 + period_s).sum()
}

impl Subject {
    fn new(trains: &[&Train], finding: &Finding, thresholds: &Thresholds) -> Self {
        let marks = union(trains.iter().copied());
        let sessions = stretches(&marks, thresholds);
        let period = finding.features.period.map_or(PERIOD_S, |period| period.seconds);
        Self {
            server: finding.server.clone(),
            account: trains.first().map_or_else(String::new, |train| train.account.clone()),
            class: finding.class,
            failures: trains.iter().map(|train| train.failures).sum(),
            active_s: active_s(&sessions, period),
            sessions,
            marks: marks.into_owned(),
        }
    }
}

/// The trains behind a finding, most distinct seconds first: those of the account that storms alone,
/// or of all accounts.
pub(super) fn trains_of<'a>(workstation: &'a WorkstationTrains, finding: &Finding) -> Vec<&'a Train> {
    let mut trains: Vec<&Train> = workstation
        .trains
        .iter()
        .filter(|train| train.server == finding.server)
        .filter(|train| finding.only_account.as_ref().is_none_or(|only| *only == train.account))
        .collect();
    trains.sort_by(|a, b| b.n().cmp(&a.n()).then_with(|| a.account_key.cmp(&b.account_key)));
    trains
}

/// What a client log of this workstation is compared with on the server of this finding.
pub(super) fn subjects(workstation: &WorkstationTrains, finding: &Finding, thresholds: &Thresholds) -> Vec<Subject> {
    let trains = trains_of(workstation, finding);
    let mut out = Vec::new();
    if trains.len() > 1 && trains.len() as f64 <= thresholds[Param::StormAccounts] {
        out.push(Subject::new(&trains, finding, thresholds));
    }
    for train in trains.iter().take(ACCOUNTS) {
        out.push(Subject::new(&[train], finding, thresholds));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn active_time_counts_one_period_for_every_stretch() {
        let marks: Vec<Mark> = [0, 60, 120, 5000].iter().map(|sec| Mark { sec: *sec, count: 1 }).collect();
        let stretches = stretches(&marks, &Thresholds::default());
        assert_eq!(stretches, [(0, 120), (5000, 5000)]);
        assert_eq!(active_s(&stretches, 60.0), 240.0);
    }
}
