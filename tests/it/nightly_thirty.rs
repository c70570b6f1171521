//! Thirty nights with everything that happens to exports, against one scan over them all at the end.

use logonstorm::model::time::Ticks;
use logonstorm::simulate::{ClientLogWriter, Data, Format, Stamps, WrittenEvent, log};

use crate::site::{DAY, Failed, START, Site, event, failures};

const NIGHTS: i64 = 30;
/// The log of DC02 is cleared at the start of this day, and the file it had is renamed.
const CLEARED: i64 = 12;
/// Nothing arrives in this night.
const NONE: i64 = 20;
/// The export of DC01 of this night is damaged, and replaced in the next.
const DAMAGED: i64 = 24;

/// What happened: the failures of one server, in order of time.
fn happened(server: usize) -> Vec<Failed<'static>> {
    let mut failed: Vec<Failed<'static>> = Vec::new();
    let mut push = |sec: i64, workstation, account| failed.push(Failed { record: 0, sec, workstation, account });
    for day in 0..NIGHTS {
        let start = START + day * DAY;
        // A client in a loop: an hour in the morning, some tries thrice within their second.
        for at in 0..30 {
            let sec = start + 8 * 3600 + at * 120 + (at * at * 7 + day * 3) % 5;
            let times = if server == 0 && at % 7 == 0 { 3 } else { 1 };
            (0..times).for_each(|_| push(sec, "WS1", "user4"));
        }
        // Another that stops for good after twelve days, and on DC03 a third that begins late.
        if day < 12 {
            (0..90).for_each(|at| push(start + at * 960 + 7, "WS2", "user9"));
        }
        if server == 2 && day > 22 {
            (0..200).for_each(|at| push(start + at * 431 + 3, "WS3", "svc"));
        }
        // People.
        for at in 0..4 {
            push(
                start + 9 * 3600 + (day * day * 977 + at * 7919 * (day + 3)) % 30_000,
                ["ANNA", "BEN", "CARL", "DORA"][at as usize],
                "p",
            );
        }
    }
    failed.sort_by_key(|failed| failed.sec);
    let clearing = START + CLEARED * DAY;
    let before = failed.partition_point(|failed| failed.sec < clearing) as u64;
    for (at, failed) in (1..).zip(&mut failed) {
        // Numbers start again in the log that is cleared; the record of the clearing is the first.
        failed.record = if server == 1 && at > before { at - before + 1 } else { at };
    }
    failed
}

fn between(failed: &[Failed<'static>], from_day: i64, to_day: i64) -> Vec<Failed<'static>> {
    let days = START + from_day * DAY..START + to_day * DAY;
    failed.iter().filter(|failed| days.contains(&failed.sec)).copied().collect()
}

/// The whole log of DC02 at the end of a day, since it was cleared.
fn second_server(all: &[Failed<'static>], day: i64) -> Vec<u8> {
    if day < CLEARED {
        return failures("DC02", &between(all, 0, day + 1), Format::Evt);
    }
    let cleared = WrittenEvent {
        event_id: 517,
        failure: false,
        data: Data::Strings(["SYSTEM", "NT AUTHORITY", "(0x0,0x3E7)"].map(Into::into).into()),
        ..event("DC02", &Failed { record: 1, sec: START + CLEARED * DAY, workstation: "", account: "" })
    };
    let since = between(all, CLEARED, day + 1);
    let events: Vec<WrittenEvent<'_>> =
        std::iter::once(cleared).chain(since.iter().map(|failed| event("DC02", failed))).collect();
    log(&events, Format::Evt).expect("classic events")
}

/// The log of WS1 at the end of a day, which tells of half its tries: its clock is 100 s ahead. It was
/// full once.
fn client(day: i64) -> logonstorm::simulate::ClientFiles {
    let mut log = ClientLogWriter::new("HANSR1", 5, 120, Stamps::Whole).capped(300_000);
    let half = |failed: &&Failed<'_>| failed.workstation == "WS1" && (failed.sec - START) % DAY < 8 * 3600 + 1800;
    for failed in happened(1).iter().filter(half).filter(|failed| failed.sec < START + day * DAY) {
        let time = Ticks::from_secs(failed.sec + 100);
        log.unreachable(time, time, 0);
    }
    log.finish()
}

/// What lies in the inputs' folder at the end of a day that was not there before.
fn arrive(site: &Site, day: i64, all: &[Vec<Failed<'static>>; 3]) {
    if day == NONE {
        return;
    }
    let mut first = failures("DC01", &between(&all[0], day - 1, day + 1), Format::Evtx);
    if day == DAMAGED {
        let middle = first.len() / 2;
        first[middle..middle + 3000].fill(0xAA);
    }
    site.arrive(&format!("security/DC01-{day}.evtx"), &first);
    if day == DAMAGED + 1 {
        let whole = failures("DC01", &between(&all[0], day - 2, day), Format::Evtx);
        site.arrive(&format!("security/DC01-{DAMAGED}.evtx"), &whole);
    }
    if day == CLEARED {
        site.leave("security/DC02.evt");
        site.arrive("security/old/DC02-until-cleared.evt", &second_server(&all[1], CLEARED - 1));
    }
    site.arrive("security/DC02.evt", &second_server(&all[1], day));
    site.arrive(
        &format!("security/DC03-{day}.csv"),
        &failures("DC03", &between(&all[2], day - 2, day + 1), Format::Csv),
    );
    // The client's own log comes a day late.
    if day > 0 {
        let files = client(day);
        site.arrive("clients/WS1/Liccli.log", &files.log);
        if let Some(older) = files.older {
            site.arrive("clients/WS1/Liccli.lo_", &older);
        }
    }
}

#[test]
fn thirty_nights_end_as_one_scan_over_everything() {
    let site = Site::new();
    let all = [happened(0), happened(1), happened(2)];
    for day in 0..NIGHTS {
        arrive(&site, day, &all);
        let done = site.night(11_000 + day as i32);
        let since = |name: &str| {
            let changes = done.analysis.changes.as_ref().expect("a night");
            changes.rows.get(name).and_then(|row| row.since)
        };
        match day {
            0 => assert_eq!(since("WS1"), Some("new")),
            NONE => assert!(done.changed.contains("zero new event records"), "{}", done.changed),
            _ => assert_eq!(since("WS1"), Some("ongoing"), "day {day}: {}", done.changed),
        }
        if day == 14 {
            assert_eq!(since("WS2"), Some("ended"));
        }
        let damage = done.analysis.inputs.skipped.iter().any(|place| place.file.contains("DC01-24"));
        assert_eq!(damage, day == DAMAGED, "day {day}: {:?}", done.analysis.inputs.skipped);
    }
    let (nights, scan) = (site.latest(), site.scanned());
    assert_eq!(nights, scan);
    let named = |name: &str| nights.iter().find(|row| row[1] == name).unwrap_or_else(|| panic!("no row of {name}"));
    assert_eq!((named("WS1")[2].as_str(), named("WS1")[3].as_str()), ("storm", "confirmed"), "{:?}", named("WS1"));
    assert_eq!(named("WS1")[16].split("; ").count(), 2, "both generations of the client's log");
    assert!(named("WS2")[7] == "false" && named("WS3")[2].contains("storm"), "{:?}", named("WS3"));

    let (mut nights, scan) = (site.latest_json(), site.scanned_json());
    for row in nights["workstations"].as_array_mut().expect("rows") {
        let row = row.as_object_mut().expect("a row");
        for part in ["id", "since_last_run", "new_failures"] {
            assert!(row.remove(part).is_some(), "{part}");
        }
    }
    nights["inputs"].as_object_mut().expect("inputs").remove("new_records");
    for part in ["workstations", "inputs", "servers", "span", "unattributed"] {
        assert_eq!(nights[part], scan[part], "{part}");
    }
}
