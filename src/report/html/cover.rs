//! Which columns of a picture the logs of some servers cover.

use super::axis::Axis;
use crate::model::analysis::ServerSummary;

const HOUR: i64 = 3600;

/// True for every column in which one of these servers has a record: by clock hours where their
/// sizes are known, else from the first record to the last.
pub(super) fn covered<'a>(
    servers: impl IntoIterator<Item = &'a ServerSummary>,
    axis: &Axis,
    columns: usize,
) -> Vec<bool> {
    let mut on = vec![false; columns];
    for server in servers.into_iter().filter(|server| server.records > 0) {
        if server.hours.is_empty() {
            fill(&mut on, axis, server.from, server.to);
        }
        for (hour, _) in &server.hours {
            let first = hour.saturating_mul(HOUR);
            fill(&mut on, axis, first.max(server.from), first.saturating_add(HOUR - 1).min(server.to));
        }
    }
    on
}

/// Switches on the columns from one second to another, as far as they lie on the axis.
fn fill(on: &mut [bool], axis: &Axis, from: i64, to: i64) {
    let first = axis.column(from.max(axis.from), on.len());
    let last = axis.column(to.min(axis.to), on.len());
    if let (Some(first), Some(last)) = (first, last)
        && first <= last
    {
        on[first..=last].fill(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(from: i64, to: i64, hours: &[i64]) -> ServerSummary {
        let hours = hours.iter().map(|hour| (*hour, 1000)).collect();
        ServerSummary { from, to, records: 5, hours, ..ServerSummary::default() }
    }

    fn check(servers: &[ServerSummary], expect: &str) {
        let axis = Axis::new(0, 8 * HOUR, 0.0, 100.0);
        let shown: String = covered(servers, &axis, 8).iter().map(|on| if *on { '#' } else { '.' }).collect();
        assert_eq!(shown, expect);
    }

    #[test]
    fn hours_without_a_record_are_a_gap() {
        check(&[server(HOUR, 6 * HOUR, &[1, 2, 5])], ".##..#..");
        check(&[server(HOUR, 6 * HOUR, &[])], ".######.");
        check(&[server(0, HOUR - 1, &[]), server(4 * HOUR, 5 * HOUR - 1, &[4])], "#...#...");
        check(&[server(-9 * HOUR, 99 * HOUR, &[])], "########");
        check(&[], "........");
    }
}
