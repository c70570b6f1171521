//! Matched pairs with everything a person needs to check them, and the two trains on one clock.

use std::collections::BTreeMap;

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
pub fn client_time(clock: &Clock, server: f64) -> f64 {
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

/// An attempt of the client on the server's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aligned {
    /// Seconds since the Unix epoch on the server's clock.
    pub server_s: f64,
    /// Seconds on the client's clock.
    pub client_s: f64,
    /// It has a partner on the server, whose time it then stands at.
    pub matched: bool,
}

/// The client's dated attempts on the server's clock, in the order of the log. One without a partner
/// is as far off as the matched one nearest to it, so that steps of the clock are followed.
pub fn aligned(row: &Row, found: &Match) -> Vec<Aligned> {
    let pairs: BTreeMap<i64, i64> = found.pairs.iter().map(|pair| (pair.client_sec, pair.server_sec)).collect();
    let one = |tick: &ClientLine| {
        let client_s = tick.at_ms? as f64 / 1000.0;
        let sec = tick.at_ms?.div_euclid(1000);
        let before = pairs.range(..=sec).next_back();
        let near = match (before, pairs.range(sec..).next()) {
            (Some(before), Some(behind)) if behind.0 - sec < sec - before.0 => Some(behind),
            (before, behind) => before.or(behind),
        };
        Some(match near {
            Some((client, server)) if *client == sec => Aligned { server_s: *server as f64, client_s, matched: true },
            Some((client, server)) => {
                Aligned { server_s: client_s - (client - server) as f64, client_s, matched: false }
            }
            None => Aligned { server_s: server_time(&found.clock, client_s), client_s, matched: false },
        })
    };
    row.evidence.ticks.iter().filter_map(one).collect()
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
    fn attempts_stand_at_their_partner_or_as_far_off_as_the_nearest_pair() {
        let fleet = crate::report::tests::sample::fleet();
        let row = &fleet.rows[0];
        let found = found(row).expect("a match");
        let aligned = aligned(row, found);
        let of = |at: usize| (aligned[at].server_s - found.pairs[0].server_sec as f64, aligned[at].matched);
        assert_eq!(of(0), (0.0, true));
        assert_eq!(of(7), (7.0 * 62.0 + 0.25, false), "the eighth has no partner, and its stamp has milliseconds");
        assert_eq!(of(8), (8.0 * 62.0, true));
    }

    #[test]
    fn spread_keeps_first_and_last() {
        assert_eq!(spread(&[1, 2, 3, 4, 5, 6, 7], 3), [1, 4, 7]);
        assert_eq!(spread(&[1, 2], 3), [1, 2]);
        assert!(spread::<u8>(&[], 3).is_empty());
    }
}
