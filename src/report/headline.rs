//! The whole report in a line or two: how many of what, and what cannot be said.

use super::words::{self, count, list, percent, plural};
use crate::model::analysis::Analysis;
use crate::model::finding::Class;
use crate::model::gathered::Severity;
use crate::model::verdict::Verdict;

/// `2 storms (1 confirmed) and 1 spray: 12,000 of 180,524 failures, 7 %.`, or that there is none.
pub fn counts(analysis: &Analysis) -> String {
    if analysis.span.is_none() && analysis.inputs.client_logs == 0 {
        return "Nothing was read: no event log and no client log.".to_owned();
    }
    let of = |class: Class| analysis.rows.iter().filter(|row| row.class == class).count() as u64;
    let words = [
        (Class::Storm, "storm", "storms"),
        (Class::PossibleStorm, "possible storm", "possible storms"),
        (Class::Spray, "spray", "sprays"),
        (Class::Scanner, "scan under random names", "scans under random names"),
    ];
    let mut parts: Vec<String> = words
        .iter()
        .filter(|(class, ..)| of(*class) > 0)
        .map(|(class, one, many)| plural(of(*class), one, many))
        .collect();
    let total = analysis.inputs.failures;
    if of(Class::Storm) == 0 {
        parts.insert(0, "No storm".to_owned());
        return format!("{} in {}.", list(&parts, 9), plural(total, "failed logon", "failed logons"));
    }
    let confirmed =
        |row: &&crate::model::analysis::Row| row.class == Class::Storm && row.verdict == Some(Verdict::Confirmed);
    let sure = analysis.rows.iter().filter(confirmed).count() as u64;
    if sure > 0 {
        parts[0].push_str(&format!(" ({} confirmed by the client's own log)", count(sure)));
    }
    let storming: u64 = analysis.rows.iter().filter(|row| row.class == Class::Storm).map(|row| row.failures).sum();
    let share = if total > 0 { format!(" ({})", percent(storming as f64 / total as f64)) } else { String::new() };
    format!(
        "{}; storms make {} of {}{share}.",
        list(&parts, 9),
        count(storming),
        plural(total, "failed logon", "failed logons")
    )
}

/// Servers whose log shows no category of failed logons: no storm can be seen there.
pub fn blind_servers(analysis: &Analysis) -> Option<String> {
    let blind: Vec<String> = analysis
        .servers
        .iter()
        .filter(|server| !server.audits.iter().any(|name| name.ends_with("logon-failure")))
        .map(|server| words::server(&server.server).to_owned())
        .collect();
    if blind.is_empty() {
        return None;
    }
    let unread = analysis.inputs.skipped.iter().any(|place| place.severity > Severity::Note);
    let why = if unread {
        "failures are not audited there, the export left them out, or they are among what could not be read"
    } else {
        "failures are not audited there, or the export left them out"
    };
    let verb = if blind.len() == 1 { "shows" } else { "show" };
    Some(format!(
        "{} {verb} no failed logon of any kind: {why}. \
         This is not the same as no storm.",
        list(&blind, 5)
    ))
}
