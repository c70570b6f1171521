//! Events as text in, trains as text out.

mod client_logs;

use proptest::prelude::*;

use super::{build, compact};
use crate::model::config::Thresholds;
use crate::model::event::{Event, EventKind, FileId, Who, WhoId};
use crate::model::gathered::{FileInfo, Gathered};
use crate::model::names::NameId;
use crate::model::status::Status;
use crate::model::timeline::Timeline;

/// One event per line: file, server, `#record` or `:line`, second, event id, workstation, account,
/// status, and optionally `ip=`, `size=`, `channel=`. `-` is a blank name; `!` before the second
/// marks a recovered record. The files are numbered in the order of their names.
pub(super) fn gathered(text: &str) -> Gathered {
    let mut lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .filter(|line: &Vec<&str>| !line.is_empty())
        .collect();
    lines.sort_by_key(|line| line[0]);
    let mut gathered = Gathered::default();
    for line in lines {
        push(&mut gathered, &line);
    }
    gathered.records = gathered.events.len() as u64;
    gathered
}

fn push(gathered: &mut Gathered, line: &[&str]) {
    if gathered.files.last().is_none_or(|file| file.path != line[0]) {
        gathered.files.push(FileInfo { path: line[0].to_owned(), bytes: 1, format: "evtx" });
    }
    let option = |name: &str| line.iter().find_map(|part| part.strip_prefix(name)).unwrap_or("");
    let mut name = |text: &str| if text == "-" { NameId::EMPTY } else { gathered.names.intern(text) };
    let event_id: u16 = line[4].parse().unwrap();
    let who = Who {
        kind: match event_id {
            644 | 4740 => EventKind::Lockout,
            1102 => EventKind::LogCleared,
            4624 => EventKind::Success,
            _ => EventKind::Failure,
        },
        event_id,
        numbered: line[2].starts_with('#'),
        recovered: line[3].starts_with('!'),
        logon_type: 3,
        reason: Status::parse_nt(&format!("0xC00000{}", line[7])).unwrap(),
        server: name(line[1]),
        channel: name(option("channel=")),
        workstation: name(line[5]),
        account: name(line[6]),
        domain: NameId::EMPTY,
        ip: name(option("ip=")),
        process: NameId::EMPTY,
        relay: NameId::EMPTY,
    };
    let id = gathered.whos.iter().position(|other| *other == who).unwrap_or(gathered.whos.len());
    if id == gathered.whos.len() {
        gathered.whos.push(who);
    }
    gathered.events.push(Event {
        record: line[2][1..].parse().unwrap(),
        sec: line[3].trim_start_matches('!').parse().unwrap(),
        who: WhoId(id as u32),
        file: FileId(gathered.files.len() as u32 - 1),
        size: option("size=").parse().unwrap_or(0),
    });
}

/// One line per train: workstation, kind, server, account, family, `second*count`s.
fn shown(timeline: &Timeline) -> String {
    let mut text = String::new();
    for workstation in &timeline.workstations {
        for train in &workstation.trains {
            let marks: Vec<String> = train.marks.iter().map(|mark| format!("{}*{}", mark.sec, mark.count)).collect();
            text.push_str(&format!(
                "{} {:?} {} {} {:?} {}\n",
                workstation.name,
                workstation.kind,
                train.server,
                train.account,
                train.family,
                marks.join(" ")
            ));
        }
    }
    text.push_str(&format!("{} failures, {} duplicates", timeline.failures, timeline.duplicates));
    text
}

pub(super) fn check(events: &str, expect: &str) -> Timeline {
    let timeline = build(gathered(events), true, &Thresholds::default());
    let expect: Vec<&str> = expect.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(shown(&timeline), expect.join("\n"));
    timeline
}

#[test]
fn overlapping_numbered_exports_count_each_record_once() {
    let timeline = check(
        "a DC01 #5 100 681 \\\\WS1 user1 72 size=240
         a DC01 #6 100 681 \\\\WS1 user1 72 size=240
         b dc01.corp.example #6 100 681 WS1 USER1 72
         b DC01 #7 160 681 \\\\WS1 user1 72 size=240
         c DC01 #6 100 681 \\\\WS1 user1 72 channel=Other",
        "WS1 Named DC01 user1 AccountLogon 100*3 160*1
         4 failures, 1 duplicates",
    );
    let train = &timeline.workstations[0].trains[0];
    assert_eq!((train.bytes, train.tuples, train.raw_names.as_slice()), (720, 2, &[("\\\\WS1".to_owned(), 4)][..]));
}

#[test]
fn the_largest_size_of_the_copies_counts_so_that_their_order_does_not() {
    let timeline = check(
        "a DC01 #5 100 681 WS1 user1 72
         b DC01 #5 100 681 WS1 user1 72 size=240",
        "WS1 Named DC01 user1 AccountLogon 100*1
         1 failures, 1 duplicates",
    );
    assert_eq!(timeline.workstations[0].trains[0].bytes, 240);
}

#[test]
fn a_number_used_again_after_the_log_was_cleared_is_another_event() {
    let timeline = check(
        "a DC01 #5 100 681 WS1 user1 72
         b DC01 #5 900 681 WS1 user1 72",
        "WS1 Named DC01 user1 AccountLogon 100*1 900*1
         2 failures, 0 duplicates",
    );
    assert!(timeline.warnings[0].contains("1 record numbers are used again"), "{:?}", timeline.warnings);
}

#[test]
fn a_record_twice_in_one_file_is_one() {
    check(
        "a DC01 #5 100 681 WS1 user1 72
         a DC01 #6 101 681 WS1 user1 72
         a DC01 #5 100 681 WS1 user1 72",
        "WS1 Named DC01 user1 AccountLogon 100*1 101*1
         2 failures, 1 duplicates",
    );
}

#[test]
fn text_exports_merge_by_the_largest_count_and_meet_numbered_records() {
    check(
        "a.csv DC01 :1 100 681 WS1 user1 72
         a.csv DC01 :2 100 681 WS1 user1 72
         b.csv DC01 :9 100 681 WS1 user1 72
         b.csv DC01 :10 100 681 WS1 user1 64
         c.evt DC01 #7 100 681 WS1 user1 72
         c.evt DC01 #8 200 681 WS1 user1 72",
        "WS1 Named DC01 user1 AccountLogon 100*3 200*1
         4 failures, 2 duplicates",
    );
}

#[test]
fn recovered_records_are_not_live() {
    let timeline = check(
        "a DC01 #5 !100 681 WS1 user1 72
         a DC01 #5 100 681 WS1 user1 72",
        "WS1 Named DC01 user1 AccountLogon 100*1
         1 failures, 0 duplicates",
    );
    assert_eq!(timeline.warnings.len(), 1);
}

#[test]
fn dropping_useless_copies_first_changes_no_count() {
    let text = "a DC01 #5 !100 681 WS1 user1 72
         b DC01 #5 100 681 WS1 user1 72
         b DC01 #5 100 681 WS1 user1 72
         c.csv DC01 :1 100 681 WS1 user1 72
         c.csv DC01 :2 100 681 WS1 user1 72
         d.csv DC01 :1 100 681 WS1 user1 72";
    let mut compacted = gathered(text);
    assert_eq!(compact(&mut compacted), 2);
    let (first, second) =
        (build(gathered(text), true, &Thresholds::default()), build(compacted, true, &Thresholds::default()));
    assert_eq!((first.failures, first.workstations), (2, second.workstations));
}

#[test]
fn one_attempt_told_by_two_families_is_one_failure() {
    let timeline = check(
        "a DC01 #5 100 4776 WS1 user1 72
         a DC01 #6 100 4625 WS1 user1 72
         a DC01 #7 160 4776 WS1 user1 72
         b FS01 #1 100 4625 WS1 user1 72
         b FS02 #1 100 4625 WS1 user1 72
         b FS02 #2 101 4624 WS1 user1 00",
        "WS1 Named DC01 user1 AccountLogon 100*1 160*1
         WS1 Named FS01 user1 Logon 100*1
         WS1 Named FS02 user1 Logon 100*1
         2 failures, 0 duplicates",
    );
    assert_eq!(timeline.workstations[0].trains[0].event_ids, [(4625, 1), (4776, 2)]);
}

#[test]
fn an_address_joins_a_name_only_where_both_stand_for_one_another_alone() {
    check(
        "a DC01 #1 100 4625 WS1 u 6A ip=10.0.0.1
         a DC01 #2 200 4771 - u 6A ip=::ffff:10.0.0.1
         a DC01 #3 300 4625 WS2 u 6A ip=10.0.0.2
         a DC01 #4 400 4625 WS3 u 6A ip=10.0.0.2
         a DC01 #5 500 4771 - u 6A ip=10.0.0.2
         a DC01 #6 600 4771 - u 6A ip=127.0.0.1
         a DC01 #7 700 4625 - u 6A
         a DC01 #8 800 4625 dc01 v 6A ip=10.0.0.9
         a FS01 #9 800 4625 DC01 v 6A",
        "(blank) U Blank DC01 u Logon 700*1
         10.0.0.2 Address DC01 u AccountLogon 500*1
         DC01 Named DC01 u AccountLogon 600*1
         DC01 Named DC01 v Logon 800*1
         DC01 Named FS01 v Logon 800*1
         WS1 Named DC01 u AccountLogon 200*1
         WS2 Named DC01 u Logon 300*1
         WS3 Named DC01 u Logon 400*1
         8 failures, 0 duplicates",
    );
}

#[test]
fn a_local_service_stands_under_the_servers_own_name() {
    check(
        "a DC01 #6 600 4625 - u 6A ip=::1
         a DC01 #7 700 4625 DC01$ u 6A",
        "DC01 Server DC01 u Logon 600*1 700*1
         2 failures, 0 duplicates",
    );
}

#[test]
fn a_netlogon_line_names_the_workstation_that_4776_leaves_blank() {
    let timeline = check(
        "a DC01 #1 100 4776 - u 6A
         a DC01 #2 200 4776 - u 6A
         a DC01 #3 300 4776 - u 6A
         n.log DC01 :7 101 0 RADIUS9 U 6A
         n.log DC01 :8 300 0 WS1 U 6A
         n.log DC01 :9 301 0 WS2 U 6A",
        "(blank) U Blank DC01 u AccountLogon 200*1 300*1
         RADIUS9 Named DC01 U AccountLogon 100*1
         WS1 Named DC01 U Netlogon 300*1
         WS2 Named DC01 U Netlogon 301*1
         5 failures, 0 duplicates",
    );
    let resolved = &timeline.resolved[0];
    assert_eq!((resolved.workstation.as_str(), resolved.failures, resolved.told_by.at), ("RADIUS9", 1, 7));
}

#[test]
fn a_netlogon_log_in_local_time_still_names_workstations() {
    let mut text = String::new();
    for (at, sec) in [7u32, 95, 340, 611, 905, 1500].iter().enumerate() {
        text.push_str(&format!("a DC01 #{at} {} 4776 - u 6A\n", 100_000 + sec));
        text.push_str(&format!("n.log DC01 :{at} {} 0 WS{} u 6A\n", 103_601 + sec, at % 2));
    }
    let timeline = build(gathered(&text), false, &Thresholds::default());
    let resolved: Vec<(&str, u64)> =
        timeline.resolved.iter().map(|one| (one.workstation.as_str(), one.failures)).collect();
    assert_eq!(resolved, [("WS0", 3), ("WS1", 3)]);
    assert!(timeline.warnings[0].contains("shift of 60 min"), "{:?}", timeline.warnings);
}

#[test]
fn servers_of_two_domains_with_one_label_are_told() {
    let timeline = check(
        "a DC01.corp.example #1 100 681 WS1 u 72
         b dc01.other.example #2 200 681 WS1 u 72
         c dc01.OTHER.example #3 300 681 WS1 u 72",
        "WS1 Named DC01 u AccountLogon 100*1 200*1 300*1
         3 failures, 0 duplicates",
    );
    assert_eq!(timeline.warnings, ["dc01.corp.example and dc01.other.example are taken for one server, DC01"]);
}

#[test]
fn two_exports_in_different_zones_are_told() {
    let seconds =
        [3u32, 10, 75, 142, 190, 260, 333, 410, 470, 555, 601, 688, 741, 830, 911, 999, 1040, 1111, 1203, 1277];
    let mut text = String::new();
    for (at, sec) in seconds.iter().enumerate() {
        text.push_str(&format!("a.csv DC01 :{at} {} 681 WS1 u 72\n", sec + 100_000));
        text.push_str(&format!("b.csv DC01 :{at} {} 681 WS1 u 72\n", sec + 103_600));
        text.push_str(&format!("c.evt DC02 #{at} {} 681 WS1 u 72\n", sec + 100_000));
        text.push_str(&format!("d.evt DC02 #{at} {} 681 WS1 u 72\n", sec + 98_200));
        text.push_str(&format!("e.evt DC03 #{at} {} 681 WS1 u 72\n", sec + 100_000));
        text.push_str(&format!("f.csv DC03 :{at} {} 681 WS1 u 72\n", sec + 107_200));
    }
    let timeline = build(gathered(&text), false, &Thresholds::default());
    let shifts: Vec<&String> = timeline.warnings.iter().filter(|warning| warning.contains("time zone")).collect();
    assert_eq!(shifts.len(), 3, "{:?}", timeline.warnings);
    assert!(shifts[0].contains("-30 min") && shifts[1].contains("60 min"), "{shifts:?}");
    assert!(shifts[2].contains("e.evt and f.csv agree at a shift of 120 min"), "{shifts:?}");
}

#[test]
fn nothing_gives_nothing() {
    check("", "0 failures, 0 duplicates");
}

/// Events of a small world; numbered ones have the number of their place.
fn world() -> impl Strategy<Value = Vec<(u32, usize, usize, usize, usize, bool)>> {
    proptest::collection::vec((0u32..40, 0usize..3, 0usize..4, 0usize..3, 0usize..3, any::<bool>()), 1..60)
}

fn line(file: &str, at: usize, event: &(u32, usize, usize, usize, usize, bool)) -> String {
    let (sec, server, workstation, account, id, _) = event;
    let server = ["DC01", "DC02", "FS01"][*server];
    let workstation = ["WS1", "\\\\ws2", "-", "DC01"][*workstation];
    let account = ["u", "U", "v"][*account];
    let id = ["4776", "4625", "681"][*id];
    format!("{file} {server} #{at} {sec} {id} {workstation} {account} 72 ip=10.0.0.{account} size=9\n")
}

fn trains(text: &str) -> Vec<String> {
    let mut timeline = build(gathered(text), false, &Thresholds::default());
    for train in timeline.workstations.iter_mut().flat_map(|workstation| &mut workstation.trains) {
        train.sightings.clear();
    }
    timeline.workstations.iter().map(|workstation| format!("{workstation:?}")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_split_and_any_copies_of_numbered_records_give_the_same_workstations(
        events in world(), files in proptest::collection::vec(1u8..8, 60), reversed in any::<bool>()
    ) {
        let whole: String = events.iter().enumerate().map(|(at, event)| line("a", at, event)).collect();
        let mut split = String::new();
        for (at, event) in events.iter().enumerate() {
            for (bit, file) in ["x", "y", "z"].iter().enumerate() {
                if files[at] & (1 << bit) != 0 {
                    split.push_str(&line(file, at, event));
                }
            }
        }
        if reversed {
            split = split.lines().rev().map(|line| format!("{line}\n")).collect();
        }
        prop_assert_eq!(trains(&whole), trains(&split));
    }

    #[test]
    fn a_copy_of_any_file_changes_only_the_duplicates(events in world()) {
        let unnumbered = |file: &str| -> String {
            let some = events.iter().enumerate().filter(|(_, event)| event.5 == (file < "m"));
            some.map(|(at, event)| line(file, at, event).replace('#', ":")).collect()
        };
        let numbered: String = events.iter().enumerate().map(|(at, event)| line("e", at, event)).collect();
        let once = numbered.clone() + &unnumbered("b") + &unnumbered("n");
        let twice = once.clone() + &unnumbered("c") + &unnumbered("o") + &numbered.replace("e ", "f ");
        prop_assert_eq!(trains(&once), trains(&twice));
        let counts = |text: &str| {
            let timeline = build(gathered(text), false, &Thresholds::default());
            (timeline.failures, timeline.duplicates)
        };
        let (a, b) = (counts(&once), counts(&twice));
        prop_assert_eq!(a.0, b.0);
        prop_assert!(b.1 > a.1);
    }
}
