//! The ladder: from numbers to one word per (workstation, account, server log), evaluated top down.

use crate::model::config::{Param, Thresholds};
use crate::model::finding::Class;
use crate::model::matching::{Correlation, Match, NotComparable, UndatedMatch, nats};
use crate::model::verdict::Verdict;

/// With `--old-clocks` a drift is accepted up to this share of the search range, as 150 ppm are of
/// the 200 ppm of the narrow search: false matches sit at the limit of the search.
const OLD_CLOCKS_ACCEPTED: f64 = 0.75;
const PPM: f64 = 1e-6;
const HOUR_S: f64 = 3600.0;

/// What is known of the client's own log, as far as the ladder cares.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClientSide {
    /// Failed attempts (ticks) in the log.
    pub attempts: usize,
    /// Share of the storm's active time that the log covers if the client's clock is right, 0 to 1;
    /// 0 for undated logs.
    pub covers: f64,
    /// Successes that the log tells of during the storm.
    pub successes: u64,
}

/// Everything that the ladder asks about one (workstation, account, server log).
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// Class of the train.
    pub class: Class,
    /// Distinct seconds with a failure.
    pub n: usize,
    /// Failures of the train on this server; 0 where the server tells of none.
    pub failures: u64,
    /// Active time of the train in seconds.
    pub active_s: f64,
    /// The client's own log; `None` without one.
    pub client: Option<ClientSide>,
    /// What the comparison gave; `None` where nothing was compared.
    pub correlation: Option<&'a Correlation>,
    /// Client logs tested in the same run: many tests need a higher bar.
    pub clients_tested: usize,
    /// Wide drift search.
    pub old_clocks: bool,
}

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// There is no client log.
    NoClientLog,
    /// The servers tell of no failure.
    NoFailures,
    /// In time; the shuffled logs do far worse.
    Shuffles,
    /// In time; the other workstations do far worse.
    Decoys,
    /// In time, but the loop is too regular or too short for a decision.
    Steady,
    /// In time, and the offset is a whole number of hours.
    WholeHour,
    /// Undated, but the run lengths agree.
    RunLengths,
    /// Many attempts and many bursts, and no offset brings them together.
    Unlike,
    /// The client's log covers the storm and tells of no failed attempt.
    NoFailedLines,
    /// The client's retries took longer than the whole storm.
    TooLong,
    /// It would be likely, but the client succeeds while the failures go on.
    Successes,
    /// The best fit needs a drift that no clock has.
    Drift,
    /// Compared in time without a decision.
    Undecided,
    /// Compared by counts and run lengths without a decision.
    CountsOnly,
    /// Nothing to compare: the client's log tells of no failed attempt and covers too little.
    NothingToCompare,
    /// Could not be compared in time.
    NotComparable(NotComparable),
}

/// A verdict and what decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The word.
    pub verdict: Verdict,
    /// What decided.
    pub basis: Basis,
}

const fn is(verdict: Verdict, basis: Basis) -> Decision {
    Decision { verdict, basis }
}

/// Concludes. Never `Confirmed` without evidence in time.
pub fn decide(evidence: &Evidence, thresholds: &Thresholds) -> Decision {
    let Some(client) = evidence.client else {
        return is(Verdict::ServerOnly, Basis::NoClientLog);
    };
    if evidence.failures == 0 {
        return is(Verdict::ClientOnly, Basis::NoFailures);
    }
    let in_time = match evidence.correlation {
        Some(Correlation::InTime(found)) => decide_in_time(evidence, found, thresholds),
        _ => None,
    };
    if let Some(decision) = in_time {
        return decision;
    }
    if client.attempts == 0 {
        return if client.covers >= thresholds[Param::ContradictedCover] {
            is(Verdict::Contradicted, Basis::NoFailedLines)
        } else {
            is(Verdict::Consistent, Basis::NothingToCompare)
        };
    }
    match evidence.correlation {
        Some(Correlation::InTime(found)) => is(Verdict::Consistent, undecided(evidence, found, thresholds)),
        Some(Correlation::Undated(found)) => decide_undated(evidence, found, thresholds),
        Some(Correlation::Not(why)) => is(Verdict::Consistent, Basis::NotComparable(*why)),
        None => is(Verdict::Consistent, Basis::NothingToCompare),
    }
}

/// The part of the ladder that needs times; `None` where they do not decide.
fn decide_in_time(evidence: &Evidence, found: &Match, thresholds: &Thresholds) -> Option<Decision> {
    let sane = is_sane(found, evidence.old_clocks, thresholds);
    if is_stormy(evidence, thresholds) {
        if beats_shuffles(evidence, found, thresholds) {
            return Some(is(Verdict::Confirmed, Basis::Shuffles));
        }
        if found.decoy_ok {
            return Some(is(Verdict::Confirmed, Basis::Decoys));
        }
    }
    let steady = found.g >= thresholds[Param::LikelyG];
    let whole_hour = found.g >= thresholds[Param::ConfirmedG] && near_whole_hour(found.clock.delta, thresholds);
    if sane && (steady || whole_hour) {
        if evidence.client.is_some_and(|client| client.successes > 0) {
            return Some(is(Verdict::Consistent, Basis::Successes));
        }
        return Some(is(Verdict::Likely, if steady { Basis::Steady } else { Basis::WholeHour }));
    }
    let many = thresholds[Param::ContradictedMarks];
    let unlike =
        found.g < thresholds[Param::ContradictedG] && found.of_client as f64 >= many && found.of_server as f64 >= many;
    unlike.then_some(is(Verdict::Contradicted, Basis::Unlike))
}

fn decide_undated(evidence: &Evidence, found: &UndatedMatch, thresholds: &Thresholds) -> Decision {
    if found.min_duration_s > evidence.active_s {
        return is(Verdict::Contradicted, Basis::TooLong);
    }
    if found.p <= thresholds[Param::UndatedP] && counts_compatible(found.count_ratio, thresholds) {
        return is(Verdict::Likely, Basis::RunLengths);
    }
    is(Verdict::Consistent, Basis::CountsOnly)
}

/// Why a comparison in time gave no decision.
fn undecided(evidence: &Evidence, found: &Match, thresholds: &Thresholds) -> Basis {
    let enough = found.matched as f64 >= thresholds[Param::MatchPairs] && found.g >= thresholds[Param::ConfirmedG];
    if enough && !is_sane(found, evidence.old_clocks, thresholds) { Basis::Drift } else { Basis::Undecided }
}

/// A train that a confirmation may make a storm: one already, or long enough and neither spray nor
/// scan.
fn is_stormy(evidence: &Evidence, thresholds: &Thresholds) -> bool {
    evidence.class == Class::Storm
        || (evidence.n as f64 >= thresholds[Param::StormSecondsConfirmed]
            && !matches!(evidence.class, Class::Spray | Class::Scanner))
}

fn is_sane(found: &Match, old_clocks: bool, thresholds: &Thresholds) -> bool {
    found.matched as f64 >= thresholds[Param::MatchPairs]
        && found.clock.rho.abs() <= drift_limit(old_clocks, thresholds)
}

fn beats_shuffles(evidence: &Evidence, found: &Match, thresholds: &Thresholds) -> bool {
    let many = evidence.clients_tested as f64 > thresholds[Param::ManyClients];
    let z = if many { thresholds[Param::ConfirmedZMany] } else { thresholds[Param::ConfirmedZ] };
    found.matched as f64 >= thresholds[Param::MatchPairs]
        && found.p <= thresholds[Param::ConfirmedP]
        && found.z >= z
        && agrees(found, drift_limit(evidence.old_clocks, thresholds), thresholds)
        && !two_loops(found, thresholds)
}

/// Enough of both sides agrees, on a clock that can be. One of the two may be weak for a reason that the
/// logs give: one side is far larger than the other, or the log too short to tell its drift.
fn agrees(found: &Match, limit: f64, thresholds: &Thresholds) -> bool {
    let (share, drift) = (thresholds[Param::ConfirmedG], found.clock.rho.abs());
    (found.g >= share && least_drift(found, thresholds) <= limit) || (explained(found) >= share && drift <= limit)
}

/// How much of the smaller side the other explains, chance taken away, 0 to 1. The coincidence factor
/// relates the pairs to the mean of both sides, and one side is far larger than the other where half of
/// the client's lines are lost, where lost attempts make several bursts of one, where two machines share
/// a name: so much is left of it that shuffled logs are the better judge.
fn explained(found: &Match) -> f64 {
    let (client, server) = (found.of_client as f64, found.of_server as f64);
    found.g * (client + server) / (2.0 * client.min(server)).max(1.0)
}

/// The smallest drift, without sign, that is in line with the pairs: over a few hours the tolerance of
/// the matching hides more than any clock drifts.
fn least_drift(found: &Match, thresholds: &Thresholds) -> f64 {
    let span = match (found.pairs.first(), found.pairs.last()) {
        (Some(first), Some(last)) => last.server_sec.saturating_sub(first.server_sec),
        _ => return found.clock.rho.abs(),
    };
    (found.clock.rho.abs() - thresholds[Param::MatchTolerance] / span.max(1) as f64).max(0.0)
}

/// The offset is known only modulo the period, and that two loops of one rhythm fit is likelier than
/// that the shuffled logs fit less well by chance: shuffling roughens a rhythm, and any smooth one then
/// fits better.
fn two_loops(found: &Match, thresholds: &Thresholds) -> bool {
    let ambiguous = found.alias.is_some_and(|alias| alias > thresholds[Param::AliasFlag]);
    ambiguous && found.one_loop.is_some_and(|one_loop| one_loop + nats(found.z) < 0.0)
}

/// The largest drift that a match may have, dimensionless.
pub fn drift_limit(old_clocks: bool, thresholds: &Thresholds) -> f64 {
    let ppm = if old_clocks {
        OLD_CLOCKS_ACCEPTED * thresholds[Param::DriftSearchOld]
    } else {
        thresholds[Param::DriftAccepted]
    };
    ppm * PPM
}

/// True where an offset is within a minute of a whole number of hours, 0 included: a time zone read
/// wrongly, or no difference at all.
pub fn near_whole_hour(offset_s: f64, thresholds: &Thresholds) -> bool {
    (offset_s - HOUR_S * (offset_s / HOUR_S).round()).abs() <= thresholds[Param::WholeHour]
}

/// True where the client's failures and the server's bursts are about as many.
pub fn counts_compatible(ratio: f64, thresholds: &Thresholds) -> bool {
    (thresholds[Param::UndatedRatioLow]..=thresholds[Param::UndatedRatioHigh]).contains(&ratio)
}
