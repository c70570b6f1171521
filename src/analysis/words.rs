//! Hands the facts of a row to the room that concludes, and takes its words.

use super::evidence::main_trains;
use super::rows::{Draft, Sources};
use crate::detect::bursts::onset_gaps;
use crate::model::config::Param;
use crate::model::detail::Detail;
use crate::model::remedy::Remedy;
use crate::model::train::union;
use crate::verdict::facts::{ClientFacts, RowFacts};
use crate::verdict::matrix::{CauseEvidence, Lockout, cause};
use crate::verdict::reasons::reasons;
use crate::verdict::remedy::{action, remedies};

/// A median distance times this is the standard deviation of normal noise.
const MAD_TO_DEVIATION: f64 = 1.4826;

/// What is said of one row.
pub(super) struct Words {
    pub(super) reasons: Vec<String>,
    pub(super) action: String,
    pub(super) remedies: Vec<Remedy>,
}

/// What is said of a draft.
pub(super) fn words(sources: &Sources, draft: &Draft, lockouts: &[Lockout]) -> Words {
    let has_reasons = sources.settings.detail >= Detail::Reasons;
    let is_metering_server = sources.metering_servers.contains(draft.name);
    let cause = cause(&CauseEvidence {
        class: draft.class,
        // A metering server's failures are told by the domain controller, under the server's name.
        is_server: draft.is_server || is_metering_server,
        is_metering_server,
        statuses: &draft.tally.statuses,
        lockouts,
    });
    let processes = draft.tally.processes();
    let client = draft.client.map(|(_, client)| ClientFacts {
        attempts: client.ticks.len() as u64,
        attributed_by: client.attributed_by,
        covers: draft.tested.map_or(0.0, |tested| tested.covers),
        successes: draft.tested.map_or(0, |tested| tested.successes),
        metering_servers: &client.metering_servers,
    });
    let facts = RowFacts {
        workstation: draft.name,
        class: draft.class,
        promoted: draft.promoted,
        finding: draft.main,
        spread_s: has_reasons.then(|| spread(sources, draft)).flatten(),
        names: draft.names,
        failures: draft.tally.failures,
        span: draft.span,
        accounts: &draft.tally.accounts,
        statuses: &draft.tally.statuses,
        event_ids: &draft.tally.event_ids,
        servers: &draft.servers,
        logon_types: &draft.tally.logon_types,
        process: processes.first().map(String::as_str),
        client,
        decision: draft.decision,
        correlation: draft.tested.map(|tested| &tested.correlation),
        tolerance_s: sources.settings.thresholds[Param::MatchTolerance],
        offset_s: draft.tested.and_then(|tested| tested.offset_s),
        cause: cause.as_ref(),
        silence: draft.silence,
        renamed: renamed(sources, draft),
        fits_log_of: fits_log_of(sources, draft),
    };
    let remedies = remedies(&facts);
    let reasons = if has_reasons { reasons(&facts) } else { Vec::new() };
    Words { reasons, action: action(&remedies), remedies }
}

/// The other name whose storm this row's client log fits.
fn renamed<'a>(sources: &Sources<'a>, draft: &Draft) -> Option<&'a str> {
    let (at, _) = draft.client?;
    sources.renamed.iter().find(|renamed| renamed.client == at).map(|renamed| renamed.fits.as_str())
}

/// The name whose client log fits this row's storm.
fn fits_log_of<'a>(sources: &Sources<'a>, draft: &Draft) -> Option<&'a str> {
    let renamed = sources.renamed.iter().find(|renamed| renamed.fits == draft.name)?;
    sources.timeline.clients.get(renamed.client)?.workstation.as_deref()
}

/// Robust deviation of the gaps that follow the period: 1.4826 x the median distance from it, over
/// gaps within the period's tolerance; lost bursts and pauses are left out.
fn spread(sources: &Sources, draft: &Draft) -> Option<f64> {
    let period = draft.main?.features.period?;
    let trains = main_trains(sources, draft);
    let gap = sources.settings.thresholds[Param::BurstGap] as i64;
    let gaps = onset_gaps(&union(trains.iter().copied()), gap);
    let distance = |gap: &i64| (*gap as f64 - period.seconds).abs();
    let mut near: Vec<f64> = gaps.iter().map(distance).filter(|far| *far <= period.tolerance).collect();
    near.sort_unstable_by(f64::total_cmp);
    Some(MAD_TO_DEVIATION * near.get(near.len() / 2)?)
}
