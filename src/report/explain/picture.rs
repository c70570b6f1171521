//! A small picture of both trains on the server's clock.

use std::collections::BTreeSet;
use std::io;

use super::comparison::range;
use super::text::Page;
use crate::model::matching::Match;
use crate::report::pairs;
use crate::report::words::{decimal, duration};

/// A mark with a partner on the other side.
const MATCHED: char = '█';
/// A mark without one.
const ALONE: char = '░';
/// Attempts that fit into the picture.
const ATTEMPTS: f64 = 12.0;
/// Longest time the picture covers, in seconds.
const LONGEST: f64 = 86_400.0;

pub(super) fn write(page: &mut Page<'_>, found: &Match) -> io::Result<()> {
    let Some(middle) = found.pairs.get(found.pairs.len() / 2) else { return Ok(()) };
    let columns = page.style.prose().saturating_sub(12).clamp(40, 90);
    let period = page.row.rate.period_s.unwrap_or(60.0).max(1.0);
    let seconds = (period * ATTEMPTS).min(LONGEST);
    let from = (middle.server_sec as f64 - seconds / 2.0).floor();
    let scale = Scale { from, seconds, columns };
    let lines = draw(page, found, &scale);
    page.heading("Both trains on the server's clock")?;
    for (label, line) in ["server", "", "", "client"].into_iter().zip(lines) {
        page.line(&format!("{label:8}{}", line.into_iter().collect::<String>()))?;
    }
    let caption = format!(
        "{MATCHED} matched, {ALONE} alone; {}; one column is {} s, the whole {}.",
        range(from as i64, (from + seconds) as i64, page.style.zone),
        decimal(seconds / columns as f64),
        duration(seconds)
    );
    page.prose(&caption)
}

/// Which column a moment falls into.
struct Scale {
    from: f64,
    seconds: f64,
    columns: usize,
}

impl Scale {
    fn column(&self, time: f64) -> Option<usize> {
        let at = ((time - self.from) / self.seconds * self.columns as f64).floor();
        (at >= 0.0 && at < self.columns as f64).then_some(at as usize)
    }
}

/// Server marks, two lines that lead from a server's mark down to the client's, client marks. A
/// matched mark of the client stands as many columns beside the server's as it is off, rounded.
fn draw(page: &Page<'_>, found: &Match, scale: &Scale) -> [Vec<char>; 4] {
    let [mut server, mut upper, mut lower, mut client] = [(); 4].map(|()| vec![' '; scale.columns]);
    for burst in &page.row.evidence.bursts {
        let time = if found.on_ends { burst.end } else { burst.onset };
        if let Some(at) = scale.column(time as f64) {
            server[at] = ALONE;
        }
    }
    let matched: BTreeSet<i64> = found.pairs.iter().map(|pair| pair.client_sec).collect();
    for tick in page.row.evidence.ticks.iter().filter_map(|tick| tick.at_ms) {
        let time = pairs::server_time(&found.clock, tick as f64 / 1000.0);
        if let Some(at) = scale.column(time)
            && !matched.contains(&tick.div_euclid(1000))
        {
            client[at] = ALONE;
        }
    }
    for pair in &found.pairs {
        let Some(above) = scale.column(pair.server_sec as f64) else { continue };
        let off = pairs::server_time(&found.clock, pair.client_sec as f64) - pair.server_sec as f64;
        let beside = (off / scale.seconds * scale.columns as f64).round() as i64;
        let below = (above as i64 + beside).clamp(0, scale.columns as i64 - 1) as usize;
        let mark = match above.cmp(&below) {
            std::cmp::Ordering::Less => '╲',
            std::cmp::Ordering::Equal => '│',
            std::cmp::Ordering::Greater => '╱',
        };
        (server[above], upper[above], lower[below], client[below]) = (MATCHED, mark, mark, MATCHED);
    }
    [server, upper, lower, client]
}
