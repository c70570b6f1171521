//! Messages for people, on standard error. Foreign text is escaped here.

use std::io::Write;

use crate::escape::terminal::terminal;
use crate::model::gathered::{Severity, Skipped};
use crate::report::text::{Tone, paint};

fn say(label: &str, tone: Tone, text: &str) {
    let stderr = anstream::stderr();
    // A closed standard error is no reason to end a run.
    let _ = writeln!(stderr.lock(), "{} {}", paint(label, tone, true), terminal(text));
}

/// Why a command failed.
pub(super) fn error(text: &str) {
    say("logonstorm: error:", Tone::Alarm, text);
}

/// What the person may have meant.
pub(super) fn hint(text: &str) {
    say("hint:", Tone::Good, text);
}

/// A place that could not be read.
pub(super) fn skipped(place: &Skipped) {
    let at = if place.at.is_empty() { String::new() } else { format!(", {}", place.at) };
    let label = if place.severity == Severity::Note { "logonstorm: note:" } else { "logonstorm: skipped:" };
    say(label, Tone::Warn, &format!("{}{at}: {}: {}", place.file, place.what, place.why));
}

/// What only `-v` shows.
pub(super) fn detail(text: &str) {
    say("logonstorm:", Tone::Faint, text);
}

/// What was done.
pub(super) fn done(text: &str) {
    say("logonstorm:", Tone::Plain, text);
}
