//! `--from` and `--to`: RFC 3339, a date, or relative.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

/// What is allowed, for messages.
pub(in crate::cli) const ALLOWED: &str = "2001-03-12, '2001-03-12 08:54', 2001-03-12T08:54:00Z, yesterday, today, now, or back from now: -30m, -24h, -7d, -2w";

/// The Unix second that `text` means. `now` is the clock's, a date is the first second of its day in
/// `zone`. `None` for text that means no moment.
pub(in crate::cli) fn parse(text: &str, now: i64, zone: Tz) -> Option<i64> {
    let text = text.trim();
    let today = || zone.timestamp_opt(now, 0).single().map(|time| time.date_naive());
    match text {
        "now" => return Some(now),
        "today" => return midnight(today()?, zone),
        "yesterday" => return midnight(today()?.checked_sub_days(Days::new(1))?, zone),
        _ => {}
    }
    if let Some(back) = text.strip_prefix('-') {
        return now.checked_sub(length(back)?);
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.timestamp());
    }
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return midnight(date, zone);
    }
    let civil = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())?;
    first(civil, zone)
}

/// `24h`, `7d`, `90s`: seconds.
fn length(text: &str) -> Option<i64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i64>().ok()?.checked_mul(unit))?
}

fn midnight(date: NaiveDate, zone: Tz) -> Option<i64> {
    first(date.and_time(NaiveTime::MIN), zone)
}

/// The first moment with this civil time; where a clock change left it out, the moment an hour later.
fn first(civil: NaiveDateTime, zone: Tz) -> Option<i64> {
    let later = || zone.from_local_datetime(&(civil + chrono::TimeDelta::hours(1))).earliest();
    zone.from_local_datetime(&civil).earliest().or_else(later).map(|time| time.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wednesday 2001-03-14 12:00:00 UTC.
    const NOW: i64 = 984_571_200;

    #[track_caller]
    fn check(text: &str, expect: Option<&str>) {
        let got = parse(text, NOW, Tz::UTC).map(crate::model::time::rfc3339);
        assert_eq!(got.as_deref(), expect, "{text}");
    }

    #[test]
    fn absolute_relative_and_spoken_moments() {
        check("2001-03-12", Some("2001-03-12T00:00:00Z"));
        check("2001-03-12 08:54", Some("2001-03-12T08:54:00Z"));
        check("2001-03-12T08:54:05", Some("2001-03-12T08:54:05Z"));
        check("2001-03-12T08:54:05+01:00", Some("2001-03-12T07:54:05Z"));
        check("-24h", Some("2001-03-13T12:00:00Z"));
        check("-7d", Some("2001-03-07T12:00:00Z"));
        check("yesterday", Some("2001-03-13T00:00:00Z"));
        check("now", Some("2001-03-14T12:00:00Z"));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in ["", "-", "-h", "-1y", "--7d", "-+7d", "2001-02-30", "soon", "-99999999999999999999d", "-7é"] {
            check(text, None);
        }
    }

    #[test]
    fn dates_are_days_of_the_display_zone() {
        assert_eq!(parse("2001-03-12", NOW, Tz::Europe__Berlin), parse("2001-03-11T23:00:00Z", NOW, Tz::UTC));
        // 02:30 did not exist on that day.
        assert!(parse("2001-03-25 02:30", NOW, Tz::Europe__Berlin).is_some());
    }
}
