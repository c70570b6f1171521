//! The sentences about the two sides: how well the client's own log agrees with the server's.

use super::facts::RowFacts;
use super::ladder::Basis;
use super::text;
use crate::model::finding::Class;
use crate::model::matching::{ClockStep, Correlation, Match, NotComparable, UndatedMatch};
use crate::model::time::rfc3339;

/// A clock step this close to an hour is daylight saving, in seconds.
const SAVING_S: f64 = 60.0;
/// Failed lines per server burst above which lines are perhaps counted wrongly.
const TOO_MANY_LINES: f64 = 2.0;
/// Clock steps that are told one by one.
const STEPS: usize = 3;

/// The sentence of the verdict; `None` where there is no verdict.
pub(super) fn sentence(facts: &RowFacts) -> Option<String> {
    let basis = facts.decision?.basis;
    let found = match facts.correlation {
        Some(Correlation::InTime(found)) => Some(found.as_ref()),
        _ => None,
    };
    let attempts = facts.client.map_or(0, |client| client.attempts);
    let covers = facts.client.map_or(0.0, |client| client.covers);
    Some(match (basis, found) {
        (Basis::NoClientLog, _) => format!("no client log given for {}", facts.workstation),
        (Basis::NoFailures, _) if attempts == 0 => {
            "the client's log tells of no failed attempt, the servers of no failure".to_owned()
        }
        (Basis::NoFailures, _) => {
            format!("{} in the client's log, no failure on any server", text::counted(attempts, "attempt"))
        }
        (Basis::Shuffles | Basis::Decoys, Some(found)) => {
            format!("client log and server log agree: {}{}", pairs(facts, found), rivals(found))
        }
        (Basis::Steady, Some(found)) => {
            let loops = facts.finding.and_then(|finding| finding.features.period);
            let steady = loops.map_or_else(
                || "but too few lines to tell".to_owned(),
                |period| format!("but a steady {} loop fits anything", text::period(period.seconds)),
            );
            format!("fits: {}, {steady}{}", pairs(facts, found), rivals(found))
        }
        (Basis::WholeHour, Some(found)) => {
            format!("fits at a whole number of hours: {}{}", pairs(facts, found), rivals(found))
        }
        (Basis::Successes, Some(found)) => format!(
            "fits ({} of {}), but the client succeeds {} meanwhile: another program or user on this computer",
            text::count(found.matched as u64),
            text::count(retries(found)),
            times(facts.client.map_or(0, |client| client.successes))
        ),
        (Basis::Drift, Some(found)) => {
            let ppm = found.clock.rho * 1e6;
            format!("cannot be decided: {}, with an implausible drift of {ppm:.0} ppm", pairs(facts, found))
        }
        (Basis::Unlike, Some(found)) => format!(
            "{}: no clock offset brings both logs together, at best {} of {} client retries fit",
            elsewhere(facts),
            text::count(found.matched as u64),
            text::count(retries(found))
        ),
        (Basis::Undecided, Some(found)) => {
            format!(
                "no decision in time: {}{}; {}",
                pairs(facts, found),
                rivals(found),
                totals(found.ticks, found.bursts)
            )
        }
        (Basis::NoFailedLines, _) => format!(
            "{}: the client log covers {:.0} % of the storm and tells of no failed attempt, if the client clock is right",
            elsewhere(facts),
            covers * 100.0
        ),
        (Basis::NothingToCompare, _) if attempts == 0 => {
            "names match, but the client log tells of no failed attempt and covers little of the time".to_owned()
        }
        (Basis::NotComparable(why), _) => not_comparable(attempts, why),
        (Basis::RunLengths | Basis::TooLong | Basis::CountsOnly, _) => undated(facts, basis)?,
        _ => format!("names match, not compared in time: {} in the client's log", text::counted(attempts, "attempt")),
    })
}

/// Client retries to compare with. At the very edge of the log's coverage a retry may match although it
/// counts as outside, so never fewer than have matched.
fn retries(found: &Match) -> u64 {
    found.of_client.max(found.matched) as u64
}

/// `523 of 539 client retries have a server failure within 2.5 s once the client clock is taken
/// 6 h 13 min 42 s ahead (+-1 s)`.
fn pairs(facts: &RowFacts, found: &Match) -> String {
    let counts = format!(
        "{} of {} client {} have a server failure within {:.1} s",
        text::count(found.matched as u64),
        text::count(retries(found)),
        if retries(found) == 1 { "retry" } else { "retries" },
        facts.tolerance_s
    );
    let offset = facts.offset_s.unwrap_or(found.clock.delta);
    let error = match found.ambiguous_by {
        Some(period) => format!("modulo {}", text::period(period)),
        None => "+-1 s".to_owned(),
    };
    let size = text::offset(offset);
    if size == "0 s" {
        return format!("{counts} with both clocks as they are ({error})");
    }
    let way = if offset > 0.0 { "ahead" } else { "behind" };
    format!("{counts} once the client clock is taken {size} {way} ({error}){}", validity(found))
}

/// When the offset holds, where the drift moves it by more than a second over the log.
fn validity(found: &Match) -> String {
    let (Some(first), Some(last)) = (found.pairs.first(), found.pairs.last()) else { return String::new() };
    let span = last.server_sec.saturating_sub(first.server_sec);
    if !found.steps.is_empty() || (found.clock.rho * span as f64).abs() <= 1.0 {
        return String::new();
    }
    let mid = first.server_sec.saturating_add(span / 2);
    format!(" at {}, drifting {:.0} ppm", rfc3339(mid), found.clock.rho * 1e6)
}

/// What the shuffled logs and the other workstations reached.
fn rivals(found: &Match) -> String {
    let mut out = String::new();
    if found.shuffles > 0 {
        if found.compared < found.ticks {
            let (matched, compared) = (text::count(found.compared_matched as u64), text::count(found.compared as u64));
            out.push_str(&format!("; of {compared} in a row {matched}"));
        }
        let best = text::count(found.shuffled_best as u64);
        out.push_str(&format!("; in {} the best was {best}", text::counted(found.shuffles as u64, "shuffled log")));
    }
    if let Some(best) = found.decoy_best {
        let others = text::counted(found.decoys as u64, "other workstation");
        out.push_str(&format!("; of {others} the best was {}", text::count(best as u64)));
    }
    out
}

fn elsewhere(facts: &RowFacts) -> &'static str {
    match facts.class {
        Class::Storm | Class::PossibleStorm => "something else on this computer is retrying",
        _ => "not the metering client of this computer",
    }
}

fn times(n: u64) -> String {
    if n == 1 { "once".to_owned() } else { format!("{} times", text::count(n)) }
}

fn totals(attempts: usize, bursts: usize) -> String {
    let ratio = attempts as f64 / bursts.max(1) as f64;
    let fit = if (0.5..=2.0).contains(&ratio) { "compatible" } else { "not compatible" };
    let bursts = text::counted(bursts as u64, "server burst");
    format!("totals are {fit}: {}, {bursts}", text::counted(attempts as u64, "client attempt"))
}

fn not_comparable(attempts: u64, why: NotComparable) -> String {
    let why = match why {
        NotComparable::Undated => "the client's lines carry no stamps",
        NotComparable::FewTicks => "too few client retries",
        NotComparable::FewBursts => "too few bursts on the server",
        NotComparable::NoCommonSpan => "no clock offset within reach gives both logs a common span",
        NotComparable::NoFit => "no clock offset fits well enough to be judged",
    };
    format!("names match, but it cannot be checked in time: {why} ({})", text::counted(attempts, "client attempt"))
}

fn undated(facts: &RowFacts, basis: Basis) -> Option<String> {
    let Some(Correlation::Undated(found)) = facts.correlation else { return None };
    let UndatedMatch { min_duration_s, count_ratio, .. } = found;
    let least = text::duration(*min_duration_s);
    let fit = if (0.5..=2.0).contains(count_ratio) { "compatible" } else { "not compatible" };
    Some(match basis {
        Basis::RunLengths => {
            format!(
                "undated, but the retry runs have the same lengths on both sides; totals {fit} (ratio {count_ratio:.2})"
            )
        }
        Basis::TooLong => {
            format!("{}: the client's retries took at least {least}, longer than the whole storm", elsewhere(facts))
        }
        _ => format!(
            "names match, but it cannot be checked in time: no stamps in the client log; at least {least} of retries, \
             totals {fit} (ratio {count_ratio:.2})"
        ),
    })
}

/// What else the comparison shows: clock steps, bursts that nobody explains, too many lines.
pub(super) fn notes(facts: &RowFacts) -> Vec<String> {
    let Some(Correlation::InTime(found)) = facts.correlation else { return Vec::new() };
    let mut out: Vec<String> = found.steps.iter().take(STEPS).map(step).collect();
    if found.steps.len() > STEPS {
        out.push(format!("{} clock steps more", found.steps.len() - STEPS));
    }
    let share = found.matched as f64 / found.of_server.max(1) as f64;
    let decided = facts.decision.is_some_and(|decision| matches!(decision.basis, Basis::Shuffles | Basis::Decoys));
    if decided && share < 0.5 {
        out.push(format!(
            "more server bursts than this client explains ({:.0} %): two computers with one name?",
            share * 100.0
        ));
    }
    if found.ticks as f64 > TOO_MANY_LINES * found.bursts.max(1) as f64 {
        out.push(format!(
            "{} for {}: some lines may be no attempts of their own",
            text::counted(found.ticks as u64, "failed line"),
            text::counted(found.bursts as u64, "server burst")
        ));
    }
    out
}

fn step(step: &ClockStep) -> String {
    let way = if step.seconds < 0.0 { "back" } else { "forward" };
    let saving = if (step.seconds.abs() - 3600.0).abs() <= SAVING_S { " (daylight saving?)" } else { "" };
    format!(
        "clock set {way} by {}{saving} between {} and {} on the client's clock",
        text::offset(step.seconds),
        client_time(step.after),
        client_time(step.before)
    )
}

/// A client's time has no zone.
fn client_time(sec: i64) -> String {
    rfc3339(sec).trim_end_matches('Z').to_owned()
}
