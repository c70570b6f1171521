//! The offset that a row reports.

use crate::model::matching::{Match, Pair};

/// Pairs to either side of the midpoint whose mean difference is the offset of a tracked log.
const AROUND: usize = 50;

/// Client clock minus server clock in seconds, at the midpoint between the first and the last
/// matched pair; `None` without pairs.
///
/// One clock model holds for a short log. A long or stepped log was followed window by window, so
/// there the pairs around the midpoint tell: their times are whole seconds, rounded down on both
/// sides, and the mean of many differences is finer than a second.
pub(super) fn offset_at_midpoint(found: &Match) -> Option<f64> {
    let (first, last) = (found.pairs.first()?, found.pairs.last()?);
    let mid = (first.server_sec as f64 + last.server_sec as f64) / 2.0;
    if found.track.is_empty() && found.steps.is_empty() {
        return Some(found.clock.delta + found.clock.rho * (mid - found.clock.mid));
    }
    let at = found.pairs.partition_point(|pair| (pair.server_sec as f64) < mid);
    let near = &found.pairs[at.saturating_sub(AROUND)..(at + AROUND).min(found.pairs.len())];
    let near = same_side(near, found, mid);
    let sum: i64 = near.iter().map(|pair| pair.client_sec - pair.server_sec).sum();
    Some(sum as f64 / near.len().max(1) as f64)
}

/// The part of the pairs around the midpoint that no clock step divides from it.
fn same_side<'a>(near: &'a [Pair], found: &Match, mid: f64) -> &'a [Pair] {
    let centre = near.partition_point(|pair| (pair.server_sec as f64) < mid).min(near.len().saturating_sub(1));
    let offset = |at: usize| near[at].client_sec - near[at].server_sec;
    if near.is_empty() || found.steps.is_empty() {
        return near;
    }
    let jump = found.steps.iter().map(|step| step.seconds.abs()).fold(f64::INFINITY, f64::min) / 2.0;
    let same = |at: &usize| ((offset(*at) - offset(centre)) as f64).abs() < jump.max(5.0);
    let low = (0..=centre).rev().take_while(same).last().unwrap_or(centre);
    let high = (centre..near.len()).take_while(same).last().unwrap_or(centre);
    &near[low..=high]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::matching::{Clock, ClockStep, TrackPoint};

    fn found(pairs: Vec<Pair>) -> Match {
        Match {
            matched: pairs.len(),
            of_client: pairs.len(),
            of_server: pairs.len(),
            g: 1.0,
            s: 1.0,
            clock: Clock { delta: 7200.0, rho: 1e-5, mid: 100_000.0 },
            on_ends: true,
            compared: 0,
            compared_matched: 0,
            p: 0.01,
            z: 9.0,
            p_gumbel: 0.0,
            shuffles: 99,
            shuffled_best: 0,
            decoys: 0,
            decoy_best: None,
            decoy_ratio: None,
            decoy_rank_first: false,
            decoy_ok: false,
            one_loop: None,
            alias: None,
            ambiguous_by: None,
            track: Vec::new(),
            steps: Vec::new(),
            ticks: pairs.len(),
            bursts: pairs.len(),
            pairs,
        }
    }

    fn pair(server_sec: i64, offset: i64) -> Pair {
        Pair { tick: 0, client_sec: server_sec + offset, server_sec }
    }

    #[test]
    fn the_clock_model_is_read_at_the_midpoint_of_the_pairs() {
        let found = found(vec![pair(200_000, 7200), pair(400_000, 7202)]);
        assert_eq!(offset_at_midpoint(&found), Some(7202.0));
    }

    #[test]
    fn a_tracked_log_is_read_from_its_own_pairs_up_to_the_next_step() {
        let pairs = (0..200).map(|at| pair(1000 + at * 60, if at < 110 { 7200 + at % 2 } else { 3600 })).collect();
        let mut found = found(pairs);
        found.track = vec![TrackPoint { client_sec: 0, offset: Some(7200.0), g: 0.9 }];
        found.steps = vec![ClockStep { after: 0, before: 1, seconds: -3600.0 }];
        let offset = offset_at_midpoint(&found).unwrap();
        assert!((offset - 7200.5).abs() < 0.1, "{offset}");
    }

    #[test]
    fn no_pairs_no_offset() {
        assert_eq!(offset_at_midpoint(&found(Vec::new())), None);
    }
}
