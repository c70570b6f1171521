//! The fleet by time: one row per workstation, colour for failures, hatching where the log is silent.

use chrono_tz::Tz;

use super::axis::Axis;
use super::cover::covered;
use super::grid::Grid;
use super::svg::{Boxes, Strokes, picture, runs, short, text};
use super::text::Text;
use crate::model::analysis::{Analysis, Row};
use crate::model::finding::Class;
use crate::report::style::Style;
use crate::report::text::cut;
use crate::report::words::{count, duration, minute};

/// Columns of the map: as few as still show a day's shape, so that each stays a whole pixel wide.
const BINS: usize = 96;
/// Rows from which on two columns are shown as one, to keep the file small.
const MANY: usize = 100;
/// Rows of the map, and of the table behind it: more would be thinner than a hair.
const ROWS: usize = 500;
const TABLE_ROWS: usize = 200;
/// Rows with a name where not all have room for one.
const NAMED: usize = 40;
/// Width of the labels and of the map.
const LABEL: f64 = 170.0;
const WIDTH: f64 = 768.0;
/// Height of the axis and of the legend.
const AXIS: f64 = 22.0;
const LEGEND: f64 = 34.0;
/// Steps of colour.
const SHADES: usize = 5;
/// Spans of time in the table behind the picture.
const PARTS: usize = 6;

/// The picture and the table behind it.
pub(super) struct Map {
    pub(super) svg: String,
    pub(super) table: Option<Grid>,
}

/// The map; `None` without a span or failures.
pub(super) fn map(analysis: &Analysis, style: &Style) -> Option<Map> {
    let (from, to) = analysis.span?;
    let rows: Vec<&Row> = style.rows(analysis).filter(|row| row.failures > 0).take(ROWS).collect();
    if rows.is_empty() {
        return None;
    }
    let axis = Axis::new(from, to, LABEL, WIDTH);
    let lanes = Lanes::new(&rows);
    let coarse = rows.len() >= MANY;
    let bin_s = axis.seconds() as f64 / BINS as f64 * if coarse { 2.0 } else { 1.0 };
    let counts: Vec<Vec<u64>> = rows.iter().map(|row| bins(row, &axis, coarse)).collect();
    let most = counts.iter().flatten().copied().max().unwrap_or(1).max(1);
    let body = [
        silent(analysis, &rows, &axis, &lanes),
        cells(&counts, most, &lanes),
        labels(&rows, &lanes),
        axis.draw(style.zone, AXIS, lanes.bottom() - AXIS),
        legend(most, bin_s, lanes.bottom()),
    ];
    let title = "Failures by workstation and time, darker where there are more; a table follows";
    let svg = picture(LABEL + WIDTH, lanes.bottom() + LEGEND, title, &body.concat());
    Some(Map { svg, table: table(&rows, &axis, style.zone) })
}

/// Where each row stands: the first ones have names, and the others are thin where there are many.
struct Lanes {
    rows: usize,
    named: usize,
    tall: f64,
    thin: f64,
}

impl Lanes {
    fn new(rows: &[&Row]) -> Self {
        let (rows, tall) = (rows.len(), if rows.len() <= NAMED { 18.0 } else { 14.0 });
        let named = if rows <= NAMED + NAMED / 2 { rows } else { NAMED };
        Self { rows, named, tall, thin: if rows <= 200 { 5.0 } else { 3.0 } }
    }

    fn height(&self, row: usize) -> f64 {
        if row < self.named { self.tall } else { self.thin }
    }

    fn top(&self, row: usize) -> f64 {
        let named = row.min(self.named);
        AXIS + named as f64 * self.tall + (row - named) as f64 * self.thin
    }

    fn bottom(&self) -> f64 {
        self.top(self.rows)
    }
}

fn bins(row: &Row, axis: &Axis, coarse: bool) -> Vec<u64> {
    let mut bins = vec![0u64; BINS];
    for (hour, failures) in &row.evidence.hours {
        // Short spans have bins below an hour: an hour's failures are spread evenly over its bins.
        let first = axis.column(hour.saturating_mul(3600).max(axis.from), BINS).unwrap_or(0);
        let last = axis.column(hour.saturating_mul(3600).saturating_add(3599), BINS).unwrap_or(BINS - 1).max(first);
        let share = failures.div_ceil((last - first + 1) as u64);
        bins[first..=last].iter_mut().for_each(|bin| *bin = bin.saturating_add(share));
    }
    if coarse {
        for pair in bins.chunks_mut(2) {
            pair.fill(pair.iter().fold(0, |sum, n| sum.saturating_add(*n)));
        }
    }
    bins
}

/// Steps of the logarithm: 0 to 4.
fn shade(n: u64, most: u64) -> usize {
    let share = ((n as f64).ln_1p() / (most as f64).ln_1p() * SHADES as f64).ceil() as usize;
    share.clamp(1, SHADES) - 1
}

/// Runs of equal shade: (first bin, bins, shade).
fn shaded(counts: &[u64], most: u64) -> Vec<(usize, usize, usize)> {
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for (at, n) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
        let shade = shade(*n, most);
        match runs.last_mut() {
            Some((first, length, last)) if *first + *length == at && *last == shade => *length += 1,
            _ => runs.push((at, 1, shade)),
        }
    }
    runs
}

/// Every row's colours: one path per shade and height.
fn cells(counts: &[Vec<u64>], most: u64, lanes: &Lanes) -> String {
    let unit = WIDTH / BINS as f64;
    let mut body = String::new();
    for (rows, height) in [(0..lanes.named, lanes.tall), (lanes.named..lanes.rows, lanes.thin)] {
        let mut shades: [Strokes; SHADES] = Default::default();
        for row in rows {
            for (first, length, shade) in shaded(&counts[row], most) {
                let middle = lanes.top(row) + height / 2.0;
                shades[shade].add(LABEL + first as f64 * unit, middle, length as f64 * unit);
            }
        }
        let thick = if height > 6.0 { height - 1.0 } else { height };
        for (shade, strokes) in shades.into_iter().enumerate() {
            body.push_str(&strokes.path(&format!("h{}", shade + 1), thick));
        }
    }
    body
}

/// Hatched: where the logs of a row's servers have no record; a mark where such a log was cleared.
fn silent(analysis: &Analysis, rows: &[&Row], axis: &Axis, lanes: &Lanes) -> String {
    let unit = WIDTH / BINS as f64;
    let (mut gaps, mut cleared) = (Boxes::default(), Boxes::default());
    let mut start = 0;
    // Neighbours on the same servers share their boxes.
    for same in rows.chunk_by(|a, b| a.servers == b.servers) {
        let (top, bottom) = (lanes.top(start), lanes.top(start + same.len()));
        start += same.len();
        let servers = || analysis.servers.iter().filter(|server| same[0].servers.contains(&server.server));
        let silent: Vec<bool> = covered(servers(), axis, BINS).into_iter().map(|on| !on).collect();
        for (first, length) in runs(&silent) {
            gaps.add(LABEL + first as f64 * unit, top, length as f64 * unit, bottom - top);
        }
        for sec in servers().flat_map(|server| server.cleared.iter().take(20)) {
            if axis.column(*sec, BINS).is_some() {
                cleared.add(axis.x(*sec as f64).min(LABEL + WIDTH - 2.0), top, 2.0, bottom - top);
            }
        }
    }
    gaps.path("gap") + &cleared.path("cleared")
}

fn labels(rows: &[&Row], lanes: &Lanes) -> String {
    let mut body = String::new();
    for (at, row) in rows.iter().take(lanes.named).enumerate() {
        let storm = row.class == Class::Storm;
        let mark = if storm { "▲ " } else { "" };
        let baseline = lanes.top(at) + lanes.height(at) / 2.0 + 4.0;
        let label = format!("{mark}{}", cut(&row.workstation, 22));
        body.push_str(&text(LABEL - 6.0, baseline, if storm { "end ls" } else { "end" }, &label));
    }
    if lanes.named < lanes.rows {
        let (top, bottom) = (lanes.top(lanes.named), lanes.bottom());
        let label = format!("ranks {} to {}", count(rows[lanes.named].rank), count(rows[lanes.rows - 1].rank));
        body.push_str(&text(LABEL - 12.0, (top + bottom) / 2.0 + 4.0, "tick end", &label));
        body.push_str(&format!(
            "<path class=\"bracket\" d=\"M{x} {}h-4v{}h4\"/>",
            short(top + 1.0),
            short(bottom - top - 2.0),
            x = LABEL - 4.0
        ));
    }
    body
}

/// What each shade stands for.
fn legend(most: u64, bin_s: f64, top: f64) -> String {
    let mut body = String::new();
    let y = top + 20.0;
    let mut x = LABEL;
    let mut from = 1;
    for step in 0..SHADES {
        let Some(to) = last_of(step, most).filter(|to| *to >= from) else { continue };
        let label = if from == to { count(from) } else { format!("{} to {}", count(from), count(to)) };
        body.push_str(&format!("<path class=\"h{}\" stroke-width=\"12\" d=\"M{} {y}h18\"/>", step + 1, short(x)));
        body.push_str(&text(x + 22.0, y + 4.0, "tick", &label));
        x += 40.0 + 7.0 * label.chars().count() as f64;
        from = to + 1;
    }
    body + &text(x, y + 4.0, "tick", &format!("failures in {}", duration(bin_s)))
}

/// The largest number of this shade; `None` where no number has it.
fn last_of(step: usize, most: u64) -> Option<u64> {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        match shade(middle, most) <= step {
            true => low = middle,
            false => high = middle - 1,
        }
    }
    (low > 0 && shade(low, most) == step).then_some(low)
}

/// Failures per workstation in a few equal spans of time.
fn table(rows: &[&Row], axis: &Axis, zone: Tz) -> Option<Grid> {
    let parts = |row: &Row| {
        let mut parts = [0u64; PARTS];
        for (hour, failures) in &row.evidence.hours {
            let sec = hour.saturating_mul(3600).clamp(axis.from, axis.to);
            parts[axis.column(sec, PARTS).unwrap_or(0)] += failures;
        }
        parts
    };
    let cells = |row: &&Row| {
        let numbers = parts(row).map(|n| Text::name(&count(n)));
        std::iter::once(Text::name(&cut(&row.workstation, 40))).chain(numbers).collect()
    };
    let starts = (0..PARTS as i64).map(|at| axis.from + axis.seconds() / PARTS as i64 * at);
    let starts: Vec<String> = starts.map(|sec| format!("#from {}", minute(sec, zone))).collect();
    let columns: Vec<&str> = std::iter::once("workstation").chain(starts.iter().map(String::as_str)).collect();
    let listed = rows.iter().take(TABLE_ROWS).map(cells).collect();
    let grid = Grid::new("Failures by workstation and time, as numbers".to_owned(), "Failures", &columns, listed)?;
    Some(Grid { headed: true, ..grid })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_are_steps_of_the_logarithm() {
        let shades: Vec<usize> = [1, 3, 10, 40, 100].into_iter().map(|n| shade(n, 100)).collect();
        assert_eq!(shades, [0, 1, 2, 4, 4]);
        assert_eq!(shade(1, 1), 4);
        assert_eq!([0, 1, 2, 3, 4].map(|step| last_of(step, 100)), [Some(1), Some(5), Some(14), Some(39), Some(100)]);
        assert_eq!([0, 4].map(|step| last_of(step, 1)), [None, Some(1)]);
        assert_eq!(shaded(&[0, 5, 5, 100, 0, 1], 100), [(1, 2, 1), (3, 1, 4), (5, 1, 0)]);
    }

    #[test]
    fn thin_lanes_follow_the_named_ones() {
        let lanes = Lanes { rows: 500, named: 40, tall: 14.0, thin: 3.0 };
        assert_eq!(lanes.top(40), AXIS + 560.0);
        assert_eq!(lanes.bottom(), AXIS + 560.0 + 460.0 * 3.0);
    }
}
