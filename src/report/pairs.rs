//! Matched pairs with everything a person needs to check them, and the two trains on one clock.

use crate::model::analysis::{ClientLine, Row};
use crate::model::event::Provenance;
use crate::model::matching::{Clock, Match, Pair};
use crate::model::train::Sighting;

/// A matched pair, with the places of both sides.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// The pair.
    pub pair: Pair,
    /// Seconds that the fitted clock misses the pair by: client minus expectation.
    pub residual_s: f64,
    /// The server's record; `None` where records were not kept.
    pub record: Option<Provenance>,
    /// The client's line; `None` where it cannot be told.
    pub line: Option<&'a ClientLine>,
}

/// The match of a row, where it was compared in time.
pub fn found(row: &Row) -> Option<&Match> {
    row.matched.as_ref()?.found.as_deref()
}

/// A pair with its places.
pub fn check<'a>(row: &'a Row, found: &Match, pair: Pair) -> Checked<'a> {
    let evidence = &row.evidence;
    let record =
        at_second(&evidence.records, pair.server_sec).or_else(|| at_second(&evidence.sightings, pair.server_sec));
    let fits = |line: &&ClientLine| line.at_ms.is_some_and(|ms| (ms.div_euclid(1000) - pair.client_sec).abs() <= 1);
    let line = evidence.ticks.get(pair.tick).filter(fits).or_else(|| evidence.ticks.iter().find(fits));
    Checked {
        pair,
        residual_s: pair.client_sec as f64 - client_time(&found.clock, pair.server_sec as f64),
        record,
        line,
    }
}

fn at_second(sightings: &[Sighting], sec: i64) -> Option<Provenance> {
    let at = sightings.partition_point(|sighting| sighting.sec < sec);
    sightings.get(at).filter(|sighting| sighting.sec == sec).map(|sighting| sighting.at)
}

/// What the client's clock should show at a server time.
fn client_time(clock: &Clock, server: f64) -> f64 {
    server + clock.delta + clock.rho * (server - clock.mid)
}

/// The server time at which the client's clock should show `client`.
pub fn server_time(clock: &Clock, client: f64) -> f64 {
    (client - clock.delta + clock.rho * clock.mid) / (1.0 + clock.rho)
}

/// Up to `most` of the items, first and last among them, evenly spread.
pub fn spread<T: Copy>(items: &[T], most: usize) -> Vec<T> {
    if items.len() <= most || most < 2 {
        return items.iter().take(most.max(1)).copied().collect();
    }
    (0..most).map(|at| items[at * (items.len() - 1) / (most - 1)]).collect()
}

/// The client's attempts as server times, by the fitted clock; in order.
pub fn aligned_ticks(row: &Row, clock: &Clock) -> Vec<f64> {
    row.evidence.ticks.iter().filter_map(|tick| Some(server_time(clock, tick.at_ms? as f64 / 1000.0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_turns_there_and_back() {
        let clock = Clock { delta: 22_422.0, rho: 120e-6, mid: 984_387_245.0 };
        for server in [984_000_000.0, 984_387_245.0, 985_000_000.5] {
            assert!((server_time(&clock, client_time(&clock, server)) - server).abs() < 1e-3);
        }
    }

    #[test]
    fn spread_keeps_first_and_last() {
        assert_eq!(spread(&[1, 2, 3, 4, 5, 6, 7], 3), [1, 4, 7]);
        assert_eq!(spread(&[1, 2], 3), [1, 2]);
        assert!(spread::<u8>(&[], 3).is_empty());
    }
}
