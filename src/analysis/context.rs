//! Context events: lockouts, account changes, cleared and full logs.

use std::collections::BTreeMap;

use crate::model::analysis::Context;
use crate::model::event::EventKind;
use crate::model::timeline::ContextEvent;
use crate::model::train::{Sighting, Train};
use crate::verdict::matrix::{Lockout, is_wrong_password};

/// Context events that one row keeps; a saw of lockouts may have thousands.
const MOST: usize = 200;

/// Context events by what rows ask for, each list in order of time.
#[derive(Debug, Default)]
pub(super) struct Index<'a> {
    by_account: BTreeMap<&'a str, Vec<&'a ContextEvent>>,
    by_server: BTreeMap<&'a str, Vec<&'a ContextEvent>>,
    lockouts: BTreeMap<&'a str, Vec<&'a ContextEvent>>,
}

impl<'a> Index<'a> {
    /// Sorts the events by account (changes and lockouts), by server (log events) and by the
    /// workstation that a lockout names. `events` are in order of time.
    pub(super) fn new(events: &'a [ContextEvent]) -> Self {
        let mut index = Self::default();
        for event in events {
            match event.kind {
                EventKind::LogCleared | EventKind::LogFull | EventKind::AuditsLost => {
                    index.by_server.entry(&event.server).or_default().push(event);
                }
                _ => index.by_account.entry(&event.account_key).or_default().push(event),
            }
            if event.kind == EventKind::Lockout {
                index.lockouts.entry(&event.workstation).or_default().push(event);
            }
        }
        index
    }

    /// Context events of a row's accounts and servers, in order of time, at most 200.
    pub(super) fn of_row(&self, accounts: &[&str], servers: &[String]) -> Vec<Context> {
        let of_accounts = accounts.iter().filter_map(|account| self.by_account.get(account));
        let of_servers = servers.iter().filter_map(|server| self.by_server.get(server.as_str()));
        let mut found: Vec<&ContextEvent> = of_accounts.chain(of_servers).flatten().copied().collect();
        found.sort_by_key(|event| (event.sec, &event.server, event.event_id, event.at));
        found.into_iter().take(MOST).map(words).collect()
    }

    /// Lockouts that name this workstation, with the failures before each.
    pub(super) fn lockouts(&self, workstation: &str, trains: &[&Train]) -> Vec<Lockout> {
        let named = self.lockouts.get(workstation).map_or(&[][..], Vec::as_slice);
        named.iter().take(MOST).map(|event| lockout(event, trains)).collect()
    }
}

fn words(event: &ContextEvent) -> Context {
    let what = match event.kind {
        EventKind::Lockout => format!("account {} locked out", event.account),
        EventKind::AccountEnabled => format!("account {} enabled", event.account),
        EventKind::AccountDisabled => format!("account {} disabled", event.account),
        EventKind::AccountUnlocked => format!("account {} unlocked", event.account),
        EventKind::LogCleared => "log cleared".to_owned(),
        EventKind::LogFull => "log full".to_owned(),
        EventKind::AuditsLost => "audit records lost".to_owned(),
        EventKind::Failure => format!("failed logon of {}", event.account),
        EventKind::Success => format!("logon of {}", event.account),
    };
    let by = if event.kind == EventKind::Lockout && !event.workstation.is_empty() {
        format!(" by {}", event.workstation)
    } else {
        String::new()
    };
    Context {
        sec: event.sec,
        server: event.server.clone(),
        what: format!("{what}{by} ({})", event.event_id),
        at: Sighting { sec: event.sec, at: event.at },
    }
}

fn lockout(event: &ContextEvent, trains: &[&Train]) -> Lockout {
    let of_account = || trains.iter().filter(|train| train.account_key == event.account_key);
    let before = of_account().map(|train| failures_until(train, event.sec)).max().unwrap_or(0);
    let wrong = |train: &&Train| -> u64 {
        train.statuses.iter().filter(|(status, _)| is_wrong_password(*status)).map(|(_, n)| n).sum()
    };
    Lockout {
        account: event.account.clone(),
        before,
        wrong_passwords: of_account().map(wrong).sum(),
        at: event.sec,
        event_id: event.event_id,
    }
}

fn failures_until(train: &Train, sec: i64) -> u64 {
    train.marks.iter().take_while(|mark| i64::from(mark.sec) <= sec).map(|mark| u64::from(mark.count)).sum()
}
