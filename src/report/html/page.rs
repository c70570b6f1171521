//! Fills the template.

use std::io::{self, Write};

use askama::Template;

use super::detail::{self, Detail, SECTIONS};
use super::grid::Grid;
use super::heat::{self, Map};
use super::list::{self, Item, Number};
use super::text::Text;
use super::{logs, policy, reach};
use crate::model::analysis::Analysis;
use crate::report::style::Style;
use crate::report::words::{bytes, minute, plural};
use crate::report::{changes, headline};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    policy: String,
    style: &'static str,
    script: &'static str,
    version: &'static str,
    span: String,
    zone: &'static str,
    read: String,
    /// What changed since the last night, `None` outside of the nightly job; then who did.
    changed: Option<String>,
    who: Vec<(&'static str, Text)>,
    sentences: Vec<Text>,
    numbers: [Number; 4],
    items: Vec<Item>,
    more: usize,
    map: Option<Map>,
    details: Vec<Detail>,
    untold: usize,
    reach: String,
    coverage: String,
    servers: Option<Grid>,
    nobodys: Option<Grid>,
    notes: Vec<Text>,
    skipped: Option<Grid>,
}

/// Writes the page.
pub(super) fn write(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let listed = style.rows(analysis).count();
    let notes = headline::blind_servers(analysis).into_iter().chain(analysis.warnings.iter().cloned());
    let page = Page {
        policy: policy::policy(STYLE, SCRIPT),
        style: STYLE,
        script: SCRIPT,
        version: env!("CARGO_PKG_VERSION"),
        span: match analysis.span {
            Some((from, to)) => format!("{} to {}", minute(from, style.zone), minute(to, style.zone)),
            None => "no event log was read".to_owned(),
        },
        zone: style.zone.name(),
        read: read(analysis),
        changed: changes::lead(analysis),
        who: changes::who(analysis).into_iter().map(|(state, names)| (state, Text::prose(&names))).collect(),
        sentences: list::sentences(analysis, style.zone),
        numbers: list::numbers(analysis),
        items: list::items(analysis, style, SECTIONS),
        more: analysis.rows.len() - listed,
        map: heat::map(analysis, style),
        details: detail::all(analysis, style),
        untold: listed.saturating_sub(SECTIONS),
        reach: reach::reach(analysis),
        coverage: reach::coverage(analysis, style),
        servers: logs::servers(analysis, style),
        nobodys: logs::nobodys(analysis),
        notes: notes.map(|text| Text::prose(&text)).collect(),
        skipped: logs::skipped(analysis),
    };
    page.write_into(&mut IoText(out)).map_err(io::Error::other)
}

fn read(analysis: &Analysis) -> String {
    let inputs = &analysis.inputs;
    let exact = if analysis.exact { "" } else { " Counts of listed rows are lower bounds: there were too many names." };
    format!(
        "Read: {} ({}), {}, {}, {} left out, {} with {}.{exact}",
        plural(inputs.files, "file", "files"),
        bytes(inputs.bytes),
        plural(inputs.records, "event record", "event records"),
        plural(inputs.failures, "failed logon", "failed logons"),
        plural(inputs.duplicates, "duplicate", "duplicates"),
        plural(inputs.client_logs, "client log", "client logs"),
        plural(inputs.attempts, "attempt", "attempts")
    )
}

/// Text straight to a writer, keeping the writer's error.
struct IoText<'a>(&'a mut dyn Write);

impl io::Write for IoText<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
