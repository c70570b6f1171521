//! What would stop it, most effective first.

use super::facts::RowFacts;
use super::matrix::{Cause, Silence};
use super::modern::where_it_sits;
use super::text;
use crate::model::finding::Class;
use crate::model::remedy::{Effect, Remedy};
use crate::model::status::{Status, StatusClass};
use crate::model::verdict::Verdict;

/// Accounts named in an action; the rest are a number.
const NAMED: usize = 2;

fn remedy(effect: Effect, source: &'static str, text: impl Into<String>) -> Remedy {
    Remedy { text: text.into(), effect, source, steps: &[] }
}

/// Remedies in one line; empty for none.
pub fn action(remedies: &[Remedy]) -> String {
    let texts: Vec<&str> = remedies.iter().map(|remedy| remedy.text.as_str()).collect();
    texts.join("; ")
}

/// What would stop it, most effective first; empty for rows that need no action.
pub fn remedies(facts: &RowFacts) -> Vec<Remedy> {
    match facts.class {
        Class::Storm | Class::PossibleStorm => of_storm(facts),
        Class::Spray => vec![remedy(
            Effect::Ends,
            "",
            format!(
                "find out who or what runs on {} and stop it; check {} for a success",
                facts.workstation,
                text::few(facts.accounts.len() as u64, "account")
            ),
        )],
        Class::Scanner => vec![remedy(
            Effect::Ends,
            "",
            format!("block the source at the firewall; check {} for a success", account_words(facts)),
        )],
        Class::Unclassified | Class::Human => facts.silence.map_or_else(Vec::new, |silence| of_silence(facts, silence)),
    }
}

fn of_storm(facts: &RowFacts) -> Vec<Remedy> {
    if let Some(Cause::OwnService { metering }) = facts.cause {
        return own_service(facts, *metering);
    }
    // The article is about the metering client: it says nothing of what else may retry.
    let source = if (facts.is_metering() || facts.is_classic()) && !is_contradicted(facts) { "Q287626" } else { "" };
    let account = account_words(facts);
    let mut out = vec![remedy(Effect::Ends, source, account_fix(facts, &account))];
    if let Some(Cause::CausesLockout { account, .. }) = facts.cause {
        let text = format!("renew the password on {} before account {account} is unlocked", facts.workstation);
        out.push(remedy(Effect::Ends, "Q256212", text));
    }
    if facts.is_metering() && !is_contradicted(facts) {
        out.push(remedy(Effect::Ends, "Q287626, Q308269", "SMS 2.0 SP4"));
        out.push(remedy(Effect::Slows, "Q287626", "or set PipeRetries and PipeRetryInterval"));
    } else if facts.is_classic() && facts.client.is_none() {
        let text = format!("give the client log of {} to see whether the metering client does it", facts.workstation);
        out.push(remedy(Effect::Tells, "", text));
    } else if (!facts.is_classic() || is_contradicted(facts)) && !account.ends_with('$') {
        let period = facts.finding.and_then(|finding| finding.features.period).map(|period| period.seconds);
        let place = where_it_sits(facts.logon_types, facts.process, period);
        let text = format!("the old credential usually sits in {}", place.words);
        out.push(Remedy { steps: place.steps, ..remedy(Effect::Tells, "", text) });
    }
    out
}

/// The client's own log says that something else on the workstation retries.
fn is_contradicted(facts: &RowFacts) -> bool {
    facts.decision.is_some_and(|decision| decision.verdict == Verdict::Contradicted)
}

fn own_service(facts: &RowFacts, metering: bool) -> Vec<Remedy> {
    let account = account_words(facts);
    let (source, what) = if metering {
        ("Q256127", "set the new password of the metering service on every metering server and restart it")
    } else {
        ("", "set the new password of the service or task that uses it")
    };
    vec![remedy(Effect::Ends, source, format!("{what} ({account} on {} itself)", facts.workstation))]
}

fn of_silence(facts: &RowFacts, silence: Silence) -> Vec<Remedy> {
    let named = facts.client.map_or(&[][..], |client| client.metering_servers);
    let server = named.first().map_or("the metering server", |name| name.as_str());
    let (effect, text) = match silence {
        Silence::Overload => {
            (Effect::Ends, format!("relieve {server}: it handles about 5 requests a second; add a metering server"))
        }
        Silence::NoServerLog => (Effect::Tells, format!("give the Security log of {server} too")),
        Silence::NotCovered { .. } => {
            (Effect::Tells, format!("export the Security log of {server} for the time of the attempts; enlarge it"))
        }
        Silence::NotAudited => {
            (Effect::Tells, format!("turn on auditing of failed logons on {server} and its domain controllers"))
        }
        Silence::Undated | Silence::ServerSilent => (
            Effect::Ends,
            format!("check that the metering service runs on {server} and that {} reaches it", facts.workstation),
        ),
    };
    vec![remedy(effect, "", text)]
}

/// The accounts, as an action names them: `account user4`, `accounts a, b and 3 more`.
pub fn account_words(facts: &RowFacts) -> String {
    let only = facts.finding.and_then(|finding| finding.only_account.as_deref());
    let names: Vec<&str> = match only {
        Some(only) => {
            let known = facts.accounts.iter().find(|known| known.account.to_uppercase() == only.to_uppercase());
            vec![known.map_or(only, |known| known.account.as_str())]
        }
        None => facts.accounts.iter().map(|known| known.account.as_str()).filter(|name| !name.is_empty()).collect(),
    };
    match names.len() {
        0 => "the account without a name".to_owned(),
        1 => format!("account {}", names[0]),
        _ => format!("accounts {}", text::list(&names, NAMED)),
    }
}

/// What ends the storm at the account.
fn account_fix(facts: &RowFacts, account: &str) -> String {
    let (status, here) = (facts.status(), facts.workstation);
    if account.ends_with('$') {
        return computer_fix(account, status);
    }
    let (verb, then) = match status {
        Status::Nt(0xC000_0072) => ("enable or remove", "log it off"),
        Status::Nt(0xC000_0234) => ("unlock", "log it off"),
        Status::Nt(0xC000_0193) => ("extend or remove", "log it off"),
        Status::Nt(0xC000_0071 | 0xC000_0224) | Status::Kerberos(0x17) => ("change the password of", "log it off"),
        Status::Kerberos(0x12) => ("enable, unlock or remove", "log it off"),
        Status::Nt(0xC000_0064 | 0xC000_00DF) | Status::Kerberos(0x6) => {
            return format!("correct or remove {account} on {here}: it does not exist");
        }
        Status::Nt(0xC000_006A) | Status::Kerberos(0x18) => {
            return format!("renew the password of {account} on {here}, or log it off there");
        }
        Status::Nt(0xC000_006D) => {
            return format!("correct name or password of {account} on {here}, or log it off there");
        }
        other => match other.class() {
            StatusClass::AccountState => ("lift the restriction of", "log it off"),
            StatusClass::AccountRight => ("grant the missing logon right to", "stop what uses it"),
            StatusClass::Infrastructure => {
                let meaning = other.info().map_or("", |info| info.meaning);
                return format!("not the credentials: {meaning}; repair that, or stop what retries on {here}");
            }
            StatusClass::BadCredentials | StatusClass::Unknown => ("check", "log it off"),
        },
    };
    format!("{verb} {account}, or {then} on {here}")
}

/// What ends it for a computer's own account: nobody can log that off.
fn computer_fix(account: &str, status: Status) -> String {
    match status {
        Status::Nt(0xC000_0072 | 0xC000_0193 | 0xC000_0234) | Status::Kerberos(0x12) => {
            format!("enable the computer {account}, or take the computer out of the domain")
        }
        _ => format!("reset the computer {account} (its password with the domain is old), or let it join again"),
    }
}
