//! Which workstations have most failures, when there are more of them than memory holds.

use super::space_saving::SpaceSaving;
use crate::model::event::{Event, EventKind, Who};
use crate::model::names::NameId;
use crate::model::workstation::{BLANK, Workstation, account_key, server_key, workstation};

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
        for (who, count) in whos.iter().zip(counts) {
            if count > 0 && who.kind == EventKind::Failure && !who.recovered {
                self.0.add(&row_name(who, text), count);
            }
        }
    }

    /// Names with at least `fewest` failures and an upper bound of each, most first.
    pub fn names(&self, fewest: u64) -> Vec<(String, u64)> {
        let entries = self.0.entries().into_iter().take_while(|entry| entry.count >= fewest);
        entries.map(|entry| (entry.name.to_owned(), entry.count)).collect()
    }

    /// No name that is missing has more failures than this.
    pub fn bound(&self) -> u64 {
        self.0.bound()
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
