//! From the failed lines of a client's logs to ticks: one per failed attempt.

use std::sync::Arc;

use super::stamps::DAY_MS;
use crate::model::client::ClientLog;
use crate::model::timeline::{Dating, Tick};
use crate::model::workstation::server_key;

/// The failed lines of a log with their times.
pub(super) fn raw(log: &ClientLog, times: &[Option<i64>]) -> Vec<Tick> {
    // Nearly all lines of a log name one server.
    let mut last: (Arc<str>, Arc<str>) = Default::default();
    let mut ticks = Vec::with_capacity(log.attempts.len());
    for (attempt, at_ms) in log.attempts.iter().zip(times) {
        if attempt.server != last.0 {
            last = (Arc::clone(&attempt.server), server_key(&attempt.server).into());
        }
        ticks.push(Tick {
            at_ms: *at_ms,
            class: attempt.class,
            file: log.file,
            line: attempt.line,
            offset: attempt.offset,
            server: Arc::clone(&last.1),
            counter: attempt.counter,
            wait_s: attempt.wait_s,
        });
    }
    ticks
}

/// Merges the failed lines of several files and joins those of one attempt.
///
/// Dated lines of several files merge as multisets: per second, class and file they are counted,
/// and the file with most of them counts. What stands within `gap` seconds of the failed line
/// before is the same attempt. Without times nothing is merged or joined.
pub(super) fn merge(files: Vec<Vec<Tick>>, dating: Dating, gap: i64) -> Vec<Tick> {
    let several = files.len() > 1;
    let mut ticks: Vec<Tick> = match dating {
        Dating::Dated if several => largest_counts(files),
        _ => files.into_iter().flatten().collect(),
    };
    if dating == Dating::Dated {
        let order = places(&ticks);
        if !order.is_sorted() {
            let mut keyed: Vec<(i64, Tick)> = order.into_iter().zip(ticks).collect();
            keyed.sort_by_key(|(at, _)| *at);
            ticks = keyed.into_iter().map(|(_, tick)| tick).collect();
        }
    }
    join(ticks, gap)
}

/// Where each tick stands in time; one without a time stands with the one before it.
fn places(ticks: &[Tick]) -> Vec<i64> {
    let mut last = i64::MIN;
    let place = |tick: &Tick| {
        last = tick.at_ms.unwrap_or(last);
        last
    };
    ticks.iter().map(place).collect()
}

fn largest_counts(files: Vec<Vec<Tick>>) -> Vec<Tick> {
    let mut rows: Vec<(Option<i64>, Tick, usize)> = Vec::new();
    for (file, ticks) in files.into_iter().enumerate() {
        rows.extend(ticks.into_iter().map(|tick| (tick.at_ms.map(|ms| ms.div_euclid(1000)), tick, file)));
    }
    // Lines without a time cannot be compared: all of them stay, in front.
    rows.sort_by_key(|(sec, tick, file)| (*sec, sec.map(|_| tick.class), *file));
    let mut merged = Vec::new();
    for equal in rows.chunk_by(|a, b| (a.0, a.1.class) == (b.0, b.1.class)) {
        let mut best = &equal[..0];
        for file in equal.chunk_by(|a, b| a.2 == b.2) {
            if file.len() > best.len() {
                best = file;
            }
        }
        let stay = if equal[0].0.is_some() { best } else { equal };
        merged.extend(stay.iter().map(|(_, tick, _)| tick.clone()));
    }
    merged
}

/// Leaves the first of each chain of failed lines that follow one another by `gap` seconds or less.
/// What the later lines of the chain tell is added to it.
fn join(ticks: Vec<Tick>, gap: i64) -> Vec<Tick> {
    let mut joined: Vec<Tick> = Vec::new();
    let mut last: Option<i64> = None;
    for tick in ticks {
        let sec = tick.at_ms.map(|ms| ms.div_euclid(1000));
        let near = last.zip(sec).is_some_and(|(last, sec)| (sec - last).abs() <= gap);
        last = sec.or(last);
        match joined.last_mut() {
            Some(first) if near => {
                first.counter = first.counter.or(tick.counter);
                first.wait_s = first.wait_s.or(tick.wait_s);
                if first.server.is_empty() {
                    first.server = tick.server;
                }
            }
            _ => joined.push(tick),
        }
    }
    joined
}

/// Times outside these are damage, not dates: the years 0 to 9999 in milliseconds.
pub(super) fn plausible(at_ms: i64) -> bool {
    (-719_528 * DAY_MS..2_932_897 * DAY_MS).contains(&at_ms)
}
