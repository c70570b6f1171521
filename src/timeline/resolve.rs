//! Blank workstation names that a netlogon.log knows.
//!
//! A 4776 leaves the workstation blank when the logon was forwarded, for example by RADIUS. The
//! relay's netlogon.log tells of the same attempt, with the name.

use std::collections::BTreeMap;

use super::keys::Keys;
use crate::model::event::{EventKind, Provenance, WhoId};
use crate::model::gathered::Gathered;
use crate::model::timeline::Resolved;
use crate::model::workstation::Workstation;

/// Two logs of one attempt agree within this many seconds: floors on both sides and the way there.
const APART: u32 = 2;

/// A named netlogon.log failure: account, second, who, place among the events.
type Line = (u32, u32, u32, u32);

/// Gives blank account-logon failures the name that exactly one workstation's netlogon.log lines
/// have for the same account within two seconds.
pub(super) fn blank_names(gathered: &mut Gathered, keys: &mut Keys) -> Vec<Resolved> {
    let lines = named_lines(gathered, keys);
    if lines.is_empty() {
        return Vec::new();
    }
    let mut made: BTreeMap<(u32, u32), (WhoId, Resolved)> = BTreeMap::new();
    for at in 0..gathered.events.len() {
        let event = gathered.events[at];
        let who = *gathered.who(event.who);
        let of = event.who.0 as usize;
        if who.event_id != 4776 || who.kind != EventKind::Failure || keys.tried[of] != Workstation::Blank {
            continue;
        }
        let Some(line) = only_line(&lines, keys, keys.account[of], event.sec) else { continue };
        let named = gathered.whos[line.2 as usize].workstation;
        let entry = made.entry((event.who.0, named.0)).or_insert_with(|| {
            let id = WhoId(u32::try_from(gathered.whos.len()).unwrap_or(event.who.0));
            let renamed = crate::model::event::Who { workstation: named, ..who };
            gathered.whos.push(renamed);
            keys.push(of, gathered, &renamed);
            let told = gathered.events[line.3 as usize];
            let resolved = Resolved {
                workstation: String::new(),
                server: keys.servers.text(keys.server[of]).to_owned(),
                account_key: keys.accounts.text(keys.account[of]).to_owned(),
                failures: 0,
                told_by: Provenance { file: told.file, at: told.record, is_line: true },
            };
            (id, resolved)
        });
        entry.1.failures += 1;
        gathered.events[at].who = entry.0;
    }
    let named = |(id, mut resolved): (WhoId, Resolved)| {
        if let Workstation::Named(name) = &keys.tried[id.0 as usize] {
            resolved.workstation.clone_from(name);
        }
        resolved
    };
    let mut all: Vec<Resolved> = made.into_values().map(named).collect();
    all.sort();
    all
}

fn named_lines(gathered: &Gathered, keys: &Keys) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (at, event) in gathered.events.iter().enumerate() {
        let who = gathered.who(event.who);
        let of = event.who.0 as usize;
        let is_line = who.event_id == 0 && who.kind == EventKind::Failure;
        if is_line && matches!(keys.tried[of], Workstation::Named(_)) {
            lines.push((keys.account[of], event.sec, event.who.0, at as u32));
        }
    }
    lines.sort_unstable();
    lines
}

/// The first line about the account within reach, if all of them name one workstation.
fn only_line(lines: &[Line], keys: &Keys, account: u32, sec: u32) -> Option<Line> {
    let from = lines.partition_point(|line| (line.0, line.1) < (account, sec.saturating_sub(APART)));
    let near = lines[from..].iter().take_while(|line| line.0 == account && line.1 <= sec.saturating_add(APART));
    let mut found: Option<Line> = None;
    for line in near {
        match found {
            Some(first) if keys.tried[first.2 as usize] != keys.tried[line.2 as usize] => return None,
            Some(_) => {}
            None => found = Some(*line),
        }
    }
    found
}
