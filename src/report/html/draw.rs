//! The pictures of one storm: both sides over the whole time, a close look, and the gaps.

use chrono_tz::Tz;

use super::svg::{Boxes, picture, runs, short, text};
use crate::model::analysis::Row;
use crate::model::matching::Match;
use crate::report::pairs;
use crate::report::words::{clock, count, minute, period};

/// Width of the labels and of the whole picture.
const LABEL: f64 = 70.0;
const WIDTH: f64 = 960.0;
/// Columns of the overview.
const COLUMNS: usize = 445;
/// Attempts in the close look.
const ATTEMPTS: f64 = 30.0;
/// Bars of the histogram.
const BARS: usize = 60;

/// The server's bursts above, the client's attempts below, over the whole time of both.
pub(super) fn overview(row: &Row, zone: Tz) -> String {
    let bursts = &row.evidence.bursts;
    let (Some(first), Some(last)) = (bursts.first(), bursts.last()) else { return String::new() };
    let ticks = pairs::found(row).map(|found| pairs::aligned_ticks(row, &found.clock)).unwrap_or_default();
    let from = ticks.first().copied().unwrap_or(f64::MAX).min(first.onset as f64);
    let to = ticks.last().copied().unwrap_or(f64::MIN).max(last.end as f64).max(from + 1.0);
    let column = |time: f64| (((time - from) / (to - from) * COLUMNS as f64) as usize).min(COLUMNS - 1);
    let mut server = [false; COLUMNS];
    bursts.iter().for_each(|burst| server[column(burst.onset as f64)..=column(burst.end as f64)].fill(true));
    let mut client = [false; COLUMNS];
    ticks.iter().for_each(|tick| client[column(*tick)] = true);
    let unit = (WIDTH - LABEL) / COLUMNS as f64;
    let strip = |on: &[bool], y: f64, class: &str| {
        let mut boxes = Boxes::default();
        runs(on).into_iter().for_each(|(at, n)| boxes.add(LABEL + at as f64 * unit, y, n as f64 * unit, 16.0));
        boxes.path(class)
    };
    let mut body = strip(&server, 4.0, "sv") + &strip(&client, 26.0, "cl");
    body.push_str(&text(0.0, 16.0, "lb", "server"));
    if !ticks.is_empty() {
        body.push_str(&text(0.0, 38.0, "lb", "client"));
    }
    body.push_str(&text(LABEL, 58.0, "tick", &minute(from as i64, zone)));
    body.push_str(&text(WIDTH, 58.0, "tick end", &minute(to as i64, zone)));
    picture(WIDTH, 62.0, "Bursts of failures on the server above, attempts told by the client below", &body)
}

/// Some attempts in the middle, matched pairs joined.
pub(super) fn close_look(row: &Row, found: &Match, zone: Tz) -> String {
    let Some(middle) = found.pairs.get(found.pairs.len() / 2) else { return String::new() };
    let seconds = (row.rate.period_s.unwrap_or(60.0).max(1.0) * ATTEMPTS).min(86_400.0);
    let from = (middle.server_sec as f64 - seconds / 2.0).floor();
    let x = |time: f64| LABEL + (time - from) / seconds * (WIDTH - LABEL);
    let inside = |time: f64| (from..from + seconds).contains(&time);
    let (mut server, mut client) = (Boxes::default(), Boxes::default());
    for burst in row.evidence.bursts.iter().filter(|burst| inside(burst.onset as f64)) {
        server.add(x(burst.onset as f64), 4.0, (x(burst.end as f64) - x(burst.onset as f64)).max(2.0), 14.0);
    }
    for tick in pairs::aligned_ticks(row, &found.clock).into_iter().filter(|tick| inside(*tick)) {
        client.add(x(tick) - 1.0, 46.0, 2.0, 14.0);
    }
    let mut joins = String::new();
    for pair in found.pairs.iter().filter(|pair| inside(pair.server_sec as f64)) {
        let below = x(pairs::server_time(&found.clock, pair.client_sec as f64));
        joins.push_str(&format!("M{} 19L{} 45", short(x(pair.server_sec as f64)), short(below)));
    }
    let body = [
        server.path("sv"),
        client.path("cl"),
        format!("<path class=\"join\" d=\"{joins}\"/>"),
        text(0.0, 15.0, "lb", "server"),
        text(0.0, 57.0, "lb", "client"),
        text(LABEL, 76.0, "tick", &clock(from as i64, zone)),
        text(WIDTH, 76.0, "tick end", &clock((from + seconds) as i64, zone)),
    ];
    picture(WIDTH, 80.0, "A close look: matched pairs are joined, on the server's clock", &body.concat())
}

/// How often which gap lies between two bursts, with the dominant period marked.
pub(super) fn gaps(row: &Row) -> String {
    let gaps: Vec<i64> = row.evidence.bursts.windows(2).map(|pair| pair[1].onset - pair[0].onset).collect();
    if gaps.len() < 5 {
        return String::new();
    }
    let longest = row.rate.period_s.map_or_else(|| typical(&gaps), |seconds| seconds * 4.0).max(10.0);
    let mut bars = [0u64; BARS];
    let mut beyond = 0;
    for gap in &gaps {
        match (*gap as f64 / longest * BARS as f64) as usize {
            at if at < BARS => bars[at] += 1,
            _ => beyond += 1,
        }
    }
    let most = bars.iter().copied().max().unwrap_or(1).max(1);
    let unit = (WIDTH - LABEL) / BARS as f64;
    let mut boxes = Boxes::default();
    for (at, n) in bars.iter().enumerate().filter(|(_, n)| **n > 0) {
        let height = (*n as f64 / most as f64 * 70.0).max(1.0);
        boxes.add(LABEL + at as f64 * unit, 90.0 - height, unit - 1.0, height);
    }
    let mut body = boxes.path("sv");
    if let Some(seconds) = row.rate.period_s {
        let x = LABEL + seconds / longest * (WIDTH - LABEL);
        body.push_str(&format!("<path class=\"mark\" d=\"M{} 8v82\"/>", short(x)));
        body.push_str(&text(x + 4.0, 16.0, "tick", &format!("period {}", period(seconds))));
    }
    body.push_str(&text(0.0, 90.0, "lb", "gaps"));
    body.push_str(&text(LABEL, 106.0, "tick", "0 s"));
    let end = if beyond > 0 { format!("{} ({} longer)", period(longest), count(beyond)) } else { period(longest) };
    body.push_str(&text(WIDTH, 106.0, "tick end", &end));
    picture(WIDTH, 110.0, "Histogram of the gaps between bursts", &body)
}

/// Four times the median gap.
fn typical(gaps: &[i64]) -> f64 {
    let mut sorted = gaps.to_vec();
    sorted.sort_unstable();
    sorted[sorted.len() / 2] as f64 * 4.0
}
