//! The whole log, matched piece by piece: each stretch of ticks with its own clock.

use super::score::{Counts, EDGE_S, count_between, match_pairs, to_server};
use super::settings::Settings;
use crate::model::matching::Clock;

/// A stretch of consecutive ticks and its clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Piece {
    /// First tick.
    pub(super) from: usize,
    /// One past the last tick.
    pub(super) to: usize,
    /// `None` where nothing fits.
    pub(super) clock: Option<Clock>,
}

/// What all pieces explain together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Whole {
    /// Matched (tick, mark), strictly ascending in both.
    pub(super) pairs: Vec<(usize, usize)>,
    pub(super) counts: Counts,
    /// Coincidence factor; `None` where the common time is too short or too empty.
    pub(super) g: Option<f64>,
}

/// Matches every piece with its clock. Ticks of a piece without a clock are counted with the
/// nearest clock before (else behind), but not matched. `None` if no piece has a clock.
pub(super) fn match_pieces(c: &[i64], s: &[i64], pieces: &[Piece], span: i64, settings: &Settings) -> Option<Whole> {
    let mut near = pieces.iter().find_map(|piece| piece.clock)?;
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut counts = Counts { matched: 0, of_client: 0, of_server: 0, overlap: 0.0 };
    let (mut first, mut last) = (None, 0.0);
    for piece in pieces.iter().filter(|piece| piece.from < piece.to) {
        near = piece.clock.unwrap_or(near);
        let ticks = &c[piece.from..piece.to];
        let mapped = |tick: i64| to_server(&near, tick);
        first.get_or_insert(mapped(ticks[0]));
        last = mapped(ticks[ticks.len() - 1]);
        counts.of_client += ticks.iter().filter(|tick| (0.0..=span as f64).contains(&mapped(**tick))).count();
        if piece.clock.is_some() {
            let free = pairs.last().map_or(0, |(_, mark)| mark + 1);
            match_pairs(ticks, &s[free..], &near, settings.match_tolerance, |i, j| {
                pairs.push((piece.from + i, free + j))
            });
        }
    }
    let (a, b) = ((first? - EDGE_S).max(0.0), (last + EDGE_S).min(span as f64));
    counts.matched = pairs.len();
    counts.of_server = count_between(s, a, b);
    counts.overlap = b - a;
    counts.hold_matched();
    let g = counts.g(settings);
    Some(Whole { pairs, counts, g })
}

/// The number of ticks in front that the old clock should explain so that both clocks together
/// match most; of several such splits the first.
pub(super) fn best_split(c: &[i64], s: &[i64], old: &Clock, new: &Clock, w: f64) -> usize {
    let (mut by_old, mut by_new) = (vec![false; c.len()], vec![false; c.len()]);
    match_pairs(c, s, old, w, |tick, _| by_old[tick] = true);
    match_pairs(c, s, new, w, |tick, _| by_new[tick] = true);
    let mut sum = by_new.iter().filter(|hit| **hit).count() as i64;
    let mut best = (sum, 0);
    for (at, (old, new)) in by_old.iter().zip(&by_new).enumerate() {
        sum += i64::from(*old) - i64::from(*new);
        if sum > best.0 {
            best = (sum, at + 1);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(delta: f64) -> Clock {
        Clock { delta, rho: 0.0, mid: 0.0 }
    }

    fn stepped() -> (Vec<i64>, Vec<i64>) {
        let s: Vec<i64> = (0..60).map(|i| i * 61 + i * i % 17).collect();
        let c = s.iter().enumerate().map(|(i, s)| if i < 25 { s + 100 } else { s + 400 }).collect();
        (c, s)
    }

    #[test]
    fn the_split_lies_where_the_clock_jumped() {
        let (c, s) = stepped();
        assert_eq!(best_split(&c, &s, &clock(100.0), &clock(400.0), 2.5), 25);
        let pieces = [
            Piece { from: 0, to: 25, clock: Some(clock(100.0)) },
            Piece { from: 25, to: 60, clock: Some(clock(400.0)) },
        ];
        let whole = match_pieces(&c, &s, &pieces, 4000, &Settings::default()).expect("there are clocks");
        assert_eq!((whole.counts.matched, whole.counts.of_client, whole.counts.of_server), (60, 60, 60));
        assert!(whole.pairs.windows(2).all(|p| p[0].0 < p[1].0 && p[0].1 < p[1].1));
    }

    #[test]
    fn ticks_without_a_clock_are_counted_but_not_matched() {
        let (c, s) = stepped();
        let pieces = [Piece { from: 0, to: 25, clock: None }, Piece { from: 25, to: 60, clock: Some(clock(400.0)) }];
        let whole = match_pieces(&c, &s, &pieces, 4000, &Settings::default()).expect("there is a clock");
        assert_eq!(whole.counts.matched, 35);
        assert!(whole.counts.of_client >= 55);
        assert_eq!(match_pieces(&c, &s, &[Piece { from: 0, to: 60, clock: None }], 4000, &Settings::default()), None);
    }
}
