//! Records without record numbers: merged as multisets.
//!
//! A set would destroy true repeats within one second, a sum would count overlapping exports twice.
//! So equal records are counted per file and the largest count over the files is the truth. What
//! the numbered records of the same server tell counts as one more file.

use std::collections::BTreeSet;

use super::keys::{Keys, Tried};
use crate::model::event::{Event, EventKind};
use crate::model::gathered::Gathered;
use crate::model::status::Status;

/// What a record tells, as the multiset rule sees it.
type Tells = (u32, u32, u16, EventKind, Tried, u32, Status);

/// Which copies go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drop {
    /// Every record that another source tells already: what stays is the truth.
    Copies,
    /// Only records that can never matter, whatever is read later: those of files that do not tell
    /// most. What stays gives the same truth when more files join it.
    Useless,
}

/// Sets `dropped` for records without a number.
pub(super) fn mark_copies(gathered: &Gathered, keys: &Keys, which: Drop, dropped: &mut [bool]) {
    let mixed = mixed_servers(gathered, keys, dropped);
    if mixed.is_empty() {
        return;
    }
    let tells = |event: &Event| -> Tells {
        let (who, info) = (event.who.0 as usize, gathered.who(event.who));
        (keys.server[who], event.sec, info.event_id, info.kind, keys.tried[who], keys.account[who], info.reason)
    };
    let compared = |at: &u32| {
        let event = &gathered.events[*at as usize];
        !dropped[*at as usize]
            && mixed.contains(&keys.server[event.who.0 as usize])
            && !gathered.who(event.who).recovered
    };
    // Places only: a log of millions of records is in memory already.
    let mut rows: Vec<u32> = (0..gathered.events.len() as u32).filter(compared).collect();
    let event = |at: u32| &gathered.events[at as usize];
    rows.sort_unstable_by_key(|at| (tells(event(*at)), source(gathered, event(*at)), *at));
    for equal in rows.chunk_by(|a, b| tells(event(*a)) == tells(event(*b))) {
        let sources: Vec<(u32, u32)> = equal.iter().map(|at| (source(gathered, event(*at)), *at)).collect();
        mark_equal(&sources, which, dropped);
    }
}

/// Which source tells a record: 0 for all numbered records together, else one for each file.
fn source(gathered: &Gathered, event: &Event) -> u32 {
    if gathered.who(event.who).numbered { 0 } else { event.file.0.saturating_add(1) }
}

/// Keeps all numbered records, then as many of the file with most as are missing to its count.
fn mark_equal(equal: &[(u32, u32)], which: Drop, dropped: &mut [bool]) {
    let numbered = equal.iter().take_while(|row| row.0 == 0).count();
    let mut best: &[(u32, u32)] = &[];
    for file in equal[numbered..].chunk_by(|a, b| a.0 == b.0) {
        if file.len() > best.len() {
            best = file;
        }
    }
    let missing = match which {
        Drop::Copies => best.len().saturating_sub(numbered),
        Drop::Useless => best.len(),
    };
    let stays = best.first().map_or(0, |row| row.0);
    let mut left = missing;
    for row in &equal[numbered..] {
        if row.0 == stays && left > 0 {
            left -= 1;
        } else {
            dropped[row.1 as usize] = true;
        }
    }
}

/// Servers with records without numbers that more than one source tells of.
fn mixed_servers(gathered: &Gathered, keys: &Keys, dropped: &[bool]) -> BTreeSet<u32> {
    let mut sources: BTreeSet<(u32, u32)> = BTreeSet::new();
    if gathered.whos.iter().all(|who| who.numbered) {
        return BTreeSet::new();
    }
    let mut last = None;
    for (event, dropped) in gathered.events.iter().zip(dropped) {
        let info = gathered.who(event.who);
        let source = (keys.server[event.who.0 as usize], source(gathered, event));
        if !dropped && !info.recovered && last != Some(source) {
            sources.insert(source);
            last = Some(source);
        }
    }
    let sources: Vec<(u32, u32)> = sources.into_iter().collect();
    sources.chunk_by(|a, b| a.0 == b.0).filter(|of_one| of_one.len() > 1).map(|of_one| of_one[0].0).collect()
}
