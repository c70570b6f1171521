//! A clock that was set in a log too short to be followed window by window: one end of the log that
//! the clock of the other end does not explain.

use super::alias::alias;
use super::fit::{Fitter, Range, best_and_rivals};
use super::null::null;
use super::pieces::{Piece, Whole, best_split, match_pieces};
use super::rng::Rng;
use super::score::{Fit, score};
use super::settings::Settings;
use super::side::Side;
use super::track::{Trains, jump};

/// Fewest ticks at an end that are worth a search of their own.
const LEAST_TICKS: usize = 12;
/// Shuffled copies of these ticks, all of which a clock of their own must beat: a search through all
/// offsets finds something for a dozen ticks.
const COPIES: usize = 19;

/// The log in two pieces, where one end has a clock of its own: both pieces fit, and together they
/// explain more than one clock did. `None` where one clock is enough.
pub(super) fn rest(
    fitter: &mut Fitter,
    trains: &Trains,
    own: &Side,
    pieces: &[Piece],
    whole: &Whole,
) -> Option<(Vec<Piece>, Whole)> {
    let (prefix, suffix) = unexplained(trains.c.len(), whole);
    let at_end = trains.c.len() - suffix >= prefix;
    let (from, to) = if at_end { (suffix, trains.c.len()) } else { (0, prefix) };
    if to - from < LEAST_TICKS {
        return None;
    }
    let other = *if at_end { pieces.last() } else { pieces.first() }?;
    let known = other.clock?;
    // offsets against burst ends and onsets differ by the length of a burst
    let same_marks = |fit: &Fit| own.marks(fit.on_ends) == trains.s;
    let new = clock_of_its_own(fitter, &trains.c[from..to], own, &trains.range).filter(same_marks)?.clock;
    if jump(&known, &new, trains.c[from]).abs() <= trains.range.settings.step_size {
        return None;
    }
    let pieces = split(trains, pieces, at_end, Piece { from, to, clock: Some(new) });
    let stands = |piece: Option<&Piece>| piece.is_some_and(|piece| fits(trains, piece));
    if !stands(pieces.first()) || !stands(pieces.last()) {
        return None;
    }
    let settings = trains.range.settings;
    let both = match_pieces(trains.c, trains.s, &pieces, trains.span, settings)?;
    let gains = both.counts.matched >= whole.counts.matched + settings.match_pairs;
    gains.then_some((pieces, both))
}

/// The end of the prefix and the start of the suffix of the ticks in which unmatched ticks outnumber
/// the matched ones most.
fn unexplained(ticks: usize, whole: &Whole) -> (usize, usize) {
    let mut matched = vec![false; ticks];
    whole.pairs.iter().for_each(|(tick, _)| matched[*tick] = true);
    let longest = |matched: &mut dyn Iterator<Item = &bool>| {
        let (mut sum, mut best, mut length) = (0_i64, 0, 0);
        for (at, matched) in matched.enumerate() {
            sum += if *matched { -1 } else { 1 };
            if sum > best {
                (best, length) = (sum, at + 1);
            }
        }
        length
    };
    (longest(&mut matched.iter()), ticks - longest(&mut matched.iter().rev()))
}

/// The clock of a few ticks, if no shuffled copy of them fits as well.
fn clock_of_its_own(fitter: &mut Fitter, c: &[i64], own: &Side, range: &Range) -> Option<Fit> {
    let settings = range.settings;
    let (fit, rivals) = best_and_rivals(c, own, range)?;
    let good = fit.g >= settings.confirmed_g
        && fit.matched >= settings.match_pairs
        && fit.clock.rho.abs() <= settings.drift_accepted;
    if !good {
        return None;
    }
    let few = Settings { shuffles: COPIES, shuffle_stop: 1, ..settings.clone() };
    let null = null(c, fit.s, &few, &mut Rng::of_train(c), |fitter, copy| fitter.best(copy, own, range));
    let beaten = null.done == COPIES && null.p <= 1.0 / (COPIES + 1) as f64;
    beaten.then(|| alias(fitter, c, own, (&fit, &rivals), range).map_or(fit, |alias| alias.chosen))
}

/// The pieces with a new one at one end, the border being where both clocks together match most.
fn split(trains: &Trains, pieces: &[Piece], at_end: bool, new: Piece) -> Vec<Piece> {
    let mut pieces = pieces.to_vec();
    let w = trains.range.settings.match_tolerance;
    let old = if at_end { pieces.last_mut() } else { pieces.first_mut() };
    let (Some(old), Some(new_clock)) = (old, new.clock) else { return pieces };
    let Some(old_clock) = old.clock else { return pieces };
    let (from, to) = (old.from, old.to);
    let ticks = &trains.c[from..to];
    if at_end {
        old.to = from + best_split(ticks, trains.s, &old_clock, &new_clock, w);
        let border = old.to;
        pieces.push(Piece { from: border, to, clock: new.clock });
    } else {
        old.from = from + best_split(ticks, trains.s, &new_clock, &old_clock, w);
        let border = old.from;
        pieces.insert(0, Piece { from, to: border, clock: new.clock });
    }
    pieces
}

/// The piece's clock explains it by itself.
fn fits(trains: &Trains, piece: &Piece) -> bool {
    let Trains { c, s, span, range } = *trains;
    let fit = piece.clock.and_then(|clock| score(&c[piece.from..piece.to], s, clock, span, range.settings));
    fit.is_some_and(|fit| fit.g >= range.settings.confirmed_g && fit.matched >= range.settings.match_pairs)
}
