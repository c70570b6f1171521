//! Why this class and this verdict, strongest first. Counts first, then the offset with its error,
//! then what the shuffled logs and the other workstations reached. No chance is ever printed as a
//! probability of guilt, and no file is named.

use super::agreement;
use super::facts::RowFacts;
use super::matrix::{Cause, Silence};
use super::text;
use crate::model::client::AttributedBy;
use crate::model::event::family;
use crate::model::finding::{Class, Finding, StormRule};
use crate::model::time::rfc3339;

/// A client log that covers less than this share of the storm is said to be partial.
const WHOLE: f64 = 0.95;
/// Accounts from which "one account" becomes a number.
const ONE_SECOND: usize = 1;

/// All reasons of one row.
pub fn reasons(facts: &RowFacts) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(class_reason(facts));
    if facts.promoted {
        out.push("by the server's log alone no storm; its own log agrees in time, so it is one".to_owned());
    }
    if let Some(silence) = facts.silence {
        out.push(silence_reason(facts, silence));
    } else {
        out.extend(agreement::sentence(facts));
    }
    if let Some(other) = facts.renamed {
        out.push(format!("renamed machine? its log fits {other}"));
    }
    if let Some(other) = facts.fits_log_of {
        out.push(format!("renamed machine? the client log of {other} fits"));
    }
    out.extend(facts.cause.and_then(|cause| cause_reason(facts, cause)));
    out.extend(agreement::notes(facts));
    out.extend(client_notes(facts));
    out.extend(server_notes(facts));
    out
}

/// `9,114 failures in 3.1 days`: those of the row, or of the account that storms alone.
fn failures_in(facts: &RowFacts) -> String {
    let alone = facts.finding.filter(|finding| finding.only_account.is_some());
    let failures = alone.map_or(facts.failures, |finding| finding.features.failures);
    let span = match alone.map(|finding| (finding.episodes.first(), finding.episodes.last())) {
        Some((Some(first), Some(last))) => Some((first.first, last.last)),
        _ => facts.span,
    };
    let length = span.map_or(0.0, |(first, last)| last.saturating_sub(first) as f64);
    let counted = text::counted(failures, "failure");
    match facts.finding {
        Some(finding) if finding.features.n == ONE_SECOND && failures > 1 => format!("{counted}, all in one second"),
        _ if failures == 1 => counted,
        _ => format!("{counted} in {}", text::duration(length)),
    }
}

fn class_reason(facts: &RowFacts) -> Option<String> {
    let accounts = text::few(facts.accounts.len() as u64, "account");
    let in_all = failures_in(facts);
    let finding = match facts.class {
        Class::Scanner => {
            let names = text::counted(facts.names, "name");
            return Some(format!("random names: {names}, {in_all}"));
        }
        _ => facts.finding?,
    };
    Some(match facts.class {
        Class::Spray => format!("one source, many accounts: {accounts}, {in_all}"),
        Class::Storm if facts.promoted => format!("{in_all}, {accounts}"),
        Class::Storm => storm_reason(facts, finding, &in_all),
        Class::PossibleStorm => {
            let period = every(facts).map_or_else(String::new, |every| format!("{every}, "));
            format!("{period}{in_all}, {accounts}: too few to call it a storm")
        }
        Class::Human => format!(
            "like a person: {in_all}, {accounts}, at most {} at a stretch",
            text::counted(finding.features.biggest_session as u64, "second")
        ),
        Class::Unclassified | Class::Scanner => format!("fits no pattern: {in_all}, {accounts}"),
    })
}

fn storm_reason(facts: &RowFacts, finding: &Finding, in_all: &str) -> String {
    let accounts = facts.accounts.len() as u64;
    let features = &finding.features;
    let who = match &finding.only_account {
        Some(account) => format!("account {account} alone of {}", text::few(accounts, "account")),
        None => text::few(accounts, "account"),
    };
    let rate = format!("up to {} within an hour", text::counted(features.peak_per_hour, "failure"));
    match (finding.rule, every(facts)) {
        (Some(StormRule::Period), Some(every)) => format!("{every}, {in_all}, {who}"),
        (Some(StormRule::Persistence), _) => {
            let hours = text::counted(features.hours as u64, "clock hour");
            format!("{in_all}, hour after hour ({hours}), {who}")
        }
        _ => format!("{in_all}, {rate}, {who}"),
    }
}

/// `every 62 s (+-1 s)`.
fn every(facts: &RowFacts) -> Option<String> {
    let period = facts.finding?.features.period?;
    let spread = facts.spread_s.map_or_else(String::new, |spread| format!(" (+-{} s)", spread.round().max(1.0)));
    Some(format!("every {}{spread}", text::period(period.seconds)))
}

fn cause_reason(facts: &RowFacts, cause: &Cause) -> Option<String> {
    Some(match cause {
        Cause::CausesLockout { account, before, at, event_id } => format!(
            "this client causes the lockout of {account}: {} before the lockout of {} (event {event_id}) that names it",
            text::counted(*before, "failure"),
            rfc3339(*at)
        ),
        Cause::Victim(status) => {
            let meaning = status.info().map_or("refused", |info| info.meaning);
            format!("victim of the account's state: {meaning} ({} {})", status.code_text(), status.name())
        }
        Cause::OwnService { metering: true } => {
            format!(
                "the workstation is the metering server itself: a service on {} keeps an old password",
                facts.workstation
            )
        }
        Cause::OwnService { metering: false } => {
            "the workstation is the server itself: a local service or task, not a client".to_owned()
        }
        Cause::NameFlooding => {
            format!("name flooding: {} names seen once or a few times", text::count(facts.names))
        }
    })
}

fn silence_reason(facts: &RowFacts, silence: Silence) -> String {
    let attempts = facts.client.map_or(0, |client| client.attempts);
    let attempts = text::counted(attempts, "attempt");
    match silence {
        Silence::Overload => format!("overload: the pipe was busy; {attempts}, no failed logon: not the credentials"),
        Silence::NoServerLog => format!("{attempts} in the client's log; no server's Security log was read"),
        Silence::NotCovered { cleared, full } => {
            let why = match (cleared, full) {
                (true, _) => " (it was cleared)",
                (false, true) => " (it is full)",
                (false, false) => "",
            };
            format!("{attempts} in the client's log; no server log covers that time{why}, if the client clock is right")
        }
        Silence::NotAudited => {
            format!(
                "{attempts} in the client's log; no failed logon of anybody in the server's log: category not audited?"
            )
        }
        Silence::Undated => {
            format!(
                "server silent: {attempts} in the client's log, no failure of it; the client's lines carry no dates"
            )
        }
        Silence::ServerSilent => format!(
            "server silent: {attempts} in the client's log, no failed logon: service down, network, or attempts logged \
             but not made; not credentials"
        ),
    }
}

fn client_notes(facts: &RowFacts) -> Vec<String> {
    let Some(client) = facts.client else { return Vec::new() };
    let mut out = Vec::new();
    if facts.failures > 0 && client.attempts > 0 && client.covers > 0.0 && client.covers < WHOLE {
        out.push(format!("client log covers {:.0} % of the storm", client.covers * 100.0));
    }
    if facts.failures > 0
        && let Some(by) = client.attributed_by
    {
        let rule = match by {
            AttributedBy::Map => "the client map",
            AttributedBy::Unc => "its UNC path",
            AttributedBy::Folder => "its folder",
            AttributedBy::FileName => "its file name",
        };
        out.push(format!("names match: the client log was given to {} by {rule}", facts.workstation));
    }
    out
}

fn server_notes(facts: &RowFacts) -> Vec<String> {
    let mut out = Vec::new();
    let is_loop = matches!(facts.class, Class::Storm | Class::PossibleStorm);
    let episodes = facts.finding.filter(|_| is_loop).map_or(&[][..], |finding| finding.episodes.as_slice());
    if let (Some((first, _)), Some(episode)) = (facts.span, episodes.first())
        && episode.since_before
    {
        out.push(format!("since before {}, where the log begins", rfc3339(first)));
    }
    if let Some(episode) = episodes.last() {
        if episode.log_stops {
            out.push(format!("the log stops at {} (full?), the storm may go on", rfc3339(episode.last)));
        } else if episode.ongoing {
            out.push("still running at the end of the log".to_owned());
        }
    }
    if episodes.len() > 1 {
        out.push(format!("{} with long pauses between", text::counted(episodes.len() as u64, "episode")));
    }
    if let [_, others @ ..] = facts.servers
        && !others.is_empty()
    {
        out.push(format!("also seen on {}", text::list(others, 3)));
    }
    out.extend(twice(facts));
    out
}

/// The same attempts as events of another family.
fn twice(facts: &RowFacts) -> Option<String> {
    let (main, _) = facts.event_ids.first()?;
    let second: Vec<&(u16, u64)> = facts.event_ids.iter().filter(|(id, _)| family(*id) != family(*main)).collect();
    let events: u64 = second.iter().map(|(_, n)| n).sum();
    let ids: Vec<String> =
        second.iter().map(|(id, _)| if *id == 0 { "netlogon".to_owned() } else { id.to_string() }).collect();
    (events > 0).then(|| {
        format!("the same attempts, seen a second time: {} ({})", text::counted(events, "event"), text::list(&ids, 3))
    })
}
