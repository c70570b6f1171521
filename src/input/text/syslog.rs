//! Events in lines of syslog: Snare (`MSWinEventLog`), the OSSEC agent (`WinEvtLog:` or
//! `AUDIT_FAILURE(...)`) and Prelude-LML's `security[failure] 681`.
//!
//! Syslog's own stamp has no year. Where a line carries no better one, the year is the one that most
//! stamps of the file have, or that of the file's modification; without either the line is reported.

use std::io;
use std::ops::ControlFlow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::out::{Out, channel_of, event_at};
use super::stamp::{self, Stamp};
use crate::input::door::{Format, Head, Job, Sink};
use crate::input::lines::{Line, each_line};
use crate::input::windows::description;
use crate::model::names::Text;

/// Lines of syslog.
pub const FORMAT: Format = Format {
    name: "event-syslog",
    summary: "Events in syslog lines: Snare, OSSEC agent, Prelude-LML",
    sample: "fixtures/formats/events.syslog",
    verified: false,
    sniff,
    most: 70,
    read,
    parts: None,
};

const SNARE: &str = "MSWinEventLog";
const OSSEC: [&str; 2] = ["AUDIT_FAILURE(", "AUDIT_SUCCESS("];
const PRELUDE: [&str; 2] = ["security[failure] ", "security[success] "];

fn sniff(head: &Head<'_>) -> u8 {
    let found = head.text.lines().take(200).any(|line| parse(line, None, None).is_some());
    if found { 70 } else { 0 }
}

/// What a line says.
struct Found<'a> {
    id: u16,
    /// `None`: no stamp, or none with a year.
    time: Option<Stamp>,
    record_id: Option<u64>,
    provider: &'a str,
    computer: &'a str,
    description: &'a str,
}

fn read(job: &Job<'_>, sink: &mut dyn Sink) -> io::Result<()> {
    let mut out = Out::new(job, sink);
    let zone = job.options.time_zone;
    let mut years = std::collections::BTreeMap::<i32, u64>::new();
    each_line(job.source, &mut |line| {
        if !MARKS.is_match(line.text) {
            return ControlFlow::Continue(());
        }
        let found = parse(line.text, zone, None).and_then(|found| year_of(found.time?.0.secs()));
        if let Some(year) = found {
            *years.entry(year).or_default() += 1;
        }
        ControlFlow::Continue(())
    })?;
    let most = years.iter().max_by_key(|(_, lines)| **lines).map(|(year, _)| *year);
    let year = most.or_else(|| job.source.modified.and_then(year_of));
    each_line(job.source, &mut |line| {
        if !MARKS.is_match(line.text) {
            return ControlFlow::Continue(());
        }
        match parse(line.text, zone, year) {
            Some(found) => {
                hand_over(&found, &line, &mut out);
                if events_in(line.text) > 1 {
                    out.bad(line.number, "line", "several events on one line; the first is read");
                }
            }
            None if seems_event(line.text) => out.bad(line.number, "line", "an event that cannot be read"),
            None => {}
        }
        ControlFlow::Continue(())
    })?;
    out.finish();
    Ok(())
}

fn year_of(seconds: i64) -> Option<i32> {
    use chrono::Datelike as _;
    // Windows NT is of 1993; a year past 2100 is damage.
    chrono::DateTime::from_timestamp(seconds, 0).map(|time| time.year()).filter(|year| (1993..=2100).contains(year))
}

fn events_in(line: &str) -> usize {
    std::iter::once(&SNARE).chain(&OSSEC).chain(&PRELUDE).map(|mark| line.matches(mark).count()).sum()
}

/// A line of another program is none of ours; one with half of our marks is damaged.
const HALVES: [&str; 9] = [
    SNARE,
    "WinEvtLog: Security",
    "AUDIT_FAILURE",
    "security[failure]",
    "Failure Audit",
    "The logon to account:",
    "Logon attempt by:",
    "Logon Failure:",
    "An account failed to log on.",
];

/// One of all marks, whole or half: most lines of a syslog have none.
static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let marks = HALVES.iter().chain(&OSSEC).chain(&PRELUDE);
    AhoCorasick::new(marks).expect("a few short constants")
});

fn seems_event(line: &str) -> bool {
    HALVES.iter().any(|mark| line.contains(mark))
}

fn hand_over(found: &Found<'_>, line: &Line<'_>, out: &mut Out<'_>) {
    let Some((time, digits)) = found.time else {
        return out.bad(line.number, "line", "no stamp with a year");
    };
    let mut event = event_at(found.id, line.number, line.offset);
    (event.time, event.time_digits) = (time, digits);
    event.record_id = found.record_id;
    event.provider = Text::Utf8(found.provider);
    event.channel = channel_of(found.provider);
    event.computer = Text::Utf8(found.computer);
    out.record(event, &mut |event| description::fill(event, found.description));
}

fn parse(line: &str, zone: Option<chrono_tz::Tz>, year: Option<i32>) -> Option<Found<'_>> {
    if let Some(at) = line.find(SNARE) {
        return snare(&line[at..], zone);
    }
    let mark = OSSEC.iter().find_map(|mark| line.find(mark).map(|at| (at, mark.len())));
    if let Some((at, length)) = mark {
        return ossec(line, at, length, zone, year);
    }
    let (at, mark) = PRELUDE.iter().find_map(|mark| line.find(mark).map(|at| (at, *mark)))?;
    let (id, text) = line[at + mark.len()..].split_once(' ')?;
    Some(Found {
        id: id.parse().ok()?,
        time: header_time(&line[..at], zone, year),
        record_id: None,
        provider: "Security",
        computer: header_host(&line[..at]),
        description: text,
    })
}

/// Fields behind tabs: criticality, log, counter, time, id, source, user, SID type, audit type,
/// computer, category, data, description, and a checksum or counter.
fn snare(text: &str, zone: Option<chrono_tz::Tz>) -> Option<Found<'_>> {
    let fields: Vec<&str> = text.split('\t').collect();
    let [_, _, _, _, time, id, source, _, _, _, computer, _, _, description, ..] = fields[..] else { return None };
    // Newer agents send `Windows` where the source stood.
    let id = id.trim().parse().ok()?;
    let provider = match source {
        "Windows" if id >= 1000 => "Microsoft-Windows-Security-Auditing",
        source => source,
    };
    Some(Found { id, time: stamp::ctime(time, zone), record_id: None, provider, computer, description })
}

/// `2018 Dec 21 13:14:54 WinEvtLog: Security: AUDIT_FAILURE(4625): source: user: domain: computer: text`,
/// or the id in hexadecimal.
fn ossec(line: &str, at: usize, length: usize, zone: Option<chrono_tz::Tz>, year: Option<i32>) -> Option<Found<'_>> {
    let head = &line[..at];
    let (id, rest) = line[at + length..].split_once(')')?;
    let id = match id.strip_prefix("0x") {
        Some(hex) => (u32::from_str_radix(hex, 16).ok()? & 0xffff) as u16,
        None => id.parse().ok()?,
    };
    let fields: Vec<&str> = rest.strip_prefix(": ").map_or(Vec::new(), |rest| rest.splitn(5, ": ").collect());
    let (provider, computer, description) = match fields[..] {
        [source, _user, _domain, computer, text] => (source.trim(), computer.trim(), text),
        _ => ("Security", header_host(head), rest),
    };
    Some(Found { id, time: header_time(head, zone, year), record_id: None, provider, computer, description })
}

/// The last stamp in front of an event: `2018 Dec 21 13:14:54`, an ISO stamp, or `Dec 21 13:14:54` with
/// the year known otherwise.
fn header_time(head: &str, zone: Option<chrono_tz::Tz>, year: Option<i32>) -> Option<Stamp> {
    let words: Vec<&str> = head.split_ascii_whitespace().collect();
    if let Some(found) = words.iter().rev().find_map(|word| stamp::iso(word, zone)) {
        return Some(found);
    }
    words.windows(3).enumerate().rev().find_map(|(at, window)| {
        let [month, day, clock] = window else { return None };
        let month = month.rsplit(['>', ']', '"']).next().unwrap_or(month);
        let written = at
            .checked_sub(1)
            .and_then(|at| words[at].rsplit(|c: char| !c.is_ascii_digit()).next().filter(|text| text.len() == 4));
        let known = year.map(|year| year.to_string());
        stamp::named_month(written.or(known.as_deref())?, month, day, clock, zone)
    })
}

/// The word behind syslog's stamp.
fn header_host(head: &str) -> &str {
    let mut words = head.split_ascii_whitespace();
    words.find(|word| word.len() >= 8 && word.bytes().filter(|byte| *byte == b':').count() >= 2);
    words.next().map_or("", |word| if word.ends_with(':') { "" } else { word })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Told, check_damage, check_fixture, sure, told};
    use super::*;
    use crate::fsio::source::Source;
    use crate::input::options::Options;
    use crate::model::event::FileId;

    #[test]
    fn lines_of_every_agent_are_read() {
        check_fixture(
            &FORMAT,
            &[
                "2013-05-28T16:09:02Z 680 Failure on ATUL-LAPTOP: \\admin from ATUL-LAPTOP  0xC000006A type -",
                "2018-12-21T13:14:54Z 4625 Failure on ECorpExchange1.ECorp.local: ECorp\\ADMINISTRATOR from WS7 10.0.0.9 \
                 0xC000006A type 3",
                "2018-12-21T13:20:00Z 681 Failure on itg1: \\tfslegalask@itg.sac.tfs from MRFREEZE  0xC0000064 type -",
                "2018-12-21T13:21:00Z 681 Failure on dc2: \\user from la  0xC0000064 type -",
            ],
        );
    }

    #[test]
    fn without_a_year_the_file_tells_it_or_the_line_is_reported() {
        let line = "Mar  5 10:00:00 dc2 security[failure] 680 NT AUTHORITY\\SYSTEM Logon attempt by: P Logon account: \
                    wgai002 Source Workstation:313D104WGAI002 Error Code: 0xC000006A\n";
        assert_eq!(told(&FORMAT, line.as_bytes()).skipped, ["line 1: line: no stamp with a year"]);
        let source = Source::memory("x", line.as_bytes(), Some(1_015_400_000));
        let (options, mut told) = (Options::default(), Told::default());
        read(&Job { source: &source, file: FileId(0), options: &options, carried: &Default::default() }, &mut told)
            .unwrap();
        assert_eq!(
            told.events,
            ["2002-03-05T10:00:00Z 680 Failure on dc2: \\wgai002 from 313D104WGAI002  0xC000006A type -"]
        );
    }

    #[test]
    fn damage_is_reported_and_the_rest_is_read() {
        check_damage(&FORMAT);
    }

    #[test]
    fn other_lines_are_neither_taken_nor_reported() {
        let text = b"Jan 20 10:30:15 server01 sshd[1234]: Failed password for invalid user admin\n";
        assert_eq!(sure(&FORMAT, text), 0);
        assert!(told(&FORMAT, text).skipped.is_empty());
    }
}
