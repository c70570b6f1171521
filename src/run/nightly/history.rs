//! Failures older than the history: they count, and are no longer judged.
//!
//! The state knows every event for ever, because it has to know what was counted. What each night
//! judges anew (periods, bursts, the comparison with client logs) is the part within the history;
//! older failures are added to their rows as totals, and a row never falls below the class it had with
//! them. The first night judges everything: it has nothing to remember.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::date;
use crate::analysis::{rank, stronger};
use crate::model::analysis::{AccountCount, Analysis, Evidence, Row};
use crate::model::config::Thresholds;
use crate::model::event::EventKind;
use crate::model::finding::Class;
use crate::model::gathered::Gathered;
use crate::model::timeline::{NameKind, Timeline, WorkstationTrains};
use crate::model::train::Train;
use crate::model::workstation::account_key;
use crate::nightly::state::{Night, RowMemory};
use crate::report::words::plural;
use crate::timeline;

/// Seconds of a day.
const DAY: i64 = 86_400;
/// A workstation that no earlier night listed makes a row of its own from this many old failures on:
/// names may be millions.
const FEWEST: u64 = 8;

/// What is older than the history.
pub(super) struct Older {
    /// First Unix second that is judged: a midnight, UTC.
    since: i64,
    days: u32,
    timeline: Timeline,
    /// First record of each server, in their order.
    from: Vec<i64>,
}

/// Takes the failures before the history out of what was seen; `None` when there are none.
///
/// The history ends with the day of the newest record, which a wrong clock cannot set past the night.
pub(super) fn split(seen: &mut Gathered, days: u32, night: i32, thresholds: &Thresholds) -> Option<Older> {
    let newest = seen.coverage.iter().map(|coverage| coverage.last).max()?.div_euclid(DAY).min(i64::from(night));
    let since = (newest + 1 - i64::from(days)) * DAY;
    let whos = &seen.whos;
    let is_old = |event: &crate::model::event::Event| {
        i64::from(event.sec) < since && whos[event.who.0 as usize].kind == EventKind::Failure
    };
    let events: Vec<_> = seen.events.iter().copied().filter(|event| is_old(event)).collect();
    if events.is_empty() {
        return None;
    }
    seen.events.retain(|event| !is_old(event));
    let old = Gathered {
        names: seen.names.clone(),
        whos: seen.whos.clone(),
        files: seen.files.clone(),
        events,
        ..Gathered::default()
    };
    Some(Older { since, days, timeline: timeline::build(old, false, thresholds), from: Vec::new() })
}

impl Older {
    /// Cuts what the servers' logs cover to the history, so that an older part without events is not
    /// taken for silence.
    pub(super) fn cut(&mut self, timeline: &mut Timeline) {
        self.from = timeline.servers.iter().map(|log| log.from).collect();
        for log in &mut timeline.servers {
            log.from = log.from.max(self.since).min(log.to);
            log.hours.retain(|(hour, _)| *hour >= self.since.div_euclid(3600));
        }
    }

    /// Adds the totals to what was concluded, and says so.
    pub(super) fn add(self, analysis: &mut Analysis, baseline: &Night, all: bool) {
        for (server, from) in analysis.servers.iter_mut().zip(&self.from) {
            server.from = *from;
        }
        if let (Some(span), Some(from)) = (&mut analysis.span, self.from.iter().min()) {
            span.0 = *from;
        }
        let known: BTreeMap<String, usize> =
            analysis.rows.iter().enumerate().map(|(at, row)| (row.workstation.clone(), at)).collect();
        let mut failures = 0;
        let mut of_scans: BTreeMap<usize, Vec<Train>> = BTreeMap::new();
        for old in &self.timeline.workstations {
            failures += old.failures();
            let memory = baseline.rows.get(&old.name);
            match known.get(&old.name) {
                Some(at) => {
                    let row = &mut analysis.rows[*at];
                    keep_class(row, memory);
                    self.add_to(row, old);
                }
                None if old.failures() >= FEWEST || memory.is_some_and(|memory| memory.listed) => {
                    let mut row = remembered(&old.name, memory);
                    self.add_to(&mut row, old);
                    analysis.rows.push(row);
                }
                // A name that came once or twice is one of a scan's.
                None => old.counted().into_iter().for_each(|train| {
                    if let Some(at) = scan_of(&analysis.rows, train) {
                        of_scans.entry(at).or_default().push(train.clone());
                    }
                }),
            }
        }
        for (at, trains) in of_scans {
            let name = analysis.rows[at].workstation.clone();
            self.add_to(&mut analysis.rows[at], &WorkstationTrains { name, kind: NameKind::Named, trains });
        }
        let scans = baseline
            .rows
            .iter()
            .filter(|(name, memory)| memory.class == Class::Scanner && memory.listed && !known.contains_key(*name));
        analysis.rows.extend(scans.map(|(name, memory)| Row {
            failures: memory.failures,
            last_failure: memory.last_failure,
            ..remembered(name, Some(memory))
        }));
        analysis.inputs.failures += failures;
        analysis.inputs.duplicates += self.timeline.duplicates;
        for row in &mut analysis.rows {
            row.cost.share_of_failures = row.failures as f64 / analysis.inputs.failures.max(1) as f64;
        }
        rank(&mut analysis.rows, all);
        analysis.warnings.push(format!(
            "{} before {} are totals, because the history is {}: class, rate, cost and the comparison with client \
             logs are of the time since",
            plural(failures, "failure", "failures"),
            self.since_date(),
            plural(u64::from(self.days), "day", "days"),
        ));
    }

    fn since_date(&self) -> String {
        date(i32::try_from(self.since / DAY).unwrap_or(0))
    }

    fn add_to(&self, row: &mut Row, old: &WorkstationTrains) {
        let counted = old.counted();
        let firsts = counted.iter().filter_map(|train| Some((i64::from(train.marks.first()?.sec), &train.server)));
        if let Some((first, server)) = firsts.min()
            && row.first_failure.is_none_or(|known| first < known)
        {
            row.evidence.first_server.clone_from(server);
        }
        let seconds = || counted.iter().flat_map(|train| &train.marks).map(|mark| i64::from(mark.sec));
        row.first_failure = row.first_failure.into_iter().chain(seconds()).min();
        row.last_failure = row.last_failure.into_iter().chain(seconds()).max();
        row.failures += old.failures();
        for train in &counted {
            let account =
                AccountCount { account: train.account.clone(), domain: train.domain.clone(), failures: train.failures };
            add_account(&mut row.accounts, account);
            train.statuses.iter().for_each(|(status, n)| add(&mut row.statuses, *status, *n));
        }
        for train in &old.trains {
            train.event_ids.iter().for_each(|(id, n)| add(&mut row.event_ids, *id, *n));
        }
        row.accounts.sort_by(|a, b| {
            b.failures.cmp(&a.failures).then_with(|| (&a.account, &a.domain).cmp(&(&b.account, &b.domain)))
        });
        let servers: BTreeSet<&String> = counted.iter().map(|train| &train.server).collect();
        let new: Vec<String> = servers.into_iter().filter(|server| !row.servers.contains(server)).cloned().collect();
        row.servers.extend(new);
        row.reasons.push(format!(
            "{} before {} only as totals",
            plural(old.failures(), "failure", "failures"),
            self.since_date()
        ));
    }
}

/// The row of the scan that tried this account on this server.
fn scan_of(rows: &[Row], train: &Train) -> Option<usize> {
    let same = |account: &AccountCount| account_key(&account.account) == train.account_key;
    let is_it =
        |row: &Row| row.class == Class::Scanner && row.servers.contains(&train.server) && row.accounts.iter().any(same);
    rows.iter().position(is_it)
}

/// A loop that leaves the history bit by bit does not turn into something lesser.
fn keep_class(row: &mut Row, memory: Option<&RowMemory>) {
    if let Some(memory) = memory.filter(|memory| stronger(row.class, memory.class) != row.class) {
        (row.class, row.verdict) = (memory.class, memory.verdict);
    }
}

/// A row without failures within the history, with the class it had.
fn remembered(name: &str, memory: Option<&RowMemory>) -> Row {
    Row {
        rank: 0,
        workstation: name.to_owned(),
        raw_names: Vec::new(),
        listed: false,
        class: memory.map_or(Class::Unclassified, |memory| memory.class),
        verdict: memory.and_then(|memory| memory.verdict),
        failures: 0,
        first_failure: None,
        last_failure: None,
        since_before: false,
        log_stops: false,
        ongoing: false,
        accounts: Vec::new(),
        statuses: Vec::new(),
        event_ids: Vec::new(),
        servers: Vec::new(),
        rate: Default::default(),
        client: None,
        matched: None,
        cost: Default::default(),
        reasons: Vec::new(),
        action: String::new(),
        evidence: Evidence::default(),
    }
}

/// Adds to the count of a key, and keeps the order: most first, equal counts in order of the key.
fn add<K: Ord>(counts: &mut Vec<(K, u64)>, key: K, more: u64) {
    match counts.iter_mut().find(|(known, _)| *known == key) {
        Some((_, n)) => *n += more,
        None => counts.push((key, more)),
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
}

fn add_account(accounts: &mut Vec<AccountCount>, more: AccountCount) {
    let same = |known: &&mut AccountCount| known.account.eq_ignore_ascii_case(&more.account);
    match accounts.iter_mut().find(same) {
        Some(known) => known.failures += more.failures,
        None => accounts.push(more),
    }
}
