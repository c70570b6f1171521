//! Stamps of a client's log as times on the client's clock.

use chrono::{DateTime, Datelike, NaiveDate};

use crate::model::client::Stamp;

/// One day in milliseconds.
pub(super) const DAY_MS: i64 = 86_400_000;
/// A step back of more than half a day is the next midnight; smaller ones are corrections of the
/// clock or disorder, and the order of the lines is kept.
const NEXT_DAY_MS: i64 = 12 * 3_600_000;
/// A month that falls by more than this is the next year.
const NEXT_YEAR_MONTHS: i32 = 6;

/// Turns the stamps of the files of one workstation, in reading order, into times.
#[derive(Debug, Default)]
pub(super) struct Dater {
    /// Time of day without any date is counted from the first day.
    time_of_day: Option<i64>,
    /// Last time of a stamp in this file that has a date.
    dated: Option<i64>,
    /// Some stamps are times of day that no date stands before: they count only if none is dated.
    undated_days: bool,
}

impl Dater {
    /// With `undated_days`, times of day that no date stands before are counted from 1970-01-01;
    /// else they stay without a time.
    pub(super) fn new(undated_days: bool) -> Self {
        Self { undated_days, ..Self::default() }
    }

    /// Times in milliseconds of the stamps of one file, in the order of the lines. `latest` is the
    /// Unix second that the last stamp cannot be much later than: it tells a missing year.
    pub(super) fn file(&mut self, stamps: &[Stamp], latest: Option<i64>) -> Vec<Option<i64>> {
        self.dated = None;
        let mut years = Years::new(stamps, latest);
        stamps.iter().map(|stamp| self.stamp(*stamp, &mut years)).collect()
    }

    fn stamp(&mut self, stamp: Stamp, years: &mut Years) -> Option<i64> {
        match stamp {
            Stamp::None => None,
            Stamp::Dated(ms, bias) => {
                self.dated = Some(ms.saturating_add(i64::from(bias.unwrap_or(0)) * 60_000));
                self.dated
            }
            Stamp::NoYear(ms) => {
                let time = years.next(ms);
                self.dated = time.or(self.dated);
                time
            }
            Stamp::TimeOfDay(ms) => match self.dated {
                Some(before) => {
                    self.dated = Some(after(before, ms));
                    self.dated
                }
                None if self.undated_days => {
                    self.time_of_day = Some(self.time_of_day.map_or(i64::from(ms), |before| after(before, ms)));
                    self.time_of_day
                }
                None => None,
            },
        }
    }
}

/// The time of day `ms` on the day of `before`, or on the next.
fn after(before: i64, ms: u32) -> i64 {
    let same_day = before.div_euclid(DAY_MS).saturating_mul(DAY_MS).saturating_add(i64::from(ms));
    if before - same_day > NEXT_DAY_MS { same_day.saturating_add(DAY_MS) } else { same_day }
}

/// Gives stamps without a year their years.
struct Years {
    /// The year of the first stamp; `None` when nothing tells it.
    year: Option<i32>,
    month: Option<i32>,
}

impl Years {
    fn new(stamps: &[Stamp], latest: Option<i64>) -> Self {
        let mut months = None;
        let (mut rolled, mut last) = (0, None);
        for stamp in stamps {
            if let Stamp::NoYear(ms) = stamp {
                rolled += rollover(&mut months, month(*ms));
                last = Some(*ms);
            }
        }
        let year = last.zip(latest).and_then(|(ms, latest)| {
            let newest = DateTime::from_timestamp(latest, 0)?.year().saturating_add(1);
            // A day of grace: the file's time is UTC, the log's is not.
            let limit = latest.saturating_mul(1000).saturating_add(DAY_MS);
            (0..3).map(|back| newest - back).find(|year| in_year(ms, *year).is_some_and(|time| time <= limit))
        });
        Self { year: year.map(|year| year - rolled), month: None }
    }

    fn next(&mut self, ms: i64) -> Option<i64> {
        let rolled = rollover(&mut self.month, month(ms));
        self.year = self.year.map(|year| year.saturating_add(rolled));
        in_year(ms, self.year?)
    }
}

/// How many years the step to `month` turns: 1 at New Year, -1 for a clock set back over it.
fn rollover(before: &mut Option<i32>, month: i32) -> i32 {
    let fell = before.map_or(0, |before| before - month);
    *before = Some(month);
    match fell {
        _ if fell > NEXT_YEAR_MONTHS => 1,
        _ if fell < -NEXT_YEAR_MONTHS => -1,
        _ => 0,
    }
}

fn month(ms: i64) -> i32 {
    DateTime::from_timestamp_millis(ms).map_or(1, |time| time.month() as i32)
}

/// A time of the year 1972 in another year; 29 February becomes 1 March where there is none.
fn in_year(ms: i64, year: i32) -> Option<i64> {
    let date = DateTime::from_timestamp_millis(ms)?.date_naive();
    let there = NaiveDate::from_ymd_opt(year, date.month(), date.day()).or(NaiveDate::from_ymd_opt(year, 3, 1))?;
    let midnight = there.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis();
    Some(midnight + ms.rem_euclid(DAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::rfc3339;

    /// Seconds of a civil time in 1972.
    fn no_year(month: u32, day: u32, hour: u32) -> Stamp {
        let date = NaiveDate::from_ymd_opt(1972, month, day).unwrap().and_hms_opt(hour, 0, 0).unwrap();
        Stamp::NoYear(date.and_utc().timestamp_millis())
    }

    fn check(stamps: &[Stamp], latest: Option<i64>, expect: &[&str]) {
        let times = Dater::new(true).file(stamps, latest);
        let got: Vec<String> = times.iter().map(|ms| ms.map_or("-".into(), |ms| rfc3339(ms / 1000))).collect();
        assert_eq!(got, expect, "{stamps:?}");
    }

    #[test]
    fn time_of_day_turns_at_midnight_but_not_at_a_small_step_back() {
        let hour = |hours: u32| Stamp::TimeOfDay(hours * 3_600_000);
        check(
            &[hour(22), hour(1), hour(0), Stamp::None, hour(13), hour(0)],
            None,
            &[
                "1970-01-01T22:00:00Z",
                "1970-01-02T01:00:00Z",
                "1970-01-02T00:00:00Z",
                "-",
                "1970-01-02T13:00:00Z",
                "1970-01-03T00:00:00Z",
            ],
        );
    }

    #[test]
    fn a_missing_year_comes_from_the_files_time_and_rolls_over_at_new_year() {
        let modified = 978_400_000; // 2001-01-02
        check(
            &[no_year(12, 30, 1), no_year(1, 1, 2), no_year(1, 2, 3)],
            Some(modified),
            &["2000-12-30T01:00:00Z", "2001-01-01T02:00:00Z", "2001-01-02T03:00:00Z"],
        );
        check(&[no_year(12, 30, 1)], Some(modified), &["2000-12-30T01:00:00Z"]);
        check(&[no_year(2, 29, 1)], Some(1_000_000_000), &["2001-03-01T01:00:00Z"]);
        check(&[no_year(12, 30, 1)], None, &["-"]);
    }

    #[test]
    fn a_bias_gives_utc_and_a_time_of_day_takes_the_date_before_it() {
        check(
            &[Stamp::Dated(86_400_000, Some(-60)), Stamp::TimeOfDay(0), Stamp::Dated(0, None)],
            None,
            &["1970-01-01T23:00:00Z", "1970-01-02T00:00:00Z", "1970-01-01T00:00:00Z"],
        );
    }

    #[test]
    fn absurd_stamps_do_not_overflow() {
        let stamps = [Stamp::Dated(i64::MIN, Some(i32::MIN)), Stamp::TimeOfDay(u32::MAX), Stamp::NoYear(i64::MAX)];
        assert_eq!(Dater::new(true).file(&stamps, Some(i64::MAX)).len(), 3);
    }
}
