//! Which workstations have most failures, when there are more of them than memory holds.

use super::space_saving::SpaceSaving;
use crate::model::event::{Event, EventKind, Who};
use crate::model::names::NameId;
use crate::model::workstation::{BLANK, Workstation, account_key, canonical, server_key, workstation};

/// Workstations whose failures are added up before they are counted; of a power of two.
const RECENT: usize = 64;

/// Counts the failures of each workstation, copies included.
#[derive(Debug)]
pub struct Survey(SpaceSaving);

impl Survey {
    /// A survey with so many counters.
    pub fn new(counters: usize) -> Self {
        Self(SpaceSaving::new(counters))
    }

    /// Adds events; `whos` are their descriptions, in order of first appearance.
    pub fn add<'t>(&mut self, events: &[Event], whos: &[Who], text: &dyn Fn(NameId) -> &'t str) {
        let mut counts = vec![0u64; whos.len()];
        events.iter().for_each(|event| counts[event.who.0 as usize] += 1);
        // A workstation that tries many accounts has many descriptions.
        let mut recent: Vec<Option<(NameId, String, u64)>> = vec![None; RECENT];
        for (who, count) in whos.iter().zip(counts) {
            if count == 0 || who.kind != EventKind::Failure || who.recovered {
                continue;
            }
            let place = &mut recent[who.workstation.0 as usize % RECENT];
            match place {
                Some((name, _, sum)) if *name == who.workstation => *sum += count,
                // Only a computer's name says alone who it is.
                _ => match canonical(text(who.workstation)) {
                    Some(Ok(name)) => {
                        let before = place.replace((who.workstation, name, count));
                        before.iter().for_each(|(_, name, sum)| self.0.add(name, *sum));
                    }
                    _ => self.0.add(&row_name(who, text), count),
                },
            }
        }
        recent.iter().flatten().for_each(|(_, name, sum)| self.0.add(name, *sum));
    }

    /// Names that have at least `fewest` failures, and how many each has at least. Names that only took
    /// the counter of others are not among them: they may be as many as there are counters.
    pub fn names(&self, fewest: u64) -> Vec<(String, u64)> {
        let entries = self.0.entries().into_iter().map(|entry| (entry.name, entry.count - entry.err));
        entries.filter(|(_, least)| *least >= fewest).map(|(name, least)| (name.to_owned(), least)).collect()
    }

    /// No name that is missing among [`Survey::names`] has more failures than this.
    pub fn bound(&self, fewest: u64) -> u64 {
        self.0.bound() + fewest.saturating_sub(1)
    }
}

/// The name under which the failures of a description are listed, before any address is joined to a
/// name.
pub fn row_name<'t>(who: &Who, text: &dyn Fn(NameId) -> &'t str) -> String {
    let blank = || format!("{BLANK} {}", account_key(text(who.account))).trim_end().to_owned();
    match workstation(text(who.workstation), text(who.ip)) {
        Workstation::Named(name) => name,
        Workstation::Address(ip) => ip.to_string(),
        Workstation::Server => Some(server_key(text(who.server))).filter(|name| !name.is_empty()).unwrap_or_else(blank),
        Workstation::Blank => blank(),
    }
}
