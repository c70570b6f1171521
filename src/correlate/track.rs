//! Follows the offset of a long log window by window, through drift and clock steps.

use super::fit::{Fitter, Range};
use super::pieces::{Piece, best_split};
use super::refine::{Search, median};
use super::score::{Fit, match_pairs, offset_at, score, to_server};
use super::settings::Settings;
use super::view::stretch;
use crate::model::matching::Clock;

/// Margin around the marks that a window can reach, in seconds.
const MARGIN_S: i64 = 60;

/// One window of ticks and what was found for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Window {
    pub(super) piece: Piece,
    /// Coincidence factor, 0 without a clock.
    pub(super) g: f64,
    /// A full search was needed.
    pub(super) searched: bool,
}

/// The two trains of a log, and how far clocks are searched.
#[derive(Clone, Copy)]
pub(super) struct Trains<'a> {
    /// Ticks.
    pub(super) c: &'a [i64],
    /// Marks.
    pub(super) s: &'a [i64],
    /// The server log covers `[0, span]`.
    pub(super) span: i64,
    pub(super) range: Range<'a>,
}

/// Follows the ticks outwards from the window that holds tick `start`, where the clock `known` was
/// found: fewer searches than from the beginning, and the same alias everywhere.
pub(super) fn track(fitter: &mut Fitter, trains: &Trains, start: usize, known: Clock) -> Vec<Window> {
    let ranges = windows(trains.c, trains.range.settings);
    let first = ranges.iter().position(|(from, to)| (*from..*to).contains(&start)).unwrap_or(0);
    let known = Some(carried(&known, trains, ranges.get(first).copied().unwrap_or_default()));
    let forward = follow(fitter, trains, ranges[first..].iter(), known);
    let back = forward.first().and_then(|window| carry(window, trains));
    let mut found = follow(fitter, trains, ranges[..first].iter().rev(), back);
    found.reverse();
    found.extend(forward);
    found
}

fn follow<'a>(
    fitter: &mut Fitter,
    trains: &Trains,
    ranges: impl Iterator<Item = &'a (usize, usize)>,
    mut before: Option<Clock>,
) -> Vec<Window> {
    let mut found = Vec::new();
    for (from, to) in ranges {
        let (fit, searched) = one(fitter, &Trains { c: &trains.c[*from..*to], ..*trains }, before);
        let piece = Piece { from: *from, to: *to, clock: fit.map(|fit| fit.clock) };
        let window = Window { piece, g: fit.map_or(0.0, |fit| fit.g), searched };
        before = carry(&window, trains);
        found.push(window);
    }
    found
}

/// Ranges of ticks: as many as the settings say, none longer than one clock may explain. A short
/// rest is joined to the window before.
fn windows(c: &[i64], settings: &Settings) -> Vec<(usize, usize)> {
    let mut windows: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    while from < c.len() {
        let to = from + stretch(&c[from..], settings.track_window, settings.stretch).max(1);
        match windows.last_mut() {
            Some(last) if to == c.len() && to - from < settings.track_rest && !settings.old_clocks() => last.1 = to,
            _ => windows.push((from, to)),
        }
        from = to;
    }
    windows
}

/// The clock that the next window starts from; `None` behind a window that nothing fits.
fn carry(window: &Window, trains: &Trains) -> Option<Clock> {
    window.piece.clock.map(|clock| carried(&clock, trains, (window.piece.from, window.piece.to)))
}

/// The offset in the middle of a range of ticks, taken as constant: the drift of one window is too
/// uncertain to be carried over a weekend. Bad clocks must be carried with their drift.
fn carried(clock: &Clock, trains: &Trains, (from, to): (usize, usize)) -> Clock {
    if trains.range.settings.old_clocks() {
        return *clock;
    }
    let centre = trains.c.get((from + to) / 2).map_or(clock.mid, |tick| to_server(clock, *tick));
    Clock { delta: offset_at(clock, centre), rho: 0.0, mid: centre }
}

/// The fit of one window, and whether it took a full search: near the clock before if that fits.
fn one(fitter: &mut Fitter, trains: &Trains, before: Option<Clock>) -> (Option<Fit>, bool) {
    let Trains { c, s, span, range } = *trains;
    let settings = range.settings;
    let good = |fit: &Fit| fit.g >= settings.track_g;
    if let Some(before) = before {
        let search = Search { half: settings.track_half, drift: settings.track_drift };
        let clock = fitter.refine.refine(c, s, &before, &search, settings);
        if let Some(fit) = clock.and_then(|clock| score(c, s, clock, span, settings)).filter(good) {
            return (Some(fit), false);
        }
    }
    let (first, last) = (c[0] - range.reach - MARGIN_S, c[c.len() - 1] + range.reach + MARGIN_S);
    let near = &s[s.partition_point(|mark| *mark < first)..s.partition_point(|mark| *mark <= last)];
    if near.len() < settings.analysable_bursts {
        return (None, false);
    }
    (fitter.best_on(c, near, span, &range).filter(good), true)
}

/// The median offset of a window's matched pairs: robust against the fit's own drift.
pub(super) fn offset(c: &[i64], s: &[i64], clock: &Clock, w: f64) -> Option<f64> {
    let mut offsets = Vec::new();
    match_pairs(c, s, clock, w, |i, j| offsets.push((c[i] - s[j]) as f64));
    if offsets.is_empty() { None } else { Some(median(&mut offsets)) }
}

/// Where the clocks of two neighbouring windows differ by more than a step, moves their border to the
/// tick where the clock jumped. Windows without a clock between them are shared out too.
pub(super) fn sharpen(pieces: &mut [Piece], trains: &Trains) {
    let Trains { c, s, range: Range { settings, .. }, .. } = *trains;
    let mut before: Option<usize> = None;
    for at in 0..pieces.len() {
        let Some(new) = pieces[at].clock else { continue };
        if let Some(last) = before
            && let Some(old) = pieces[last].clock
            && jump(&old, &new, c[pieces[at].from]).abs() > settings.step_size
        {
            let (from, to) = (pieces[last].from, pieces[at].to);
            let border = from + best_split(&c[from..to], s, &old, &new, settings.match_tolerance);
            pieces[last].to = border;
            pieces[last + 1..at].iter_mut().for_each(|piece| (piece.from, piece.to) = (border, border));
            pieces[at].from = border;
        }
        before = Some(at);
    }
}

/// New offset minus old offset at a tick.
pub(super) fn jump(old: &Clock, new: &Clock, tick: i64) -> f64 {
    offset_at(new, to_server(new, tick)) - offset_at(old, to_server(old, tick))
}
