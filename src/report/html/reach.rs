//! How far back each server's log reaches, how far it would without storms, and when it has records.

use super::axis::Axis;
use super::cover::covered;
use super::svg::{Boxes, picture, runs, short, text};
use crate::model::analysis::{Analysis, ServerSummary};
use crate::report::style::Style;
use crate::report::text::cut;
use crate::report::words::duration;

const LABEL: f64 = 140.0;
const WIDTH: f64 = 820.0;
/// Height of one server's lane.
const LANE: f64 = 24.0;
/// Columns of the picture of coverage.
const COLUMNS: usize = 205;
/// Servers that are drawn; the table has them all.
const SERVERS: usize = 40;

/// Bars that end at each log's last record; empty unless some storm costs history.
pub(super) fn reach(analysis: &Analysis) -> String {
    let lost = |server: &ServerSummary| server.history_lost_h.map_or(0.0, |hours| (hours * 3600.0).max(0.0));
    let held = |server: &ServerSummary| server.to.saturating_sub(server.from).max(0) as f64;
    let servers = || analysis.servers.iter().filter(|server| server.log_bytes > 0).take(SERVERS);
    let longest = servers().map(|server| held(server) + lost(server)).fold(0.0, f64::max);
    if servers().all(|server| lost(server) <= 0.0) {
        return String::new();
    }
    let (mut now, mut without, mut labels) = (Boxes::default(), Boxes::default(), String::new());
    for (at, server) in servers().enumerate() {
        let top = at as f64 * LANE + 4.0;
        let width = |seconds: f64| (seconds / longest * WIDTH).max(1.0);
        let all = width(held(server) + lost(server));
        let right = LABEL + WIDTH;
        now.add(right - width(held(server)), top, width(held(server)), LANE - 8.0);
        without.add(right - all, top, all - width(held(server)), LANE - 8.0);
        labels.push_str(&text(LABEL - 8.0, top + 12.0, "end", &cut(&server.server, 14)));
        let label = match lost(server) > 0.0 {
            true => format!("{} now, {} without storms", duration(held(server)), duration(held(server) + lost(server))),
            false => format!("{} now", duration(held(server))),
        };
        // Beside the bar where that leaves room, else in the hatched part, on ground of its own.
        let class = if all < WIDTH * 0.6 { "end" } else { "end halo" };
        let x = if all < WIDTH * 0.6 { right - all - 6.0 } else { right - width(held(server)) - 6.0 };
        labels.push_str(&text(x, top + 12.0, class, &label));
    }
    let body = now.path("sv") + &without.path("gap") + &without_frame(servers().count()) + &labels;
    let title = "How far back each server's log reaches, and would reach without storms; a table follows";
    picture(LABEL + WIDTH, servers().count() as f64 * LANE + 4.0, title, &body)
}

/// The line at which all logs end.
fn without_frame(lanes: usize) -> String {
    format!("<path class=\"base\" d=\"M{} 2v{}\"/>", LABEL + WIDTH, short(lanes as f64 * LANE))
}

/// One lane per server over the whole span: solid where it has records, hatched where not.
pub(super) fn coverage(analysis: &Analysis, style: &Style) -> String {
    let Some((from, to)) = analysis.span else { return String::new() };
    let axis = Axis::new(from, to, LABEL, WIDTH);
    let unit = WIDTH / COLUMNS as f64;
    let servers = || analysis.servers.iter().filter(|server| server.records > 0).take(SERVERS);
    let (mut on, mut off, mut cleared, mut labels) =
        (Boxes::default(), Boxes::default(), Boxes::default(), String::new());
    for (at, server) in servers().enumerate() {
        let top = 22.0 + at as f64 * LANE;
        let columns = covered([server], &axis, COLUMNS);
        for (first, length) in runs(&columns) {
            on.add(LABEL + first as f64 * unit, top + 2.0, length as f64 * unit, LANE - 8.0);
        }
        let silent: Vec<bool> = columns.into_iter().map(|on| !on).collect();
        for (first, length) in runs(&silent) {
            off.add(LABEL + first as f64 * unit, top + 2.0, length as f64 * unit, LANE - 8.0);
        }
        for sec in server.cleared.iter().take(SERVERS).filter(|sec| axis.column(**sec, COLUMNS).is_some()) {
            cleared.add(axis.x(*sec as f64).min(LABEL + WIDTH - 3.0), top - 1.0, 3.0, LANE - 2.0);
        }
        let name = cut(&server.server, if server.full { 9 } else { 14 }).into_owned();
        let name = if server.full { format!("{name} (full)") } else { name };
        labels.push_str(&text(LABEL - 8.0, top + 14.0, "end", &name));
    }
    if labels.is_empty() {
        return labels;
    }
    let height = servers().count() as f64 * LANE;
    let body =
        axis.draw(style.zone, 20.0, height) + &on.path("on") + &off.path("gap") + &cleared.path("cleared") + &labels;
    picture(LABEL + WIDTH, height + 24.0, "When each server's log has records; a table follows", &body)
}
