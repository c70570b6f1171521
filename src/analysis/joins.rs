//! Lays every client log over the failures of its own workstation, and concludes for each pair.

use rayon::prelude::*;

use super::clock::offset_at_midpoint;
use super::decoys::{StormSide, coverage, share};
use super::settings::Settings;
use super::subject::{Subject, subjects};
use crate::correlate::{self, Client, side};
use crate::model::config::Param;
use crate::model::finding::{Detected, Finding};
use crate::model::matching::{Correlation, Match};
use crate::model::timeline::{ClientTrain, Dating, Timeline, WorkstationTrains};
use crate::verdict::ladder::{ClientSide, Decision, Evidence, decide};

/// One comparison and what was concluded from it.
#[derive(Clone, Debug)]
pub(super) struct Tested {
    /// What the log was compared with.
    pub(super) subject: Subject,
    /// What the comparison gave.
    pub(super) correlation: Correlation,
    /// What was concluded.
    pub(super) decision: Decision,
    /// Attempts and bursts of the two sides.
    pub(super) attempts: usize,
    pub(super) bursts: usize,
    /// Share of the storm that the client's log covers, on the best known clock.
    pub(super) covers: f64,
    /// Successes of the client during the storm.
    pub(super) successes: u64,
    /// Offset at the midpoint between the first and the last matched pair.
    pub(super) offset_s: Option<f64>,
}

/// What comparisons need besides the two sides.
pub(super) struct Bench<'a> {
    /// Everything that was read.
    pub(super) timeline: &'a Timeline,
    /// Storms to compare with.
    pub(super) storms: &'a [StormSide<'a>],
    /// Client logs tested in this run.
    pub(super) clients_tested: usize,
    /// Settings of the run.
    pub(super) settings: &'a Settings,
    /// The same for correlation.
    pub(super) correlation: correlate::Settings,
}

/// The workstation of a client log as an index into the timeline, where it has failures and a row of
/// its own.
pub(super) fn workstation_of(timeline: &Timeline, found: &Detected, client: &ClientTrain) -> Option<usize> {
    let name = client.workstation.as_deref()?;
    let at = timeline.workstations.binary_search_by(|known| known.name.as_str().cmp(name)).ok()?;
    found.swallowed.get(at).is_none_or(Option::is_none).then_some(at)
}

/// All comparisons, parallel to the clients of the timeline; empty for clients without failures on
/// any server. The order is fixed whatever the threads do.
pub(super) fn join(bench: &Bench, found: &Detected) -> Vec<Vec<Tested>> {
    let clients = &bench.timeline.clients;
    clients
        .par_iter()
        .map(|client| match workstation_of(bench.timeline, found, client) {
            Some(at) => bench.client(client, &bench.timeline.workstations[at], &found.findings[at]),
            None => Vec::new(),
        })
        .collect()
}

/// The comparison that stands in the report: the best verdict, then most pairs, then most seconds.
pub(super) fn best(tested: &[Tested]) -> Option<&Tested> {
    tested.iter().min_by_key(|test| {
        let pairs = in_time(&test.correlation).map_or(0, |found| found.matched);
        (test.decision.verdict, std::cmp::Reverse((pairs, test.subject.marks.len())))
    })
}

/// The match in time, where there is one.
pub(super) fn in_time(correlation: &Correlation) -> Option<&Match> {
    match correlation {
        Correlation::InTime(found) => Some(found),
        _ => None,
    }
}

impl Bench<'_> {
    fn client(&self, train: &ClientTrain, workstation: &WorkstationTrains, findings: &[Finding]) -> Vec<Tested> {
        let mut clients = vec![correlate::prepare(train)];
        clients.extend(correlate::prepare_by_server(train, &self.correlation));
        let mut accounts: Vec<&str> = workstation.trains.iter().map(|train| train.account_key.as_str()).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let mut known: Vec<Subject> = Vec::new();
        for finding in findings {
            for subject in subjects(workstation, finding, &self.settings.thresholds) {
                if !known.iter().any(|known| known.server == subject.server && known.marks == subject.marks) {
                    known.push(subject);
                }
            }
        }
        let mut out = Vec::new();
        for subject in known {
            out.extend(
                clients.iter().map(|client| self.test(train, client, &workstation.name, &accounts, subject.clone())),
            );
        }
        out
    }

    /// Compares a client log with one subject of the workstation `name`.
    pub(super) fn test(
        &self,
        train: &ClientTrain,
        client: &Client,
        name: &str,
        accounts: &[&str],
        subject: Subject,
    ) -> Tested {
        let thresholds = &self.settings.thresholds;
        let covered = coverage(&self.timeline.servers, &subject.server, &subject.marks);
        let own = side(&subject.marks, covered, thresholds[Param::BurstGap] as i64);
        let others: Vec<(&correlate::Side, bool)> = self
            .storms
            .iter()
            .filter(|storm| storm.server == subject.server && storm.workstation != name)
            .map(|storm| (&storm.side, share(&storm.accounts, accounts)))
            .collect();
        let correlation = correlate::correlate(client, &own, &others, &self.correlation);
        let offset_s = in_time(&correlation).and_then(offset_at_midpoint);
        let decided_on = ClientSide {
            attempts: train.ticks.len(),
            covers: covers(train, &subject, 0.0),
            successes: successes(train, &subject, offset_s.unwrap_or(0.0)),
        };
        let decision = decide(
            &Evidence {
                class: subject.class,
                n: subject.marks.len(),
                failures: subject.failures,
                active_s: subject.active_s,
                client: Some(decided_on),
                correlation: Some(&correlation),
                clients_tested: self.clients_tested,
                old_clocks: self.settings.old_clocks,
            },
            thresholds,
        );
        let covers =
            if offset_s.is_some() { covers(train, &subject, offset_s.unwrap_or(0.0)) } else { decided_on.covers };
        Tested {
            attempts: decided_on.attempts,
            bursts: own.bursts(),
            covers,
            successes: decided_on.successes,
            offset_s,
            subject,
            correlation,
            decision,
        }
    }
}

/// Share of the subject's active time that the client's log covers when its clock is `offset_s`
/// ahead; 0 where its lines carry no dates.
fn covers(train: &ClientTrain, subject: &Subject, offset_s: f64) -> f64 {
    let (Some((first_ms, last_ms)), Dating::Dated) = (train.span_ms, train.dating) else { return 0.0 };
    let to_server = |ms: i64| ms as f64 / 1000.0 - offset_s;
    let (from, to) = (to_server(first_ms), to_server(last_ms));
    let mut whole = 0.0;
    let mut inside = 0.0;
    for (first, last) in &subject.sessions {
        let (first, last) = (*first as f64, *last as f64 + 1.0);
        whole += last - first;
        inside += (last.min(to) - first.max(from)).max(0.0);
    }
    if whole > 0.0 { inside / whole } else { 0.0 }
}

/// Successes of the client inside the subject's sessions when its clock is `offset_s` ahead.
fn successes(train: &ClientTrain, subject: &Subject, offset_s: f64) -> u64 {
    let inside = |ms: &&i64| {
        let sec = **ms as f64 / 1000.0 - offset_s;
        subject.sessions.iter().any(|(first, last)| (*first as f64..=*last as f64).contains(&sec))
    };
    train.successes_ms.iter().filter(inside).count() as u64
}
