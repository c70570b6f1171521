//! Advice on the size and the retention of each server's Security log, with its own numbers.

use super::page::Page;
use crate::model::analysis::{Analysis, ServerSummary};
use crate::report::words::{bytes, duration, percent};

/// Days of history that a size is given for.
const DAYS: [f64; 2] = [7.0, 30.0];

/// Default size of the Security log of Windows NT 4.0 and 2000, bytes (KB Q183097, Q131605).
const DEFAULT_BYTES: f64 = 524_288.0;

/// A paragraph for each server, then what holds for all.
pub(super) fn write(page: &mut Page, analysis: &Analysis) {
    page.title("The Security logs");
    for server in &analysis.servers {
        page.hung("  ", &of_server(server));
        page.gap();
    }
    for sentence in RULES {
        page.hung("  - ", sentence);
    }
}

fn of_server(server: &ServerSummary) -> String {
    let covered = duration(server.to.saturating_sub(server.from) as f64);
    let mut out = format!("{} covers {covered}", server.server);
    let Some(per_day) = server.bytes_per_day() else {
        out.push_str("; the sizes of its records are not known from a text export.");
        return out + &blind(server);
    };
    let share = server.storm_share();
    out.push_str(&format!(" with {} of records, {} a day", bytes(server.log_bytes), bytes(per_day.round() as u64)));
    out.push_str(&match share {
        share if share > 0.0 => format!("; storms fill {} of it.", percent(share)),
        _ => "; no storm fills it.".to_owned(),
    });
    if let Some(lost) = server.history_lost_h.filter(|hours| *hours >= 0.1) {
        out.push_str(&format!(" Without them the log would reach back {} further.", duration(lost * 3600.0)));
    }
    out.push_str(&format!(" A log of 512 KB holds {} of it.", duration(DEFAULT_BYTES / per_day * 86_400.0)));
    for days in DAYS {
        let all = (per_day * days).round() as u64;
        let calm = (per_day * days * (1.0 - share)).round() as u64;
        let without = if calm > 0 && calm < all { format!(" ({} without storms)", bytes(calm)) } else { String::new() };
        out.push_str(&format!(" For {days:.0} days it needs {}{without}.", bytes(all)));
    }
    out + &blind(server)
}

/// What was already lost.
fn blind(server: &ServerSummary) -> String {
    let mut out = String::new();
    if server.full {
        out.push_str(" It was full: events after that moment are missing.");
    }
    if !server.cleared.is_empty() {
        out.push_str(" It was cleared within that time.");
    }
    if !server.audits_lost.is_empty() {
        out.push_str(" It lost audit events.");
    }
    out
}

/// What holds for every log.
const RULES: [&str; 5] = [
    "\"Overwrite as needed\" loses the oldest events to a storm. \"Overwrite events older than n days\" (the default of \
     Windows NT 4.0 and 2000 is 7 days, Q131605) and \"do not overwrite\" refuse new events once the log is full: the \
     log goes blind, and the storm itself is cut off.",
    "The default size of Windows NT 4.0 and 2000 is 512 KB, the practical limit about 300 MB (Q183097).",
    "A new size takes effect only after the log is cleared (Q142032): export it first.",
    "Where CrashOnAuditFail is 1, a full log halts the server, and only administrators can log on until it is cleared \
     (Q140058, Q160783): a storm there is an outage.",
    "An event 681 takes about 240 bytes in the file, an event 4776 about 340, an event 4625 about 600.",
];
