//! The retry cycle of a storm of the metering client, for questions about its registry values.

use super::rows::Draft;
use crate::model::config::{Param, Thresholds};
use crate::model::finding::Class;
use crate::model::remedy::{Cycle, NoPrediction};
use crate::model::timeline::ClientTrain;
use crate::model::train::{Mark, Train, union};
use crate::model::verdict::Verdict;
use crate::verdict::whatif;

/// One attempt is one failure: every count of a report is, however many events tell of it.
const EVENTS_PER_ATTEMPT: f64 = 1.0;

/// A silence of this many seconds is a night or a weekend, no pause of the loop: clients are told to
/// try again after minutes, 15 unless told (help of SMS 2.0).
const OFF_S: f64 = 4.0 * 3600.0;

/// The cycle behind the main finding; `None` where it is no loop of the metering client.
pub(super) fn of(draft: &Draft, main: &[&Train], thresholds: &Thresholds) -> Option<Result<Cycle, NoPrediction>> {
    let (_, client) = draft.client.filter(|(_, client)| !client.ticks.is_empty())?;
    let finding = draft.main.filter(|_| matches!(draft.class, Class::Storm | Class::PossibleStorm))?;
    if draft.decision.is_some_and(|decision| decision.verdict == Verdict::Contradicted) {
        return None;
    }
    let marks = union(main.iter().copied());
    let span = i64::from(marks.last()?.sec) - i64::from(marks.first()?.sec);
    let seen = whatif::observed(&finding.features, span as f64, EVENTS_PER_ATTEMPT, announced_wait(client));
    // A class takes short bursts for single failures where most gaps are long: twice as many bursts.
    let gap = thresholds[Param::BurstGap];
    let bursts = 1 + gaps(&marks).filter(|between| *between > gap).count();
    let bursts_per_day = seen.bursts_per_day * bursts as f64 / finding.features.bursts.max(1) as f64;
    let active_share = on_share(&marks, span as f64);
    Some(whatif::cycle(&whatif::Observed { bursts_per_day, active_share, ..seen }))
}

/// Share of the time in which the loop is on. Its own pauses between rounds are a part of it: they come
/// once in so many bursts, whatever the registry says.
fn on_share(marks: &[Mark], span: f64) -> f64 {
    let off: f64 = gaps(marks).filter(|gap| *gap > OFF_S).sum();
    if span > 0.0 { 1.0 - off / span } else { 1.0 }
}

/// Seconds between neighbouring failures.
fn gaps(marks: &[Mark]) -> impl Iterator<Item = f64> {
    marks.windows(2).map(|pair| f64::from(pair[1].sec) - f64::from(pair[0].sec))
}

/// The median of the waits that the client's log announces, in seconds; `None` without such a line.
fn announced_wait(client: &ClientTrain) -> Option<f64> {
    let mut waits: Vec<u32> = client.ticks.iter().filter_map(|tick| tick.wait_s).collect();
    waits.sort_unstable();
    waits.get(waits.len() / 2).map(|wait| f64::from(*wait))
}
