//! Numbers, times and lists as people say them.

pub use crate::model::count::count;

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

/// `1 storm`, `2 storms`; the plural is given where it is not the singular and `s`.
pub fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// `94.0 MiB`; below 1 KiB in bytes.
pub fn bytes(n: u64) -> String {
    let mut value = n as f64;
    let mut unit = "B";
    for next in ["KiB", "MiB", "GiB", "TiB"] {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    if unit == "B" { format!("{n} B") } else { format!("{value:.1} {unit}") }
}

/// `5 %`, `0.4 %`, `under 0.1 %`. `share` is 0 to 1.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    if value > 0.0 && value < 0.1 {
        "under 0.1 %".to_owned()
    } else if value < 10.0 && (value - value.round()).abs() >= 0.05 {
        format!("{value:.1} %")
    } else {
        format!("{value:.0} %")
    }
}

/// A number with one decimal, which is left out where it is zero: `62`, `62.5`, `2,940.1`.
pub fn decimal(value: f64) -> String {
    let text = format!("{:.1}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    let sign = if value < 0.0 && text != "0.0" { "-" } else { "" };
    if fraction == "0" { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// A length of time in its two largest units: `42 s`, `6 min 5 s`, `6 h 13 min`, `3.1 days`. The
/// sign is dropped.
pub fn duration(seconds: f64) -> String {
    let s = seconds.abs();
    if s < 59.95 {
        return format!("{} s", decimal(s));
    }
    let whole = s.round() as u64;
    let (days, hours, minutes) = (whole / 86_400, whole / 3600, whole / 60);
    let pair = |n: u64, unit: &str, rest: u64, small: &str| {
        if rest == 0 { format!("{n} {unit}") } else { format!("{n} {unit} {rest} {small}") }
    };
    if days >= 2 {
        format!("{} days", decimal(s / 86_400.0))
    } else if hours > 0 {
        pair(hours, "h", minutes % 60, "min")
    } else {
        pair(minutes, "min", whole % 60, "s")
    }
}

/// `every 62 s`-style period: seconds up to two minutes, else as a duration.
pub fn period(seconds: f64) -> String {
    if seconds < 119.95 { format!("{} s", decimal(seconds)) } else { duration(seconds) }
}

/// A moment in a zone; `None` where no calendar holds it.
fn local(seconds: i64, zone: Tz) -> Option<DateTime<Tz>> {
    DateTime::<Utc>::from_timestamp(seconds, 0).map(|time| zone.from_utc_datetime(&time.naive_utc()))
}

/// The wall clock of a zone in words; the Unix second itself where no calendar holds it.
fn shown(seconds: i64, zone: Tz, format: &str) -> String {
    match local(seconds, zone) {
        Some(time) => time.naive_local().format(format).to_string(),
        None => format!("{seconds} s"),
    }
}

/// `Monday 2001-03-12 08:54`.
pub fn day_and_minute(seconds: i64, zone: Tz) -> String {
    shown(seconds, zone, "%A %Y-%m-%d %H:%M")
}

/// `2001-03-12 08:54:03`.
pub fn stamp(seconds: i64, zone: Tz) -> String {
    shown(seconds, zone, "%Y-%m-%d %H:%M:%S")
}

/// The wall clock of a zone as seconds, as if it were UTC; `None` where no calendar holds the moment.
pub fn wall_clock(seconds: i64, zone: Tz) -> Option<i64> {
    local(seconds, zone).map(|time| time.naive_local().and_utc().timestamp())
}

/// `2001-03-12 08:54`.
pub fn minute(seconds: i64, zone: Tz) -> String {
    shown(seconds, zone, "%Y-%m-%d %H:%M")
}

/// `2001-03-12`.
pub fn day(seconds: i64, zone: Tz) -> String {
    shown(seconds, zone, "%Y-%m-%d")
}

/// `08:54:03`.
pub fn clock(seconds: i64, zone: Tz) -> String {
    shown(seconds, zone, "%H:%M:%S")
}

/// `08:54`, for axes.
pub fn clock_minute(seconds: i64, zone: Tz) -> String {
    shown(seconds, zone, "%H:%M")
}

/// What the zone's clocks show at that moment, less UTC, in seconds; 0 where no calendar holds it.
pub fn offset_s(seconds: i64, zone: Tz) -> i64 {
    local(seconds, zone).map_or(0, |time| i64::from(time.offset().fix().local_minus_utc()))
}

/// `Mon 12 Mar`, for axes.
pub fn short_day(seconds: i64, zone: Tz) -> String {
    shown(seconds, zone, "%a %-d %b")
}

/// A stamp on a client's clock, in milliseconds: `2001-03-12 15:07:42`. No zone is meant.
pub fn client_stamp(ms: i64) -> String {
    stamp(ms.div_euclid(1000), Tz::UTC)
}

/// `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`.
pub fn list(items: &[String], most: usize) -> String {
    let shown = items.len().min(most.max(1));
    let (head, rest) = items.split_at(shown);
    match (head, rest.len()) {
        ([], _) => String::new(),
        ([one], 0) => one.clone(),
        (head, 0) => format!("{} and {}", head[..shown - 1].join(", "), head[shown - 1]),
        (head, more) => format!("{} and {more} more", head.join(", ")),
    }
}

/// A server's name; some exports tell none.
pub fn server(name: &str) -> &str {
    if name.is_empty() { "(server not named)" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!([count(0), count(999), count(9114), count(1_234_567)], ["0", "999", "9,114", "1,234,567"]);
        assert_eq!([decimal(62.0), decimal(2940.14), decimal(-0.04), decimal(-3.5)], ["62", "2,940.1", "0", "-3.5"]);
        assert_eq!(
            [percent(0.05), percent(0.0004), percent(0.123), percent(1.0)],
            ["5 %", "under 0.1 %", "12 %", "100 %"]
        );
        assert_eq!([bytes(512), bytes(98_566_144)], ["512 B", "94.0 MiB"]);
    }

    #[test]
    fn durations_use_two_units_at_most() {
        let spoken: Vec<String> =
            [42.0, 59.97, 365.0, 22_422.0, -3600.0, 86_399.0, 200_000.0].into_iter().map(duration).collect();
        assert_eq!(spoken, ["42 s", "1 min", "6 min 5 s", "6 h 13 min", "1 h", "23 h 59 min", "2.3 days"]);
        assert_eq!([period(62.0), period(119.0), period(3600.0)], ["62 s", "119 s", "1 h"]);
    }

    #[test]
    fn times_are_shown_in_the_zone_asked_for() {
        assert_eq!(day_and_minute(984_387_245, Tz::UTC), "Monday 2001-03-12 08:54");
        assert_eq!(day_and_minute(984_387_245, Tz::Asia__Tokyo), "Monday 2001-03-12 17:54");
        assert_eq!(stamp(i64::MAX, Tz::UTC), format!("{} s", i64::MAX));
    }

    #[test]
    fn lists_end_with_and() {
        let names = ["a", "b", "c"].map(String::from);
        assert_eq!([list(&names, 3), list(&names, 2), list(&names[..1], 3)], ["a, b and c", "a, b and 1 more", "a"]);
    }
}
