//! Messages for people, on standard error. Foreign text is escaped here.

use std::io::Write;

use super::args::TalkArgs;
use crate::escape::terminal::terminal;
use crate::model::gathered::{Severity, Skipped};
use crate::report::text::{Tone, paint};
use crate::report::words::plural;

/// Places that are listed without `-v`.
const SKIPPED_SHOWN: usize = 5;

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

/// What could not be read, unless the report on the terminal says it anyway.
/// The first few of many; all of them with `-v`.
pub(super) fn told(all: &[Skipped], talk: &TalkArgs, in_report: bool) {
    if talk.quiet {
        return;
    }
    let wanted = |place: &&Skipped| !in_report || (place.severity == Severity::Note && !talk.verbose);
    let places: Vec<&Skipped> = all.iter().filter(wanted).collect();
    let most = if talk.verbose { places.len() } else { SKIPPED_SHOWN };
    for place in places.iter().take(most) {
        skipped(place);
    }
    if places.len() > most {
        done(&format!("... and {} more (-v lists them all)", places.len() - most));
    }
}

/// The failure of a run that found nothing to report on.
pub(super) fn nothing_read(unrecognised: u64, talk: &TalkArgs) -> anyhow::Error {
    let mut text = "none of the paths holds a log that can be read".to_owned();
    if unrecognised > 0 {
        text.push_str(&format!("; {} of no known format", plural(unrecognised, "file is", "files are")));
        text.push_str(if talk.verbose { "" } else { " (-v lists them)" });
    }
    anyhow::anyhow!(text)
}
