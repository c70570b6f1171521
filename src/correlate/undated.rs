//! Logs without stamps: what the lengths of retry cycles still say.
//!
//! All information is in interrupted cycles: an uninterrupted one is always of the same length.

use super::client::Client;
use super::rng::Rng;
use super::settings::Settings;
use super::side::Side;
use crate::model::matching::UndatedMatch;
use crate::model::period::dominant_period;

/// Scores of the local alignment: an interrupted cycle on both sides, a full cycle on both sides,
/// lengths that differ by one, other lengths, and a cycle that the other side lacks.
const INTERRUPTED: f64 = 2.0;
const FULL: f64 = 0.3;
const NEAR: f64 = -0.3;
const DIFFERENT: f64 = -1.0;
const GAP: f64 = -1.0;
/// Gaps between bursts above this many periods separate the server's cycles.
const CYCLE_BREAK: f64 = 3.0;

/// Compares an undated log with a server's bursts by count, by least duration and by run lengths.
pub(super) fn undated(client: &Client, side: &Side, settings: &Settings) -> UndatedMatch {
    let mut runs = client.runs.clone();
    runs.truncate(settings.undated_runs);
    let mut server = server_runs(side.onsets(), settings);
    server.truncate(settings.undated_runs);
    let mut row = Vec::new();
    let score = align(&runs, &server, client.full_run, &mut row);
    let mut rng = Rng::of_train(&runs.iter().map(|run| i64::from(*run)).collect::<Vec<_>>());
    let mut as_good = 0;
    for _ in 0..settings.shuffles {
        rng.shuffle(&mut runs);
        as_good += usize::from(align(&runs, &server, client.full_run, &mut row) >= score);
    }
    UndatedMatch {
        min_duration_s: client.waited_s,
        count_ratio: client.attempts as f64 / side.bursts().max(1) as f64,
        score,
        p: (1 + as_good) as f64 / (settings.shuffles + 1) as f64,
    }
}

/// Lengths of the server's cycles; lost bursts inside a cycle are restored from the multiples of
/// the period. Without a period there are none.
fn server_runs(onsets: &[i64], settings: &Settings) -> Vec<u32> {
    let gaps: Vec<i64> = onsets.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let Some(period) = dominant_period(&gaps, settings.period_tolerance) else { return Vec::new() };
    let cycles = onsets.chunk_by(|a, b| (b - a) as f64 <= CYCLE_BREAK * period);
    let length = |cycle: &[i64]| {
        let (first, last) = (cycle.first().copied().unwrap_or(0), cycle.last().copied().unwrap_or(0));
        ((last - first) as f64 / period).round_ties_even() as u32 + 1
    };
    cycles.map(length).collect()
}

/// Smith-Waterman score of two sequences of run lengths; `full` is the length that says little.
fn align(a: &[u32], b: &[u32], full: u32, row: &mut Vec<f64>) -> f64 {
    row.clear();
    row.resize(b.len() + 1, 0.0);
    let mut best = 0.0_f64;
    for a in a {
        let mut diagonal = 0.0;
        for (j, b) in b.iter().enumerate() {
            let cell = f64::max(diagonal + pair_score(*a, *b, full), f64::max(row[j + 1], row[j]) + GAP).max(0.0);
            diagonal = row[j + 1];
            row[j + 1] = cell;
            best = best.max(cell);
        }
    }
    best
}

fn pair_score(a: u32, b: u32, full: u32) -> f64 {
    match a.abs_diff(b) {
        0 if a < full => INTERRUPTED,
        0 if a == full => FULL,
        1 => NEAR,
        _ => DIFFERENT,
    }
}

#[cfg(test)]
mod tests {
    use super::super::client::client;
    use super::super::side::side;
    use super::*;
    use crate::model::timeline::Dating;
    use crate::model::train::Mark;

    fn check(a: &[u32], b: &[u32], score: f64) {
        let got = align(a, b, 5, &mut Vec::new());
        assert!((got - score).abs() < 1e-9, "{a:?} {b:?}: {got}");
    }

    #[test]
    fn worked_alignments() {
        check(&[5, 5, 3, 5, 5, 2, 5], &[5, 3, 5, 5, 2], 4.9);
        check(&[5, 5, 5, 5], &[5, 5, 5, 5], 1.2);
        check(&[1, 2, 3, 4], &[4, 3, 2, 1], 2.0);
        check(&[5, 4, 5, 1, 5], &[5, 3, 5, 1, 5], 2.6);
        check(&[5, 5, 3, 5, 1], &[5, 3, 1], 3.3);
        check(&[], &[5], 0.0);
    }

    #[test]
    fn lost_bursts_inside_a_cycle_are_restored() {
        assert_eq!(
            server_runs(&[0, 61, 122, 244, 1244, 1305, 1366, 2400, 2461, 2522], &Settings::default()),
            [5, 3, 3]
        );
        assert!(server_runs(&[0, 61, 122], &Settings::default()).is_empty());
    }

    #[test]
    fn interrupted_cycles_in_the_same_order_are_found() {
        let lengths: Vec<u32> = (0..60_u32).map(|i| if i * i % 7 == 2 { 1 + i % 4 } else { 5 }).collect();
        let onset = |cycle: usize, i: u32| Mark { sec: 1000 + cycle as u32 * 1500 + i * 61, count: 3 };
        let marks: Vec<Mark> =
            lengths.iter().enumerate().flat_map(|(cycle, n)| (0..*n).map(move |i| onset(cycle, i))).collect();
        let client = Client {
            attempts: marks.len(),
            runs: lengths.clone(),
            full_run: 5,
            waited_s: 60.0 * marks.len() as f64,
            ..client(&[], Dating::Undated)
        };
        let found = undated(&client, &side(&marks, (0, 100_000), 15), &Settings::default());
        assert_eq!((found.p, found.count_ratio), (0.01, 1.0));
        let steady = Client { runs: vec![5; 60], ..client };
        assert_eq!(undated(&steady, &side(&marks, (0, 100_000), 15), &Settings::default()).p, 1.0);
    }
}
