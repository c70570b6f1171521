//! Nightly exports of the servers' logs, which overlap.

use std::io::{self, Cursor};

use super::event::WrittenEvent;
use super::evt_writer::{EVT_STEP, EvtWriter, Retention};
use super::evtx_writer::evtx;
use super::fleet::{Damage, Origin, days};
use super::harm::{Numbered, clearing};
use super::present::present;
use super::retry::DAY;
use super::rng::Rng;
use super::text_export::{csv_row, xml_event};
use super::world::{Made, World};
use crate::model::time::rfc3339;

/// The form of the servers' logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `.evtx`.
    #[default]
    Evtx,
    /// `.evt`, classic events only.
    Evt,
    /// The old Event Viewer's text, classic events only.
    Csv,
    /// The XML of `wevtutil qe`.
    Xml,
}

impl Format {
    /// Extension of the files, and the word of the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Evtx => "evtx",
            Format::Evt => "evt",
            Format::Csv => "csv",
            Format::Xml => "xml",
        }
    }

    /// True where the form can hold the events of Windows Vista and later.
    pub const fn modern(self) -> bool {
        matches!(self, Format::Evtx | Format::Xml)
    }
}

/// The export files of all servers: one each night, which reaches back one day or more.
pub(super) fn exports(
    world: &World,
    damage: &Damage,
    origin: Origin,
    format: Format,
    rng: &mut Rng,
) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for (i, server) in world.servers.iter().enumerate() {
        let own: Vec<&Made> = world.events.iter().filter(|made| made.server == i).collect();
        if own.is_empty() {
            continue;
        }
        let own = Numbered::new(own, &server.harm);
        for day in 0..days(world.span) {
            let to = (day + 1) as f64 * DAY;
            let from = to - rng.whole(damage.overlap_days.0, damage.overlap_days.1) as f64 * DAY;
            let first = own.events.partition_point(|made| made.at < from);
            let last = own.events.partition_point(|made| made.at < to);
            let shown = |at: f64| origin.ticks(at + server.offset);
            let cleared = own.cleared_in(from, to).map(|at| clearing(&server.name, shown(at)));
            let records = own
                .held(first, last, to)
                .map(|k| present(own.events[k], server, &world.texts, shown(own.events[k].at), own.id(k)));
            let events: Vec<WrittenEvent> = cleared.into_iter().chain(records).collect();
            let date = &rfc3339(origin.start + (to as i64) - 1)[..10];
            let path = format!("security/{}-{date}.{}", server.name, format.name());
            files.push((path, log(&events, format)?));
            if server.harm.copied && day == 1 {
                files.push((format!("security/{}-{date}-copy.csv", server.name), log(&events, Format::Csv)?));
            }
        }
    }
    Ok(files)
}

/// One log in the given form. Fails with `InvalidInput` where a modern event's values do not fit its
/// schema, and where `.evt` is asked to hold one.
pub fn log(events: &[WrittenEvent], format: Format) -> io::Result<Vec<u8>> {
    match format {
        Format::Evtx => evtx(events.iter().cloned()),
        Format::Evt => evt_large_enough(events),
        Format::Csv => {
            let mut text = String::new();
            // The Event Viewer lists the newest event first.
            events.iter().rev().for_each(|event| csv_row(event, &mut text));
            Ok(text.into_bytes())
        }
        Format::Xml => {
            let mut text = String::new();
            events.iter().for_each(|event| xml_event(event, &mut text));
            Ok(text.into_bytes())
        }
    }
}

/// A log of the smallest usual size that loses nothing.
fn evt_large_enough(events: &[WrittenEvent]) -> io::Result<Vec<u8>> {
    let mut size = EVT_STEP;
    loop {
        let mut writer = EvtWriter::new(Cursor::new(Vec::new()), size, Retention::Discard)?;
        let mut whole = true;
        for event in events {
            whole = whole && writer.push(event)?;
        }
        if whole {
            return Ok(writer.finish()?.into_inner());
        }
        size += size.next_multiple_of(2 * EVT_STEP) / 2;
    }
}
