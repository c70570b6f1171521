//! The whole log: which clock holds when, which pairs match, where the clock was set.

use super::fit::Fitter;
use super::pieces::{Piece, Whole, match_pieces};
use super::refine::{Line, median};
use super::rest::rest;
use super::score::{Fit, offset_at};
use super::side::Side;
use super::track::{Trains, Window, jump, offset, sharpen, track};
use crate::model::matching::Clock;

/// A log whose offset jumps at more than one window in this many is not followed at all: the
/// windows fit something else each time.
const WINDOWS_PER_STEP: usize = 4;

/// A jump of the clock between two matched ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) after: usize,
    pub(super) before: usize,
    pub(super) seconds: f64,
}

/// The whole log, laid over the bursts. Times count from the start of the coverage.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Log {
    pub(super) whole: Whole,
    /// The clock at the middle between first and last pair.
    pub(super) clock: Clock,
    /// Tick, offset and coincidence factor of every window; empty for short logs.
    pub(super) track: Vec<(usize, Option<f64>, f64)>,
    pub(super) steps: Vec<Step>,
}

/// Matches the whole log: with the chosen clock, or window by window if that explains more.
/// `start` is the tick in the middle of the analysis window. `None` if nothing can be counted.
pub(super) fn whole_log(fitter: &mut Fitter, trains: &Trains, own: &Side, start: usize, chosen: &Fit) -> Option<Log> {
    let Trains { c, s, span, range } = *trains;
    let settings = range.settings;
    let single = [Piece { from: 0, to: c.len(), clock: Some(chosen.clock) }];
    let plain = match_pieces(c, s, &single, span, settings);
    let mut windows = Vec::new();
    if c.len() > settings.track_window || c.len() > super::view::stretch(c, c.len(), settings.stretch) {
        windows = track(fitter, trains, start, chosen.clock);
    }
    let mut pieces: Vec<Piece> = windows.iter().map(|window| window.piece).collect();
    sharpen(&mut pieces, trains);
    let borders = borders(&pieces, trains);
    let followed = match_pieces(c, s, &pieces, span, settings)
        .filter(|_| borders.len() * WINDOWS_PER_STEP <= pieces.len().max(WINDOWS_PER_STEP))
        .filter(|whole| plain.as_ref().is_none_or(|plain| whole.counts.matched >= plain.counts.matched));
    let track = points(&windows, trains);
    let (mut pieces, mut whole, single) = match (followed, plain) {
        (Some(whole), _) => (pieces, whole, false),
        (None, Some(whole)) => (single.to_vec(), whole, true),
        (None, None) => return None,
    };
    let mut borders = if single { Vec::new() } else { borders };
    if borders.is_empty()
        && let Some((more, both)) = rest(fitter, trains, own, &pieces, &whole)
    {
        (borders, pieces, whole) = (self::borders(&more, trains), more, both);
    }
    let clock = if single && borders.is_empty() {
        recentred(chosen.clock, &whole, s)
    } else {
        middle_clock(&whole, trains, &pieces, &borders, chosen.clock)
    };
    let steps = steps(&whole, &borders);
    Some(Log { whole, clock, track, steps })
}

/// Tick, offset and factor of every window's centre.
fn points(windows: &[Window], trains: &Trains) -> Vec<(usize, Option<f64>, f64)> {
    let point = |window: &Window| {
        let Piece { from, to, clock } = window.piece;
        let offset = clock
            .and_then(|clock| offset(&trains.c[from..to], trains.s, &clock, trains.range.settings.match_tolerance));
        ((from + to) / 2, offset, window.g)
    };
    windows.iter().map(point).collect()
}

/// Ticks at which the clock jumps by more than a step, and by how much.
fn borders(pieces: &[Piece], trains: &Trains) -> Vec<(usize, f64)> {
    let clocked: Vec<&Piece> = pieces.iter().filter(|piece| piece.clock.is_some()).collect();
    let mut borders = Vec::new();
    for pair in clocked.windows(2) {
        if let (Some(old), Some(new), Some(tick)) = (pair[0].clock, pair[1].clock, trains.c.get(pair[1].from)) {
            let seconds = jump(&old, &new, *tick);
            if seconds.abs() > trains.range.settings.step_size {
                borders.push((pair[1].from, seconds));
            }
        }
    }
    borders
}

/// The steps as seen in the matched ticks around each border.
fn steps(whole: &Whole, borders: &[(usize, f64)]) -> Vec<Step> {
    let step = |(border, seconds): &(usize, f64)| {
        let at = whole.pairs.partition_point(|(tick, _)| tick < border);
        let after = whole.pairs.get(at.checked_sub(1)?)?.0;
        Some(Step { after, before: whole.pairs.get(at)?.0, seconds: *seconds })
    };
    borders.iter().filter_map(step).collect()
}

/// Server time in the middle between the first and the last pair.
fn middle(whole: &Whole, s: &[i64]) -> Option<f64> {
    let (first, last) = (whole.pairs.first()?.1, whole.pairs.last()?.1);
    Some((s[first] + s[last]) as f64 / 2.0)
}

/// The same clock with its offset told at the middle of the pairs.
fn recentred(clock: Clock, whole: &Whole, s: &[i64]) -> Clock {
    let mid = middle(whole, s).unwrap_or(clock.mid);
    Clock { delta: offset_at(&clock, mid), rho: clock.rho, mid }
}

/// The clock of the stretch without steps that holds the middle of the pairs.
fn middle_clock(whole: &Whole, trains: &Trains, pieces: &[Piece], borders: &[(usize, f64)], chosen: Clock) -> Clock {
    let Some(mid) = middle(whole, trains.s) else { return chosen };
    let at = whole.pairs.partition_point(|(_, mark)| (trains.s[*mark] as f64) < mid);
    let Some((tick, _)) = whole.pairs.get(at.min(whole.pairs.len() - 1)).copied() else { return chosen };
    let border = borders.partition_point(|(border, _)| *border <= tick);
    let from = border.checked_sub(1).map_or(0, |before| borders[before].0);
    let to = borders.get(border).map_or(trains.c.len(), |(border, _)| *border);
    let points: Vec<(f64, f64)> = whole
        .pairs
        .iter()
        .filter(|(tick, _)| (from..to).contains(tick))
        .map(|(tick, mark)| (trains.s[*mark] as f64 - mid, (trains.c[*tick] - trains.s[*mark]) as f64))
        .collect();
    let length = points.last().map_or(0.0, |last| last.0) - points.first().map_or(0.0, |first| first.0);
    let settings = trains.range.settings;
    if points.len() >= settings.refine_inliers && length > settings.refine_span {
        // offsets are large, their differences small
        let (mut line, first) = (Line::default(), points[0].1);
        points.iter().for_each(|(x, e)| line.add(*x, e - first));
        let (delta, rho) = line.fit();
        return Clock { delta: first + delta, rho, mid };
    }
    let holds = |piece: &&Piece| (piece.from..piece.to).contains(&tick);
    let rho = pieces.iter().find(holds).and_then(|piece| piece.clock).unwrap_or(chosen).rho;
    let mut offsets: Vec<f64> = points.iter().map(|(x, e)| e - rho * x).collect();
    Clock { delta: median(&mut offsets), rho, mid }
}
