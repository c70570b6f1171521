//! `wevtutil qe Security /f:text`: a line `Event[0]`, fields one to a line, and a description of many
//! lines. It has no record numbers. A server of 2022 has been seen to write `N/A` for everything but
//! the first event's fields; such events cannot be read and are reported one by one.

use std::io;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::out::{Out, event_at};
use super::rows::{Row, each_row, lines};
use super::stamp::{self, Stamp};
use crate::input::door::{Format, Head, Job, Sink};
use crate::input::windows::description;
use crate::model::names::Text;

/// The text form of wevtutil.
pub const FORMAT: Format = Format {
    name: "wevtutil-text",
    summary: "wevtutil qe /f:text",
    sample: "fixtures/formats/wevtutil.txt",
    verified: false,
    sniff,
    most: 90,
    read,
    parts: None,
};

/// The first field of every event.
const FIRST: &str = "Log Name:";
/// The last field, whose value stands on the lines after it.
const LAST: &str = "Description:";

struct Found<'a> {
    id: u16,
    time: Stamp,
    source: &'a str,
    channel: &'a str,
    computer: &'a str,
    description: &'a str,
}

fn sniff(head: &Head<'_>) -> u8 {
    let lines = || head.text.lines().take(40);
    if lines().zip(lines().skip(1)).any(|(line, next)| starts(line) && field(next, FIRST).is_some()) { 90 } else { 0 }
}

/// `Event[12]`, on older systems with a colon behind it.
fn starts(line: &str) -> bool {
    let line = line.trim_end();
    let number = line.strip_prefix("Event[").and_then(|rest| rest.strip_suffix(':').unwrap_or(rest).strip_suffix(']'));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn field<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    line.trim_start().strip_prefix(label).map(str::trim)
}

/// What is wanted of the fields before the description.
const LABELS: [&str; 5] = ["Event ID:", "Date:", "Source:", FIRST, "Computer:"];

fn split(text: &str, zone: Option<chrono_tz::Tz>) -> Option<Found<'_>> {
    static DESCRIPTION: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(LAST));
    let at = DESCRIPTION.find(text.as_bytes())?;
    let mut values = [None; LABELS.len()];
    for line in lines(&text[..at]) {
        let line = line.trim_start();
        let known = LABELS.iter().position(|label| line.starts_with(label));
        if let Some(known) = known {
            values[known] = values[known].or(Some(line[LABELS[known].len()..].trim()));
        }
    }
    let [id, date, source, channel, computer] = values;
    Some(Found {
        id: id?.parse().ok()?,
        time: stamp::iso(date?, zone)?,
        source: source?,
        channel: channel?,
        computer: computer?,
        description: &text[at + LAST.len()..],
    })
}

fn read(job: &Job<'_>, sink: &mut dyn Sink) -> io::Result<()> {
    let mut out = Out::new(job, sink);
    each_row(job.source, &|line, _| starts(line), &mut |row| hand_over(&row, job, &mut out))?;
    out.finish();
    Ok(())
}

static NAME: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(FIRST));

fn hand_over(row: &Row<'_>, job: &Job<'_>, out: &mut Out<'_>) {
    if !row.started {
        if !row.text.trim().is_empty() {
            out.bad(row.line, "line", "no event of wevtutil");
        }
        return;
    }
    let Some(found) = split(row.text, job.options.time_zone) else {
        return out.bad(row.line, "event", "its date, event id or another field cannot be read");
    };
    out.cut(row);
    if NAME.find_iter(row.text.as_bytes()).nth(1).is_some() {
        out.bad(row.line, "event", "another, damaged event is in its lines");
    }
    let mut event = event_at(found.id, row.line, row.offset);
    (event.time, event.time_digits) = found.time;
    event.provider = Text::Utf8(found.source);
    event.channel = Text::Utf8(found.channel);
    event.computer = Text::Utf8(found.computer);
    out.record(event, &mut |event| description::fill(event, found.description));
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_damage, check_fixture, fixture, sure, told, told_in};
    use super::*;

    #[test]
    fn the_fixture_gives_the_failures() {
        check_fixture(
            &FORMAT,
            &[
                "2021-12-25T07:33:18.1520000Z 4625 Failure on micro: \\ADMINISTRATOR from   0xC0000064 type 3",
                "2021-12-25T07:31:40.0040000Z 4776 Failure on micro: \\dadmin from WIN81  0xC0000234 type -",
            ],
        );
    }

    #[test]
    fn older_systems_write_a_colon_and_local_time() {
        let old = String::from_utf8(fixture(&FORMAT)).unwrap().replace("]\n", "]:\n").replace("0000Z", "");
        let told = told_in(&FORMAT, old.as_bytes(), Some(chrono_tz::Europe::Berlin));
        assert_eq!((told.events.len(), told.skipped.len()), (2, 0));
        assert!(told.events[0].starts_with("2021-12-25T06:33:18.152Z 4625 "), "{}", told.events[0]);
    }

    #[test]
    fn events_without_their_text_are_reported_with_their_line() {
        let text = "Event[0]\n  Log Name: Security\n  Source: Microsoft-Windows-Security-Auditing\n  \
                    Date: 2021-12-25T07:31:58.8310000Z\n  Event ID: 4625\n  Computer: micro\n  Description: \nN/A\n";
        let told = told(&FORMAT, text.as_bytes());
        assert_eq!(told.events, Vec::<String>::new());
        assert_eq!(
            told.skipped,
            [
                "line 1: record: its text or strings are not those of an English event 4625; as .evtx or XML it reads the same in every language"
            ]
        );
    }

    #[test]
    fn damage_is_reported_and_the_rest_is_read() {
        check_damage(&FORMAT);
    }

    #[test]
    fn other_lists_of_events_are_not_taken() {
        assert_eq!(sure(&FORMAT, b"Event[0]\nLogName: Security\n"), 0);
        assert_eq!(sure(&FORMAT, b"Event[x]\n  Log Name: Security\n"), 0);
    }
}
