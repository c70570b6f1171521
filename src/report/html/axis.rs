//! A time axis: where a moment stands, and which moments are labelled.

use chrono_tz::Tz;

use super::svg::{short, text};
use crate::report::words::{clock_minute, offset_s, short_day};

/// Labels of an axis at most.
const LABELS: i64 = 8;
/// Steps below a day, in seconds.
const STEPS: [i64; 11] = [10, 30, 60, 300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200];
const DAY: i64 = 86_400;

/// From when to when, and where that lies in a picture.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    pub(super) from: i64,
    /// At least one second after `from`.
    pub(super) to: i64,
    pub(super) left: f64,
    pub(super) width: f64,
}

impl Axis {
    /// An axis over a span, which may be empty.
    pub(super) fn new(from: i64, to: i64, left: f64, width: f64) -> Self {
        Self { from, to: to.max(from.saturating_add(1)), left, width }
    }

    /// Seconds from end to end.
    pub(super) fn seconds(&self) -> i64 {
        self.to.saturating_sub(self.from).max(1)
    }

    /// Where a moment stands; moments outside stand outside.
    pub(super) fn x(&self, sec: f64) -> f64 {
        self.left + (sec - self.from as f64) / self.seconds() as f64 * self.width
    }

    /// The column of a moment, of so many; `None` outside.
    pub(super) fn column(&self, sec: i64, columns: usize) -> Option<usize> {
        if !(self.from..=self.to).contains(&sec) {
            return None;
        }
        let at = i128::from(sec - self.from) * columns as i128 / i128::from(self.seconds());
        usize::try_from(at).ok().map(|at| at.min(columns.saturating_sub(1)))
    }

    /// Seconds from label to label.
    fn step(&self) -> i64 {
        let rough = self.seconds().saturating_add(LABELS - 1) / LABELS;
        STEPS.iter().copied().find(|step| *step >= rough).unwrap_or_else(|| (rough + DAY - 1) / DAY * DAY)
    }

    /// Round moments in the zone, at most as many as can be labelled.
    fn ticks(&self, zone: Tz) -> Vec<i64> {
        let step = self.step();
        // The zone's offset at the beginning: a change of summer time inside shifts later ticks by an hour.
        let offset = offset_s(self.from, zone);
        let first = (self.from + offset).div_euclid(step) * step - offset;
        (0..=LABELS + 1).map(|at| first + at * step).filter(|sec| (self.from..=self.to).contains(sec)).collect()
    }

    /// Lines from `top` down over `height`, and a label above each.
    pub(super) fn draw(&self, zone: Tz, top: f64, height: f64) -> String {
        let mut lines = String::new();
        let mut labels = String::new();
        let right = self.left + self.width;
        for sec in self.ticks(zone) {
            let x = self.x(sec as f64);
            lines.push_str(&format!("M{} {}v{}", short(x), short(top), short(height)));
            let hour = clock_minute(sec, zone);
            let label = match hour.as_str() {
                // A day's line may be an hour off where summer time began or ended: the day is the same.
                _ if self.step() >= DAY => short_day(sec + 7200, zone),
                "00:00" => short_day(sec, zone),
                _ => hour,
            };
            // A label is some 70 wide at most and stands right of its line, or left of it at the edge.
            let (x, class) = if x + 70.0 > right { (x - 3.0, "tick end") } else { (x + 3.0, "tick") };
            labels.push_str(&text(x, top - 5.0, class, &label));
        }
        if lines.is_empty() { labels } else { format!("<path class=\"grid\" d=\"{lines}\"/>{labels}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: i64, to: i64, zone: Tz) -> Vec<String> {
        let axis = Axis::new(from, to, 0.0, 800.0);
        axis.ticks(zone).into_iter().map(|sec| clock_minute(sec, zone)).collect()
    }

    #[test]
    fn ticks_are_round_in_the_zone_and_few() {
        assert_eq!(labels(0, 86_400, Tz::UTC).len(), 9);
        assert_eq!(labels(0, 2 * 86_400, Tz::Asia__Kolkata)[0], "06:00");
        assert_eq!(labels(5, 65, Tz::UTC).len(), 6);
        assert!(labels(0, 400 * 86_400, Tz::UTC).len() <= 9);
    }

    #[test]
    fn empty_and_endless_spans_do_not_panic() {
        assert!(labels(7, 7, Tz::UTC).len() <= 1);
        let axis = Axis::new(0, i64::from(u32::MAX), 0.0, 800.0);
        assert_eq!(axis.column(i64::from(u32::MAX), 96), Some(95));
        assert_eq!(axis.column(-1, 96), None);
    }
}
