//! The storms that a client log is compared with: the other workstations' of the same server log.

use super::subject::trains_of;
use crate::correlate::{Side, side};
use crate::model::config::{Param, Thresholds};
use crate::model::finding::{Class, Detected, Finding};
use crate::model::timeline::{ServerLog, Timeline, WorkstationTrains};
use crate::model::train::{Mark, union};

/// One storm as a row of bursts.
#[derive(Clone, Debug)]
pub(super) struct StormSide<'a> {
    /// Whose it is.
    pub(super) workstation: &'a str,
    /// Which server's log tells of it.
    pub(super) server: &'a str,
    /// Keys of its accounts, sorted.
    pub(super) accounts: Vec<&'a str>,
    /// Its bursts.
    pub(super) side: Side,
    /// Its finding.
    pub(super) finding: &'a Finding,
}

/// First and last record of any id in a server's log; nothing known is (0, 0) and widened to the
/// failures.
pub(super) fn coverage(servers: &[ServerLog], server: &str, marks: &[Mark]) -> (i64, i64) {
    let known = servers.binary_search_by(|log| log.server.as_str().cmp(server)).ok().map(|at| &servers[at]);
    let ends =
        || (marks.first().map_or(0, |mark| i64::from(mark.sec)), marks.last().map_or(0, |mark| i64::from(mark.sec)));
    known.map_or_else(ends, |log| (log.from, log.to))
}

/// Every storm with enough distinct seconds, in order of workstation and server.
pub(super) fn storm_sides<'a>(
    timeline: &'a Timeline,
    found: &'a Detected,
    thresholds: &Thresholds,
) -> Vec<StormSide<'a>> {
    let mut out = Vec::new();
    for (workstation, findings) in timeline.workstations.iter().zip(&found.findings) {
        for finding in findings.iter().filter(|finding| is_storm(finding, thresholds)) {
            out.push(storm_side(timeline, workstation, finding, thresholds));
        }
    }
    out
}

fn is_storm(finding: &Finding, thresholds: &Thresholds) -> bool {
    finding.class == Class::Storm && finding.features.n as f64 >= thresholds[Param::StormSeconds]
}

fn storm_side<'a>(
    timeline: &'a Timeline,
    workstation: &'a WorkstationTrains,
    finding: &'a Finding,
    thresholds: &Thresholds,
) -> StormSide<'a> {
    let trains = trains_of(workstation, finding);
    let mut accounts: Vec<&str> = trains.iter().map(|train| train.account_key.as_str()).collect();
    accounts.sort_unstable();
    let marks = union(trains.iter().copied());
    let covered = coverage(&timeline.servers, &finding.server, &marks);
    StormSide {
        workstation: &workstation.name,
        server: &finding.server,
        accounts,
        side: side(&marks, covered, thresholds[Param::BurstGap] as i64),
        finding,
    }
}

/// True where two sorted lists have an entry in common. Blank accounts are no common account.
pub(super) fn share<'a>(a: &[&'a str], b: &[&'a str]) -> bool {
    a.iter().any(|key| !key.is_empty() && b.binary_search(key).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_accounts_are_not_shared() {
        assert!(share(&["", "A"], &["", "A"]));
        assert!(!share(&["", "A"], &["", "B"]));
    }
}
