//! Dates in the form of some country, decided for a whole file from all its lines.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::input::stamp::digits;

/// What the parts of a date are, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Month, day, year: the United States.
    Mdy,
    /// Day, month, year: most others.
    Dmy,
    /// Year, month, day: ISO 8601, Japan, Hungary.
    Ymd,
}

/// A date as it is written: three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    numbers: [u32; 3],
    year_first: bool,
    separator: u8,
}

/// `4/11/95`, `04.01.2012`, `2012-01-04`; `None` for anything else.
pub(super) fn parts(text: &str) -> Option<Parts> {
    let text = text.trim().as_bytes();
    let (mut numbers, mut ends) = ([0; 3], [0; 3]);
    let mut at = 0;
    for (number, end) in numbers.iter_mut().zip(&mut ends) {
        let count = text[at..].iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=4).contains(&count) {
            return None;
        }
        *end = at + count;
        *number = digits(&text[at..*end]);
        at = (*end + 1).min(text.len());
    }
    let (separator, other) = (*text.get(ends[0])?, *text.get(ends[1])?);
    let whole = matches!(separator, b'/' | b'.' | b'-') && other == separator && ends[2] == text.len();
    whole.then_some(Parts { numbers, year_first: ends[0] == 4, separator })
}

/// `4:58:39 AM`, `15:37:21`, `15.37`; the second is 0 where there is none.
pub(super) fn clock(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    if let Some(time) = usual(text.as_bytes()) {
        return time;
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(text.len());
    let (digits, half) = (text[..end].trim_end_matches('.'), text[end..].trim());
    let mut pieces = digits.split([':', '.']);
    let mut number = || -> Option<u32> { pieces.next()?.parse().ok() };
    let (mut hour, minute) = (number()?, number()?);
    let second = number().unwrap_or(0);
    if pieces.next().is_some() {
        return None;
    }
    match half.bytes().next().map(|byte| byte.to_ascii_lowercase()) {
        None => {}
        Some(b'a') if (1..=12).contains(&hour) && half.len() <= 5 => hour %= 12,
        Some(b'p') if (1..=12).contains(&hour) && half.len() <= 5 => hour = hour % 12 + 12,
        Some(_) => return None,
    }
    NaiveTime::from_hms_opt(hour, minute, second)
}

/// Reads `15:37:21` and `4:58:39 AM`, the most frequent forms; `None` for every other.
fn usual(text: &[u8]) -> Option<Option<NaiveTime>> {
    let hours = text.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    let (hour, rest) = text.split_at(hours);
    let (half, twelve) = match rest {
        [b':', _, _, b':', _, _] => (0, false),
        [b':', _, _, b':', _, _, b' ', b'A' | b'a', b'M' | b'm'] => (0, true),
        [b':', _, _, b':', _, _, b' ', b'P' | b'p', b'M' | b'm'] => (12, true),
        _ => return None,
    };
    let (minute, second) = (&rest[1..3], &rest[4..6]);
    if !matches!(hours, 1 | 2) || !minute.iter().chain(second).all(u8::is_ascii_digit) {
        return None;
    }
    let hour = match digits(hour) {
        hour if !twelve => hour,
        hour @ 1..=12 => hour % 12 + half,
        _ => return Some(None),
    };
    Some(NaiveTime::from_hms_opt(hour, digits(minute), digits(second)))
}

impl Parts {
    /// The day in this order; `None` where there is no such day. Years of two digits from 70 on are of
    /// the 20th century.
    pub(super) fn day(self, order: Order) -> Option<NaiveDate> {
        let [a, b, c] = self.numbers;
        let (year, month, day) = match order {
            Order::Mdy => (c, a, b),
            Order::Dmy => (c, b, a),
            Order::Ymd => (a, b, c),
        };
        let year = match year {
            0..=69 => year + 2000,
            70..=99 => year + 1900,
            _ => year,
        };
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    }
}

/// What all dates of a file say about their order.
#[derive(Default)]
pub(super) struct Evidence {
    year_first: u64,
    /// Dates that only this order allows: Mdy, Dmy.
    only: [u64; 2],
    /// Dates that mean two different days.
    both: u64,
    /// Steps forwards and backwards from line to line: of Mdy, of Dmy.
    steps: [[u64; 2]; 2],
    last: [Option<NaiveDateTime>; 2],
    separator: u8,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    /// The order that is used; a date that it does not allow is tried in the others.
    pub(super) order: Order,
    /// Why the order may be wrong; `None` when it is certain.
    pub(super) doubt: Option<&'static str>,
}

impl Evidence {
    /// Takes the date and time of one line.
    pub(super) fn note(&mut self, parts: Parts, clock: NaiveTime) {
        if parts.year_first {
            self.year_first += 1;
            return;
        }
        self.separator = parts.separator;
        let days = [parts.day(Order::Mdy), parts.day(Order::Dmy)];
        match days {
            [Some(_), None] => self.only[0] += 1,
            [None, Some(_)] => self.only[1] += 1,
            [Some(a), Some(b)] if a != b => self.both += 1,
            _ => {}
        }
        for (at, day) in days.into_iter().enumerate() {
            let Some(time) = day.map(|day| day.and_time(clock)) else { continue };
            match self.last[at].replace(time) {
                Some(last) if time > last => self.steps[at][0] += 1,
                Some(last) if time < last => self.steps[at][1] += 1,
                _ => {}
            }
        }
    }

    /// The order: a day past 12 decides; else that the lines of a log are in order of time; else the
    /// separator, with a doubt.
    pub(super) fn decide(&self) -> Decision {
        let certain = |order| Decision { order, doubt: None };
        if self.year_first > 0 && self.only == [0, 0] && self.both == 0 {
            return certain(Order::Ymd);
        }
        let more = if self.only[0] >= self.only[1] { Order::Mdy } else { Order::Dmy };
        match self.only {
            [0, 0] => {}
            [0, _] | [_, 0] => return certain(more),
            _ => return Decision { order: more, doubt: Some("dates in both orders, day first and month first") },
        }
        if self.both == 0 {
            return certain(Order::Mdy);
        }
        let in_order = self.steps.map(|[forwards, backwards]| forwards == 0 || backwards == 0);
        match in_order {
            [true, false] => certain(Order::Mdy),
            [false, true] => certain(Order::Dmy),
            _ if self.separator == b'/' => {
                Decision { order: Order::Mdy, doubt: Some("no date tells day from month; read as month/day/year") }
            }
            _ => Decision { order: Order::Dmy, doubt: Some("no date tells day from month; read as day, month, year") },
        }
    }
}

impl Decision {
    /// The day of a date: in the decided order, or in the only one that it allows.
    pub(super) fn day(self, parts: Parts) -> Option<NaiveDate> {
        let order = if parts.year_first { Order::Ymd } else { self.order };
        parts.day(order).or_else(|| [Order::Mdy, Order::Dmy].into_iter().find_map(|order| parts.day(order)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dates: &[&str], expect: Order, doubt: bool) {
        let mut evidence = Evidence::default();
        for date in dates {
            let (date, time) = date.split_once(' ').unwrap_or((date, "12:00"));
            evidence.note(parts(date).unwrap(), clock(time).unwrap());
        }
        let decision = evidence.decide();
        assert_eq!((decision.order, decision.doubt.is_some()), (expect, doubt), "{dates:?}");
    }

    #[test]
    fn one_day_past_12_decides_for_the_whole_file() {
        check(&["04/05/2001", "04/13/2001"], Order::Mdy, false);
        check(&["04/05/2001", "13/04/2001"], Order::Dmy, false);
        check(&["2001-04-05", "2001/04/05"], Order::Ymd, false);
    }

    #[test]
    fn the_order_of_the_lines_decides_where_no_day_does() {
        check(&["1/12/2001", "2/1/2001", "3/2/2001"], Order::Mdy, false);
        check(&["3/2/2001", "2/2/2001", "12/1/2001", "2/1/2001"], Order::Dmy, false);
        check(&["5/5/2001", "6/6/2001"], Order::Mdy, false);
    }

    #[test]
    fn what_nothing_decides_is_doubted() {
        check(&["04/05/2001"], Order::Mdy, true);
        check(&["04.05.2001 04:00", "04.05.2001 03:00"], Order::Dmy, true);
        check(&["04/13/2001", "13/04/2001", "14/04/2001"], Order::Dmy, true);
    }

    #[test]
    fn dates_and_clocks_of_many_countries_are_read() {
        let day = |text, order| parts(text).and_then(|parts| parts.day(order)).map(|day| day.to_string());
        assert_eq!(day("4/11/95", Order::Mdy).as_deref(), Some("1995-04-11"));
        assert_eq!(day("04.01.12", Order::Dmy).as_deref(), Some("2012-01-04"));
        assert_eq!(day("2012-01-04", Order::Ymd).as_deref(), Some("2012-01-04"));
        assert_eq!(day("31/02/2001", Order::Dmy), None);
        for text in ["4/11", "4/11-95", "4/11/95/1", "x", "", "4//95", "12345/1/1"] {
            assert_eq!(parts(text), None, "{text}");
        }
        let time = |text| clock(text).map_or("none".to_owned(), |time| time.to_string());
        assert_eq!(time("4:58:39 AM"), "04:58:39");
        assert_eq!(time("12:00:01 AM"), "00:00:01");
        assert_eq!(time("12:30:00 p.m."), "12:30:00");
        assert_eq!(
            (time("11:59:59 PM"), time("0:00:01 AM"), time("4:5:39")),
            ("23:59:59".into(), "none".into(), "04:05:39".into())
        );
        assert_eq!(time("15.37.21"), "15:37:21");
        assert_eq!(time("15:37"), "15:37:00");
        for text in ["24:00:00", "4:58:39 XM", "13:00 PM", "4", "", "1:2:3:4", "ä"] {
            assert_eq!(time(text), "none", "{text}");
        }
    }
}
