//! Goes through the timeline and lets every rule have its say.

use rayon::prelude::*;

use super::classes::classify;
use super::subject::Subject;
use super::{episodes, scanner};
use crate::model::config::{Param, Thresholds};
use crate::model::finding::{Class, Detected, Finding};
use crate::model::timeline::{Timeline, WorkstationTrains};
use crate::model::train::Train;

/// Everything that the detectors find. The servers' local time is taken as unknown, so no rule
/// asks for the time of day.
pub fn detect(timeline: &Timeline, thresholds: &Thresholds) -> Detected {
    run(timeline, thresholds, None)
}

/// The same where the servers' zone is known: a person fails by day.
pub fn detect_in_zone(timeline: &Timeline, thresholds: &Thresholds, zone: chrono_tz::Tz) -> Detected {
    run(timeline, thresholds, Some(zone))
}

fn run(timeline: &Timeline, thresholds: &Thresholds, zone: Option<chrono_tz::Tz>) -> Detected {
    let scanner::Scans { scans, swallowed, lights } = scanner::scans(timeline, thresholds);
    let room = Room { timeline, thresholds, zone };
    let findings = timeline
        .workstations
        .par_iter()
        .zip(&swallowed)
        .map(|(workstation, swallowed)| if swallowed.is_some() { Vec::new() } else { room.workstation(workstation) })
        .collect();
    Detected { scans, swallowed, lights, findings }
}

struct Room<'a> {
    timeline: &'a Timeline,
    thresholds: &'a Thresholds,
    zone: Option<chrono_tz::Tz>,
}

impl Room<'_> {
    fn workstation(&self, workstation: &WorkstationTrains) -> Vec<Finding> {
        let mut servers: Vec<(usize, Vec<Finding>)> = workstation
            .trains
            .chunk_by(|a, b| a.server == b.server)
            .map(|trains| {
                let whole = Subject::new(trains, self.thresholds);
                (whole.features.n, self.server(&whole))
            })
            .collect();
        servers.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
        let mut servers = servers.into_iter().map(|(_, findings)| findings);
        // Names may be millions, most on one server and with one finding: no room is kept for more.
        let mut findings = servers.next().unwrap_or_default();
        findings.extend(servers.flatten());
        findings.shrink_to_fit();
        findings
    }

    /// The accounts that storm alone, most distinct seconds first, then the whole.
    fn server(&self, whole: &Subject<'_>) -> Vec<Finding> {
        let finding = self.finding(whole, None);
        let many = whole.features.accounts as f64 > self.thresholds[Param::StormAccounts];
        if !many || finding.class == Class::Spray {
            return vec![finding];
        }
        let mut findings: Vec<Finding> = whole.trains.chunks(1).filter_map(|train| self.account(train)).collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.features.n));
        findings.push(finding);
        findings
    }

    /// The finding of one account on its own train, where that is a storm.
    fn account(&self, train: &[Train]) -> Option<Finding> {
        let n = train.first().map_or(0, Train::n) as f64;
        if n < self.thresholds[Param::StormSeconds] {
            return None;
        }
        let finding =
            self.finding(&Subject::new(train, self.thresholds), train.first().map(|train| train.account.clone()));
        (finding.class == Class::Storm).then_some(finding)
    }

    fn finding(&self, subject: &Subject<'_>, only_account: Option<String>) -> Finding {
        let (class, rule) = classify(subject, self.thresholds, self.zone);
        let enough = subject.features.n as f64 >= self.thresholds[Param::StormSecondsConfirmed];
        let episodes = match class {
            Class::Storm | Class::PossibleStorm => episodes::episodes(subject, self.timeline, self.thresholds),
            // a client's own log may make it a storm
            Class::Human | Class::Unclassified if enough => episodes::episodes(subject, self.timeline, self.thresholds),
            _ => Vec::new(),
        };
        Finding {
            server: subject.trains.first().map_or_else(String::new, |train| train.server.clone()),
            class,
            rule,
            only_account,
            features: subject.features.clone(),
            episodes,
            dominant_account: subject.dominant_account().to_owned(),
            dominant_status: subject.dominant_status(),
        }
    }
}
