//! Time stamps of client logs: the SMS trailer, CMTrace attributes, and patterns of a profile.
//!
//! SMS 1.2, 2.0 and 2003 write `$$<component><Tue Jan 04 15:19:28.663 2000><thread=112 (0x70)>`
//! behind the text (KB Q236052, Q248969, Q201764, 922362); Configuration Manager writes
//! `09-17-2023 17:26:15.614+420` there, or the CMTrace attributes `time` and `date`.

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;
use regex::{Captures, Regex};

use crate::input::options::CmOffset;
use crate::model::client::Stamp;

/// The year that stands in for a missing one: a leap year, so 29 February is a day of it.
pub const NO_YEAR: i32 = 1972;

/// How stamps are to be understood.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// Zone of stamps that carry none; `None`: they stay without one.
    pub zone: Option<Tz>,
    /// Sign of Configuration Manager's offsets.
    pub offset: CmOffset,
}

/// Windows names of time zones in SMS trailers, with the minutes to add to get UTC. Other names,
/// and those of localised systems, are the machine's local time.
const ZONES: [(&str, i32); 11] = [
    ("Pacific Standard Time", 480),
    ("Pacific Daylight Time", 420),
    ("Mountain Standard Time", 420),
    ("Mountain Daylight Time", 360),
    ("Central Standard Time", 360),
    ("Central Daylight Time", 300),
    ("Eastern Standard Time", 300),
    ("Eastern Daylight Time", 240),
    ("GMT Standard Time", 0),
    ("GMT Daylight Time", -60),
    ("UTC", 0),
];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The pattern as a regex.
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("constant patterns are tested")
}

static CTIME: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?x) \b (?P<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \x20+ (?P<day>[0-9]{1,2}) \x20+
        (?P<hour>[0-9]{1,2}) : (?P<minute>[0-9]{2}) : (?P<second>[0-9]{2}) (?: \. (?P<fraction>[0-9]{1,9}) )?
        \x20+ (?P<year>[0-9]{4}) ~? (?: \x20+ (?P<zone>[^<>~]+) )?",
    )
});

static CM: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?x) \b (?P<month>[0-9]{1,2}) - (?P<day>[0-9]{1,2}) - (?P<year>[0-9]{4}) \x20+
        (?P<hour>[0-9]{1,2}) : (?P<minute>[0-9]{2}) : (?P<second>[0-9]{2}) (?: \. (?P<fraction>[0-9]{1,9}) )?
        (?P<bias>[+-]-?[0-9]{1,4})?",
    )
});

static CM_TIME: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r#"(?x) \b time="(?P<hour>[0-9]{1,2}) : (?P<minute>[0-9]{2}) : (?P<second>[0-9]{2})
        (?: \. (?P<fraction>[0-9]{1,9}) )? (?P<bias>[+-]-?[0-9]{1,4})? ""#,
    )
});

static CM_DATE: LazyLock<Regex> =
    LazyLock::new(|| compiled(r#"\bdate="(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})-(?P<year>[0-9]{4})""#));

impl Clock {
    /// The stamp of an SMS trailer; [`Stamp::None`] where it is damaged beyond reading.
    pub fn trailer(&self, trailer: &str) -> Stamp {
        if let Some(usual) = usual(trailer) {
            return self.dated(Some(usual.midnight + i64::from(usual.time)), None);
        }
        match CTIME.captures(trailer) {
            Some(found) => self.ctime(&found),
            None => CM.captures(trailer).map_or(Stamp::None, |found| self.cm_stamp(&found, &found)),
        }
    }

    /// The stamp in the attributes of a CMTrace record.
    pub fn cmtrace(&self, attributes: &str) -> Stamp {
        if let Some((ms, bias)) = usual_record(attributes) {
            return self.dated(Some(ms), bias.and_then(|written| self.bias(written)));
        }
        match (CM_DATE.captures(attributes), CM_TIME.captures(attributes)) {
            (Some(date), Some(time)) => self.cm_stamp(&date, &time),
            (None, Some(time)) => time_of_day(&time).map_or(Stamp::None, Stamp::TimeOfDay),
            _ => Stamp::None,
        }
    }

    /// The stamp in what a profile's pattern found: groups `hour`, `minute` and as far as there
    /// `second`, `fraction`, `day`, `month` (number or English name), `year`.
    pub fn profile(&self, found: &Captures<'_>) -> Stamp {
        let Some(time) = time_of_day(found) else { return Stamp::None };
        let (Some(month), Some(day)) = (month(found), number(found, "day")) else {
            return Stamp::TimeOfDay(time);
        };
        match number(found, "year") {
            None => date_ms(NO_YEAR, month, day, time).map_or(Stamp::None, Stamp::NoYear),
            Some(year) => {
                let short = found.name("year").is_some_and(|digits| digits.as_str().trim().len() <= 2);
                // Two digits: the window of `ctime` users, 1970 to 2069.
                let year = match year {
                    0..70 if short => year + 2000,
                    70..100 if short => year + 1900,
                    _ => year,
                };
                self.dated(date_ms(year as i32, month, day, time), None)
            }
        }
    }

    fn ctime(&self, found: &Captures<'_>) -> Stamp {
        let at =
            (|| date_ms(number(found, "year")? as i32, month(found)?, number(found, "day")?, time_of_day(found)?))();
        let zone = found.name("zone").map_or("", |zone| zone.as_str().trim());
        let bias = ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(zone)).map(|(_, bias)| *bias);
        self.dated(at, bias)
    }

    fn cm_stamp(&self, date: &Captures<'_>, time: &Captures<'_>) -> Stamp {
        let at = (|| date_ms(number(date, "year")? as i32, month(date)?, number(date, "day")?, time_of_day(time)?))();
        let bias = time.name("bias").and_then(|text| self.bias(text.as_str()));
        self.dated(at, bias)
    }

    /// Minutes to add to the local time, from an offset as written. Microsoft's own tools write a
    /// bias (`+480` in Los Angeles). Scripts that put a `+` before `Win32_TimeZone.Bias`, whose sign
    /// is the other one, write `+-480` for the same zone.
    fn bias(&self, written: &str) -> Option<i32> {
        let minutes = match written.strip_prefix("+-").or(written.strip_prefix("--")) {
            Some(digits) => digits.parse::<i32>().ok()?,
            None => written.parse::<i32>().ok()?,
        };
        match self.offset {
            CmOffset::Bias => Some(minutes),
            CmOffset::Iso => Some(-minutes),
            CmOffset::Ignore => None,
        }
    }

    /// The stamp of a moment in milliseconds on the client's clock, with the bias that the line tells.
    pub fn dated(&self, at: Option<i64>, bias: Option<i32>) -> Stamp {
        let Some(ms) = at else { return Stamp::None };
        let bias = bias.or_else(|| self.zone.and_then(|zone| bias_of(zone, ms)));
        Stamp::Dated(ms, bias)
    }
}

/// Where an SMS trailer starts in a line: at the last `$$<`; `None` where there is none.
pub fn trailer_start(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let mark = |at: &usize| *at > 0 && bytes[at - 1] == b'$' && bytes.get(at + 1) == Some(&b'<');
    Some(memchr::memrchr_iter(b'$', bytes).find(mark)? - 1)
}

/// A trailer in its most frequent form, `$$<component><Tue Jan 04 15:19:28.663 2000>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    /// Bytes in front of the time of day, which has [`CLOCK`] of them.
    pub clock_at: usize,
    /// The day's midnight in milliseconds on the client's clock.
    pub midnight: i64,
    /// Milliseconds since midnight.
    pub time: u32,
}

/// Bytes of `15:19:28.663`.
pub const CLOCK: usize = 12;

/// Reads a trailer of the most frequent form. `None` for every other form: the patterns know them.
pub fn usual(trailer: &str) -> Option<Usual> {
    let close = memchr::memchr(b'>', trailer.as_bytes())?;
    let component = trailer.as_bytes().get(3..close)?;
    let stamp = trailer.as_bytes().get(close + 1..close + 1 + "<Tue Jan 04 15:19:28.663 2000>".len())?;
    // A time of day in the component would be found first.
    if component.windows(2).any(|pair| pair[0].is_ascii_digit() && pair[1] == b':') {
        return None;
    }
    let (day, rest) = stamp.split_at("<Tue Jan 04 ".len());
    let (clock, year) = rest.split_at(CLOCK);
    if !has_form(day, b"<aaa aaa 00 ") || !has_form(year, b" 0000>") {
        return None;
    }
    let month = MONTHS.iter().position(|month| month.as_bytes() == &day[5..8])? as u32 + 1;
    let midnight = date_ms(digits(&year[1..5]) as i32, month, digits(&day[9..11]), 0)?;
    Some(Usual { clock_at: close + 1 + day.len(), midnight, time: clock_ms(clock)? })
}

/// Milliseconds since midnight of `15:19:28.663`; `None` for any other form and where no clock shows it.
pub fn clock_ms(clock: &[u8]) -> Option<u32> {
    if clock.len() != CLOCK || !has_form(clock, b"00:00:00.000") {
        return None;
    }
    let (hour, minute, second) = (digits(&clock[..2]), digits(&clock[3..5]), digits(&clock[6..8]));
    let shown = hour <= 23 && minute <= 59 && second <= 59;
    shown.then(|| ((hour * 60 + minute) * 60 + second) * 1000 + digits(&clock[9..]))
}

/// Time and offset as written of `<time="13:28:46.510+480" date="01-13-2023"`, the most frequent attributes
/// of a CMTrace record. `None` for every other form: the patterns know them.
fn usual_record(attributes: &str) -> Option<(i64, Option<&str>)> {
    let (clock, rest) = attributes.strip_prefix("<time=\"")?.split_at_checked(CLOCK)?;
    let (bias, rest) = rest.split_once('"')?;
    let date = rest.strip_prefix(" date=\"")?.as_bytes().get(..11)?;
    let sign = bias.strip_prefix(['+', '-']).map(|rest| rest.strip_prefix('-').unwrap_or(rest));
    let is_bias = |minutes: &str| matches!(minutes.len(), 1..=4) && minutes.bytes().all(|byte| byte.is_ascii_digit());
    if !has_form(date, b"00-00-0000\"") || !(bias.is_empty() || sign.is_some_and(is_bias)) {
        return None;
    }
    let midnight = date_ms(digits(&date[6..10]) as i32, digits(&date[..2]), digits(&date[3..5]), 0)?;
    Some((midnight + i64::from(clock_ms(clock.as_bytes())?), Some(bias).filter(|bias| !bias.is_empty())))
}

/// Byte by byte: `a` in the form stands for a letter, `0` for a digit, others for themselves.
fn has_form(bytes: &[u8], form: &[u8]) -> bool {
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'a' => byte.is_ascii_alphabetic(),
        b'0' => byte.is_ascii_digit(),
        _ => byte == form,
    };
    bytes.iter().zip(form).all(fits)
}

/// The number that ASCII digits write; fewer than ten of them.
pub fn digits(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit & 15))
}

/// Minutes to add to the local time `ms` (milliseconds since 1970-01-01T00:00:00 on that clock) of a
/// zone to get UTC. An hour that comes twice is taken as its first, daylight pass; in an hour that
/// is left out in spring the clock counts as not yet put forward. `None` outside the calendar.
pub fn bias_of(zone: Tz, ms: i64) -> Option<i32> {
    let local = local_time(ms)?;
    let offset = match zone.offset_from_local_datetime(&local) {
        chrono::LocalResult::Single(offset) | chrono::LocalResult::Ambiguous(offset, _) => offset,
        chrono::LocalResult::None => {
            zone.offset_from_local_datetime(&(local - chrono::TimeDelta::hours(2))).earliest()?
        }
    };
    Some(-offset.fix().local_minus_utc() / 60)
}

/// Milliseconds since 1970-01-01T00:00:00 of a date and a time of day in milliseconds; `None` where
/// the calendar has no such day.
pub fn date_ms(year: i32, month: u32, day: u32, time_ms: u32) -> Option<i64> {
    let midnight = NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(0, 0, 0)?;
    Some(midnight.and_utc().timestamp_millis() + i64::from(time_ms))
}

fn local_time(ms: i64) -> Option<NaiveDateTime> {
    chrono::DateTime::from_timestamp_millis(ms).map(|time| time.naive_utc())
}

/// Milliseconds since midnight; `None` where no clock shows such a time.
fn time_of_day(found: &Captures<'_>) -> Option<u32> {
    let (hour, minute) = (number(found, "hour")?, number(found, "minute")?);
    let second = match found.name("second") {
        Some(_) => number(found, "second")?,
        None => 0,
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let fraction = found.name("fraction").map_or("", |text| text.as_str());
    let millis = fraction.bytes().chain([b'0'; 3]).take(3).fold(0, |sum, digit| sum * 10 + u32::from(digit & 15));
    Some(((hour * 60 + minute) * 60 + second) * 1000 + millis)
}

fn month(found: &Captures<'_>) -> Option<u32> {
    if let Some(name) = found.name("mon").or(found.name("month")) {
        let position = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name.as_str()));
        if let Some(position) = position {
            return Some(position as u32 + 1);
        }
    }
    number(found, "month")
}

fn number(found: &Captures<'_>, group: &str) -> Option<u32> {
    found.name(group)?.as_str().trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(stamp: Stamp) -> String {
        let text = |ms| local_time(ms).unwrap().format("%Y-%m-%d %H:%M:%S%.3f").to_string();
        match stamp {
            Stamp::None => "none".into(),
            Stamp::TimeOfDay(ms) => format!("day {ms}"),
            Stamp::NoYear(ms) => format!("no year {}", text(ms)),
            Stamp::Dated(ms, None) => text(ms),
            Stamp::Dated(ms, Some(bias)) => format!("{} {bias:+}", text(ms)),
        }
    }

    fn check(line: &str, message: &str, expect: &str) {
        let (text, trailer) = line.split_at(trailer_start(line).expect(line));
        assert_eq!((text.trim_end(), show(Clock::default().trailer(trailer)).as_str()), (message, expect), "{line}");
    }

    #[test]
    fn the_usual_form_is_read_as_the_pattern_reads_it() {
        for trailer in [
            "$$<CCIM32><Tue Jan 04 15:19:28.663 2000><thread=112 (0x70)>",
            "$$<C:\\WINNT\\CLISVCL.EXE><Fri Oct 22 00:43:51.093 1999><thread=161 (0xA1)>",
            "$$<a1:b><Fri Oct 22 00:43:51.093 1999>",
            "$$<Jan 1 1:00:00 2001><Fri Oct 22 00:43:51.093 1999>",
            "$$<a><Fri Oct 32 00:43:51.093 1999>",
            "$$<a><Fri Oct 22 24:43:51.093 1999>",
            "$$<a><Fri Oct 22 00:43:51.093 1999 Pacific Standard Time>",
            "$$<a><Fri Oct  2 00:43:51.093 1999>",
            "$$<><Fri Oct 22 00:43:51.093 1999>",
            "$$<a>Fri Oct 22 00:43:51.093 1999>",
            "$$<\u{e4}><Fri Oct 22 00:43:51.093 1999",
            "$$<",
        ] {
            let slow = CTIME.captures(trailer).map(|found| Clock::default().ctime(&found));
            if let Some(usual) = usual(trailer) {
                let ms = usual.midnight + i64::from(usual.time);
                assert_eq!(slow, Some(Stamp::Dated(ms, None)), "{trailer}");
            }
        }
        assert!(usual("$$<CCIM32><Tue Jan 04 15:19:28.663 2000><thread=112 (0x70)>").is_some());
        assert_eq!(trailer_start("a $$<b $$<c><Tue Jan 04 15:19:28.663 2000>"), Some(7));
        assert_eq!(trailer_start("a $$ <b"), None);
    }

    #[test]
    fn the_usual_record_is_read_as_the_patterns_read_it() {
        let whole = "<time=\"13:28:46.510+480\" date=\"01-13-2023\" component=\"c\">";
        assert!(usual_record(whole).is_some());
        let damaged = (0..whole.len())
            .flat_map(|at| "0:\"+-.x<".chars().map(move |by| format!("{}{by}{}", &whole[..at], &whole[at + 1..])));
        let cut = (0..whole.len()).map(|at| whole[..at].to_owned());
        for attributes in damaged.chain(cut).chain([whole.replace("+480", ""), whole.replace("+480", "+-480")]) {
            let clock = Clock::default();
            let slow = match (CM_DATE.captures(&attributes), CM_TIME.captures(&attributes)) {
                (Some(date), Some(time)) => clock.cm_stamp(&date, &time),
                (None, Some(time)) => time_of_day(&time).map_or(Stamp::None, Stamp::TimeOfDay),
                _ => Stamp::None,
            };
            assert_eq!(clock.cmtrace(&attributes), slow, "{attributes}");
        }
    }

    #[test]
    fn trailers_of_every_published_form_are_read() {
        // KB Q248969, Q246331, Q236052, Q262242, Q236596, Q201764, Q267889, 922362.
        check(
            "Processing file: D:\\SMS\\x.sid  $$<SMS_SOFTWARE_INVENTORY_PROCESSOR><Fri Dec 10 01:12:40.304 1999 Pacific Standard Time><thread=322 (0x142)>",
            "Processing file: D:\\SMS\\x.sid",
            "1999-12-10 01:12:40.304 +480",
        );
        check(
            "Verifying application [C:\\hinv32.exe]~  $$<C:\\WINNT\\MS\\SMS\\CORE\\BIN\\CLISVCL.EXE><Fri Oct 22 00:43:51.093 1999><thread=161 (0xA1)>",
            "Verifying application [C:\\hinv32.exe]~",
            "1999-10-22 00:43:51.093",
        );
        check(
            "CCIM32 - Retry in 60 minutes $$<CCIM32><Tue Jan 04 15:19:28.663 2000><thread=112 (0x70)>",
            "CCIM32 - Retry in 60 minutes",
            "2000-01-04 15:19:28.663",
        );
        check(
            "WARNING - ... $$<Hardware Inventory Agent><Fri May 05 10:00:20.775 2000><thread=175 (0xAF)>",
            "WARNING - ...",
            "2000-05-05 10:00:20.775",
        );
        check(
            "... $$<CCIM32><Tue Jun 22 01:26:12.270 1999><thread=4294798339 (0xFFFD6C03)>",
            "...",
            "1999-06-22 01:26:12.270",
        );
        check(
            "Job still running............~   $$<SMS_PACKAGE_COMMAND_MANAGER_NT><Thu Aug 27 07:29:22 1998~><thread=8D>",
            "Job still running............~",
            "1998-08-27 07:29:22.000",
        );
        check(
            "... $$<SMS_SITE_COMPONENT_MANAGER><Mon Jul 03 12:25:46.750 2000 GMT Daylight Time><thread=43 (0x2B)>",
            "...",
            "2000-07-03 12:25:46.750 -60",
        );
        check(
            "Starting CCMEXEC service... $$<CcmExec><Fri Feb 13 8:13:13.819 2004 Central Standard Time><thread=1216 (0x4C0)>",
            "Starting CCMEXEC service...",
            "2004-02-13 08:13:13.819 +360",
        );
        check(
            "... $$<SMS_HIERARCHY_MANAGER><09-17-2023 17:26:15.614+420><thread=7064 (0x1B98)>",
            "...",
            "2023-09-17 17:26:15.614 +420",
        );
    }

    #[test]
    fn damaged_trailers_keep_their_stamp_as_far_as_it_is_whole() {
        // KB Q236596, Q235777: a missing `>`, a doubled one. KB Q303279: cut in the zone.
        check("x $$<CCIM32<Tue Jun 22 01:26:12.270 1999><thread=1 (0x1)>", "x", "1999-06-22 01:26:12.270");
        check("x $$<CCIM32><Tue Jun 22 01:26:12.270 1999>>thread=1 (0x1)>", "x", "1999-06-22 01:26:12.270");
        check("x $$<P><Wed Jul 4 9:46:43.146 2001 Central ...", "x", "2001-07-04 09:46:43.146");
        check("x $$<P><Wed Jul 4 9:46:43.14", "x", "none");
        check("x $$<P><Wed Feb 30 09:46:43.146 2001><thread=1>", "x", "none");
        check("x $$<P><Wed Feb 20 24:46:43.146 2001><thread=1>", "x", "none");
        check("x $$<", "x", "none");
        assert_eq!(trailer_start("costs $$ 5 <b>"), None);
    }

    fn check_cm(offset: CmOffset, attributes: &str, expect: &str) {
        let clock = Clock { zone: None, offset };
        assert_eq!(show(clock.cmtrace(attributes)), expect, "{attributes}");
    }

    #[test]
    fn the_offset_of_cmtrace_is_a_bias_unless_told_otherwise() {
        let line = "<time=\"14:24:33.329+420\" date=\"06-26-2015\" component=\"A\" context=\"\" type=\"1\" thread=\"1256\" file=\"d.cpp:1626\">";
        check_cm(CmOffset::Bias, line, "2015-06-26 14:24:33.329 +420");
        check_cm(CmOffset::Iso, line, "2015-06-26 14:24:33.329 -420");
        check_cm(CmOffset::Ignore, line, "2015-06-26 14:24:33.329");
        check_cm(CmOffset::Bias, "<time=\"08:06:34.590-060\" date=\"09-02-2016\">", "2016-09-02 08:06:34.590 -60");
        check_cm(CmOffset::Bias, "<time=\"8:06:34.5901234+-480\" date=\"9-2-2016\">", "2016-09-02 08:06:34.590 +480");
        check_cm(CmOffset::Bias, "<time=\"08:06:34.590\" date=\"09-02-2016\">", "2016-09-02 08:06:34.590");
        check_cm(CmOffset::Bias, "<time=\"08:06:34.5\">", "day 29194500");
        check_cm(CmOffset::Bias, "<date=\"09-02-2016\">", "none");
    }

    #[test]
    fn a_zone_that_the_person_names_gives_the_bias_of_the_season() {
        let berlin = Clock { zone: Some(chrono_tz::Europe::Berlin), offset: CmOffset::Bias };
        let of = |stamp: &str| show(berlin.trailer(&format!("$$<A><{stamp}><thread=1>")));
        assert_eq!(of("Tue Jan 04 15:19:28.663 2000"), "2000-01-04 15:19:28.663 -60");
        assert_eq!(of("Tue Jul 04 15:19:28 2000"), "2000-07-04 15:19:28.000 -120");
        assert_eq!(of("Sun Mar 26 02:30:00 2000"), "2000-03-26 02:30:00.000 -60");
        assert_eq!(of("Sun Oct 29 02:30:00 2000"), "2000-10-29 02:30:00.000 -120");
        assert_eq!(of("Tue Jan 04 15:19:28 2000 Eastern Standard Time"), "2000-01-04 15:19:28.000 +300");
    }

    #[test]
    fn stamps_of_a_profile_may_lack_year_or_date() {
        let of = |pattern: &str, line: &str| {
            let regex = Regex::new(pattern).unwrap();
            show(Clock::default().profile(&regex.captures(line).unwrap()))
        };
        let day =
            r"^(?P<month>[^ /]+)[ /](?P<day>\d+)(?:/(?P<year>\d+))? (?P<hour>\d+):(?P<minute>\d+)(?::(?P<second>\d+))?";
        assert_eq!(of(day, "02/29 08:12:26"), "no year 1972-02-29 08:12:26.000");
        assert_eq!(of(day, "mar 4 8:12"), "no year 1972-03-04 08:12:00.000");
        assert_eq!(of(day, "02/03/01 08:12:26"), "2001-02-03 08:12:26.000");
        assert_eq!(of(day, "02/03/0001 08:12:26"), "0001-02-03 08:12:26.000");
        assert_eq!(of(day, "99/03/2001 08:12:26"), "none");
        assert_eq!(of(r"^(?P<hour>\d+):(?P<minute>\d+)", "23:59"), "day 86340000");
    }
}
