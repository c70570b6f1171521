//! What the comparison of a row's two sides gave, and who and what its failures name, in words.

use super::csv::account_text;
use super::pairs;
use super::sentence::clock_words;
use super::words::{client_stamp, count, decimal, duration, list, period};
use crate::model::analysis::Row;
use crate::model::matching::Match;
use crate::model::status::Status;

/// Clock steps, and values of one kind, that are told.
const STEPS: usize = 4;
const MOST: usize = 6;

/// The comparison: label and text.
pub fn comparison(row: &Row, found: &Match) -> Vec<(&'static str, String)> {
    let n = |n: usize| count(n as u64);
    let others = match found.decoy_best {
        Some(best) if found.decoy_rank_first => {
            format!("the best of {} reaches {}; this one ranks first", n(found.decoys), n(best))
        }
        Some(best) => format!("the best of {} reaches {}; another one fits better", n(found.decoys), n(best)),
        None => "none to compare with".to_owned(),
    };
    let mut facts = vec![
        (
            "agree",
            format!(
                "{} of {} client attempts; {} bursts in that time",
                n(found.matched),
                n(found.of_client),
                n(found.of_server)
            ),
        ),
        ("shuffled logs", format!("the best of {} reaches {}", n(found.shuffles), n(found.shuffled_best))),
        ("other workstations", others),
        ("drift", format!("{} ppm", decimal(found.clock.rho * 1e6))),
        ("score", format!("{:.4} (1: all explained, 0: chance)", found.g)),
    ];
    let offset = row.matched.as_ref().and_then(|matched| matched.clock_offset_s);
    if let Some(offset) = offset {
        facts.push(("clocks", format!("{} ({} s)", clock_words(offset, found.ambiguous_by), decimal(offset))));
    }
    facts.push((
        "aliases",
        match (found.ambiguous_by, found.alias) {
            (Some(s), _) => format!("the offset is known only up to multiples of {}", period(s)),
            (None, Some(ratio)) => format!("offsets shifted by whole periods reach at most {ratio:.2} of the score"),
            (None, None) => "no period to be shifted by".to_owned(),
        },
    ));
    for step in found.steps.iter().take(STEPS) {
        let side = if step.seconds < 0.0 { "back" } else { "forward" };
        let text = format!("set {side} by {} after {}", duration(step.seconds), client_stamp(step.after * 1000));
        facts.push(("clock step", text));
    }
    facts
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

/// `account disabled, 0xC0000072 STATUS_ACCOUNT_DISABLED`.
pub fn reason(status: Status) -> String {
    match status.info() {
        Some(info) => format!("{}, {} {}", info.meaning, status.code_text(), info.name),
        None if status.code_text().is_empty() => "no status in the event".to_owned(),
        None => status.code_text(),
    }
}

/// Names of logon types (Microsoft's documentation of events 4624 and 4625); empty for others.
pub fn logon_type(kind: u8) -> &'static str {
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
