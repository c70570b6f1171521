//! Blank workstation names that a netlogon.log knows.
//!
//! A 4776 leaves the workstation blank when the logon was forwarded, for example by RADIUS. The
//! relay's netlogon.log tells of the same attempt, with the name. Its stamps are local time without
//! a zone, so the two logs may agree only at a constant shift.

use std::collections::BTreeMap;

use super::keys::{Keys, Tried};
use super::numbered::QUARTER;
use super::shift::FARTHEST;
use crate::model::event::{EventKind, Provenance, WhoId};
use crate::model::gathered::Gathered;
use crate::model::timeline::Resolved;

/// Two logs of one attempt agree within this many seconds: floors on both sides and the way there.
const APART: i64 = 2;

/// Blank failures whose lines are looked up to find the shift.
const SAMPLE: usize = 200;
/// Fewer agreeing failures than this are chance.
const FEWEST: usize = 5;

/// A named netlogon.log failure: account, second, who, place among the events.
type Line = (u32, u32, u32, u32);

/// Gives blank account-logon failures the name that exactly one workstation's netlogon.log lines
/// have for the same account within two seconds.
pub(super) fn blank_names(gathered: &mut Gathered, keys: &mut Keys, warnings: &mut Vec<String>) -> Vec<Resolved> {
    let lines = named_lines(gathered, keys);
    if lines.is_empty() {
        return Vec::new();
    }
    let shift = shift(gathered, keys, &lines);
    if shift != 0 {
        let minutes = shift / 60;
        warnings.push(format!("netlogon.log agrees with the Security log at a shift of {minutes} min: give its zone"));
    }
    let mut made: BTreeMap<(u32, u32), (WhoId, Resolved)> = BTreeMap::new();
    for at in 0..gathered.events.len() {
        let event = gathered.events[at];
        let of = event.who.0 as usize;
        if !is_blank(gathered, keys, event.who) {
            continue;
        }
        let who = *gathered.who(event.who);
        let Some(line) = only_line(&lines, keys, keys.account[of], i64::from(event.sec) + shift) else { continue };
        let named = gathered.whos[line.2 as usize].workstation;
        let entry = made.entry((event.who.0, named.0)).or_insert_with(|| {
            let id = WhoId(u32::try_from(gathered.whos.len()).unwrap_or(event.who.0));
            let renamed = crate::model::event::Who { workstation: named, ..who };
            gathered.whos.push(renamed);
            keys.push(of, keys.tried[line.2 as usize]);
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
        if let Tried::Named(name) = keys.tried[id.0 as usize] {
            keys.workstations.text(name).clone_into(&mut resolved.workstation);
        }
        resolved
    };
    let mut all: Vec<Resolved> = made.into_values().map(named).collect();
    all.sort();
    all
}

fn named_lines(gathered: &Gathered, keys: &Keys) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    if gathered.whos.iter().all(|who| who.event_id != 0) {
        return lines;
    }
    for (at, event) in gathered.events.iter().enumerate() {
        let who = gathered.who(event.who);
        let of = event.who.0 as usize;
        let is_line = who.event_id == 0 && who.kind == EventKind::Failure;
        if is_line && matches!(keys.tried[of], Tried::Named(_)) {
            lines.push((keys.account[of], event.sec, event.who.0, at as u32));
        }
    }
    lines.sort_unstable();
    lines
}

fn is_blank(gathered: &Gathered, keys: &Keys, id: WhoId) -> bool {
    let who = gathered.who(id);
    who.event_id == 4776 && who.kind == EventKind::Failure && keys.tried[id.0 as usize] == Tried::Blank
}

/// Seconds to add to the time of a blank failure to get its netlogon.log line: 0, unless one other
/// multiple of a quarter hour explains more of the failures than any other.
fn shift(gathered: &Gathered, keys: &Keys, lines: &[Line]) -> i64 {
    let all = || gathered.events.iter().filter(|event| is_blank(gathered, keys, event.who));
    let step = all().count().div_ceil(SAMPLE).max(1);
    let sample: Vec<(u32, u32)> =
        all().step_by(step).map(|event| (keys.account[event.who.0 as usize], event.sec)).collect();
    let agree = |quarters: i64| {
        let at = |sec: u32| i64::from(sec) + quarters * QUARTER;
        sample.iter().filter(|(account, sec)| near(lines, *account, at(*sec)).next().is_some()).count()
    };
    let (mut best, mut runner_up) = ((agree(0), 0), 0);
    for quarters in (-FARTHEST..=FARTHEST).filter(|quarters| *quarters != 0) {
        let hits = agree(quarters);
        if hits > best.0 {
            (runner_up, best) = (best.0, (hits, quarters));
        } else {
            runner_up = runner_up.max(hits);
        }
    }
    // A regular loop agrees at many shifts; then none of them is known.
    if best.0 >= FEWEST && best.0 >= 2 * runner_up { best.1 * QUARTER } else { 0 }
}

/// The lines about an account within reach of a second.
fn near(lines: &[Line], account: u32, sec: i64) -> impl Iterator<Item = &Line> {
    let from = lines.partition_point(|line| (line.0, i64::from(line.1)) < (account, sec - APART));
    lines[from..].iter().take_while(move |line| line.0 == account && i64::from(line.1) <= sec + APART)
}

/// The first line about the account within reach, if all of them name one workstation.
fn only_line(lines: &[Line], keys: &Keys, account: u32, sec: i64) -> Option<Line> {
    let mut found: Option<Line> = None;
    for line in near(lines, account, sec) {
        match found {
            Some(first) if keys.tried[first.2 as usize] != keys.tried[line.2 as usize] => return None,
            Some(_) => {}
            None => found = Some(*line),
        }
    }
    found
}
