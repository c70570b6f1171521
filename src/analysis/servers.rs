//! The servers' own story: coverage, audits, what storms cost.

use crate::model::analysis::ServerSummary;
use crate::model::event::EventKind;
use crate::model::gathered::Audits;
use crate::model::timeline::{ContextEvent, ServerLog, Timeline};
use crate::verdict::matrix::ServerView;
use crate::verdict::retention;

const HOUR_S: f64 = 3600.0;

/// Bytes of all records of a server's log; 0 for text inputs.
pub(super) fn log_bytes(log: &ServerLog) -> u64 {
    log.hours.iter().map(|(_, bytes)| bytes).sum()
}

/// Hours of history that `bytes` of a log cost; `None` for text inputs, where sizes are not known,
/// and for logs that are full or do not overwrite: there a storm costs new events, not old ones.
pub(super) fn history_lost_h(log: &ServerLog, bytes: u64) -> Option<f64> {
    let all = log_bytes(log);
    if all == 0 || log.full {
        return None;
    }
    let coverage_h = log.to.saturating_sub(log.from) as f64 / HOUR_S;
    retention::history_lost_h(coverage_h, bytes as f64 / all as f64)
}

/// The servers in order of name. `storm_bytes` gives the bytes of all storms on a server.
pub(super) fn summaries(timeline: &Timeline, storm_bytes: impl Fn(&str) -> u64) -> Vec<ServerSummary> {
    timeline
        .servers
        .iter()
        .map(|log| {
            let bytes = storm_bytes(&log.server);
            ServerSummary {
                server: log.server.clone(),
                from: log.from,
                to: log.to,
                records: log.records,
                audits: audit_words(log.audits),
                cleared: times(&timeline.context, &log.server, EventKind::LogCleared),
                full: log.full,
                audits_lost: times(&timeline.context, &log.server, EventKind::AuditsLost),
                log_bytes: log_bytes(log),
                storm_bytes: bytes,
                history_lost_h: history_lost_h(log, bytes),
                hours: log.hours.clone(),
            }
        })
        .collect()
}

fn audit_words(audits: Audits) -> Vec<&'static str> {
    let set = |bit: &(usize, &&'static str)| audits.has(Audits(1 << bit.0));
    Audits::NAMES.iter().enumerate().filter(set).map(|(_, name)| *name).collect()
}

fn times(context: &[ContextEvent], server: &str, kind: EventKind) -> Vec<i64> {
    context.iter().filter(|event| event.kind == kind && event.server == server).map(|event| event.sec).collect()
}

/// What each server's log could have shown of attempts at these times (milliseconds on the client's
/// clock, empty where the lines carry no dates).
pub(super) fn views(timeline: &Timeline, attempts_ms: &[i64]) -> Vec<ServerView> {
    let logon = Audits::ACCOUNT_LOGON_FAILURE
        .union(Audits::ACCOUNT_LOGON_SUCCESS)
        .union(Audits::LOGON_FAILURE)
        .union(Audits::LOGON_SUCCESS);
    timeline
        .servers
        .iter()
        .map(|log| {
            let inside = |ms: &&i64| (log.from..=log.to).contains(&ms.div_euclid(1000));
            let covered = attempts_ms.iter().filter(inside).count();
            ServerView {
                audited: log.audits.has(logon),
                covers: (!attempts_ms.is_empty()).then(|| covered as f64 / attempts_ms.len() as f64),
                cleared: !times(&timeline.context, &log.server, EventKind::LogCleared).is_empty(),
                full: log.full,
            }
        })
        .collect()
}
