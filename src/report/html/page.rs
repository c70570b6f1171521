//! Fills the template.

use std::io::{self, Write};

use askama::Template;

use super::detail::{self, Detail, SECTIONS};
use super::list::{self, Item, Number};
use super::logs::{self, Log, Place};
use super::{heat, policy};
use crate::escape::terminal::terminal;
use crate::model::analysis::Analysis;
use crate::report::style::Style;
use crate::report::words::{bytes, count, stamp};

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
    zone: String,
    read: String,
    sentences: Vec<String>,
    numbers: [Number; 4],
    items: Vec<Item>,
    more: usize,
    heat: String,
    details: Vec<Detail>,
    servers: Vec<Log>,
    unattributed: Vec<[String; 3]>,
    warnings: Vec<String>,
    skipped: Vec<Place>,
    more_skipped: usize,
}

/// Writes the page.
pub(super) fn write(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let inputs = &analysis.inputs;
    let (skipped, more_skipped) = logs::skipped(analysis);
    let shown = |text: &str| terminal(text).into_owned();
    let page = Page {
        policy: policy::policy(STYLE, SCRIPT),
        style: STYLE,
        script: SCRIPT,
        version: env!("CARGO_PKG_VERSION"),
        span: match analysis.span {
            Some((from, to)) => format!("{} to {}", stamp(from, style.zone), stamp(to, style.zone)),
            None => "no event log was read".to_owned(),
        },
        zone: style.zone.name().to_owned(),
        read: format!(
            "{} files, {}, {} event records, {} failed logons, {} client logs",
            count(inputs.files),
            bytes(inputs.bytes),
            count(inputs.records),
            count(inputs.failures),
            count(inputs.client_logs)
        ),
        sentences: list::sentences(analysis, style.zone),
        numbers: list::numbers(analysis),
        items: list::items(analysis, style, SECTIONS),
        more: analysis.rows.len() - style.rows(analysis).count() + analysis.others as usize,
        heat: heat::map(analysis, style),
        details: detail::all(analysis, style),
        servers: logs::servers(analysis, style),
        unattributed: analysis
            .unattributed
            .iter()
            .map(|log| [shown(&log.log), count(log.attempts), shown(log.suggestion.as_deref().unwrap_or_default())])
            .collect(),
        warnings: analysis.warnings.iter().map(|text| shown(text)).collect(),
        skipped,
        more_skipped,
    };
    page.write_into(&mut IoText(out)).map_err(io::Error::other)
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
