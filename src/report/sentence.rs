//! One finding as a sentence: who, what, since when, how often, why, how sure, what it costs.
//!
//! The text holds names as logged; whoever writes it sends it through `escape`.

use chrono_tz::Tz;

use super::words::{count, day_and_minute, duration, list, percent, period, plural};
use crate::model::analysis::{MatchSummary, Row};
use crate::model::finding::Class;
use crate::model::status::Status;
use crate::model::verdict::Verdict;

/// Everything about one row in one sentence.
pub fn of(row: &Row, zone: Tz) -> String {
    let mut parts = vec![what(row, zone)];
    parts.extend(why(row));
    parts.extend(how_sure(row));
    parts.extend(cost(row));
    format!("{}.", parts.join("; "))
}

/// Who did what, since when, how often.
pub fn what(row: &Row, zone: Tz) -> String {
    let name = &row.workstation;
    let servers = list(&row.servers, 3);
    let times = if row.failures == 1 { "once".to_owned() } else { format!("{} times", count(row.failures)) };
    let since = since(row, zone);
    let every = row.rate.period_s.map(|s| format!(", every {}", period(s))).unwrap_or_default();
    match row.class {
        _ if row.failures == 0 => {
            let attempts = row.client.as_ref().map_or(0, |client| client.attempts);
            format!("The client log of {name} tells of {}", plural(attempts, "failed attempt", "failed attempts"))
        }
        Class::Storm if row.ongoing => format!("{name} has been storming {servers} {since}{every}, {times}"),
        Class::Storm => format!("{name} stormed {servers} {since}{every}, {times}"),
        Class::PossibleStorm => format!("{name} may be storming {servers}, {since}{every}, {times}"),
        Class::Spray => {
            let accounts = plural(row.accounts.len() as u64, "account", "accounts");
            format!("{name} tried {accounts} on {servers} {since}, {times}")
        }
        Class::Scanner => format!("{name}: logons under ever new workstation names, {since}, {times}"),
        Class::Human => format!("{name} failed on {servers} {since}, {times}, as a person does"),
        Class::Unclassified => format!("{name} failed on {servers} {since}, {times}"),
    }
}

/// `since Monday 2001-03-12 08:54`, or `from ... to ...`; empty without failures. What ran already
/// when the log begins did so `since before` that moment.
fn since(row: &Row, zone: Tz) -> String {
    let at = |sec| day_and_minute(sec, zone);
    let before = if began_before_the_log(row) { "before " } else { "" };
    match (row.first_failure, row.last_failure) {
        (Some(first), _) if row.ongoing => format!("since {before}{}", at(first)),
        (Some(first), Some(last)) if at(first) != at(last) => format!("from {before}{} to {}", at(first), at(last)),
        (Some(first), _) => format!("on {}", at(first)),
        (None, _) => String::new(),
    }
}

/// The first failure is not the beginning: the storm was running when the log begins.
pub fn began_before_the_log(row: &Row) -> bool {
    let first = row.evidence.episodes.first().filter(|episode| episode.since_before);
    first.is_some_and(|episode| row.first_failure.is_some_and(|sec| episode.first <= sec))
}

/// The reason that the server gave: `account user4 is disabled`.
fn why(row: &Row) -> Option<String> {
    let (status, _) = row.statuses.first()?;
    let meaning = status.info()?.meaning;
    let names: Vec<String> = row.accounts.iter().map(|account| account.account.clone()).collect();
    if names.len() > 3 || names.iter().any(String::is_empty) {
        return Some(format!("mostly: {meaning}"));
    }
    let (noun, verb) = if names.len() == 1 { ("account", "is") } else { ("accounts", "are") };
    let names = list(&names, 3);
    Some(match *status {
        Status::Nt(0xC000_0072) => format!("{noun} {names} {verb} disabled"),
        Status::Nt(0xC000_0234) => format!("{noun} {names} {verb} locked out"),
        Status::Nt(0xC000_0193) => format!("{noun} {names} {verb} expired"),
        Status::Nt(0xC000_0071) => format!("the password of {names} has expired"),
        Status::Nt(0xC000_006A) | Status::Kerberos(0x18) => format!("the password given for {names} is wrong"),
        Status::Nt(0xC000_0064) | Status::Kerberos(0x06) => format!("there is no account {names}"),
        _ => format!("{noun} {names}: {meaning}"),
    })
}

/// What the client's own log says about it.
fn how_sure(row: &Row) -> Option<String> {
    let attempts = row.client.as_ref().map_or(0, |client| client.attempts);
    let matched = row.matched.as_ref();
    Some(match row.verdict? {
        Verdict::Confirmed | Verdict::Likely => matched
            .and_then(agreement)
            .unwrap_or_else(|| format!("its own client log fits, with {}", plural(attempts, "attempt", "attempts"))),
        Verdict::Consistent => {
            format!("its own client log tells of {}, not decided in time", plural(attempts, "attempt", "attempts"))
        }
        Verdict::ServerOnly => "no client log of it was given".to_owned(),
        Verdict::ClientOnly => "no server log given here holds a failure of it".to_owned(),
        Verdict::Contradicted => {
            "its own client log speaks against it: something else on this computer is retrying".to_owned()
        }
    })
}

/// `its own client log agrees in 523 of 539 attempts, its clock being 6 h 13 min ahead`.
fn agreement(matched: &MatchSummary) -> Option<String> {
    let found = matched.found.as_deref()?;
    let pairs = format!(
        "its own client log agrees in {} of {}",
        count(found.matched as u64),
        plural(found.of_client as u64, "attempt", "attempts")
    );
    let clock = match matched.clock_offset_s {
        None => String::new(),
        Some(offset) => format!(", {}", clock_words(offset, found.ambiguous_by)),
    };
    Some(pairs + &clock)
}

/// `its clock being 6 h 13 min ahead`; within two seconds the clocks agree.
pub fn clock_words(offset: f64, ambiguous_by: Option<f64>) -> String {
    let side = if offset > 0.0 { "ahead" } else { "behind" };
    let modulo = ambiguous_by.map(|s| format!(", or that shifted by multiples of {}", period(s))).unwrap_or_default();
    if offset.abs() <= 2.0 {
        format!("the two clocks agreeing{modulo}")
    } else {
        format!("its clock being {} {side}{modulo}", duration(offset))
    }
}

/// `it makes 5 % of all failures, fills 4 % of the log and costs 11 h 24 min of history`.
fn cost(row: &Row) -> Option<String> {
    let cost = &row.cost;
    if !matches!(row.class, Class::Storm | Class::PossibleStorm) || cost.share_of_failures <= 0.0 {
        return None;
    }
    let log = cost
        .share_of_log_bytes
        .filter(|share| *share > 0.0)
        .map(|share| format!("fills {} of the log", percent(share)));
    let lost = cost.history_lost_h.filter(|hours| *hours >= 0.1);
    let lost = lost.map(|hours| format!("costs {} of history", duration(hours * 3600.0)));
    let parts: Vec<String> = [Some(format!("it makes {} of all failures", percent(cost.share_of_failures))), log, lost]
        .into_iter()
        .flatten()
        .collect();
    Some(list(&parts, 3))
}
