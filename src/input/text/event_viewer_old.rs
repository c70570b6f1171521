//! The old Event Viewer's `.csv` and `.txt` (NT 4 to Server 2003): no header, nine columns, the last
//! one a description of many lines (Microsoft, "File formats for archived logs").

use super::local::{self, Found, Layout, date_and_clock};
use super::rows::{columns, fields, has, nth};
use crate::input::door::Format;

/// Commas.
pub const CSV: Format = Format {
    name: "event-viewer-csv",
    summary: "Event Viewer of NT 4 to Server 2003, saved as CSV (comma delimited)",
    sample: "fixtures/formats/event-viewer.csv",
    verified: false,
    sniff: |head| local::sniff(head, &COMMA),
    most: 80,
    read: |job, sink| local::read(job, sink, &COMMA),
    parts: None,
};

/// Tabs.
pub const TXT: Format = Format {
    name: "event-viewer-txt",
    summary: "Event Viewer of NT 4 to Server 2003, saved as text (tab delimited)",
    sample: "fixtures/formats/event-viewer.txt",
    verified: false,
    sniff: |head| local::sniff(head, &TAB),
    most: 80,
    read: |job, sink| local::read(job, sink, &TAB),
    parts: None,
};

const COMMA: OldViewer = OldViewer(',');
const TAB: OldViewer = OldViewer('\t');

/// Rows with this delimiter.
struct OldViewer(char);

impl Layout for OldViewer {
    /// Three of: a date, a time, an event id in its place, all columns; or a date and most delimiters. A
    /// row with one damaged field still starts, and is reported.
    fn starts(&self, line: &str, _: bool) -> bool {
        // Most lines are those of a description: not so many delimiters stand in them.
        if !has(line, self.0, EVENT) {
            return false;
        }
        let date = |text: &str| super::dates::parts(text).is_some();
        let clock = |text: &str| super::dates::clock(text).is_some();
        let id = |text: &str| text.trim().parse::<u16>().is_ok();
        let is = |number, what: &dyn Fn(&str) -> bool| nth(line, self.0, number).is_some_and(|field| what(&field));
        if is(0, &date) && is(1, &clock) && is(EVENT, &id) {
            return true;
        }
        let columns = fields(line, self.0, COLUMNS);
        let at = |at: usize| columns.get(at).map_or("", |field| field.as_ref());
        let signs = [date(at(0)), clock(at(1)), id(at(EVENT)), columns.len() == COLUMNS];
        signs.into_iter().filter(|sign| *sign).count() >= 3 || (dated(line) && most_columns(line, self.0))
    }

    fn split<'a>(&self, text: &'a str) -> Option<Found<'a>> {
        let [date, time, source, _type, _category, event, _user, computer, description]: [_; COLUMNS] =
            columns(text, self.0)?;
        let (date, clock) = date_and_clock(&date, &time)?;
        let id = event.trim().parse().ok()?;
        // Dumpel has numbers where the source and the type stand here.
        (!source.trim().is_empty() && source.parse::<u32>().is_err()).then_some(())?;
        let (record_id, strings, surplus) = (None, Vec::new(), false);
        Some(Found { date, clock, source, id, computer, record_id, strings, description, surplus })
    }

    fn header(&self, _: &str) -> bool {
        false
    }

    fn joined(&self, line: &str, first: bool) -> bool {
        joined(line, self.0) || (!first && piece(line, self.0))
    }
}

/// Date, time, source, type, category, event, user, computer, description.
const COLUMNS: usize = 9;
const EVENT: usize = 5;

fn dated(line: &str) -> bool {
    line.trim_start().starts_with(|c: char| c.is_ascii_digit())
        && (6..=10).any(|end| line.get(..end).and_then(super::dates::parts).is_some())
}

fn most_columns(line: &str, delimiter: char) -> bool {
    has(line, delimiter, COLUMNS - 3)
}

/// A line of a description that looks like a piece of a row.
fn piece(line: &str, delimiter: char) -> bool {
    dated(line) || most_columns(line, delimiter)
}

/// A date and a time side by side, but not as the line's first two fields.
fn joined(line: &str, delimiter: char) -> bool {
    if !has(line, delimiter, 1) {
        return false;
    }
    let mut fields = line.split(delimiter).take(64).enumerate().peekable();
    while let Some((number, text)) = fields.next() {
        let Some((_, next)) = fields.peek() else { return false };
        // No date ends with anything but a digit.
        if !text.ends_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let tail = text.rsplit(|c: char| !c.is_ascii_digit() && !"/.-".contains(c)).next().unwrap_or("");
        let behind_text = number > 0 || tail.len() < text.trim().len();
        if behind_text && super::dates::parts(tail).is_some() && super::dates::clock(next).is_some() {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_damage, check_fixture, sure, told, told_in};
    use super::*;

    const EVENTS: [&str; 3] = [
        "2001-03-13T14:07:42Z 681 Failure on HANSR1: \\account name from \\\\workstation name  0xC0000072 type -",
        "2001-03-13T14:07:45Z 529 Failure on HANSR1: CORP\\bob from \\\\JAMES  0xC000006D type 3",
        "2001-03-13T14:09:00Z 680 Failure on HANSR1: \\wgai002 from 313D104WGAI002  0xC000006A type -",
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

    fn row(date: &str, time: &str) -> String {
        format!(
            "{date},{time},Security,Failure Audit,Account Logon,681,NT AUTHORITY\\SYSTEM,DC1,\"The logon to account: a\n \
             by: P\n from workstation: W\n failed. The error code was: 3221225572\n\"\n"
        )
    }

    #[test]
    fn dates_are_decided_from_all_lines_and_times_are_local() {
        let german = [row("04.01.2002", "15:37:21"), row("13.02.2002", "00:00:01")].concat();
        let berlin = told_in(&CSV, german.as_bytes(), Some(chrono_tz::Europe::Berlin));
        assert!(berlin.events[0].starts_with("2002-01-04T14:37:21Z") && berlin.skipped.is_empty());
        let ambiguous = told(&CSV, row("04/05/2001", "4:58:39 PM").as_bytes());
        assert!(ambiguous.events[0].starts_with("2001-04-05T16:58:39Z"));
        assert_eq!(ambiguous.skipped, ["line 1: dates: no date tells day from month; read as month/day/year"]);
    }

    #[test]
    fn a_description_in_another_language_is_reported_not_lost() {
        let text =
            "04.01.2002,15:37:21,Security,Fehlerüberw.,Kontoanmeldung,681,SYSTEM,DC1,\"Anmeldung am Konto: a\n\"\n";
        let told = told(&CSV, text.as_bytes());
        assert_eq!((told.events.len(), told.records), (0, 1));
        assert!(told.skipped[1].contains("English event 681"), "{:?}", told.skipped);
    }

    #[test]
    fn other_tables_are_not_taken() {
        assert_eq!(sure(&CSV, b"04.01.12,15:37:21,4,0,11707,MsiInstaller,N/A,LAUSSER6,Product: x\n"), 0);
        assert_eq!(sure(&CSV, b"rank,workstation,class,verdict,failures,first,last,a,b\n1,A,storm,,5,,,,\n"), 0);
    }
}
