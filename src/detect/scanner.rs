//! The scanner rule: many one-time workstation names against one account, or from one address.
//!
//! A scan with random names would fill the report with rows that say nothing. It becomes one row;
//! only names that do nothing else are swallowed by it.

use std::collections::BTreeMap;

use crate::model::config::{Param, Thresholds};
use crate::model::finding::Scan;
use crate::model::timeline::{NameKind, Timeline};
use crate::model::train::Train;
use crate::model::workstation::BLANK;

/// A train of the timeline: workstation, place among its trains.
type Place = (usize, usize);

/// The scans, and per workstation the scan that swallows it.
pub(super) fn scans(timeline: &Timeline, thresholds: &Thresholds) -> (Vec<Scan>, Vec<Option<usize>>) {
    let mut covered: BTreeMap<Place, usize> = BTreeMap::new();
    let mut targets: Vec<(String, String)> = Vec::new();
    for ((server, account), trains) in by(timeline, |train| Some(train.account_key.as_str())) {
        let places = scanned(timeline, &trains, thresholds);
        if !places.is_empty() {
            let account = if account.is_empty() { BLANK } else { account };
            covered.extend(places.iter().map(|place| (*place, targets.len())));
            targets.push((server.to_owned(), account.to_owned()));
        }
    }
    for ((server, address), trains) in by(timeline, |train| train.ips.first().map(|(ip, _)| ip.as_str())) {
        cover_address(timeline, &trains, thresholds, &mut covered, &mut targets, (server, address));
    }
    collect(timeline, &covered, targets)
}

/// A scan from one address joins the scan of an account that it is part of; else it is its own.
fn cover_address(
    timeline: &Timeline,
    trains: &[Place],
    thresholds: &Thresholds,
    covered: &mut BTreeMap<Place, usize>,
    targets: &mut Vec<(String, String)>,
    (server, address): (&str, &str),
) {
    let places = scanned(timeline, trains, thresholds);
    let rest: Vec<Place> = places.iter().copied().filter(|place| !covered.contains_key(place)).collect();
    if rest.is_empty() {
        return;
    }
    let joined = places.iter().find_map(|place| covered.get(place).copied());
    let scan = match joined {
        Some(scan) if rest.len() * 2 <= places.len() => scan,
        _ => {
            targets.push((server.to_owned(), address.to_owned()));
            targets.len() - 1
        }
    };
    covered.extend(rest.into_iter().map(|place| (place, scan)));
}

/// Trains of named workstations by (server, key), in order.
fn by<'a>(
    timeline: &'a Timeline,
    key: impl Fn(&'a Train) -> Option<&'a str>,
) -> BTreeMap<(&'a str, &'a str), Vec<Place>> {
    let mut groups: BTreeMap<(&str, &str), Vec<Place>> = BTreeMap::new();
    for (at, workstation) in timeline.workstations.iter().enumerate() {
        if workstation.kind != NameKind::Named {
            continue;
        }
        for (place, train) in workstation.trains.iter().enumerate() {
            if let Some(key) = key(train) {
                groups.entry((train.server.as_str(), key)).or_default().push((at, place));
            }
        }
    }
    groups
}

/// The trains of one account or address that only a scan explains: all their failures lie within
/// it, and there are few.
fn scanned(timeline: &Timeline, trains: &[Place], thresholds: &Thresholds) -> Vec<Place> {
    let names = thresholds[Param::ScanNames];
    if (trains.len() as f64) < names {
        return Vec::new();
    }
    let train = |place: &Place| &timeline.workstations[place.0].trains[place.1];
    let mut events: Vec<(u32, u32)> = Vec::new();
    for place in trains {
        events.extend(train(place).marks.iter().map(|mark| (mark.sec, place.0 as u32)));
    }
    events.sort_unstable();
    events.dedup();
    let periods = periods(&events, thresholds[Param::ScanWindow] as u32, names, thresholds[Param::ScanRatio]);
    let inside = |sec: u32| {
        let after = periods.partition_point(|period| period.0 <= sec);
        after > 0 && sec <= periods[after - 1].1
    };
    let swallow = |place: &&Place| {
        let marks = &train(place).marks;
        marks.len() as f64 <= thresholds[Param::ScanKeep] && marks.iter().all(|mark| inside(mark.sec))
    };
    trains.iter().filter(swallow).copied().collect()
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
fn collect(
    timeline: &Timeline,
    covered: &BTreeMap<Place, usize>,
    targets: Vec<(String, String)>,
) -> (Vec<Scan>, Vec<Option<usize>>) {
    let mut swallowed: Vec<Option<usize>> = vec![None; timeline.workstations.len()];
    let empty = |(server, target)| Scan { server, target, names: 0, failures: 0, first: i64::MAX, last: i64::MIN };
    let mut scans: Vec<Scan> = targets.into_iter().map(empty).collect();
    for (at, workstation) in timeline.workstations.iter().enumerate() {
        let of: Option<Vec<usize>> =
            (0..workstation.trains.len()).map(|train| covered.get(&(at, train)).copied()).collect();
        let Some(scan) = of.and_then(|scans| scans.first().copied()) else { continue };
        swallowed[at] = Some(scan);
        let row = &mut scans[scan];
        row.names += 1;
        row.failures += workstation.failures();
        for mark in workstation.trains.iter().flat_map(|train| &train.marks) {
            row.first = row.first.min(i64::from(mark.sec));
            row.last = row.last.max(i64::from(mark.sec));
        }
    }
    sorted(scans, swallowed)
}

/// Scans that swallow something, sorted by (server, target), and the numbers that follow.
fn sorted(scans: Vec<Scan>, swallowed: Vec<Option<usize>>) -> (Vec<Scan>, Vec<Option<usize>>) {
    let mut order: Vec<usize> = (0..scans.len()).filter(|at| scans[*at].names > 0).collect();
    order.sort_by(|a, b| (&scans[*a].server, &scans[*a].target, a).cmp(&(&scans[*b].server, &scans[*b].target, b)));
    let mut place = vec![0; scans.len()];
    for (now, before) in order.iter().enumerate() {
        place[*before] = now;
    }
    let scans = order.iter().map(|at| scans[*at].clone()).collect();
    (scans, swallowed.into_iter().map(|scan| scan.map(|scan| place[scan])).collect())
}
