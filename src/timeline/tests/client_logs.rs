//! Client logs as text in, ticks as text out.

use super::super::build;
use crate::model::client::{AttributedBy, ClientLog, ClientSuccess, ConnectAttempt, Stamp, TickClass};
use crate::model::config::Thresholds;
use crate::model::event::FileId;
use crate::model::gathered::{Coverage, FileInfo, Gathered};
use crate::model::names::fnv1a;
use crate::model::timeline::{ClientTrain, Timeline};

/// A log per paragraph: `path workstation` (`-` for none), then one line per attempt: `pipe`,
/// `reach` or `ok`, and a stamp: milliseconds, `@` and seconds of the day, or nothing.
fn logs(text: &str) -> Gathered {
    let mut gathered = Gathered::default();
    let mut paragraphs: Vec<&str> = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).collect();
    paragraphs.sort_unstable();
    for paragraph in paragraphs {
        let (head, lines) = paragraph.split_once('\n').unwrap_or((paragraph, ""));
        let (path, workstation) = head.split_once(' ').unwrap();
        let file = FileId(gathered.files.len() as u32);
        gathered.files.push(FileInfo { path: path.to_owned(), bytes: 1, format: "metering" });
        gathered.clients.push(log(file, path, workstation.trim(), lines));
    }
    gathered
}

fn log(file: FileId, path: &str, workstation: &str, lines: &str) -> ClientLog {
    let (mut attempts, mut successes) = (Vec::new(), Vec::new());
    let mut stamps = Vec::new();
    for (at, line) in lines.lines().enumerate() {
        let mut parts = line.split_whitespace();
        let (kind, stamp) = (parts.next().unwrap(), stamp(parts.next().unwrap_or("")));
        stamps.push(stamp);
        let line = at as u64 + 1;
        if kind == "ok" {
            successes.push(ClientSuccess { line, stamp, account: Some("user1".to_owned()) });
            continue;
        }
        attempts.push(ConnectAttempt {
            line,
            offset: line * 80,
            stamp,
            class: if kind == "pipe" { TickClass::Pipe } else { TickClass::Reach },
            server: "\\\\licsrv1".into(),
            counter: None,
            retries_left: None,
            wait_s: (kind == "reach").then_some(60),
            error: None,
        });
    }
    ClientLog {
        file,
        workstation: (workstation != "-").then(|| (workstation.to_owned(), AttributedBy::Folder)),
        older: path.ends_with(".lo_"),
        modified: None,
        lines: lines.lines().count() as u64,
        unknown_lines: 0,
        kinds: Vec::new(),
        attempts: attempts.into_iter().collect(),
        successes,
        first: stamps.first().copied().unwrap_or_default(),
        last: stamps.last().copied().unwrap_or_default(),
        busy_lines: 0,
        content_hash: fnv1a(lines.split_whitespace().collect::<String>().as_bytes()),
        ..ClientLog::default()
    }
}

fn stamp(text: &str) -> Stamp {
    if let Some(second) = text.strip_prefix('@') {
        return Stamp::TimeOfDay(second.parse::<u32>().unwrap() * 1000);
    }
    text.parse().map_or(Stamp::None, |ms| Stamp::Dated(ms, None))
}

fn shown(train: &ClientTrain) -> String {
    let ticks: Vec<String> = train
        .ticks
        .iter()
        .map(|tick| {
            let at = tick.at_ms.map_or("-".to_owned(), |ms| ms.to_string());
            format!("{at}{}", if tick.class == TickClass::Pipe { "p" } else { "r" })
        })
        .collect();
    let name = train.workstation.as_deref().unwrap_or("(none)");
    format!("{name} {:?} files {} ok {}: {}", train.dating, train.files.len(), train.successes, ticks.join(" "))
}

fn check(text: &str, expect: &str) -> Timeline {
    let timeline = build(logs(text), false, &Thresholds::default());
    let got: Vec<String> = timeline.clients.iter().map(shown).collect();
    let expect: Vec<&str> = expect.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(got, expect, "{text}");
    timeline
}

#[test]
fn a_chain_of_failed_lines_leaves_its_first() {
    let timeline = check(
        "WS1/Liccli.log WS1
pipe 10000
reach 11900
pipe 13999
reach 16000
ok 17000",
        "WS1 Dated files 1 ok 1: 10000p 16000r",
    );
    let train = &timeline.clients[0];
    assert_eq!((train.ticks[0].wait_s, &*train.ticks[0].server), (Some(60), "LICSRV1"));
    assert_eq!(
        (train.metering_servers.as_slice(), train.accounts.as_slice()),
        (&["LICSRV1".to_owned()][..], &["USER1".to_owned()][..])
    );
    assert_eq!(train.span_ms, Some((10_000, 17_000)));
}

#[test]
fn the_older_generation_is_read_first_and_overlapping_copies_count_once() {
    check(
        "a/Liccli.log WS1
reach 200000
reach 260000
ok 270000

a/Liccli.lo_ WS1
reach 100000
reach 160000

b/Liccli.log WS1
reach 160000
reach 200000
reach 260000
ok 270000

c/other.log -
reach 100000
reach 160000",
        "WS1 Dated files 3 ok 1: 100000r 160000r 200000r 260000r",
    );
}

#[test]
fn identical_copies_and_earlier_states_of_a_log_are_read_once() {
    check(
        "a/Liccli.log WS1
reach
reach
pipe

b/Liccli.log WS1
reach
reach
pipe

c/Liccli.log WS1
reach
reach",
        "WS1 Undated files 1 ok 0: -r -r -p",
    );
}

#[test]
fn times_of_day_go_on_over_midnight_and_over_files() {
    check(
        "a/Liccli.lo_ WS1
reach @86000
reach @100

a/Liccli.log WS1
reach @50

b/x.log -
reach @7",
        "WS1 TimeOfDay files 2 ok 0: 86000000r 86500000r 86450000r
         (none) TimeOfDay files 1 ok 0: 7000r",
    );
}

#[test]
fn a_missing_year_falls_back_to_the_servers_log() {
    let mut gathered = logs("a/Liccli.log WS1\nreach 0");
    let no_year = |attempt| ConnectAttempt { stamp: Stamp::NoYear(0), ..attempt };
    gathered.clients[0].attempts = gathered.clients[0].attempts.iter().map(no_year).collect();
    gathered.coverage.push(Coverage {
        file: FileId(0),
        server: gathered.names.intern("DC01"),
        records: 1,
        first: 980_000_000,
        last: 984_000_000,
        ..Coverage::default()
    });
    let timeline = build(gathered, false, &Thresholds::default());
    assert_eq!(timeline.clients[0].ticks[0].at_ms, Some(978_307_200_000));
}

#[test]
fn two_computers_of_one_name_are_told() {
    let lines = |from: u32| -> String { (0..6).map(|at| format!("reach {}\n", from + at * 60_000)).collect() };
    let gathered = logs(&format!("a/WS1/Liccli.log WS1\n{}\nb/WS1/Liccli.log WS1\n{}", lines(5_000), lines(17_000)));
    let timeline = build(gathered, false, &Thresholds::default());
    assert!(timeline.warnings[0].contains("two computers of one name"), "{:?}", timeline.warnings);
}
