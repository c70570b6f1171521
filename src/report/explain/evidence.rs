//! Events and lines that can be looked up, and what else happened.

use std::io;

use super::text::Page;
use crate::model::analysis::{ClientLine, ClientSummary};
use crate::report::words::{client_stamp, list, plural, stamp};
use crate::report::{pairs, place};

/// Lines of the client's log that are shown.
const LINES: usize = 6;
/// Context events that are shown.
const CONTEXT: usize = 12;

pub(super) fn write(page: &mut Page<'_>) -> io::Result<()> {
    events(page)?;
    if let Some(client) = &page.row.client {
        client_log(page, client)?;
    }
    context(page)
}

fn events(page: &mut Page<'_>) -> io::Result<()> {
    let row = page.row;
    if row.evidence.sightings.is_empty() {
        return Ok(());
    }
    page.heading("Events to look up (first, last, and some between)")?;
    for sighting in &row.evidence.sightings {
        let at = place::of(page.analysis, sighting.at);
        page.entry(&stamp(sighting.sec, page.style.zone), &at)?;
    }
    for named in &row.evidence.named {
        page.field("belongs by", named)?;
    }
    Ok(())
}

fn client_log(page: &mut Page<'_>, client: &ClientSummary) -> io::Result<()> {
    page.heading("The client's own log")?;
    for (at, log) in client.logs.iter().enumerate() {
        page.field(if at == 0 { "files" } else { "" }, log)?;
    }
    for (at, how) in page.row.evidence.attribution.iter().enumerate() {
        page.field(if at == 0 { "belongs by" } else { "" }, how)?;
    }
    let mut tells = plural(client.attempts, "failed attempt", "failed attempts");
    if !client.metering_servers.is_empty() {
        tells.push_str(&format!(" to {}", list(&client.metering_servers, 5)));
    }
    for (n, one, many) in [
        (client.successes, "success", "successes"),
        (client.busy_lines, "\"pipe busy\" line", "\"pipe busy\" lines"),
        (client.unknown_lines, "line of no known kind", "lines of no known kind"),
    ] {
        if n > 0 {
            tells.push_str(&format!(", {}", plural(n, one, many)));
        }
    }
    page.field("tells of", &tells)?;
    let time = match (client.first_ms, client.last_ms) {
        (Some(first), Some(last)) if client.dated => {
            format!("{} to {}, on the client's clock", client_stamp(first), client_stamp(last))
        }
        (Some(_), Some(_)) => "the lines carry a time but no date".to_owned(),
        _ => "the lines carry no time".to_owned(),
    };
    page.field("time", &time)?;
    let ticks: Vec<&ClientLine> = page.row.evidence.ticks.iter().collect();
    for tick in pairs::spread(&ticks, LINES) {
        let time = tick.at_ms.map_or_else(|| "(no time)".to_owned(), client_stamp);
        let lead = format!("{time:19}  {:11}", place::kind(tick.class));
        page.entry(&lead, &place::of_line(page.analysis, tick))?;
    }
    Ok(())
}

fn context(page: &mut Page<'_>) -> io::Result<()> {
    let context = &page.row.evidence.context;
    if context.is_empty() {
        return Ok(());
    }
    page.heading("What else happened")?;
    for event in context.iter().take(CONTEXT) {
        let place = place::of(page.analysis, event.at.at);
        let text = format!("{} {}: {} ({place})", stamp(event.sec, page.style.zone), event.server, event.what);
        page.point(&text)?;
    }
    match context.len().checked_sub(CONTEXT) {
        Some(more) if more > 0 => page.point(&format!("and {more} more")),
        _ => Ok(()),
    }
}
