//! The same client log against other workstations: the null that needs no model.

use rayon::prelude::*;

use super::client::Client;
use super::fit::{Fitter, Range, with_fitter};
use super::score::Fit;
use super::settings::Settings;
use super::side::Side;
use super::view::{View, place, stretch};

/// What the other workstations gave.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Decoys {
    /// Others compared, those that share an account left out.
    pub(super) compared: usize,
    /// Matched pairs of the best other.
    pub(super) best_matched: Option<usize>,
    /// Score of the best other / own score.
    pub(super) ratio: Option<f64>,
    pub(super) first: bool,
    /// The whole rule holds.
    pub(super) ok: bool,
}

/// Compares the first ticks with the own workstation and with the others (`true`: shares an
/// account, so it may be the same machine under an older name and counts as own). Of too many
/// others those with most bursts are taken.
pub(super) fn decoys(
    fitter: &mut Fitter,
    client: &Client,
    own: &Side,
    others: &[(&Side, bool)],
    settings: &Settings,
) -> Decoys {
    let mut best_own = ends_only(fitter, client, own, settings);
    let mut kept: Vec<(usize, &(&Side, bool))> =
        others.iter().enumerate().filter(|(_, (side, _))| side.bursts() >= settings.analysable_bursts).collect();
    kept.sort_by_key(|(at, (side, _))| (std::cmp::Reverse(side.bursts()), *at));
    kept.truncate(settings.decoys);
    let fits: Vec<(bool, Option<Fit>)> = kept
        .par_iter()
        .map(|(_, (side, shares))| (*shares, with_fitter(|fitter| ends_only(fitter, client, side, settings))))
        .collect();
    let mut runner: Option<Fit> = None;
    let mut compared = 0;
    for (shares, fit) in fits {
        if shares {
            best_own = super::fit::better(best_own, fit);
        } else {
            compared += 1;
            runner = super::fit::better(runner, fit);
        }
    }
    judge(best_own, runner, compared, settings)
}

fn judge(own: Option<Fit>, runner: Option<Fit>, compared: usize, settings: &Settings) -> Decoys {
    let runner_s = runner.map_or(0.0, |fit| fit.s.max(0.0));
    let first = own.is_some_and(|own| own.s > runner_s);
    let ratio = own.filter(|own| own.s > 0.0).map(|own| runner_s / own.s).filter(|_| compared > 0);
    let sane = |own: Fit| {
        own.matched >= settings.match_pairs
            && own.g >= settings.confirmed_g
            && own.clock.rho.abs() <= settings.drift_accepted
    };
    let ok = first
        && compared >= settings.decoys_min
        && ratio.is_some_and(|ratio| ratio <= settings.decoy_ratio)
        && own.is_some_and(sane);
    let best_matched = (compared > 0).then(|| runner.map_or(0, |fit| fit.matched));
    Decoys { compared, best_matched, ratio, first, ok }
}

/// The workstation that an unattributed log fits, as an index into `sides`, or `None`.
///
/// It must be clearly first (the runner-up reaches at most half its score) and explain at least half
/// of what could be explained: loops without pauses fit each other well enough to win by less. A
/// suggestion only. Sides with fewer than five bursts are passed over.
pub fn suggest(client: &Client, sides: &[&Side], settings: &Settings) -> Option<usize> {
    let mut fitter = Fitter::default();
    let mut best: Option<(usize, Fit)> = None;
    let mut runner_s = 0.0_f64;
    for (at, side) in sides.iter().enumerate().filter(|(_, side)| side.bursts() >= settings.analysable_bursts) {
        let Some(fit) = ends_only(&mut fitter, client, side, settings) else { continue };
        match best {
            Some((_, before)) if fit.s <= before.s => runner_s = runner_s.max(fit.s),
            _ => {
                runner_s = best.map_or(runner_s, |(_, before)| runner_s.max(before.s));
                best = Some((at, fit));
            }
        }
    }
    let (at, fit) = best?;
    let clear = runner_s <= settings.decoy_ratio * fit.s;
    let strong = fit.matched >= settings.match_pairs && fit.g >= settings.suggest_g;
    (clear && strong && fit.clock.rho.abs() <= settings.drift_accepted).then_some(at)
}

/// The fit of the first ticks to the burst ends of a side.
fn ends_only(fitter: &mut Fitter, client: &Client, side: &Side, settings: &Settings) -> Option<Fit> {
    let View { ticks, reach, .. } = place(client, side, settings);
    let ticks = &ticks[..stretch(&ticks, settings.decoy_ticks.min(settings.analysis_window), settings.stretch)];
    if ticks.len() < settings.analysable_ticks {
        return None;
    }
    fitter.best_on(ticks, side.ends(), side.span(), &Range { reach, settings })
}
