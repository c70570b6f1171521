//! How often which gap lies between two bursts, with the dominant period marked.

use super::grid::Grid;
use super::svg::{Boxes, picture, short, text};
use super::text::Text;
use crate::model::analysis::Row;
use crate::model::period::FEWEST_GAPS;
use crate::report::gaps::{Gaps, histogram};
use crate::report::words::{count, period};

const LABEL: f64 = 72.0;
const WIDTH: f64 = 888.0;
/// Bars.
const BARS: usize = 74;
/// Where the bars stand, and how high the highest is.
const FLOOR: f64 = 96.0;
const HIGH: f64 = 72.0;
/// Rows of the table behind the picture.
const LISTED: usize = 10;

/// The picture, and the most frequent gaps.
pub(super) struct Histogram {
    pub(super) svg: String,
    pub(super) table: Option<Grid>,
}

/// The histogram; `None` with fewer than five gaps.
pub(super) fn gaps(row: &Row) -> Option<Histogram> {
    let gaps = histogram(row, BARS).filter(|gaps| gaps.all.len() >= FEWEST_GAPS)?;
    let most = gaps.bars.iter().copied().max().unwrap_or(1).max(1);
    let unit = WIDTH / BARS as f64;
    let mut boxes = Boxes::default();
    for (at, n) in gaps.bars.iter().enumerate().filter(|(_, n)| **n > 0) {
        let height = (*n as f64 / most as f64 * HIGH).max(2.0);
        boxes.add(LABEL + at as f64 * unit, FLOOR - height, unit - 1.0, height);
    }
    let mut body = boxes.path("sv");
    body.push_str(&format!("<path class=\"base\" d=\"M{LABEL} {FLOOR}h{WIDTH}\"/>"));
    body.push_str(&text(LABEL - 6.0, FLOOR - HIGH + 8.0, "tick end", &count(most)));
    body.push_str(&text(LABEL - 6.0, FLOOR, "tick end", "0"));
    body.push_str(&marks(row, &gaps));
    body.push_str(&text(LABEL, FLOOR + 16.0, "tick", "0 s"));
    let end = period(gaps.longest);
    let end = if gaps.beyond > 0 { format!("{end} ({} longer)", count(gaps.beyond)) } else { end };
    body.push_str(&text(LABEL + WIDTH, FLOOR + 16.0, "tick end", &end));
    let title = "How often which gap lies between two bursts; a table follows";
    Some(Histogram { svg: picture(LABEL + WIDTH, FLOOR + 22.0, title, &body), table: table(row, &gaps) })
}

/// The period, and its small multiples, which are retries without a record.
fn marks(row: &Row, gaps: &Gaps) -> String {
    let Some(seconds) = row.rate.period_s else { return String::new() };
    let mut body = String::new();
    for times in 1..=3 {
        let x = LABEL + seconds * f64::from(times) / gaps.longest * WIDTH;
        let (top, label) = match times {
            1 => (6.0, format!("period {}", period(seconds))),
            _ => (FLOOR - 12.0, format!("{times} × {}", period(seconds))),
        };
        body.push_str(&format!("<path class=\"mark\" d=\"M{} {}V{FLOOR}\"/>", short(x), short(top)));
        body.push_str(&text(x + 5.0, if times == 1 { 16.0 } else { FLOOR + 16.0 }, "tick", &label));
    }
    body
}

fn table(row: &Row, gaps: &Gaps) -> Option<Grid> {
    let rows = gaps.most_frequent(LISTED).into_iter();
    let rows = rows.map(|(gap, n)| vec![Text::name(&period(gap as f64)), Text::name(&count(n))]);
    Grid::new(format!("Gaps, rank {}", row.rank), "The most frequent gaps", &["gap", "#times"], rows.collect())
}
