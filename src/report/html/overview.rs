//! One storm over its whole time: the server's bursts above, the client's attempts below.

use chrono_tz::Tz;

use super::axis::Axis;
use super::cover::covered;
use super::grid::Grid;
use super::svg::{Boxes, picture, runs, short, text};
use super::text::Text;
use crate::model::analysis::{Analysis, Row, ServerSummary};
use crate::model::matching::Match;
use crate::model::train::Burst;
use crate::report::pairs::{self, Aligned};
use crate::report::words::{count, duration, minute};

/// Width of the labels and of the whole picture, and columns of four units each.
const LABEL: f64 = 72.0;
const COLUMNS: usize = 222;
const UNIT: f64 = 4.0;
/// The axis between the two sides, and the height of each.
const MIDDLE: f64 = 74.0;
const SIDE: f64 = 50.0;
/// Spans of time in the table behind the picture.
const PARTS: usize = 8;
/// Clock steps that are marked.
const STEPS: usize = 6;

/// The picture and the table behind it.
pub(super) struct Overview {
    pub(super) svg: String,
    pub(super) table: Option<Grid>,
    /// What the largest column stands for.
    pub(super) scale: String,
}

/// The overview; `None` without bursts.
pub(super) fn overview(analysis: &Analysis, row: &Row, zone: Tz) -> Option<Overview> {
    let bursts = &row.evidence.bursts;
    let found = pairs::found(row);
    let ticks = found.map(|found| pairs::aligned(row, found)).unwrap_or_default();
    let times = || ticks.iter().map(|tick| tick.server_s as i64);
    let from = bursts.iter().map(|burst| burst.onset).chain(times()).min()?;
    let to = bursts.iter().map(|burst| burst.end).chain(times()).max()?;
    let axis = Axis::new(from, to, LABEL, COLUMNS as f64 * UNIT);
    let server = under_way(bursts, &axis);
    let client = counted(times(), &axis, COLUMNS);
    let most = server.iter().chain(&client).copied().max().unwrap_or(1).max(1);
    let height = if ticks.is_empty() { MIDDLE + 4.0 } else { MIDDLE + SIDE + 8.0 };
    let main = row.matched.as_ref().map(|matched| &matched.server).or(row.servers.first());
    let logs = analysis.servers.iter().filter(|server| Some(&server.server) == main);
    let mut body = hatches(logs, &ticks, &axis);
    body.push_str(&outline(&server, most, -1.0, "sv"));
    body.push_str(&outline(&client, most, 1.0, "cl"));
    body.push_str(&format!("<path class=\"base\" d=\"M{LABEL} {MIDDLE}h{}\"/>", short(axis.width)));
    body.push_str(&text(0.0, MIDDLE - 8.0, "lb", "server"));
    if !ticks.is_empty() {
        body.push_str(&text(0.0, MIDDLE + 18.0, "lb", "client"));
    }
    body.push_str(&axis.draw(zone, MIDDLE - SIDE - 4.0, height - MIDDLE + SIDE));
    body.push_str(&found.map(|found| steps(found, &ticks, &axis, height)).unwrap_or_default());
    let title = match ticks.is_empty() {
        true => "Bursts of failures on the server by time; a table follows",
        false => "Bursts of failures on the server above, attempts of the client below, by time; a table follows",
    };
    let column = axis.seconds() as f64 / COLUMNS as f64;
    Some(Overview {
        svg: picture(LABEL + axis.width, height, title, &body),
        table: table(row, &ticks, &axis, zone),
        scale: format!("the highest column is {} in {}", count(most), duration(column)),
    })
}

/// Bursts in each column, from onset to end: a storm without a pause is one burst of hours.
fn under_way(bursts: &[Burst], axis: &Axis) -> Vec<u64> {
    let mut counts = vec![0; COLUMNS];
    for burst in bursts {
        if let (Some(first), Some(last)) = (axis.column(burst.onset, COLUMNS), axis.column(burst.end, COLUMNS)) {
            counts[first..=last.max(first)].iter_mut().for_each(|n| *n += 1);
        }
    }
    counts
}

fn counted(times: impl Iterator<Item = i64>, axis: &Axis, columns: usize) -> Vec<u64> {
    let mut counts = vec![0; columns];
    times.filter_map(|sec| axis.column(sec, columns)).for_each(|at| counts[at] += 1);
    counts
}

/// The columns as one area above (`side` -1) or below (1) the axis.
fn outline(counts: &[u64], most: u64, side: f64, class: &str) -> String {
    if counts.iter().all(|n| *n == 0) {
        return String::new();
    }
    let height = |n: u64| if n == 0 { 0.0 } else { (n as f64 / most as f64 * SIDE).max(2.0).round() };
    let mut path = format!("M{LABEL} {MIDDLE}");
    let mut last = 0.0;
    for same in counts.chunk_by(|a, b| height(*a) == height(*b)) {
        let now = height(same[0]);
        if now != last {
            path.push_str(&format!("v{}", short((now - last) * side)));
        }
        path.push_str(&format!("h{}", short(same.len() as f64 * UNIT)));
        last = now;
    }
    format!("<path class=\"{class}\" d=\"{path}V{MIDDLE}z\"/>")
}

/// Above: where the server's log has no record. Below: before and after the client's log.
fn hatches<'a>(logs: impl Iterator<Item = &'a ServerSummary>, ticks: &[Aligned], axis: &Axis) -> String {
    let mut gaps = Boxes::default();
    let silent: Vec<bool> = covered(logs, axis, COLUMNS).into_iter().map(|on| !on).collect();
    if !silent.iter().all(|on| *on) {
        for (at, length) in runs(&silent) {
            gaps.add(LABEL + at as f64 * UNIT, MIDDLE - SIDE, length as f64 * UNIT, SIDE);
        }
    }
    let times = || ticks.iter().map(|tick| tick.server_s);
    if !ticks.is_empty() {
        let (first, last) = (times().fold(f64::MAX, f64::min), times().fold(f64::MIN, f64::max));
        let right = LABEL + axis.width;
        for (from, to) in [(LABEL, axis.x(first)), (axis.x(last) + UNIT, right)] {
            if to - from > 2.0 * UNIT {
                gaps.add(from, MIDDLE + 1.0, to - from, SIDE);
            }
        }
    }
    gaps.path("gap")
}

/// A mark where the client's clock was set.
fn steps(found: &Match, ticks: &[Aligned], axis: &Axis, height: f64) -> String {
    let mut body = String::new();
    for step in found.steps.iter().take(STEPS) {
        let Some(before) = ticks.iter().rfind(|tick| tick.client_s <= step.after as f64) else { continue };
        let x = axis.x(before.server_s);
        let side = if step.seconds < 0.0 { "back" } else { "forward" };
        let label = format!("clock set {side} by {}", duration(step.seconds));
        let (at, class) = if x > 600.0 { (x - 4.0, "tick end") } else { (x + 4.0, "tick") };
        body.push_str(&format!("<path class=\"mark\" d=\"M{} {MIDDLE}v{}\"/>", short(x), short(height - MIDDLE - 2.0)));
        body.push_str(&text(at, height - 4.0, class, &label));
    }
    body
}

fn table(row: &Row, ticks: &[Aligned], axis: &Axis, zone: Tz) -> Option<Grid> {
    let bursts = counted(row.evidence.bursts.iter().map(|burst| burst.onset), axis, PARTS);
    let attempts = counted(ticks.iter().map(|tick| tick.server_s as i64), axis, PARTS);
    let matched = ticks.iter().filter(|tick| tick.matched).map(|tick| tick.server_s as i64);
    let matched = counted(matched, axis, PARTS);
    let rows = (0..PARTS).map(|at| {
        let from = axis.from + axis.seconds() * at as i64 / PARTS as i64;
        let mut cells = vec![Text::name(&minute(from, zone)), Text::name(&count(bursts[at]))];
        if !ticks.is_empty() {
            cells.extend([attempts[at], matched[at]].map(|n| Text::name(&count(n))));
        }
        cells
    });
    let columns = ["from", "#bursts on the server", "#attempts of the client", "#matched"];
    let columns = if ticks.is_empty() { &columns[..2] } else { &columns[..] };
    Grid::new(format!("Bursts by time, rank {}", row.rank), "Bursts by time", columns, rows.collect())
}
