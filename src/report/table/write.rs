//! Head, summary, rows, foot.

use std::io::{self, Write};

use super::{head, rows};
use crate::escape::terminal::terminal;
use crate::model::analysis::{Analysis, Unattributed};
use crate::model::finding::Class;
use crate::report::style::Style;
use crate::report::text::{Tone, cut, hang, paint, wrap};
use crate::report::words::plural;
use crate::report::{headline, sentence};

/// Sentences shown above the rows: the worst storms.
const SENTENCES: usize = 3;
/// Client logs without a workstation that are shown one by one.
const UNATTRIBUTED: usize = 5;

/// Writes the whole report.
pub fn write(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    head::changes(analysis, style, out)?;
    head::write(analysis, style, out)?;
    writeln!(out)?;
    summary(analysis, style, out)?;
    rows::write(analysis, style, out)?;
    foot(analysis, style, out)
}

fn summary(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for line in wrap(&headline::counts(analysis), style.prose()) {
        writeln!(out, "{}", paint(&line, Tone::Strong, style.color))?;
    }
    let storms = analysis.rows.iter().filter(|row| row.class == Class::Storm);
    for row in storms.take(SENTENCES) {
        let text = sentence::of(row, style.zone);
        writeln!(out)?;
        for line in wrap(&terminal(&text), style.prose()) {
            writeln!(out, "{line}")?;
        }
    }
    let notes = analysis.warnings.iter().cloned().chain(headline::blind_servers(analysis)).chain(approximate(analysis));
    for (at, note) in notes.enumerate() {
        if at == 0 {
            writeln!(out)?;
        }
        let text = hang("note: ", &terminal(&note), style.prose());
        write!(out, "{}", paint(&text, Tone::Warn, style.color))?;
    }
    Ok(())
}

fn approximate(analysis: &Analysis) -> Option<String> {
    (!analysis.exact).then(|| "counts are lower bounds: there were more names than the memory budget holds".to_owned())
}

fn foot(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let lost = &analysis.unattributed;
    if !lost.is_empty() {
        let what = plural(lost.len() as u64, "client log belongs", "client logs belong");
        let line = format!("{what} to no workstation (a --client-map FILE can say to which):");
        write!(out, "\n{}", hang("", &line, style.prose()))?;
        for log in lost.iter().take(UNATTRIBUTED) {
            write!(out, "{}", hang("  ", &unattributed(log), style.prose()))?;
        }
        if lost.len() > UNATTRIBUTED {
            writeln!(out, "  and {} more", lost.len() - UNATTRIBUTED)?;
        }
    }
    let hidden = analysis.rows.len() - style.rows(analysis).count() + analysis.others as usize;
    if hidden > 0 {
        let what = plural(hidden as u64, "workstation that is no storm is", "workstations that are no storm are");
        write!(out, "\n{}", faint(&format!("{what} not listed; --all lists them."), style))?;
    }
    if let Some(row) = style.rows(analysis).next() {
        let lead = if hidden > 0 { "" } else { "\n" };
        let line =
            format!("All about one of them: logonstorm explain {} PATH...", terminal(&cut(&row.workstation, 40)));
        write!(out, "{lead}{}", faint(&line, style))?;
    }
    Ok(())
}

fn faint(text: &str, style: &Style) -> String {
    paint(&hang("", text, style.prose()), Tone::Faint, style.color).into_owned()
}

fn unattributed(log: &Unattributed) -> String {
    let mut text = format!("{}: {}", terminal(&log.log), plural(log.attempts, "attempt", "attempts"));
    if !log.metering_server.is_empty() {
        text.push_str(&format!(" to {}", terminal(&log.metering_server)));
    }
    if let Some(name) = &log.suggestion {
        text.push_str(&format!("; it fits {}", terminal(name)));
    }
    text
}
