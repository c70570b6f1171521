//! The first lines: span, what was read, the servers and what they audit, what was skipped.

use std::io::{self, Write};

use crate::escape::terminal::terminal;
use crate::model::analysis::{Analysis, Inputs, ServerSummary};
use crate::model::gathered::{Severity, Skipped};
use crate::report::changes;
use crate::report::style::Style;
use crate::report::text::{Tone, hang, paint, wrap};
use crate::report::words::{self, bytes, duration, minute, plural, stamp};

/// Servers and skipped places shown without `-v`.
const MOST: usize = 5;
/// Columns of the labels.
const LABEL: usize = 9;

/// Writes what changed since the last night, which comes first; nothing outside of the nightly job.
pub fn changes(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(lead) = changes::lead(analysis) else { return Ok(()) };
    for line in wrap(&lead, style.prose()) {
        writeln!(out, "{}", paint(&line, Tone::Strong, style.color))?;
    }
    for (label, names) in changes::who(analysis) {
        labelled(label, &[terminal(&names).into_owned()], Tone::Plain, style, out)?;
    }
    writeln!(out)
}

/// Writes the first lines.
pub fn write(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let span = match analysis.span {
        None => "no event log was read".to_owned(),
        Some((from, to)) => format!(
            "{} to {} {}, {}",
            stamp(from, style.zone),
            stamp(to, style.zone),
            style.zone.name(),
            duration((to - from) as f64)
        ),
    };
    labelled("span", &[span], Tone::Plain, style, out)?;
    labelled("read", &[read(&analysis.inputs)], Tone::Plain, style, out)?;
    // Of many servers those that audit failures come first: the others may be left out.
    let (audited, silent): (Vec<&ServerSummary>, Vec<&ServerSummary>) =
        analysis.servers.iter().partition(|log| log.audits.iter().any(|name| name.ends_with("logon-failure")));
    let servers: Vec<String> = audited.into_iter().chain(silent).map(|log| server(log, style)).collect();
    labelled("servers", &few(servers, style), Tone::Plain, style, out)?;
    let skipped: Vec<String> = analysis
        .inputs
        .skipped
        .iter()
        .filter(|place| style.verbose || place.severity > Severity::Note)
        .map(skip)
        .collect();
    labelled("skipped", &few(skipped, style), Tone::Warn, style, out)
}

fn labelled(label: &str, lines: &[String], tone: Tone, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (at, line) in lines.iter().enumerate() {
        let lead = if at == 0 { label } else { "" };
        let text = hang(&format!("{lead:LABEL$}"), line, style.width.max(Style::MIN_WIDTH));
        match text.strip_prefix(lead) {
            Some(rest) => write!(out, "{}{}", paint(lead, Tone::Faint, style.color), paint(rest, tone, style.color))?,
            None => write!(out, "{text}")?,
        }
    }
    Ok(())
}

fn few(mut lines: Vec<String>, style: &Style) -> Vec<String> {
    if !style.verbose && lines.len() > MOST {
        let more = lines.len() - MOST;
        lines.truncate(MOST);
        lines.push(format!("and {more} more (-v lists them all)"));
    }
    lines
}

fn read(inputs: &Inputs) -> String {
    let mut parts = vec![
        format!("{} ({})", plural(inputs.files, "file", "files"), bytes(inputs.bytes)),
        plural(inputs.records, "event record", "event records"),
        plural(inputs.failures, "failed logon", "failed logons"),
    ];
    if inputs.duplicates > 0 {
        parts.push(format!("{} left out", plural(inputs.duplicates, "duplicate", "duplicates")));
    }
    if inputs.client_logs > 0 {
        let attempts = plural(inputs.attempts, "attempt", "attempts");
        parts.push(format!("{} with {attempts}", plural(inputs.client_logs, "client log", "client logs")));
    }
    if inputs.unrecognised > 0 {
        parts.push(format!("{} of no known format", plural(inputs.unrecognised, "file", "files")));
    }
    if inputs.bad_times > 0 {
        parts.push(format!("{} with impossible times", plural(inputs.bad_times, "event", "events")));
    }
    parts.join(", ")
}

/// `DC01  2001-03-12 00:00 to 2001-03-15 00:00, 124,000 records; audits account-logon-failure`.
fn server(log: &ServerSummary, style: &Style) -> String {
    let (from, to) = (minute(log.from, style.zone), minute(log.to, style.zone));
    let audits = if log.audits.is_empty() { "no logon event of any kind".to_owned() } else { log.audits.join(", ") };
    let mut text = format!(
        "{}: {from} to {to}, {}; audits {audits}",
        terminal(words::server(&log.server)),
        plural(log.records, "record", "records")
    );
    if log.audits.is_empty() {
        text = text.replace("audits no", "no");
    }
    if log.full {
        text.push_str("; log full or not overwriting");
    }
    if let Some(last) = log.cleared.last() {
        let times = if log.cleared.len() > 1 { format!("{} times, last ", log.cleared.len()) } else { String::new() };
        text.push_str(&format!("; cleared {times}{}", minute(*last, style.zone)));
    }
    if let Some(last) = log.audits_lost.last() {
        text.push_str(&format!("; audits lost, last {}", minute(*last, style.zone)));
    }
    text
}

fn skip(place: &Skipped) -> String {
    let at = if place.at.is_empty() { String::new() } else { format!(", {}", place.at) };
    let text = format!("{}{at}: {}: {}", place.file, place.what, place.why);
    terminal(&text).into_owned()
}
