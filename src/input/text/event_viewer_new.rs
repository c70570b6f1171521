//! Event Viewer's `.csv` and `.txt` since Vista: a header of five names, rows of six fields, the last
//! a description of many lines. The computer is in none of them.

use std::borrow::Cow;

use chrono::NaiveTime;

use super::dates::Parts;
use super::local::{self, Found, Layout, date_and_clock};
use super::rows::{columns, fields, has, nth};
use crate::input::door::Format;

/// Commas.
pub const CSV: Format = Format {
    name: "event-viewer-vista-csv",
    summary: "Event Viewer since Vista, saved as CSV (does not tell the computer)",
    sample: "fixtures/formats/event-viewer-vista.csv",
    verified: false,
    sniff: |head| local::sniff(head, &COMMA),
    most: 80,
    read: |job, sink| local::read(job, sink, &COMMA),
    parts: None,
};

/// Tabs.
pub const TXT: Format = Format {
    name: "event-viewer-vista-txt",
    summary: "Event Viewer since Vista, saved as text (does not tell the computer)",
    sample: "fixtures/formats/event-viewer-vista.txt",
    verified: false,
    sniff: |head| local::sniff(head, &TAB),
    most: 80,
    read: |job, sink| local::read(job, sink, &TAB),
    parts: None,
};

const COMMA: NewViewer = NewViewer(',');
const TAB: NewViewer = NewViewer('\t');

/// Rows with this delimiter.
struct NewViewer(char);

impl Layout for NewViewer {
    /// Two of: a date and time, an event id, all columns.
    fn starts(&self, line: &str, _: bool) -> bool {
        // Most lines are those of a description: not so many delimiters stand in them.
        if !has(line, self.0, 3) {
            return false;
        }
        let is = |number, what: &dyn Fn(&str) -> bool| nth(line, self.0, number).is_some_and(|field| what(&field));
        if is(1, &|text| stamp(text).is_some()) && is(3, &|text| text.trim().parse::<u16>().is_ok()) {
            return true;
        }
        let columns = fields(line, self.0, COLUMNS);
        let at = |at: usize| columns.get(at).map_or("", |field| field.as_ref());
        let signs = [stamp(at(1)).is_some(), at(3).trim().parse::<u16>().is_ok(), columns.len() == COLUMNS];
        signs.into_iter().filter(|sign| *sign).count() >= 2
    }

    fn split<'a>(&self, text: &'a str) -> Option<Found<'a>> {
        let [_keywords, when, source, event, _task, description]: [_; COLUMNS] = columns(text, self.0)?;
        let (date, clock) = stamp(&when)?;
        let id = event.trim().parse().ok()?;
        let (computer, record_id, strings, surplus) = (Cow::Borrowed(""), None, Vec::new(), false);
        Some(Found { date, clock, source, id, computer, record_id, strings, description, surplus })
    }

    fn header(&self, line: &str) -> bool {
        line.matches(self.0).count() >= 4
    }

    /// A date and time among the fields of a line, or a provider, but not where a row has it.
    fn joined(&self, line: &str, first: bool) -> bool {
        // Without a digit in front of a blank there is no date in front of a time.
        let digit = |text: &str| text.trim_end().ends_with(|c: char| c.is_ascii_digit());
        let may = |text: &str| memchr::memchr_iter(b' ', text.as_bytes()).any(|at| digit(&text[..at]));
        let dated = |text: &str| {
            text.len() < 64 && may(text) && text.char_indices().any(|(at, _)| stamp(&text[at..]).is_some())
        };
        let columns = has(line, self.0, COLUMNS - 3);
        line.split(self.0).take(64).enumerate().any(|(at, text)| {
            let expected = first && (at == 1 || at == 2);
            !expected && (dated(text) || (columns && text.contains("Microsoft-Windows-")))
        })
    }
}

/// Keywords or level, date and time, source, event id, task category, description.
const COLUMNS: usize = 6;

fn stamp(text: &str) -> Option<(Parts, NaiveTime)> {
    let (date, time) = text.trim().split_once(' ')?;
    date_and_clock(date, time)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_damage, check_fixture, sure};
    use super::*;

    const EVENTS: [&str; 2] = [
        "2026-07-19T09:59:10Z 4625 Failure on : CORP\\bob from WS9 10.0.0.5 0xC0000064 type 3",
        "2026-07-19T10:00:00Z 4776 Failure on : \\dadmin from WIN81  0xC0000234 type -",
    ];

    #[test]
    fn the_fixtures_give_the_same_events() {
        check_fixture(&CSV, &EVENTS);
        check_fixture(&TXT, &EVENTS);
    }

    #[test]
    fn damage_is_reported_and_the_rest_is_read() {
        check_damage(&CSV);
        check_damage(&TXT);
    }

    #[test]
    fn other_tables_are_not_taken() {
        assert_eq!(
            sure(&CSV, b"rank,workstation,class,verdict,failures,first\n1,A,storm,x,5,2001-01-01T00:00:00Z\n"),
            0
        );
        assert_eq!(sure(&CSV, b"3/13/2001,2:07:42 PM,Security,Failure Audit,Account Logon,681,u,c,\"x\"\n"), 0);
    }
}
