//! One row per scan with random names, whatever their number.

use super::rows::{Draft, Sources};
use super::tally::tally;
use super::together::Together;
use crate::model::analysis::Row;
use crate::model::finding::{Class, Scan};
use crate::model::train::Train;
use crate::timeline::whole;

/// The row of one scan: every name it swallowed, together.
pub(super) fn row(sources: &Sources, at: usize) -> Row {
    let (timeline, found) = (sources.timeline, sources.found);
    let scan = &found.scans[at];
    let swallowed = found.swallowed.iter().enumerate().filter(|(_, by)| **by == Some(at));
    let mut together = Together::default();
    let few = timeline.lights.by_name().zip(&found.lights).filter(|(_, by)| **by == Some(at as u32));
    few.flat_map(|(trains, _)| trains).for_each(|train| together.add(whole(&timeline.lights, train)));
    let few = together.trains();
    let many = swallowed.flat_map(|(name, _)| &timeline.workstations[name].trains);
    let trains: Vec<&Train> = many.chain(&few).collect();
    let tally = tally(trains);
    let name = name(scan, tally.accounts.first().map(|known| known.account.as_str()));
    let draft = Draft {
        name: &name,
        class: Class::Scanner,
        promoted: false,
        main: None,
        findings: &[],
        servers: vec![scan.server.clone()],
        tally,
        client: None,
        tested: None,
        decision: None,
        silence: None,
        is_server: false,
        names: scan.names,
        span: Some((scan.first, scan.last)),
    };
    let mut row = sources.finish(draft);
    row.failures = scan.failures;
    // Thousands of one-time names are no evidence, and no reader wants them.
    row.raw_names.clear();
    row
}

/// `(random names) ACCOUNT@SERVER`, with the account as most names spelled it.
fn name(scan: &Scan, account: Option<&str>) -> String {
    let spelled = account.filter(|account| account.to_uppercase() == scan.target).unwrap_or(&scan.target);
    format!("(random names) {spelled}@{}", scan.server)
}
