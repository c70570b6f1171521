//! The fleet by time: one row per workstation, colour for failures, hatching where the log is silent.

use chrono_tz::Tz;

use super::svg::{Boxes, Strokes, picture, short, text};
use crate::escape::html::html;
use crate::model::analysis::{Analysis, Row, ServerSummary};
use crate::model::finding::Class;
use crate::report::style::Style;
use crate::report::text::cut;
use crate::report::words::{day_number, short_day};

/// Columns of the map: as few as still show a day's shape, so that each stays a whole pixel wide.
const BINS: usize = 96;
/// Rows from which on two columns are shown as one, to keep the file small.
const MANY: usize = 100;
/// Rows of the map: more would be thinner than a hair.
const ROWS: usize = 500;
/// Width of the labels and of the map.
const LABEL: f64 = 170.0;
const WIDTH: f64 = 768.0;
/// Height of the axis.
const AXIS: f64 = 22.0;

/// Time scale of the map.
struct Scale {
    from: i64,
    seconds: i64,
}

impl Scale {
    fn bin(&self, sec: i64) -> Option<usize> {
        let at = (sec - self.from).checked_mul(BINS as i64)?.checked_div(self.seconds)?;
        usize::try_from(at).ok().filter(|at| *at < BINS)
    }

    fn x(&self, sec: i64) -> f64 {
        LABEL + (sec - self.from) as f64 / self.seconds as f64 * WIDTH
    }
}

/// The picture; empty without a span or rows.
pub(super) fn map(analysis: &Analysis, style: &Style) -> String {
    let Some((from, to)) = analysis.span else { return String::new() };
    let rows: Vec<&Row> = style.rows(analysis).filter(|row| row.failures > 0).take(ROWS).collect();
    if rows.is_empty() {
        return String::new();
    }
    let scale = Scale { from, seconds: (to - from).max(1) };
    let height = row_height(rows.len());
    let total = height * rows.len() as f64;
    let counts: Vec<[u64; BINS]> = rows.iter().map(|row| bins(row, &scale, rows.len() >= MANY)).collect();
    let most = counts.iter().flatten().copied().max().unwrap_or(1).max(1);
    let mut body = silent(&analysis.servers, &scale, total);
    let mut shades: [Strokes; 5] = Default::default();
    for (at, counts) in counts.iter().enumerate() {
        let y = AXIS + at as f64 * height;
        for (first, length, shade) in shaded(counts, most) {
            let (x, width) = (LABEL + first as f64 * WIDTH / BINS as f64, length as f64 * WIDTH / BINS as f64);
            shades[shade].add(x, y + height / 2.0, width);
        }
    }
    for (shade, boxes) in shades.into_iter().enumerate() {
        body.push_str(&boxes.path(&format!("h{}", shade + 1), height - 1.0));
    }
    body.push_str(&labels(&rows, height));
    body.push_str(&axis(&scale, style.zone, total));
    picture(
        LABEL + WIDTH,
        AXIS + total + 2.0,
        "Failures by workstation and time; the table below has the numbers",
        &body,
    )
}

fn row_height(rows: usize) -> f64 {
    match rows {
        0..=40 => 18.0,
        41..=120 => 12.0,
        _ => 4.0,
    }
}

fn bins(row: &Row, scale: &Scale, coarse: bool) -> [u64; BINS] {
    let mut bins = [0; BINS];
    for (hour, failures) in &row.evidence.hours {
        // Short spans have bins below an hour: an hour's failures are spread evenly over its bins.
        let first = scale.bin((hour * 3600).max(scale.from)).unwrap_or(0);
        let last = scale.bin(hour * 3600 + 3599).unwrap_or(BINS - 1).max(first);
        let share = failures.div_ceil((last - first + 1) as u64);
        bins[first..=last].iter_mut().for_each(|bin| *bin += share);
    }
    if coarse {
        for pair in bins.chunks_mut(2) {
            pair.fill(pair.iter().sum());
        }
    }
    bins
}

/// Runs of equal shade: (first bin, bins, shade 0 to 4). Shades are steps of the logarithm.
fn shaded(counts: &[u64; BINS], most: u64) -> Vec<(usize, usize, usize)> {
    let shade = |n: u64| {
        let share = ((n as f64).ln_1p() / (most as f64).ln_1p() * 5.0).ceil() as usize;
        share.clamp(1, 5) - 1
    };
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for (at, n) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        match runs.last_mut() {
            Some((first, length, last)) if *first + *length == at && *last == shade(*n) => *length += 1,
            _ => runs.push((at, 1, shade(*n))),
        }
    }
    runs
}

/// Hatched: where no server's log covers, and a line where a log was cleared.
fn silent(servers: &[ServerSummary], scale: &Scale, height: f64) -> String {
    let mut covered = [false; BINS];
    for server in servers.iter().filter(|server| server.records > 0) {
        let (first, last) = (scale.bin(server.from.max(scale.from)), scale.bin(server.to).unwrap_or(BINS - 1));
        if let Some(first) = first {
            covered[first..=last.max(first)].fill(true);
        }
    }
    let mut gaps = Boxes::default();
    for (first, length) in super::svg::runs(&covered.map(|on| !on)) {
        let unit = WIDTH / BINS as f64;
        gaps.add(LABEL + first as f64 * unit, AXIS, length as f64 * unit, height);
    }
    let mut body = "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
                    <path class=\"hl\" d=\"M0 6L6 0\"/></pattern></defs>"
        .to_owned();
    body.push_str(&gaps.path("gap"));
    for server in servers {
        for sec in server.cleared.iter().take(20) {
            let x = short(scale.x(*sec));
            body.push_str(&format!(
                "<path class=\"cleared\" d=\"M{x} {AXIS}v{}\"><title>{} cleared</title></path>",
                short(height),
                html(&server.server)
            ));
        }
    }
    body
}

fn labels(rows: &[&Row], height: f64) -> String {
    if height < 10.0 {
        return String::new();
    }
    let mut body = String::new();
    for (at, row) in rows.iter().enumerate() {
        let storm = row.class == Class::Storm;
        let name = cut(&row.workstation, 22);
        let mark = if storm { "▲ " } else { "" };
        let y = AXIS + (at as f64 + 0.5) * height + 4.0;
        body.push_str(&text(LABEL - 6.0, y, if storm { "ln ls" } else { "ln" }, &format!("{mark}{name}")));
    }
    body
}

/// A line and a label at each midnight, thinned out to at most twelve.
fn axis(scale: &Scale, zone: Tz, height: f64) -> String {
    let hours = scale.from.div_euclid(3600) + 1..=(scale.from + scale.seconds).div_euclid(3600);
    // Spans of years have too many hours to look at each: every midnight lies in one of the days.
    let days: Vec<i64> = midnights(hours, zone);
    let step = days.len().div_ceil(12).max(1);
    let mut body = String::new();
    for sec in days.iter().step_by(step) {
        let x = scale.x(*sec);
        body.push_str(&format!("<path class=\"grid\" d=\"M{} {AXIS}v{}\"/>", short(x), short(height)));
        body.push_str(&text(x + 3.0, 15.0, "tick", &short_day(*sec, zone)));
    }
    body
}

fn midnights(hours: std::ops::RangeInclusive<i64>, zone: Tz) -> Vec<i64> {
    const MOST_DAYS: i64 = 4000;
    let first = (*hours.end() - MOST_DAYS * 24).max(*hours.start());
    let mut days = Vec::new();
    let mut last = day_number(hours.start() * 3600 - 3600, zone);
    for hour in first..=*hours.end() {
        let day = day_number(hour * 3600, zone);
        if day != last {
            days.push(hour * 3600);
            last = day;
        }
    }
    days
}
