//! Numbered records: which are copies of one another.
//!
//! Identity is (server, channel, EventRecordID, time in whole seconds). The time belongs to it
//! because numbers start again after a log was cleared. Files whose numbers ascend and do not
//! overlap with another file's need no work at all.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::keys::Keys;
use crate::model::event::{Event, Who};
use crate::model::gathered::Gathered;

/// What the comparison of record numbers gave.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    /// Record numbers used again with another time, per server's rank.
    pub(super) reused: BTreeMap<u32, u64>,
    /// Of these, how many pairs of (server's rank, file, file) differ by so many seconds (second file - first).
    pub(super) shifts: BTreeMap<(u32, u32, u32, i64), u64>,
}

/// Sets `dropped` for every record that another record, earlier in (file, place), already tells.
/// The one that stays keeps the largest record size any copy has, so that it does not matter which.
/// Only the logs in these files are compared: see [`needy_files`].
pub(super) fn mark_copies(
    gathered: &mut Gathered,
    keys: &Keys,
    needy: &[(u32, u32)],
    dropped: &mut [bool],
) -> Numbered {
    let mut found = Numbered::default();
    if needy.is_empty() {
        return found;
    }
    // Places only: a log of millions of records is in memory already.
    let mut rows: Vec<u32> = Vec::new();
    for (at, event) in gathered.events.iter().enumerate() {
        if numbered(gathered, event) {
            let log = keys.log[event.who.0 as usize];
            if needy.binary_search(&(log, event.file.0)).is_ok() {
                rows.push(at as u32);
            }
        }
    }
    let number = |event: &Event| (event.record, keys.log[event.who.0 as usize]);
    rows.sort_unstable_by_key(|at| {
        let event = &gathered.events[*at as usize];
        (number(event), event.sec, *at)
    });
    let mut kept = 0;
    for at in 1..rows.len() {
        let (first, row) = (rows[kept], rows[at]);
        let (earlier, later) = (gathered.events[first as usize], gathered.events[row as usize]);
        let same_number = number(&earlier) == number(&later);
        if same_number && earlier.sec == later.sec {
            let stays = &mut gathered.events[first as usize];
            stays.size = stays.size.max(later.size);
            dropped[row as usize] = true;
            continue;
        }
        if same_number {
            found.note_reuse(gathered, keys, first, row);
        }
        kept = at;
    }
    found
}

impl Numbered {
    fn note_reuse(&mut self, gathered: &Gathered, keys: &Keys, first: u32, second: u32) {
        let (first, second) = (gathered.events[first as usize], gathered.events[second as usize]);
        let server = keys.server[first.who.0 as usize];
        *self.reused.entry(server).or_insert(0) += 1;
        let apart = i64::from(second.sec) - i64::from(first.sec);
        let (low, high, apart) = if first.file <= second.file {
            (first.file, second.file, apart)
        } else {
            (second.file, first.file, -apart)
        };
        if low != high && apart % QUARTER == 0 {
            *self.shifts.entry((server, low.0, high.0, apart)).or_insert(0) += 1;
        }
    }
}

/// Zones differ by multiples of a quarter of an hour, in seconds.
pub(super) const QUARTER: i64 = 900;

/// Recovered records are not compared: none of them may stand for a live one.
fn numbered(gathered: &Gathered, event: &Event) -> bool {
    let who = gathered.who(event.who);
    who.numbered && !who.recovered
}

/// The numbers of one log in one file.
#[derive(Clone, Copy)]
struct Range {
    first: u64,
    last: u64,
    ascending: bool,
}

/// (log, file) whose numbers do not ascend strictly or overlap with another file's, sorted.
pub(super) fn needy_files(gathered: &Gathered, keys: &Keys) -> Vec<(u32, u32)> {
    let mut ranges = ranges(gathered, keys);
    ranges.sort_unstable_by_key(|((log, file), range)| (*log, range.first, *file));
    let mut needy: Vec<(u32, u32)> =
        ranges.iter().filter(|(_, range)| !range.ascending).map(|(place, _)| *place).collect();
    let mut longest = 0;
    for at in 1..ranges.len() {
        let ((before, now), (place, range)) = ((ranges[longest].0, &ranges[longest].1), &ranges[at]);
        if before.0 == place.0 && range.first <= now.last {
            needy.extend([before, *place]);
        }
        if before.0 != place.0 || range.last > now.last {
            longest = at;
        }
    }
    needy.sort_unstable();
    needy.dedup();
    needy
}

/// Ranges of the logs in all files. One log in one file may have several, which stand for it as well: only
/// where each ascends and no two overlap is nothing told twice.
fn ranges(gathered: &Gathered, keys: &Keys) -> Vec<((u32, u32), Range)> {
    let compared = |(who, log): (&Who, &u32)| if who.numbered && !who.recovered { *log } else { u32::MAX };
    let log: Vec<u32> = gathered.whos.iter().zip(&keys.log).map(compared).collect();
    let part = gathered.events.len().div_ceil(rayon::current_num_threads()).max(1);
    let parts: Vec<_> = gathered.events.par_chunks(part).map(|events| ranges_of(events, &log)).collect();
    parts.concat()
}

/// One range for each log in each file. `log` tells the log of each description, `u32::MAX` where it has none.
fn ranges_of(events: &[Event], log: &[u32]) -> Vec<((u32, u32), Range)> {
    let mut ranges: Vec<((u32, u32), Range)> = Vec::new();
    let logs = log.iter().filter(|log| **log != u32::MAX).max().map_or(0, |most| *most as usize + 1);
    // Per log its range in the file at hand, and that file.
    let mut open: Vec<(u32, u32)> = vec![(0, u32::MAX); logs];
    for event in events {
        let log = log[event.who.0 as usize];
        let Some((at, file)) = open.get_mut(log as usize) else { continue };
        let number = event.record;
        if *file != event.file.0 {
            (*at, *file) = (ranges.len() as u32, event.file.0);
            ranges.push(((log, event.file.0), Range { first: number, last: number, ascending: true }));
            continue;
        }
        let range = &mut ranges[*at as usize].1;
        if number > range.last {
            range.last = number;
        } else {
            range.ascending = false;
            range.first = range.first.min(number);
        }
    }
    ranges
}
