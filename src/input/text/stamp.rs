//! Stamps in one fixed form, and local time to UTC.

use chrono::{Duration, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use chrono_tz::Tz;

use crate::model::time::Ticks;

/// A moment and the number of fraction digits it was written with.
pub(super) type Stamp = (Ticks, u8);

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Local time to UTC; without a zone it is taken as UTC. Of a time that a clock showed twice, the
/// first; of one that it never showed, as if it had not been put forward yet.
pub(super) fn to_utc(local: NaiveDateTime, zone: Option<Tz>) -> Ticks {
    let Some(zone) = zone else { return Ticks::from_secs(local.and_utc().timestamp()) };
    let seconds = match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(time) | MappedLocalTime::Ambiguous(time, _) => time.timestamp(),
        MappedLocalTime::None => {
            let before = local - Duration::hours(3);
            let earlier =
                zone.from_local_datetime(&before).earliest().map_or(before.and_utc().timestamp(), |t| t.timestamp());
            earlier + 3 * 3600
        }
    };
    Ticks::from_secs(seconds)
}

/// `2022-08-18T06:56:26.2331234Z`, with a blank for the `T`, with `+02:00`, or without any zone (then
/// local to `zone`).
pub(super) fn iso(text: &str, zone: Option<Tz>) -> Option<Stamp> {
    let text = text.trim();
    let (date, time) = (text.get(..10)?, text.get(11..)?);
    if !matches!(text.as_bytes()[10], b'T' | b't' | b' ') {
        return None;
    }
    let clock = match usual(date, time.get(..8)?) {
        Some(clock) => clock,
        None => {
            let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
            date.and_time(NaiveTime::parse_from_str(time.get(..8)?, "%H:%M:%S").ok()?)
        }
    };
    let mut rest = &time[8..];
    let (mut fraction, mut digits) = (0i64, 0u8);
    if let Some(tail) = rest.strip_prefix(['.', ',']) {
        let length = tail.bytes().take_while(u8::is_ascii_digit).count();
        for digit in tail.bytes().take(length.min(7)) {
            fraction = fraction * 10 + i64::from(digit - b'0');
            digits += 1;
        }
        rest = &tail[length..];
    }
    fraction *= 10i64.pow(u32::from(7 - digits));
    let moment = match rest.trim() {
        "Z" | "z" => Ticks::from_secs(clock.and_utc().timestamp()),
        "" => to_utc(clock, zone),
        offset => Ticks::from_secs(clock.and_utc().timestamp() - offset_seconds(offset)?),
    };
    Some((Ticks(moment.0.checked_add(fraction)?), digits))
}

/// A date and a time of digits only, without a leap second; `None` for what else may pass for one.
fn usual(date: &str, time: &str) -> Option<NaiveDateTime> {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok())?;
    let three = |text: &str, ends: [usize; 2], mark: &str| {
        let marks = (text.get(ends[0]..ends[0] + 1)?, text.get(ends[1]..ends[1] + 1)?) == (mark, mark);
        let last = number(text.get(ends[1] + 1..)?)?;
        let numbers = (number(text.get(..ends[0])?)?, number(text.get(ends[0] + 1..ends[1])?)?, last);
        marks.then_some(numbers)
    };
    let ((year, month, day), (hour, minute, second)) = (three(date, [4, 7], "-")?, three(time, [2, 5], ":")?);
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?.and_hms_opt(hour, minute, second)
}

/// `+02:00`, `-0530`, `+02`.
fn offset_seconds(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text[1..].chars().filter(|c| *c != ':').collect();
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 = if digits.len() > 2 { digits.get(2..4)?.parse().ok()? } else { 0 };
    (digits.len() <= 4 && hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// `/Date(1660805786233)/`, milliseconds since 1970, as Windows PowerShell writes dates in JSON.
pub(super) fn json_date(text: &str) -> Option<Stamp> {
    let millis: i64 = text.trim().strip_prefix("/Date(")?.strip_suffix(")/")?.parse().ok()?;
    Some((Ticks(millis.checked_mul(10_000)?), 3))
}

/// A number of the month from its English name or the first three letters of it.
fn month(text: &str) -> Option<u32> {
    let start = text.get(..3)?.to_ascii_lowercase();
    MONTHS.iter().position(|month| *month == start).and_then(|at| u32::try_from(at + 1).ok())
}

/// Words in the order of `asctime`, `Tue Mar 26 05:46:05 2013`, local to `zone`.
pub(super) fn ctime(text: &str, zone: Option<Tz>) -> Option<Stamp> {
    let mut words = text.split_ascii_whitespace();
    let (_weekday, name, day, clock, year) =
        (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    named_month(year, name, day, clock, zone)
}

/// Year, name of the month, day and time of day, local to `zone`.
pub(super) fn named_month(year: &str, name: &str, day: &str, clock: &str, zone: Option<Tz>) -> Option<Stamp> {
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month(name)?, day.parse().ok()?)?;
    let time = NaiveTime::parse_from_str(clock, "%H:%M:%S").ok()?;
    Some((to_utc(date.and_time(time), zone), 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(got: Option<Stamp>, expect: &str) {
        assert_eq!(got.map_or("none".to_owned(), |(time, digits)| time.rfc3339(digits)), expect);
    }

    #[test]
    fn iso_stamps_keep_their_fraction_and_their_offset() {
        check(iso("2022-08-18T06:56:26.2331234Z", None), "2022-08-18T06:56:26.2331234Z");
        check(iso("2022-08-18T06:56:26.233123456Z", None), "2022-08-18T06:56:26.2331234Z");
        check(iso("2022-08-18T08:56:26.5+02:00", None), "2022-08-18T06:56:26.5Z");
        check(iso("2022-08-18 06:56:26", None), "2022-08-18T06:56:26Z");
        check(iso("2022-08-18 06:56:26", Some(chrono_tz::Europe::Berlin)), "2022-08-18T04:56:26Z");
        check(iso("2022-08-18T06:56", None), "none");
        check(iso("2022-13-18T06:56:26Z", None), "none");
        check(iso("ä022-08-18T06:56:26Z", None), "none");
        check(json_date("/Date(1660805786233)/"), "2022-08-18T06:56:26.233Z");
    }

    #[test]
    fn names_of_months_are_read_in_local_time() {
        check(ctime("Tue Mar 26 05:46:05 2013", None), "2013-03-26T05:46:05Z");
        check(ctime("Tue Mar 26 05:46:05 2013", Some(chrono_tz::Europe::Berlin)), "2013-03-26T04:46:05Z");
        check(named_month("2018", "December", "21", "13:14:54", None), "2018-12-21T13:14:54Z");
        check(ctime("Tue Foo 26 05:46:05 2013", None), "none");
    }

    #[test]
    fn clock_changes_neither_panic_nor_lose_a_stamp() {
        let at = |text| iso(text, Some(chrono_tz::Europe::Berlin));
        check(at("2001-10-28 02:30:00"), "2001-10-28T00:30:00Z");
        check(at("2001-03-25 02:30:00"), "2001-03-25T01:30:00Z");
    }
}
