//! The scheduled job: several nights say what one scan says.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;

use logonstorm::fsio::lock::Lock;
use logonstorm::input::client_map::parse_client_map;
use logonstorm::run::Failure;
use logonstorm::run::nightly::{nightly, state_check, state_reset, state_show, write_textfile};
use logonstorm::simulate::{Format, Plan, fleet};

use crate::site::{DAY, Failed, START, Site, failures};

/// All files of a small fleet; they overlap by a day or more.
fn files() -> BTreeMap<String, Vec<u8>> {
    let plan = Plan { days: Some(4), workstations: Some(40), ..Plan::default() };
    fleet(&plan).expect("a fleet").files.into_iter().map(|(path, bytes)| (path.to_string(), bytes)).collect()
}

/// A site after one night with one small export.
fn small() -> Site {
    let site = Site::new();
    site.arrive("security/DC01.evtx", &failures("DC01", &loop_of("WS1", 1, 0, 40), Format::Evtx));
    site.night(11_000);
    site
}

/// `count` failures of a workstation from `from` seconds on, one a minute, three of them within one
/// second each fifth minute.
fn loop_of(workstation: &'static str, first: u64, from: i64, count: u64) -> Vec<Failed<'static>> {
    let mut failed = Vec::new();
    for at in 0..count {
        for _ in 0..if at % 5 == 0 { 3 } else { 1 } {
            let record = first + failed.len() as u64;
            failed.push(Failed { record, sec: START + from + at as i64 * 60, workstation, account: "user4" });
        }
    }
    failed
}

#[test]
fn nights_with_late_and_renamed_files_end_as_one_scan_and_a_second_run_changes_no_byte() {
    let site = Site::new();
    let (late, exports): (Vec<_>, Vec<_>) = files().into_iter().partition(|(path, _)| path.contains("client"));
    assert!(exports.len() > 1 && !late.is_empty(), "{} exports, {} client logs", exports.len(), late.len());
    let mut night = 11_000;
    for (path, bytes) in &exports {
        site.arrive(path, bytes);
        site.night(night);
        night += 1;
    }
    let none = site.night(night);
    assert!(none.changed.contains("zero new event records") && none.files.0 == 0, "{}", none.changed);
    let (path, bytes) = &exports[0];
    site.leave(path);
    site.arrive("security/renamed.log", bytes);
    for (path, bytes) in &late {
        site.arrive(path, bytes);
    }
    let renamed = site.night(night + 1);
    assert!(renamed.changed.contains("zero new event records"), "{}", renamed.changed);
    assert!(site.latest().len() > 3);
    assert_eq!(site.latest(), site.scanned());
    assert_eq!(inputs(&site.latest_json()), inputs(&site.scanned_json()));
    let before = site.written();
    let again = site.night(night + 1);
    // Unchanged files are known by a kibibyte of theirs.
    assert!(again.files.0 == 0 && again.bytes.0 <= 1024 * again.files.1, "{:?}", again.bytes);
    assert!(before == site.written(), "a second run of the same night changed a file");
}

/// What a report says of its inputs, without what only a night says.
fn inputs(json: &serde_json::Value) -> serde_json::Value {
    let mut inputs = json["inputs"].clone();
    inputs.as_object_mut().expect("an object").remove("new_records");
    inputs
}

/// Two nights with one path whose content changes, against one scan over both contents as two files.
#[track_caller]
fn check_read_again(path: &str, first: &[u8], second: &[u8]) {
    let site = Site::new();
    site.arrive(path, first);
    site.night(11_000);
    site.arrive(path, second);
    site.night(11_001);
    let both = Site::new();
    both.arrive(&format!("1/{path}"), first);
    both.arrive(&format!("2/{path}"), second);
    let without_logs = |rows: Vec<Vec<String>>| -> Vec<Vec<String>> {
        rows.into_iter().map(|row| row.into_iter().take(16).collect()).collect()
    };
    let (nights, scan) = (without_logs(site.latest()), without_logs(both.scanned()));
    assert!(nights.len() > 1, "no row");
    assert_eq!(nights, scan);
    let again = site.written();
    site.night(11_001);
    assert!(again == site.written(), "a second run of the same night changed a file");
}

#[test]
fn a_text_export_that_grew_counts_nothing_twice() {
    let all = loop_of("WS1", 1, 0, 80);
    for format in [Format::Csv, Format::Evtx, Format::Evt, Format::Xml] {
        check_read_again("DC01.log", &failures("DC01", &all[..60], format), &failures("DC01", &all, format));
    }
}

#[test]
fn a_text_export_that_was_replaced_keeps_what_only_the_older_one_told() {
    let (old, new) = (loop_of("WS1", 1, 0, 60), loop_of("WS1", 1, 2400, 60));
    for format in [Format::Csv, Format::Evtx, Format::Evt, Format::Xml] {
        check_read_again("DC01.log", &failures("DC01", &old, format), &failures("DC01", &new, format));
    }
}

#[test]
fn a_file_that_holds_another_servers_log_now_keeps_both() {
    let (old, new) = (loop_of("WS1", 1, 0, 60), loop_of("WS2", 1, 30, 60));
    for format in [Format::Csv, Format::Evtx] {
        check_read_again("log", &failures("DC01", &old, format), &failures("DC02", &new, format));
    }
}

/// An archive of the given members.
fn zip(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a member");
        archive.write_all(bytes).expect("memory");
    }
    archive.finish().expect("an archive").into_inner()
}

#[test]
fn an_archive_that_lost_one_member_and_grew_another_keeps_both() {
    let (all, other) = (loop_of("WS1", 1, 0, 80), loop_of("WS2", 1, 7, 40));
    let log = |failed: &[Failed<'_>]| failures("DC01", failed, Format::Evtx);
    let before = zip(&[("DC01.evtx", log(&all[..60])), ("DC03.csv", failures("DC03", &other, Format::Csv))]);
    check_read_again("logs.zip", &before, &zip(&[("DC01.evtx", log(&all))]));
}

#[test]
fn totals_are_those_of_the_files_as_they_are() {
    let site = Site::new();
    let all = loop_of("WS1", 1, 0, 80);
    for (night, upto) in [(11_000, 40), (11_001, 80), (11_002, 112)] {
        site.arrive("DC01.csv", &failures("DC01", &all[..upto], Format::Csv));
        site.arrive("DC02.evtx", &failures("DC02", &all[..upto], Format::Evtx));
        let done = site.night(night);
        assert_eq!(done.analysis.inputs.records, 2 * upto as u64);
        assert_eq!(done.analysis.inputs.duplicates, 0);
        assert_eq!(
            done.analysis.changes.map(|changes| changes.new_records),
            Some(2 * if upto == 112 { 32 } else { 40 })
        );
        assert_eq!(inputs(&site.latest_json()), inputs(&site.scanned_json()));
    }
}

#[test]
fn new_records_are_those_that_no_earlier_night_knew() {
    let site = Site::new();
    let new = |site: &Site, night| site.night(night).analysis.changes.map(|changes| changes.new_records);
    let (one, other) = (loop_of("WS1", 1, 0, 40), loop_of("WS2", 1, 7, 40));
    site.arrive("DC01-WS1.csv", &failures("DC01", &one, Format::Csv));
    assert_eq!(new(&site, 11_000), Some(56));
    // A second export of the same hours, of another client alone.
    site.arrive("DC01-WS2.csv", &failures("DC01", &other, Format::Csv));
    assert_eq!(new(&site, 11_001), Some(56));
    site.arrive("DC01-copy.csv", &failures("DC01", &other[..20], Format::Csv));
    assert_eq!(new(&site, 11_002), Some(0));
    site.arrive("DC01-more.evtx", &failures("DC01", &loop_of("WS1", 90, 86_400, 10), Format::Evtx));
    assert_eq!(new(&site, 11_003), Some(14));
    assert_eq!(new(&site, 11_003), Some(14), "the same night says the same again");
}

#[test]
fn a_client_log_belongs_to_whom_the_map_of_tonight_says() {
    let site = small();
    let mut log = logonstorm::simulate::ClientLogWriter::new("HANSR1", 5, 60, logonstorm::simulate::Stamps::Whole);
    for at in 0..30u32 {
        let time = logonstorm::model::time::Ticks::from_secs(START + i64::from(at) * 60);
        log.unreachable(time, time, at % 5);
    }
    site.arrive("clients/KIOSK7/Liccli.log", &log.finish().log);
    let of = |done: &logonstorm::run::nightly::Done, name: &str| {
        done.analysis.rows.iter().any(|row| row.workstation == name && row.client.is_some())
    };
    let before = site.night(11_001);
    assert!(of(&before, "KIOSK7") && !of(&before, "WS1"));
    let mut job = site.job(11_002);
    job.scan.input.client_map = parse_client_map("path,workstation\nKIOSK7,WS1\n").expect("a map");
    let after = nightly(&job, &()).expect("a night");
    assert!(of(&after, "WS1") && !of(&after, "KIOSK7") && after.files.0 == 0);
    assert!(of(&site.night(11_002), "KIOSK7"), "without the map it is as it was");
}

#[test]
fn under_other_options_everything_is_read_again_and_nothing_counts_twice() {
    let site = Site::new();
    site.arrive("DC01.csv", &failures("DC01", &loop_of("WS1", 1, 0, 60), Format::Csv));
    let count = |job| nightly(&job, &()).expect("a night").analysis.rows[0].failures;
    let before = count(site.job(11_000));
    let mut job = site.job(11_001);
    job.scan.input.time_zone = Some(chrono_tz::Europe::Berlin);
    assert_eq!(count(job), before);
    assert_eq!(count(site.job(11_002)), before);
}

#[test]
fn a_dry_run_writes_nothing() {
    let site = Site::new();
    site.arrive("DC01.csv", &failures("DC01", &loop_of("WS1", 1, 0, 60), Format::Csv));
    let mut job = site.job(11_000);
    job.dry_run = true;
    assert_eq!(nightly(&job, &()).expect("a night").analysis.rows.len(), 1);
    assert!(!site.at("state").exists() && !site.at("reports").exists());
    site.night(11_000);
    let before = site.written();
    site.leave("DC01.csv");
    job.night = 11_001;
    nightly(&job, &()).expect("a night");
    assert!(before == site.written());
}

#[test]
fn a_file_that_could_not_be_read_is_tried_again_and_forgotten_when_it_goes() {
    let site = small();
    site.arrive("DC02.evtx", b"ElfFile\0 and nothing more");
    let worst = |done: &logonstorm::run::nightly::Done| done.analysis.inputs.skipped.len();
    assert_ne!(worst(&site.night(11_001)), 0);
    let again = site.night(11_002);
    assert!(worst(&again) > 0 && again.files.0 == 1, "{:?}", again.analysis.inputs.skipped);
    site.leave("DC02.evtx");
    assert_eq!(worst(&site.night(11_003)), 0);
}

#[test]
fn a_night_with_one_percent_new_reads_at_most_two_percent() {
    let site = Site::new();
    for file in 0..10u64 {
        let failed = loop_of("WS1", 1 + file * 4000, file as i64 * 2600 * 60, 2600);
        site.arrive(&format!("DC01-{file}.evtx"), &failures("DC01", &failed, Format::Evtx));
    }
    let first = site.night(11_000);
    assert!(first.bytes.0 >= first.bytes.1, "{:?}: every byte was read", first.bytes);
    site.arrive("DC01-new.evtx", &failures("DC01", &loop_of("WS1", 90_000, 10 * DAY * 2, 100), Format::Evtx));
    let second = site.night(11_001);
    assert_eq!(second.files.0, 1);
    let new = second.bytes.1 - first.bytes.1;
    assert!(new * 100 <= second.bytes.1 * 3, "the new file is {new} of {} bytes", second.bytes.1);
    // The new file, the look at its head, and a kibibyte of each other.
    assert!(second.bytes.0 <= new + (64 << 10) + 11 * 1024, "{:?}, {new} new", second.bytes);
    let mut job = site.job(11_001);
    job.verify = true;
    let verified = nightly(&job, &()).expect("a night");
    assert!(verified.bytes.0 >= verified.bytes.1 && verified.files.0 == verified.files.1);
}

#[test]
fn a_textfile_is_left_to_the_run_that_has_the_lock_meanwhile() {
    let site = small();
    let (job, done) = (site.job(11_000), site.night(11_000));
    let path = site.at("logonstorm.prom");
    let held = Lock::take(&job.state.join("lock"), "pid 7").expect("free");
    write_textfile(&path, &job, &done, 1_000, 1).expect("left to the other run");
    assert!(!path.exists());
    drop(held);
    write_textfile(&path, &job, &done, 1_000, 1).expect("writable");
    assert!(fs::read_to_string(&path).expect("a textfile").contains("logonstorm_run_duration_seconds 1\n"));
}

#[test]
fn a_held_lock_and_an_earlier_night_are_refused() {
    let site = small();
    let earlier = nightly(&site.job(10_999), &());
    assert!(matches!(earlier, Err(Failure::Usage(text)) if text.contains("2000-02-13") && text.contains("2000-02-12")));
    let held = Lock::take(&site.at("state/lock"), "pid 1 on HOST, started then").expect("free");
    let state = site.at("state").display().to_string();
    for error in [nightly(&site.job(11_000), &()).map(drop), state_reset(&site.at("state"), "now").map(drop)] {
        let Err(Failure::Locked(text)) = error else { panic!("{error:?}") };
        assert!(text.contains(&state), "{text}");
        assert!(cfg!(windows) || text.contains("pid 1 on HOST, started then"), "{text}");
    }
    drop(held);
    site.night(11_000);
}

#[test]
fn a_state_that_is_cut_or_from_the_future_is_refused_and_nothing_is_touched() {
    let site = small();
    let state = site.at("state/seen.state");
    let good = fs::read(&state).expect("a state");
    let mut newer = good.clone();
    newer[8] = 200;
    let noise: Vec<u8> = (0..4000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for bad in [&good[..good.len() / 2], &newer[..], &noise[..], &[]] {
        fs::write(&state, bad).expect("room on the disk");
        let before = site.written();
        for result in [nightly(&site.job(11_001), &()).map(drop), state_show(&site.at("state")).map(drop)] {
            let Err(error) = result else { panic!("a bad state was used") };
            let text = error.to_string();
            assert!(text.contains("seen.state") && text.contains("nothing was changed"), "{text}");
            assert!(text.contains("state reset") || text.contains("newer version"), "{text}");
        }
        assert!(before == site.written());
    }
    assert!(state_reset(&site.at("state"), "now").expect("free"));
    assert!(!state_reset(&site.at("state"), "now").expect("free"));
    site.night(11_000);
    assert!(fs::read(&state).expect("a state") == good, "all is read again");
}

#[test]
fn a_state_is_shown_and_checked() {
    let site = small();
    let shown = state_show(&site.at("state")).expect("a state");
    assert_eq!(state_check(&site.at("state")).expect("a whole state"), shown);
    assert_eq!((shown.files, shown.events, shown.records), ((1, 1), (56, 56), 56));
    let text = shown.to_string();
    for words in ["last night    2000-02-13", "56 events, 56 failures", "server        DC01, 2001-03-12T00:00:00Z to"] {
        assert!(text.contains(words), "{text}");
    }
    assert!(state_show(&site.at("reports")).expect_err("none").to_string().contains("none yet"));
}
