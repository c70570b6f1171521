//! A small picture of both trains on the server's clock.

use std::io;

use super::comparison::range;
use super::text::Page;
use crate::model::matching::Match;
use crate::report::pairs;
use crate::report::words::{decimal, duration};

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
    let column = |time: f64| {
        let at = ((time - from) / seconds * columns as f64).floor();
        (at >= 0.0 && at < columns as f64).then_some(at as usize)
    };
    let mut server = vec![' '; columns];
    for burst in &page.row.evidence.bursts {
        let time = if found.on_ends { burst.end } else { burst.onset };
        if let Some(at) = column(time as f64) {
            server[at] = '█';
        }
    }
    let mut client = vec![' '; columns];
    for time in pairs::aligned_ticks(page.row, &found.clock) {
        if let Some(at) = column(time) {
            client[at] = '█';
        }
    }
    let (upper, lower) = joins(found, &column, columns);
    page.heading("Both trains on the server's clock")?;
    for (label, line) in [("server", server), ("", upper), ("", lower), ("client", client)] {
        page.line(&format!("{label:8}{}", line.into_iter().collect::<String>()))?;
    }
    let caption = format!(
        "{}; one column is {} s; │ ╲ ╱ join matched pairs. The picture shows {}.",
        range(from as i64, (from + seconds) as i64, page.style.zone),
        decimal(seconds / columns as f64),
        duration(seconds)
    );
    page.prose(&caption)
}

/// Two lines that lead from the server's mark down to the client's.
fn joins(found: &Match, column: &dyn Fn(f64) -> Option<usize>, columns: usize) -> (Vec<char>, Vec<char>) {
    let (mut upper, mut lower) = (vec![' '; columns], vec![' '; columns]);
    for pair in &found.pairs {
        let above = column(pair.server_sec as f64);
        let below = column(pairs::server_time(&found.clock, pair.client_sec as f64));
        if let (Some(above), Some(below)) = (above, below) {
            let mark = match above.cmp(&below) {
                std::cmp::Ordering::Less => '╲',
                std::cmp::Ordering::Equal => '│',
                std::cmp::Ordering::Greater => '╱',
            };
            upper[above] = mark;
            lower[below] = mark;
        }
    }
    (upper, lower)
}
