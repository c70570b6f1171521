//! The retry cycle of a storm of the metering client, for questions about its registry values.

use super::rows::Draft;
use crate::model::config::{Param, Thresholds};
use crate::model::finding::Class;
use crate::model::remedy::{Cycle, NoPrediction};
use crate::model::timeline::ClientTrain;
use crate::model::train::{Train, union};
use crate::model::verdict::Verdict;
use crate::verdict::whatif;

/// One attempt is one failure: every count of a report is, however many events tell of it.
const EVENTS_PER_ATTEMPT: f64 = 1.0;

/// The cycle behind the main finding; `None` where it is no loop of the metering client.
pub(super) fn of(draft: &Draft, main: &[&Train], thresholds: &Thresholds) -> Option<Result<Cycle, NoPrediction>> {
    let (_, client) = draft.client.filter(|(_, client)| !client.ticks.is_empty())?;
    let finding = draft.main.filter(|_| matches!(draft.class, Class::Storm | Class::PossibleStorm))?;
    if draft.decision.is_some_and(|decision| decision.verdict == Verdict::Contradicted) {
        return None;
    }
    let marks = union(main.iter().copied());
    let gap = thresholds[Param::BurstGap];
    let seen = whatif::observed(&finding.features, &marks, gap, EVENTS_PER_ATTEMPT, announced_wait(client));
    Some(whatif::cycle(&seen))
}

/// The median of the waits that the client's log announces, in seconds; `None` without such a line.
fn announced_wait(client: &ClientTrain) -> Option<f64> {
    let mut waits: Vec<u32> = client.ticks.iter().filter_map(|tick| tick.wait_s).collect();
    waits.sort_unstable();
    waits.get(waits.len() / 2).map(|wait| f64::from(*wait))
}
