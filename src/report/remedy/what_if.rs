//! What the two registry values would do, as a table.

use super::page::Page;
use super::values::{INTERVAL, RETRIES, Values};
use crate::model::remedy::{Cycle, NoPrediction};
use crate::report::words::{count, decimal, duration, percent, plural};

/// Retries and milliseconds that the table shows besides those asked for.
const SHOWN: [(u32, u32); 7] = [(1, 500), (1, 10_000), (1, 60_000), (2, 10_000), (2, 60_000), (5, 500), (5, 30_000)];
/// One open of a network path makes up to this many session setups, each of which may be logged as a
/// failure (KB Q219898).
const SETUPS_PER_OPEN: f64 = 3.0;
/// Above the floor by this share: a prediction cannot tell it from the floor.
const NEAR: f64 = 1.1;

/// The table for one client, or why there is none.
pub(super) fn write(page: &mut Page, cycle: &Result<Cycle, NoPrediction>, values: Values) {
    page.title(&format!("What {RETRIES} and {INTERVAL} would do"));
    let cycle = match cycle {
        Ok(cycle) => cycle,
        Err(NoPrediction::NoBursts) => return page.prose("Nothing can be said: there are no bursts to measure."),
        Err(NoPrediction::TooLittleActive) => return page.prose("Nothing can be said: too little active time."),
    };
    observed(page, cycle);
    table(page, cycle, values);
    floor(page, cycle);
    page.gap();
    page.prose(
        "Estimate; the article (Q287626) gives neither defaults nor semantics, so PipeRetries = N may mean N or N + 1 \
         attempts: both are shown. Measure again after the change. The values belong on each client.",
    );
}

fn observed(page: &mut Page, cycle: &Cycle) {
    let per_burst = plural(cycle.attempts.round() as u64, "attempt", "attempts");
    page.prose(&format!(
        "Observed: {} failures a day; bursts of {per_burst} within {}, then {} of rest.",
        whole(cycle.observed_per_day),
        duration(cycle.burst_s),
        duration(cycle.rest_s)
    ));
    if cycle.rest_is_announced {
        page.prose(
            "The rest was measured shorter than the wait that the client's log announces, which stands in for it.",
        );
    }
    if cycle.rough {
        page.prose("This is a rough estimate: the log does not tell how far apart the attempts of a burst are.");
    }
    if cycle.observed_per_day <= cycle.floor_per_day * SETUPS_PER_OPEN * NEAR {
        page.prose(&format!(
            "With {} attempts per burst this client is at its floor already, if they are one open of a network path: \
             then the values do not help. End the storm at the account.",
            decimal(cycle.attempts)
        ));
    }
    page.gap();
}

fn table(page: &mut Page, cycle: &Cycle, values: Values) {
    let mut rows: Vec<(u32, u32)> = SHOWN.to_vec();
    rows.push((values.retries, values.interval_ms));
    rows.sort_unstable();
    rows.dedup();
    page.line(&format!("    {RETRIES}   {INTERVAL}   failures a day         change"));
    for (retries, interval_ms) in rows {
        let low = cycle.per_day(retries, interval_ms);
        let high = cycle.per_day(retries.saturating_add(1), interval_ms);
        let (Some(low), Some(high)) = (low, high) else { continue };
        let mark = if (retries, interval_ms) == (values.retries, values.interval_ms) { "*" } else { " " };
        page.line(&format!(
            "  {mark} {:>11}   {:>14} ms   {:>8} or {:>8}   {}",
            count(u64::from(retries)),
            count(u64::from(interval_ms)),
            whole(low),
            whole(high),
            change(high / cycle.observed_per_day)
        ));
    }
    page.gap();
    page.line("  * in the registry files of this folder; the change is that of N + 1 attempts");
    page.gap();
}

/// `-93 %`; `+5 %` where it would make things worse.
fn change(share: f64) -> String {
    match share {
        share if !share.is_finite() => String::new(),
        share if share <= 1.0 => format!("-{}", percent(1.0 - share)),
        share => format!("+{}", percent(share - 1.0)),
    }
}

fn floor(page: &mut Page, cycle: &Cycle) {
    let floor = cycle.floor_per_day;
    page.prose(&format!(
        "The floor: {} failures a day with one attempt per cycle, because the registry cannot change the rest of {} \
         between two bursts; only waiting inside the burst can go below it.",
        whole(floor),
        duration(cycle.rest_s)
    ));
    page.prose(&format!(
        "One open of a network path makes up to three session setups (Q219898). Where each of them is logged, the \
         floor is {} failures a day.",
        whole(floor * SETUPS_PER_OPEN)
    ));
}

fn whole(value: f64) -> String {
    count(value.max(0.0).round() as u64)
}
