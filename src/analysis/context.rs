//! Context events: lockouts, account changes, cleared and full logs.

use crate::model::analysis::Context;
use crate::model::event::EventKind;
use crate::model::timeline::ContextEvent;
use crate::model::train::{Sighting, Train};
use crate::verdict::matrix::{Lockout, is_wrong_password};

/// Context events that one row keeps; a saw of lockouts may have thousands.
const MOST: usize = 200;

/// Context events of a row's accounts and servers, in order of time, at most 200.
pub(super) fn of_row(events: &[ContextEvent], accounts: &[&str], servers: &[String]) -> Vec<Context> {
    let concerns = |event: &&ContextEvent| match event.kind {
        EventKind::LogCleared | EventKind::LogFull | EventKind::AuditsLost => servers.contains(&event.server),
        _ => accounts.binary_search(&event.account_key.as_str()).is_ok(),
    };
    events.iter().filter(concerns).take(MOST).map(words).collect()
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

/// Lockouts that name this workstation, with the failures before each.
pub(super) fn lockouts(events: &[ContextEvent], workstation: &str, trains: &[&Train]) -> Vec<Lockout> {
    let named = events.iter().filter(|event| event.kind == EventKind::Lockout && event.workstation == workstation);
    named
        .take(MOST)
        .map(|event| {
            let of_account = || trains.iter().filter(|train| train.account_key == event.account_key);
            let before = of_account().map(|train| failures_until(train, event.sec)).max().unwrap_or(0);
            let wrong = |train: &&Train| -> u64 {
                train.statuses.iter().filter(|(status, _)| is_wrong_password(*status)).map(|(_, n)| n).sum()
            };
            Lockout {
                account: event.account.clone(),
                before,
                wrong_passwords: of_account().map(|train| wrong(train)).sum(),
                at: event.sec,
                event_id: event.event_id,
            }
        })
        .collect()
}

fn failures_until(train: &Train, sec: i64) -> u64 {
    train.marks.iter().take_while(|mark| i64::from(mark.sec) <= sec).map(|mark| u64::from(mark.count)).sum()
}
