//! The scanner rule: many one-time workstation names against one account, or from one address.
//!
//! A scan with random names would fill the report with rows that say nothing. It becomes one row;
//! only names that do nothing else are swallowed by it. There may be millions of names, so each
//! costs a few numbers here.

use super::tries::Tries;
use crate::model::config::{Param, Thresholds};
use crate::model::finding::Scan;
use crate::model::timeline::Timeline;
use crate::model::workstation::BLANK;
use std::collections::BTreeMap;

/// Stands for no scan.
const NONE: u32 = u32::MAX;

/// What the rule gave.
#[derive(Debug, Default)]
pub(super) struct Scans {
    /// The scans, sorted by (server, target).
    pub(super) scans: Vec<Scan>,
    /// Per workstation the scan that swallows it.
    pub(super) swallowed: Vec<Option<usize>>,
    /// The same per workstation of [`Timeline::lights`].
    pub(super) lights: Vec<Option<u32>>,
}

/// The scans, and what they swallow.
pub(super) fn scans(timeline: &Timeline, thresholds: &Thresholds) -> Scans {
    let tries = Tries::new(timeline);
    let mut covered = vec![NONE; tries.len()];
    let mut targets: Vec<(String, String)> = Vec::new();
    let names = thresholds[Param::ScanNames];
    for of_one in &tries.by(|at| Some(tries.account(at)), names) {
        let places = scanned(&tries, of_one, thresholds);
        let Some(first) = places.first() else { continue };
        let account = match tries.account(*first) {
            "" => BLANK,
            account => account,
        };
        places.iter().for_each(|at| covered[*at as usize] = targets.len() as u32);
        targets.push((tries.server(*first).to_owned(), account.to_owned()));
    }
    let ip = |at: u32| Some(tries.ip(at)).filter(|ip| !ip.is_empty());
    for of_one in &tries.by(ip, names) {
        cover_address(&tries, of_one, thresholds, &mut covered, &mut targets);
    }
    collect(timeline, &tries, &covered, targets)
}

/// A scan from one address joins the scan of an account that it is part of; else it is its own.
fn cover_address(
    tries: &Tries<'_>,
    of_one: &[u32],
    thresholds: &Thresholds,
    covered: &mut [u32],
    targets: &mut Vec<(String, String)>,
) {
    let places = scanned(tries, of_one, thresholds);
    let rest: Vec<u32> = places.iter().copied().filter(|at| covered[*at as usize] == NONE).collect();
    let Some(first) = rest.first() else { return };
    let joined = places.iter().map(|at| covered[*at as usize]).find(|scan| *scan != NONE);
    let scan = match joined {
        Some(scan) if rest.len() * 2 <= places.len() => scan,
        _ => {
            targets.push((tries.server(*first).to_owned(), tries.ip(*first).to_owned()));
            targets.len() as u32 - 1
        }
    };
    rest.iter().for_each(|at| covered[*at as usize] = scan);
}

/// The tries of one account or address that only a scan explains: all their failures lie within it,
/// and there are few.
fn scanned(tries: &Tries<'_>, of_one: &[u32], thresholds: &Thresholds) -> Vec<u32> {
    let names = thresholds[Param::ScanNames];
    let mut events: Vec<(u32, u32)> = Vec::new();
    for at in of_one {
        tries.each_second(*at, &mut |sec| events.push((sec, tries.name(*at))));
    }
    events.sort_unstable();
    events.dedup();
    let periods = periods(&events, thresholds[Param::ScanWindow] as u32, names, thresholds[Param::ScanRatio]);
    let inside = |sec: u32| {
        let after = periods.partition_point(|period| period.0 <= sec);
        after > 0 && sec <= periods[after - 1].1
    };
    let swallow = |at: &&u32| {
        let (mut n, mut all) = (0.0, true);
        tries.each_second(**at, &mut |sec| {
            n += 1.0;
            all &= inside(sec);
        });
        all && n <= thresholds[Param::ScanKeep]
    };
    of_one.iter().filter(swallow).copied().collect()
}

/// The union of all windows [t - window, t] behind an event in which enough distinct names make up
/// enough of the events; sorted and apart. `events` are distinct (second, name), sorted.
fn periods(events: &[(u32, u32)], window: u32, names: f64, ratio: f64) -> Vec<(u32, u32)> {
    let mut count: BTreeMap<u32, u32> = BTreeMap::new();
    let mut periods: Vec<(u32, u32)> = Vec::new();
    let mut start = 0;
    for (at, (sec, name)) in events.iter().enumerate() {
        *count.entry(*name).or_insert(0) += 1;
        while events[start].0 < sec.saturating_sub(window) {
            let old = events[start].1;
            if let Some(left) = count.get_mut(&old) {
                *left -= 1;
                if *left == 0 {
                    count.remove(&old);
                }
            }
            start += 1;
        }
        // The window reaches to the end of the second.
        let more = events.get(at + 1).is_some_and(|next| next.0 == *sec);
        let distinct = count.len() as f64;
        if more || distinct < names || distinct / ((at + 1 - start) as f64) < ratio {
            continue;
        }
        let from = events[start].0;
        match periods.last_mut() {
            Some(last) if from <= last.1 => last.1 = *sec,
            _ => periods.push((from, *sec)),
        }
    }
    periods
}

/// Workstations of which every train is covered are swallowed; scans that swallow none are none.
fn collect(timeline: &Timeline, tries: &Tries<'_>, covered: &[u32], targets: Vec<(String, String)>) -> Scans {
    let empty = |(server, target)| Scan { server, target, names: 0, failures: 0, first: i64::MAX, last: i64::MIN };
    let mut scans: Vec<Scan> = targets.into_iter().map(empty).collect();
    let heavy = timeline.workstations.len();
    let mut by_name: Vec<u32> = vec![NONE; heavy + timeline.lights.len()];
    for of_one in tries.all().chunk_by(|a, b| tries.name(*a) == tries.name(*b)) {
        let name = tries.name(of_one[0]);
        let scan = covered[of_one[0] as usize];
        if of_one.iter().any(|at| covered[*at as usize] == NONE) {
            continue;
        }
        by_name[name as usize] = scan;
        let row = &mut scans[scan as usize];
        row.names += 1;
        row.failures += tries.failures(of_one);
        for at in of_one {
            tries.each_second(*at, &mut |sec| {
                row.first = row.first.min(i64::from(sec));
                row.last = row.last.max(i64::from(sec));
            });
        }
    }
    sorted(scans, &by_name, heavy)
}

/// Scans that swallow something, sorted by (server, target), and the numbers that follow.
fn sorted(scans: Vec<Scan>, by_name: &[u32], heavy: usize) -> Scans {
    let mut order: Vec<usize> = (0..scans.len()).filter(|at| scans[*at].names > 0).collect();
    order.sort_by(|a, b| (&scans[*a].server, &scans[*a].target, a).cmp(&(&scans[*b].server, &scans[*b].target, b)));
    let mut place = vec![0; scans.len()];
    for (now, before) in order.iter().enumerate() {
        place[*before] = now;
    }
    let of = |scan: &u32| (*scan != NONE).then(|| place[*scan as usize]);
    Scans {
        scans: order.iter().map(|at| scans[*at].clone()).collect(),
        swallowed: by_name[..heavy].iter().map(of).collect(),
        lights: by_name[heavy..].iter().map(|scan| of(scan).map(|scan| scan as u32)).collect(),
    }
}
