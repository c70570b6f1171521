//! Records without record numbers: merged as multisets.
//!
//! A set would destroy true repeats within one second, a sum would count overlapping exports twice.
//! So equal records are counted per file and the largest count over the files is the truth. What
//! the numbered records of the same server tell counts as one more file.

use std::collections::BTreeSet;

use super::keys::Keys;
use crate::model::event::EventKind;
use crate::model::gathered::Gathered;
use crate::model::status::Status;
use crate::model::workstation::Workstation;

/// One record as the multiset rule sees it: what it tells, which source tells it, where it is.
type Row = ((u32, u32, u16, EventKind, u32, u32, Status), u32, u32);

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
    let tried = super::keys::dense(&keys.tried.iter().collect::<Vec<&Workstation>>());
    let mut rows: Vec<Row> = Vec::new();
    for (at, event) in gathered.events.iter().enumerate() {
        let who = event.who.0 as usize;
        if dropped[at] || !mixed.contains(&keys.server[who]) {
            continue;
        }
        let info = gathered.who(event.who);
        if info.recovered {
            continue;
        }
        let source = if info.numbered { 0 } else { event.file.0.saturating_add(1) };
        let tells = (keys.server[who], event.sec, info.event_id, info.kind, tried[who], keys.account[who], info.reason);
        rows.push((tells, source, at as u32));
    }
    rows.sort_unstable();
    for equal in rows.chunk_by(|a, b| a.0 == b.0) {
        mark_equal(equal, which, dropped);
    }
}

/// Keeps all numbered records, then as many of the file with most as are missing to its count.
fn mark_equal(equal: &[Row], which: Drop, dropped: &mut [bool]) {
    let numbered = equal.iter().take_while(|row| row.1 == 0).count();
    let mut best: &[Row] = &[];
    for file in equal[numbered..].chunk_by(|a, b| a.1 == b.1) {
        if file.len() > best.len() {
            best = file;
        }
    }
    let missing = match which {
        Drop::Copies => best.len().saturating_sub(numbered),
        Drop::Useless => best.len(),
    };
    let stays = best.first().map_or(0, |row| row.1);
    let mut left = missing;
    for row in &equal[numbered..] {
        if row.1 == stays && left > 0 {
            left -= 1;
        } else {
            dropped[row.2 as usize] = true;
        }
    }
}

/// Servers with records without numbers that more than one source tells of.
fn mixed_servers(gathered: &Gathered, keys: &Keys, dropped: &[bool]) -> BTreeSet<u32> {
    let mut sources: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut last = None;
    for (event, dropped) in gathered.events.iter().zip(dropped) {
        let info = gathered.who(event.who);
        let source =
            (keys.server[event.who.0 as usize], if info.numbered { 0 } else { event.file.0.saturating_add(1) });
        if !dropped && !info.recovered && last != Some(source) {
            sources.insert(source);
            last = Some(source);
        }
    }
    let sources: Vec<(u32, u32)> = sources.into_iter().collect();
    sources.chunk_by(|a, b| a.0 == b.0).filter(|of_one| of_one.len() > 1).map(|of_one| of_one[0].0).collect()
}
