//! A client's ticks as one server's log sees them: counted from the start of its coverage.

use super::client::Client;
use super::settings::{LONGEST_REACH_S, Settings};
use super::side::Side;
use crate::model::timeline::Dating;

/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// Ticks that can lie in the server log's coverage at all.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct View {
    /// Seconds after the start of the coverage, on the client's clock.
    pub(super) ticks: Vec<i64>,
    /// Ticks before the first of them.
    pub(super) skipped: usize,
    /// Largest offset to search, either sign.
    pub(super) reach: i64,
    /// Seconds to add to a tick to get a time on the client's clock: Unix seconds, on the day where it
    /// was placed.
    pub(super) shift: i64,
}

/// Places the ticks: as dated, or on the first day of the coverage where only the time of day is
/// known; the offset search then finds the day. Ticks out of reach of every offset are left out.
pub(super) fn place(client: &Client, side: &Side, settings: &Settings) -> View {
    let (reach, days) = match client.dating {
        Dating::TimeOfDay => {
            let reach = side.span().saturating_add(settings.max_offset).min(LONGEST_REACH_S);
            let first_day = client.times.first().map_or(0, |first| first.div_euclid(DAY_S));
            (reach, side.from().div_euclid(DAY_S).saturating_sub(first_day))
        }
        _ => (settings.max_offset, 0),
    };
    let origin = side.from().saturating_sub(days.saturating_mul(DAY_S));
    let low = client.times.partition_point(|time| time.saturating_sub(origin) < -reach);
    let high = client.times.partition_point(|time| time.saturating_sub(origin) <= side.span().saturating_add(reach));
    let ticks = client.times[low..high.max(low)].iter().map(|time| time - origin).collect();
    View { ticks, skipped: low, reach, shift: side.from() }
}

impl View {
    /// Moves the client's own times by whole days so that the offset at `delta` is below half a
    /// day; for logs without a date. Returns the offset that remains.
    pub(super) fn find_day(&mut self, delta: f64) -> f64 {
        let days = (delta / DAY_S as f64).round() as i64;
        self.shift -= days * DAY_S;
        delta - (days * DAY_S) as f64
    }
}

/// How many of the first ticks are at most `most` and lie within `seconds`.
pub(super) fn stretch(ticks: &[i64], most: usize, seconds: i64) -> usize {
    let Some(first) = ticks.first() else { return 0 };
    ticks.partition_point(|tick| tick - first <= seconds).min(most)
}

#[cfg(test)]
mod tests {
    use super::super::client::client;
    use super::super::side::side;
    use super::*;

    #[test]
    fn ticks_out_of_reach_are_left_out() {
        let side = side(&[], (1_000_000, 1_100_000), 15);
        let times = [900_000, 948_699, 948_700, 1_000_000, 1_151_300, 1_151_301];
        let view = place(&client(&times, Dating::Dated), &side, &Settings::default());
        assert_eq!(view.ticks, [-51_300, 0, 151_300]);
        assert_eq!((view.skipped, view.shift, view.reach), (2, 1_000_000, 51_300));
    }

    #[test]
    fn a_time_of_day_is_placed_on_the_first_day_and_finds_its_day_later() {
        let from = 20_000 * DAY_S + 3600;
        let side = side(&[], (from, from + 5 * DAY_S), 15);
        let mut view = place(&client(&[7200, 90_000], Dating::TimeOfDay), &side, &Settings::default());
        assert_eq!(view.ticks, [3600, 86_400]);
        // the server says: two days later, and the client's clock is 10 s ahead
        assert_eq!(view.find_day((-2 * DAY_S + 10) as f64), 10.0);
        assert_eq!(view.ticks[0] + view.shift, 20_002 * DAY_S + 7200);
    }
}
