//! A close look at one storm: single bursts and attempts, matched pairs joined.

use chrono_tz::Tz;

use super::grid::Grid;
use super::svg::{Boxes, picture, short, text};
use super::text::Text;
use crate::model::analysis::{Analysis, Row};
use crate::model::matching::{Match, Pair};
use crate::report::words::{client_stamp, clock, stamp};
use crate::report::{pairs, place};

const LABEL: f64 = 72.0;
const WIDTH: f64 = 888.0;
/// Attempts that the picture has room for.
const ATTEMPTS: f64 = 12.0;
/// Longest time it covers, in seconds.
const LONGEST: f64 = 86_400.0;
/// Pairs in the table behind the picture.
const PAIRS: usize = 12;

/// The picture and the table of its pairs.
pub(super) struct Close {
    pub(super) svg: String,
    pub(super) table: Option<Grid>,
}

/// The stretch with most matched pairs; `None` without pairs.
pub(super) fn close(analysis: &Analysis, row: &Row, found: &Match, zone: Tz) -> Option<Close> {
    let period = row.rate.period_s.unwrap_or(60.0).max(1.0);
    let view = View::of(&found.pairs, (period * ATTEMPTS).min(LONGEST).max(10.0), period)?;
    let inside: Vec<Pair> = found.pairs.iter().copied().filter(|pair| view.has(pair.server_sec as f64)).collect();
    let body = server_side(row, found, &view)
        + &client_side(row, found, &view)
        + &joins(&inside, &view)
        + &{
            let (from, to) = (view.from as i64, (view.from + view.seconds) as i64);
            let theirs = |server: i64| {
                let ms = pairs::client_time(&found.clock, server as f64) * 1000.0;
                client_stamp(ms as i64).split(' ').next_back().unwrap_or_default().to_owned()
            };
            let right = LABEL + WIDTH;
            [
                text(0.0, 34.0, "lb", "server"),
                text(0.0, 96.0, "lb", "client"),
                text(LABEL, 12.0, "tick", &clock(from, zone)),
                text(right, 12.0, "tick end", &clock(to, zone)),
                text(LABEL, 120.0, "tick", &theirs(from)),
                text(right, 120.0, "tick end", &theirs(to)),
            ]
            .concat()
        };
    let title =
        "Some bursts of the server above and attempts of the client below, matched pairs joined; a table follows";
    Some(Close {
        svg: picture(LABEL + WIDTH, 126.0, title, &body),
        table: Grid::new(
            format!("Pairs in the close look, rank {}", row.rank),
            "Pairs in this picture",
            &COLUMNS,
            inside.into_iter().take(PAIRS).map(|pair| cells(analysis, row, found, pair, zone)).collect(),
        ),
    })
}

/// Columns of a table of pairs.
pub(super) const COLUMNS: [&str; 5] = ["server's clock", "#EventRecordID", "client's clock", "client's line", "#off"];

/// One pair with its places.
pub(super) fn cells(analysis: &Analysis, row: &Row, found: &Match, pair: Pair, zone: Tz) -> Vec<Text> {
    let checked = pairs::check(row, found, pair);
    let record = checked.record.map(|at| at.at.to_string()).unwrap_or_default();
    let line = checked.line.map(|line| place::of_line(analysis, line)).unwrap_or_default();
    vec![
        Text::name(&stamp(pair.server_sec, zone)),
        Text::name(&record),
        Text::name(&client_stamp(pair.client_sec * 1000)),
        Text::place(&line),
        Text::name(&format!("{:+.1} s", checked.residual_s)),
    ]
}

/// What the picture shows of the time.
struct View {
    from: f64,
    seconds: f64,
}

impl View {
    /// The stretch of that length with most pairs, the first of equals; `lead` seconds before the first.
    fn of(pairs: &[Pair], seconds: f64, lead: f64) -> Option<Self> {
        let (mut best, mut first, mut end) = (0, None, 0);
        for (at, pair) in pairs.iter().enumerate() {
            let bound = pair.server_sec as f64 + seconds - lead;
            while pairs.get(end).is_some_and(|other| (other.server_sec as f64) < bound) {
                end += 1;
            }
            if end.saturating_sub(at) > best {
                (best, first) = (end - at, Some(pair.server_sec));
            }
        }
        first.map(|first| Self { from: (first as f64 - lead / 2.0).floor(), seconds })
    }

    fn has(&self, time: f64) -> bool {
        (self.from..self.from + self.seconds).contains(&time)
    }

    fn x(&self, time: f64) -> f64 {
        LABEL + (time - self.from) / self.seconds * WIDTH
    }
}

/// Bursts from onset to end, with their failures above them.
fn server_side(row: &Row, found: &Match, view: &View) -> String {
    let matched: std::collections::BTreeSet<i64> = found.pairs.iter().map(|pair| pair.server_sec).collect();
    let (mut with, mut without, mut labels) = (Boxes::default(), Boxes::default(), String::new());
    let mut last = f64::MIN;
    for burst in row.evidence.bursts.iter().filter(|burst| view.has(burst.onset as f64)) {
        let mark = if found.on_ends { burst.end } else { burst.onset };
        let boxes = if matched.contains(&mark) { &mut with } else { &mut without };
        let (left, right) = (view.x(burst.onset as f64), view.x(burst.end as f64).min(LABEL + WIDTH));
        boxes.add(left, 22.0, (right - left).max(3.0), 18.0);
        // Only where there is room: not over the times at both ends either.
        if left - last > 34.0 && (LABEL + 60.0..LABEL + WIDTH - 70.0).contains(&left) {
            labels.push_str(&text(left, 17.0, "tick", &format!("×{}", burst.events)));
            last = left;
        }
    }
    with.path("sv") + &without.path("sn") + &labels
}

fn client_side(row: &Row, found: &Match, view: &View) -> String {
    let (mut with, mut without) = (Boxes::default(), Boxes::default());
    for tick in pairs::aligned(row, found).into_iter().filter(|tick| view.has(tick.server_s)) {
        let boxes = if tick.matched { &mut with } else { &mut without };
        boxes.add(view.x(tick.server_s) - 1.5, 82.0, 3.0, 18.0);
    }
    with.path("cl") + &without.path("cn")
}

/// From each burst's mark to its attempt, which stands below it.
fn joins(inside: &[Pair], view: &View) -> String {
    let mut path = String::new();
    for pair in inside {
        let x = view.x(pair.server_sec as f64);
        path.push_str(&format!("M{} 41V81", short(x)));
    }
    if path.is_empty() { path } else { format!("<path class=\"join\" d=\"{path}\"/>") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn view_is_the_fullest_stretch() {
        let pairs: Vec<Pair> = [0, 500, 560, 620, 2000, 2060]
            .into_iter()
            .map(|sec| Pair { tick: 0, client_sec: sec, server_sec: sec })
            .collect();
        let view = View::of(&pairs, 300.0, 60.0).expect("there are pairs");
        assert_eq!((view.from, view.seconds), (470.0, 300.0));
        assert!(View::of(&[], 300.0, 60.0).is_none());
    }
}
