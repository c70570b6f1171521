//! What the comparison of a row's two sides gave, and who and what its failures name, in words.

use super::data::cells::account_text;
use super::pairs;
use super::sentence::clock_words;
use super::words::{client_stamp, count, decimal, duration, list, period};
use crate::model::analysis::Row;
use crate::model::matching::{ClockStep, Match};
use crate::model::remedy::{Effect, Remedy};
use crate::model::status::Status;

/// Clock steps, and values of one kind, that are told.
const STEPS: usize = 4;
const MOST: usize = 6;

/// The comparison in time: label and text.
pub fn comparison(row: &Row, found: &Match) -> Vec<(&'static str, String)> {
    let n = |n: usize| count(n as u64);
    let agree = format!(
        "{} of {} client attempts have a server burst, of {} bursts in the client log's time",
        n(found.matched),
        n(found.of_client),
        n(found.of_server)
    );
    let shuffles = match found.compared_matched == found.matched {
        true => format!("the best of {} agrees in {}", n(found.shuffles), n(found.shuffled_best)),
        false => format!(
            "the best of {} agrees in {}, this log in {} (of {} attempts compared with shuffles)",
            n(found.shuffles),
            n(found.shuffled_best),
            n(found.compared_matched),
            n(found.compared)
        ),
    };
    let rank = if found.decoy_rank_first { "this one ranks first" } else { "another one fits better" };
    let others = match found.decoy_best {
        Some(best) => format!("the best of {} other workstations agrees in {}; {rank}", n(found.decoys), n(best)),
        None => "none to compare with".to_owned(),
    };
    let drift = found.clock.rho * 1e6;
    let mut facts = vec![("agree", agree), ("shuffled logs", shuffles), ("other clients", others)];
    if let Some(offset) = row.matched.as_ref().and_then(|matched| matched.clock_offset_s) {
        facts.push(("clocks", format!("{} ({} s)", clock_words(offset, found.ambiguous_by), decimal(offset))));
    }
    facts.push(("drift", format!("{} ppm ({} a day)", decimal(drift), duration(drift * 0.0864))));
    facts.push(("score", format!("{:.4} (1: all explained, 0: chance)", found.g)));
    facts.push(("aliases", aliases(found)));
    facts.extend(found.steps.iter().take(STEPS).map(|step| ("clock step", step_words(step))));
    if found.steps.len() > STEPS {
        facts.push(("clock step", format!("and {} more", n(found.steps.len() - STEPS))));
    }
    facts
}

/// What offsets shifted by whole periods reach.
fn aliases(found: &Match) -> String {
    match (found.ambiguous_by, found.alias) {
        (Some(s), _) => format!("the offset is known only up to multiples of {}{}", period(s), loops(found.one_loop)),
        (None, Some(ratio)) => format!("offsets shifted by whole periods reach at most {ratio:.2} of the score"),
        (None, None) => "no period to be shifted by".to_owned(),
    }
}

/// Odds of 100 to 1, in nats: decisive (Jeffreys 1961).
const DECISIVE: f64 = 4.6;

/// Whether the jitter of the waits tells one loop from two.
fn loops(one_loop: Option<f64>) -> &'static str {
    match one_loop {
        Some(nats) if nats >= DECISIVE => "; the jitter of the waits tells of one loop",
        Some(nats) if nats <= -DECISIVE => "; the jitter of the waits tells of two loops",
        _ => "; the jitter of the waits does not tell one loop from two",
    }
}

fn step_words(step: &ClockStep) -> String {
    format!(
        "set {} by {} between {} and {} (client's clock)",
        if step.seconds < 0.0 { "back" } else { "forward" },
        duration(step.seconds),
        client_stamp(step.after * 1000),
        client_stamp(step.before * 1000)
    )
}

/// One sentence on the two clocks, for a caption; `None` where they were not compared.
pub fn clocks(row: &Row) -> Option<String> {
    let found = pairs::found(row)?;
    let offset = row.matched.as_ref()?.clock_offset_s?;
    let steps = match found.steps.len() {
        0 => String::new(),
        1 => "; it was set once".to_owned(),
        n => format!("; it was set {n} times"),
    };
    let sign = if offset < 0.0 { "−" } else { "+" };
    Some(format!("Client clock minus server clock: {sign}{} ({} s){steps}.", duration(offset), decimal(offset)))
}

/// Accounts, reasons, events, logon types, processes and addresses, most frequent first; without
/// those of which there is none.
pub fn names(row: &Row) -> Vec<(&'static str, String)> {
    let counted = |text: String, n: u64| format!("{text} ({})", count(n));
    let accounts = row.accounts.iter();
    let accounts = accounts
        .map(|account| counted(account_text(account.domain.as_deref(), &account.account), account.failures))
        .collect();
    let event = |(id, n): &(u16, u64)| counted(if *id == 0 { "netlogon.log".to_owned() } else { id.to_string() }, *n);
    let kind = |(kind, n): &(u8, u64)| counted(format!("{kind} {}", logon_type(*kind)).trim_end().to_owned(), *n);
    let fields: [(&'static str, Vec<String>); 7] = [
        ("accounts", accounts),
        ("reasons", row.statuses.iter().map(|(status, n)| counted(reason(*status), *n)).collect()),
        ("events", row.event_ids.iter().map(event).collect()),
        ("names logged", row.raw_names.clone()),
        ("addresses", row.evidence.ips.clone()),
        ("logon types", row.evidence.logon_types.iter().filter(|(kind, _)| *kind > 0).map(kind).collect()),
        ("processes", row.evidence.processes.clone()),
    ];
    fields
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(label, values)| (label, list(&values, MOST)))
        .collect()
}

/// One remedy with what it does, and the steps to it.
pub struct Told {
    /// What to do, how much it helps, and the source.
    pub text: String,
    /// One step each; often none.
    pub steps: &'static [&'static str],
}

/// What would stop the row's storm, most effective first; empty where nothing needs to be done.
pub fn remedies(row: &Row) -> Vec<Told> {
    let told = |remedy: &Remedy| {
        let what = remedy.text.trim_start_matches("or ");
        let effect = match remedy.effect {
            Effect::Ends => "ends it".to_owned(),
            Effect::Slows => slowed(row),
            Effect::Tells => "tells more".to_owned(),
        };
        let source = if remedy.source.is_empty() { String::new() } else { format!("; KB {}", remedy.source) };
        Told { text: format!("{what} ({effect}{source})"), steps: remedy.steps }
    };
    row.evidence.remedies.iter().map(told).collect()
}

/// What slower retries would leave, where that can be predicted.
fn slowed(row: &Row) -> String {
    match &row.evidence.cycle {
        Some(Ok(cycle)) => {
            let rough = if cycle.rough { "roughly " } else { "" };
            let (now, least) = (cycle.observed_per_day.round(), cycle.floor_per_day.round());
            format!("slows it: of {rough}{} failures a day at least {} remain", decimal(now), decimal(least))
        }
        _ => "slows it".to_owned(),
    }
}

/// `account disabled, 0xC0000072 STATUS_ACCOUNT_DISABLED`.
fn reason(status: Status) -> String {
    match status.info() {
        Some(info) => format!("{}, {} {}", info.meaning, status.code_text(), info.name),
        None if status.code_text().is_empty() => "no status in the event".to_owned(),
        None => status.code_text(),
    }
}

/// Names of logon types (Microsoft's documentation of events 4624 and 4625); empty for others.
fn logon_type(kind: u8) -> &'static str {
    match kind {
        2 => "interactive",
        3 => "network",
        4 => "batch (a scheduled task)",
        5 => "service",
        7 => "unlock",
        8 => "network, password in clear text",
        9 => "new credentials",
        10 => "remote desktop",
        11 => "interactive, cached",
        _ => "",
    }
}
