//! Files whose rows carry local dates in the form of some country: read twice, once for the dates and
//! once for the events.

use std::borrow::Cow;
use std::io;

use chrono::NaiveTime;

use super::dates::{Decision, Evidence, Parts, clock, parts};
use super::out::{Out, channel_of, event_at};
use super::rows::{Row, each_row, lines};
use super::stamp::to_utc;
use crate::input::door::{Head, Job, Sink};
use crate::input::windows::classic;
use crate::input::windows::description;
use crate::input::windows::ids::{self, Shape};
use crate::model::event::RawEvent;
use crate::model::names::Text;

/// What a row says.
pub(super) struct Found<'a> {
    pub(super) date: Parts,
    pub(super) clock: NaiveTime,
    pub(super) source: Cow<'a, str>,
    pub(super) id: u16,
    /// Empty where the export does not tell.
    pub(super) computer: Cow<'a, str>,
    pub(super) record_id: Option<u64>,
    /// Insertion strings, where the export has them and the event is wanted.
    pub(super) strings: Vec<Cow<'a, str>>,
    /// The rendered description, where the export has it.
    pub(super) description: Cow<'a, str>,
    /// The row has more fields than it may have.
    pub(super) surplus: bool,
}

/// How a format takes its rows apart.
pub(super) trait Layout {
    /// The line starts a row, perhaps a damaged one; `quoted` when the line before ends with a quote.
    fn starts(&self, line: &str, quoted: bool) -> bool;
    /// The row's parts; `None` where it is damaged.
    fn split<'a>(&self, text: &'a str) -> Option<Found<'a>>;
    /// The line may stand before the first row.
    fn header(&self, line: &str) -> bool;
    /// The line, the row's first or not, seems to hold another, damaged row.
    fn joined(&self, line: &str, first: bool) -> bool;
}

/// A date and a time as two fields, `None` where they are none.
pub(super) fn date_and_clock(date: &str, time: &str) -> Option<(Parts, NaiveTime)> {
    Some((parts(date)?, clock(time)?))
}

/// How sure an Event Viewer's layout is of an input: 80 when one of the first lines is a row of it, else 0.
pub(super) fn sniff(head: &Head<'_>, layout: &dyn Layout) -> u8 {
    if has_row(head, layout) { 80 } else { 0 }
}

/// True when one of the first lines is a row of this layout.
pub(super) fn has_row(head: &Head<'_>, layout: &dyn Layout) -> bool {
    head.text.lines().take(40).any(|line| layout.starts(line, false) && layout.split(line).is_some())
}

/// Reads a whole file.
pub(super) fn read(job: &Job<'_>, sink: &mut dyn Sink, layout: &dyn Layout) -> io::Result<()> {
    let mut evidence = Evidence::default();
    let mut first = 0;
    each_row(job.source, &|line, quoted| layout.starts(line, quoted), &mut |row| {
        if let Some(found) = layout.split(row.text).filter(|_| row.started) {
            evidence.note(found.date, found.clock);
            first = if first == 0 { row.line } else { first };
        }
    })?;
    let decision = evidence.decide();
    let mut out = Out::new(job, sink);
    if let Some(doubt) = decision.doubt {
        out.bad(first, "dates", doubt);
    }
    each_row(job.source, &|line, quoted| layout.starts(line, quoted), &mut |row| {
        hand_over(&row, layout, decision, job, &mut out)
    })?;
    out.finish();
    Ok(())
}

fn hand_over(row: &Row<'_>, layout: &dyn Layout, decision: Decision, job: &Job<'_>, out: &mut Out<'_>) {
    if !row.started {
        if !row.text.trim().is_empty() && !layout.header(row.text) {
            out.bad(row.line, "line", "no row of this export");
        }
        return;
    }
    let Some(found) = layout.split(row.text) else {
        return out.bad(row.line, "row", "its date, time or event id cannot be read");
    };
    let Some(day) = decision.day(found.date) else {
        return out.bad(row.line, "row", "there is no such date");
    };
    out.cut(row);
    if lines(row.text).enumerate().any(|(at, line)| layout.joined(line, at == 0)) {
        out.bad(row.line, "row", "one of its lines looks like another, damaged row");
    }
    if found.surplus {
        out.bad(row.line, "row", "it has more fields than the header: another row may be in it");
    }
    let mut event = event_at(found.id, row.line, row.offset);
    event.record_id = found.record_id;
    event.time = to_utc(day.and_time(found.clock), job.options.time_zone);
    event.provider = Text::Utf8(&found.source);
    event.channel = channel_of(&found.source);
    event.computer = Text::Utf8(&found.computer);
    out.record(event, &mut |event| fill(event, &found));
}

fn fill<'a>(event: &mut RawEvent<'a>, found: &'a Found<'_>) -> bool {
    let classic = ids::wanted(event.event_id).is_some_and(|row| row.shape == Shape::Classic);
    let strings: Vec<Text<'a>> = found.strings.iter().map(|text| Text::Utf8(text)).collect();
    (classic && !strings.is_empty() && classic::fill(event, &strings)) || description::fill(event, &found.description)
}
