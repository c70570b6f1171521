//! One client log and one server's bursts: all steps in order.

use super::alias::{Alias, alias};
use super::client::Client;
use super::decoys::{Decoys, decoys};
use super::fit::{Fitter, Range, best_and_rivals};
use super::log::{Log, Step, whole_log};
use super::null::{Null, null};
use super::rng::Rng;
use super::score::{Counts, Fit};
use super::settings::Settings;
use super::side::Side;
use super::track::Trains;
use super::undated::undated;
use super::view::{View, place, stretch};
use crate::model::matching::{Clock, ClockStep, Correlation, Match, NotComparable, Pair, TrackPoint, nats};
use crate::model::timeline::Dating;

/// Lays a client's ticks over the bursts of its workstation on one server, and judges the fit by
/// shuffled copies of the ticks and by other workstations of the same log.
///
/// `decoys` are the storming trains of other workstations; `true` marks one that shares an account
/// with this workstation. Pure: equal arguments give equal results, whatever else runs.
pub fn correlate(client: &Client, own: &Side, decoys: &[(&Side, bool)], settings: &Settings) -> Correlation {
    if client.dating == Dating::Undated && client.attempts > 0 && own.bursts() > 0 {
        return Correlation::Undated(undated(client, own, settings));
    }
    match in_time(client, own, decoys, settings) {
        Ok(found) => Correlation::InTime(Box::new(found)),
        Err(why) => Correlation::Not(why),
    }
}

fn in_time(client: &Client, own: &Side, others: &[(&Side, bool)], settings: &Settings) -> Result<Match, NotComparable> {
    let view = comparable(client, own, settings)?;
    let range = Range { reach: view.reach, settings };
    let mut fitter = Fitter::default();
    let mut rng = Rng::of_train(&view.ticks);
    let (from, to) = analysis_window(&view.ticks, settings, &mut rng);
    let ticks = &view.ticks[from..to];
    let (fit, rivals) = best_and_rivals(ticks, own, &range).ok_or(NotComparable::NoFit)?;
    let null = null(ticks, fit.s, settings, &mut rng, |fitter, copy| fitter.best(copy, own, &range));
    let alias = alias(&mut fitter, ticks, own, (&fit, &rivals), &range);
    let chosen = alias.map_or(fit, |alias| alias.chosen);
    let marks = own.marks(chosen.on_ends);
    let trains = Trains { c: &view.ticks, s: marks, span: own.span(), range };
    let log = whole_log(&mut fitter, &trains, own, (from + to) / 2, &chosen).ok_or(NotComparable::NoFit)?;
    let decoys = decoys(&mut fitter, client, own, others, settings);
    let judged = Judged { fit, chosen, compared: ticks.len(), null, alias, decoys };
    Ok(assemble(client, own, view, &judged, log, settings))
}

/// The ticks as the server's log sees them, if there is enough on both sides.
fn comparable(client: &Client, own: &Side, settings: &Settings) -> Result<View, NotComparable> {
    if client.dating == Dating::Undated {
        return Err(NotComparable::Undated);
    }
    if client.times.len() < settings.analysable_ticks {
        return Err(NotComparable::FewTicks);
    }
    if own.bursts() < settings.analysable_bursts {
        return Err(NotComparable::FewBursts);
    }
    let view = place(client, own, settings);
    if view.ticks.len() < settings.analysable_ticks { Err(NotComparable::NoCommonSpan) } else { Ok(view) }
}

/// The ticks that are compared with shuffles: as many in a row as the settings allow, from a place
/// drawn by the train itself; with bad clocks the densest stretch that one clock can explain.
fn analysis_window(ticks: &[i64], settings: &Settings, rng: &mut Rng) -> (usize, usize) {
    let most = settings.analysis_window;
    if settings.old_clocks() {
        let length = |from: usize| stretch(&ticks[from..], most, settings.stretch);
        let from = (0..ticks.len()).max_by_key(|from| (length(*from), std::cmp::Reverse(*from))).unwrap_or(0);
        return (from, from + length(from));
    }
    let from = if ticks.len() > most { rng.below(ticks.len() - most + 1) } else { 0 };
    (from, ticks.len().min(from + most))
}

/// What the analysis window gave.
struct Judged {
    /// Before the alias step, as the shuffled copies are fitted.
    fit: Fit,
    chosen: Fit,
    compared: usize,
    null: Null,
    alias: Option<Alias>,
    decoys: Decoys,
}

/// Puts everything into the noun that verdicts and reports read, in Unix seconds.
fn assemble(client: &Client, own: &Side, mut view: View, judged: &Judged, log: Log, settings: &Settings) -> Match {
    let server = own.from();
    let (mut delta, mut day) = (log.clock.delta, 0.0);
    if client.dating == Dating::TimeOfDay {
        delta = view.find_day(log.clock.delta);
        day = log.clock.delta - delta;
    }
    let moved = |tick: usize| client.moved(view.skipped + tick);
    let client_sec = |tick: usize| view.ticks[tick] + view.shift - moved(tick);
    let marks = own.marks(judged.chosen.on_ends);
    let pair = |(tick, mark): &(usize, usize)| Pair {
        tick: client.index[view.skipped + tick],
        client_sec: client_sec(*tick),
        server_sec: marks[*mark] + server,
    };
    let point = |(tick, offset, g): &(usize, Option<f64>, f64)| {
        let tick = (*tick).min(view.ticks.len() - 1);
        let offset = offset.map(|offset| offset - day - moved(tick) as f64);
        TrackPoint { client_sec: client_sec(tick), offset, g: *g }
    };
    let step = |step: &Step| ClockStep {
        after: client_sec(step.after),
        before: client_sec(step.before),
        seconds: step.seconds - (moved(step.before) - moved(step.after)) as f64,
    };
    let steps = with_set_back(&log, client, view.skipped, settings);
    delta -= middle_tick(&log, marks).map_or(0, moved) as f64;
    let Judged { fit, chosen, null, decoys, .. } = judged;
    let counts = log.whole.counts;
    let g = log.whole.g.unwrap_or(chosen.g);
    Match {
        matched: counts.matched,
        of_client: counts.of_client,
        of_server: counts.of_server,
        g,
        s: fit.s,
        clock: Clock { delta, rho: log.clock.rho, mid: log.clock.mid + server as f64 },
        on_ends: chosen.on_ends,
        compared: judged.compared,
        compared_matched: chosen.matched,
        p: null.p,
        z: null.z,
        p_gumbel: null.p_gumbel,
        shuffles: null.done,
        shuffled_best: null.most_matched,
        decoys: decoys.compared,
        decoy_best: decoys.best_matched,
        decoy_ratio: decoys.ratio,
        decoy_rank_first: decoys.first,
        decoy_ok: decoys.ok
            && whole_log_agrees(&counts, g, log.clock.rho, settings)
            && !judged.alias.is_some_and(|alias| only_rhythm(&alias, null, settings)),
        alias: judged.alias.map(|alias| alias.ratio),
        one_loop: judged.alias.and_then(|alias| alias.one_loop),
        ambiguous_by: judged.alias.filter(|alias| alias.ratio > settings.alias_flag).map(|alias| alias.period),
        track: log.track.iter().map(point).collect(),
        steps: steps.iter().map(step).collect(),
        pairs: log.whole.pairs.iter().map(pair).collect(),
        ticks: client.ticks(),
        bursts: own.bursts(),
    }
}

/// The steps that the pairs show, and those that the order of the lines tells of between pairs that one
/// clock explains once the lines behind are moved on: a few pairs on either side.
fn with_set_back(log: &Log, client: &Client, skipped: usize, settings: &Settings) -> Vec<Step> {
    let pairs = &log.whole.pairs;
    let mut steps = log.steps.clone();
    for (place, _) in &client.set_back {
        let Some(place) = place.checked_sub(skipped) else { continue };
        let behind = pairs.partition_point(|(tick, _)| *tick < place);
        let seen = behind >= settings.match_pairs && pairs.len() - behind >= settings.match_pairs;
        if seen && !steps.iter().any(|step| step.after < place && place <= step.before) {
            steps.push(Step { after: pairs[behind - 1].0, before: pairs[behind].0, seconds: 0.0 });
        }
    }
    steps.sort_by_key(|step| step.after);
    steps
}

/// The tick of the pair in the middle between the first and the last.
fn middle_tick(log: &Log, marks: &[i64]) -> Option<usize> {
    let pairs = &log.whole.pairs;
    let middle = (marks[pairs.first()?.1] + marks[pairs.last()?.1]) / 2;
    let at = pairs.partition_point(|(_, mark)| marks[*mark] < middle);
    Some(pairs[at.min(pairs.len() - 1)].0)
}

/// False where the whole log speaks against the match. Other workstations are compared with the
/// first part of a log only, and for some hours two loops without pauses fit each other better than
/// either fits a third; over days they do not.
fn whole_log_agrees(counts: &Counts, g: f64, rho: f64, settings: &Settings) -> bool {
    let long = counts.of_client.min(counts.of_server) >= settings.contradicted_marks;
    let unlike = long && g < settings.contradicted_g;
    !unlike && counts.matched >= settings.match_pairs && rho.abs() <= settings.drift_accepted
}

/// True where the fit may be the rhythm alone: shifted by whole periods it is as good, and neither do
/// shuffled copies, which keep the rhythm, fit worse, nor does the rhythm itself tell of one loop.
/// Another loop of the same period on the same computer is such a fit, and it is better than any other
/// workstation's, whose periods are different.
fn only_rhythm(alias: &Alias, null: &Null, settings: &Settings) -> bool {
    let one_loop = alias.one_loop.unwrap_or(0.0);
    let by_shuffles = null.p <= settings.decoy_p && one_loop + nats(null.z) >= 0.0;
    alias.ratio > settings.alias_flag && one_loop < settings.one_loop && !by_shuffles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_workstations_prove_nothing_where_a_shuffled_loop_fits_as_well() {
        let check = |ratio: f64, p: f64, z: f64, one_loop: Option<f64>| {
            let clock = Clock { delta: 0.0, rho: 0.0, mid: 0.0 };
            let chosen = Fit { clock, matched: 9, of_client: 9, of_server: 9, g: 1.0, s: 3.0, on_ends: true };
            let alias = Alias { chosen, ratio, period: 61.0, one_loop };
            only_rhythm(&alias, &Null { p, z, p_gumbel: p, done: 99, most_matched: 5 }, &Settings::default())
        };
        assert!(check(0.97, 0.18, 1.0, None));
        assert!(check(0.97, 0.18, 1.0, Some(4.0)));
        assert!(!check(0.97, 0.18, 1.0, Some(5.0))); // the rhythm itself tells of one loop
        assert!(!check(0.97, 0.05, 2.0, None)); // the shuffled copies fit less well
        assert!(!check(0.97, 0.05, 2.0, Some(-1.0)));
        assert!(check(0.97, 0.01, 2.9, Some(-20.0))); // but two loops are far likelier
        assert!(!check(0.90, 0.18, 1.0, None)); // one offset is better than those beside it
    }

    /// `of` ticks and bursts each side, `matched` of them, a drift in ppm.
    fn check(of: usize, matched: usize, g: f64, ppm: f64, agrees: bool) {
        let counts = Counts { matched, of_client: of, of_server: of, overlap: 1e5 };
        assert_eq!(whole_log_agrees(&counts, g, ppm * 1e-6, &Settings::default()), agrees, "{of} {g} {ppm}");
    }

    #[test]
    fn a_first_part_that_fits_confirms_nothing_when_the_rest_does_not() {
        check(5000, 660, 0.03, 20.0, false);
        check(5000, 2000, 0.30, 187.0, false);
        check(5000, 2000, 0.30, -177.0, false);
    }

    #[test]
    fn a_log_that_tells_of_more_than_its_workstation_still_counts() {
        check(650, 210, 0.25, 14.0, true); // a machine renamed at half time
        check(20, 8, 0.10, 14.0, true); // too short to speak against it
    }
}
