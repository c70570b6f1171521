//! What the logs of the row's servers cover: where they are silent nothing can be seen.

use std::io;

use super::text::Page;
use crate::model::analysis::ServerSummary;
use crate::report::words::{duration, list, minute, percent};

/// Servers, and times of one kind, that are told.
const SERVERS: usize = 5;
const TIMES: usize = 3;
const HOUR: i64 = 3600;

pub(super) fn write(page: &mut Page<'_>) -> io::Result<()> {
    let Some((from, to)) = page.analysis.span else { return Ok(()) };
    let own = |server: &&ServerSummary| page.row.servers.contains(&server.server);
    let servers: Vec<ServerSummary> = page.analysis.servers.iter().filter(own).take(SERVERS).cloned().collect();
    if servers.is_empty() {
        return Ok(());
    }
    page.heading("The servers' logs")?;
    for server in &servers {
        page.field("server", &server.server)?;
        let room = page.style.prose().saturating_sub(18).clamp(10, 60);
        page.line(&format!("{:14}{}", "records", presence(server, from, to, room)))?;
        page.field("", &told(page, server))?;
    }
    let zone = page.style.zone;
    let text = format!("█ has records, · none; {} to {}.", minute(from, zone), minute(to, zone));
    page.field("", &text)
}

/// One column per stretch of time: `█` where there is a record, `·` where there is none.
fn presence(server: &ServerSummary, from: i64, to: i64, columns: usize) -> String {
    let step = ((to - from).max(1) as f64 / columns as f64).max(1.0);
    let has = |at: usize| {
        let (first, last) = (from + (at as f64 * step) as i64, from + ((at + 1) as f64 * step) as i64 - 1);
        let inside = first <= server.to && last >= server.from;
        let hours = first.div_euclid(HOUR)..=last.max(first).div_euclid(HOUR);
        inside && (server.hours.is_empty() || server.hours.iter().any(|(hour, _)| hours.contains(hour)))
    };
    (0..columns).map(|at| if has(at) { '█' } else { '·' }).collect()
}

fn told(page: &Page<'_>, server: &ServerSummary) -> String {
    let zone = page.style.zone;
    let held = (server.to - server.from).max(0) as f64;
    let mut parts = vec![format!("holds {}", duration(held))];
    if let Some(lost) = server.history_lost_h.filter(|hours| *hours > 0.0) {
        parts.push(format!("would hold {} without storms", duration(held + lost * HOUR as f64)));
    }
    if server.log_bytes > 0 {
        parts.push(format!("{} of its bytes are storms", percent(server.storm_share())));
    }
    if server.full {
        parts.push("full or not overwriting".to_owned());
    }
    for (what, times) in [("cleared", &server.cleared), ("audits lost", &server.audits_lost)] {
        let told: Vec<String> = times.iter().map(|sec| minute(*sec, zone)).collect();
        if !told.is_empty() {
            parts.push(format!("{what} {}", list(&told, TIMES)));
        }
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_shows_gaps_by_hours_and_by_ends() {
        let hours = vec![(0, 1), (3, 1)];
        let known = ServerSummary { from: 0, to: 4 * HOUR - 1, hours, ..ServerSummary::default() };
        assert_eq!(presence(&known, 0, 8 * HOUR, 8), "█··█····");
        let text = ServerSummary { from: 2 * HOUR, to: 4 * HOUR - 1, ..ServerSummary::default() };
        assert_eq!(presence(&text, 0, 8 * HOUR, 8), "··██····");
    }
}
