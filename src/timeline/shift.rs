//! Two exports of one log that were read in different time zones.
//!
//! Such files agree at a constant shift of whole quarter hours. Their records do not meet, so all
//! are counted twice; the reader is told, nothing is merged silently.

use std::collections::BTreeMap;

use super::keys::Keys;
use super::numbered::{Numbered, QUARTER};
use crate::model::gathered::Gathered;

/// Share of the smaller file that must agree.
const AGREE_PERCENT: u64 = 95;
/// Fewer records than this agree by chance.
const FEWEST: usize = 20;
/// Largest shift looked for, in quarter hours: zones reach from -12 to +14 hours.
pub(super) const FARTHEST: i64 = 26 * 4;
/// Records of the smaller file that are looked up at each shift.
const SAMPLE: usize = 200;
/// Files of one server that are compared with one another; more are not looked at.
const FILES: usize = 64;

/// Warns of every pair of files that agree at a constant shift.
pub(super) fn warn(gathered: &Gathered, keys: &Keys, numbered: &Numbered, warnings: &mut Vec<String>) {
    for ((server, first, second), shift) in numbered_pairs(gathered, keys, numbered) {
        warnings.push(message(gathered, keys.servers.text(server), first, second, shift));
    }
    for (server, files) in sources(gathered, keys) {
        let files: Vec<&(u32, Vec<(u32, u64)>)> = files.iter().take(FILES).collect();
        for (at, (first, a)) in files.iter().map(|file| (file.0, &file.1)).enumerate() {
            for (second, b) in files[at + 1..].iter().map(|file| (file.0, &file.1)) {
                if let Some(shift) = constant_shift(a, b) {
                    warnings.push(message(gathered, keys.servers.text(server), first, second, shift));
                }
            }
        }
    }
}

fn message(gathered: &Gathered, server: &str, first: u32, second: u32, shift: i64) -> String {
    let path = |file: u32| gathered.files.get(file as usize).map_or("", |file| file.path.as_str());
    format!(
        "{server}: {} and {} agree at a shift of {} min; one of these exports is probably in another time zone, \
         and its failures are counted twice",
        path(first),
        path(second),
        shift / 60
    )
}

/// Pairs of files whose equal record numbers differ by one constant time.
fn numbered_pairs(gathered: &Gathered, keys: &Keys, numbered: &Numbered) -> Vec<((u32, u32, u32), i64)> {
    if numbered.shifts.is_empty() {
        return Vec::new();
    }
    let mut records: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for event in &gathered.events {
        if gathered.who(event.who).numbered {
            *records.entry((keys.server[event.who.0 as usize], event.file.0)).or_insert(0) += 1;
        }
    }
    let of = |server, file| records.get(&(server, file)).copied().unwrap_or(0);
    let agree = numbered.shifts.iter().filter(|((server, first, second, _), count)| {
        let smaller = of(*server, *first).min(of(*server, *second));
        **count >= FEWEST as u64 && **count * 100 >= smaller * AGREE_PERCENT
    });
    agree.map(|((server, first, second, shift), _)| ((*server, *first, *second), *shift)).collect()
}

/// A file and what it tells, as sorted (second, what) pairs.
type Told = (u32, Vec<(u32, u64)>);

/// Per server the files without record numbers, where there is more than one.
fn sources(gathered: &Gathered, keys: &Keys) -> Vec<(u32, Vec<Told>)> {
    if gathered.whos.iter().all(|who| who.numbered) {
        return Vec::new();
    }
    let mut told: BTreeMap<u32, BTreeMap<u32, Vec<(u32, u64)>>> = BTreeMap::new();
    for event in &gathered.events {
        let who = gathered.who(event.who);
        if !who.numbered && who.event_id != 0 {
            let of = event.who.0 as usize;
            let what = u64::from(keys.account[of]) << 16 | u64::from(who.event_id);
            told.entry(keys.server[of]).or_default().entry(event.file.0).or_default().push((event.sec, what));
        }
    }
    told.retain(|_, files| files.len() > 1);
    let sorted = |(file, mut rows): (u32, Vec<(u32, u64)>)| {
        rows.sort_unstable();
        rows.dedup();
        (file, rows)
    };
    told.into_iter().map(|(server, files)| (server, files.into_iter().map(sorted).collect())).collect()
}

/// The one shift (second file - first) at which the smaller file agrees; `None` where several do
/// equally well, as with a loop whose period divides a quarter of an hour.
fn constant_shift(a: &[(u32, u64)], b: &[(u32, u64)]) -> Option<i64> {
    let (small, large, sign) = if a.len() <= b.len() { (a, b, 1) } else { (b, a, -1) };
    if small.len() < FEWEST {
        return None;
    }
    let agreeing = (-FARTHEST..=FARTHEST).filter(|quarters| agrees(small, large, quarters * QUARTER));
    let shifts: Vec<i64> = agreeing.take(2).collect();
    match shifts.as_slice() {
        [quarters] if *quarters != 0 => Some(sign * quarters * QUARTER),
        _ => None,
    }
}

fn agrees(small: &[(u32, u64)], large: &[(u32, u64)], shift: i64) -> bool {
    let sample = small.len().min(SAMPLE);
    let allowed = sample - (sample * AGREE_PERCENT as usize).div_ceil(100);
    let mut missed = 0;
    for at in 0..sample {
        let (sec, what) = small[at * small.len() / sample];
        let there = u32::try_from(i64::from(sec) + shift).ok();
        if there.is_none_or(|sec| large.binary_search(&(sec, what)).is_err()) {
            missed += 1;
            if missed > allowed {
                return false;
            }
        }
    }
    true
}
