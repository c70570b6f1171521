//! Reading whole folders: order, threads, parts, archives, and what is no log.

use std::borrow::Cow;
use std::fs;
use std::io::Write;
use std::path::Path;

use logonstorm::input::gather;
use logonstorm::input::options::Options;
use logonstorm::model::gathered::{Gathered, Severity};
use logonstorm::model::time::Ticks;
use logonstorm::simulate::{CLASSIC, Data, WrittenEvent, evtx};

/// `events` failures of one server, from this record number on.
fn log(server: &str, first: u64, events: u64) -> Vec<u8> {
    let text = |text: String| Cow::Owned(text);
    let event = |n: u64| WrittenEvent {
        record_id: first + n,
        time: Ticks::from_secs(984_355_200 + 20 * n as i64),
        event_id: 681,
        failure: true,
        computer: server,
        provider: CLASSIC,
        data: Data::Strings(vec![
            text("MICROSOFT_AUTHENTICATION_PACKAGE_V1_0".into()),
            text(format!("user{}", n % 7)),
            text(format!("\\\\WS{:03}", n % 50)),
            text("3221225586".into()),
        ]),
    };
    evtx((0..events).map(event)).unwrap()
}

/// Everything that was read, as text in which numbers of names do not show.
fn told(gathered: &Gathered) -> String {
    let name = |id| gathered.names.text(id);
    let mut out = String::new();
    for event in &gathered.events {
        let who = gathered.who(event.who);
        out += &format!(
            "{} {} {} {} {} {} {} {:?}\n",
            gathered.path(event.file),
            event.record,
            event.sec,
            event.size,
            name(who.server),
            name(who.account),
            name(who.workstation),
            event.who,
        );
    }
    out + &format!("{:?}\n{:?}\n{:?}\n", gathered.files, gathered.coverage, gathered.skipped)
}

fn read(folder: &Path, threads: usize) -> Gathered {
    gather(&[folder.to_path_buf()], &Options::default(), Some(threads), &mut (), &()).unwrap()
}

#[test]
fn threads_and_parts_leave_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    // Large enough for several parts.
    fs::write(folder.path().join("big.evtx"), log("DC01", 1, 30_000)).unwrap();
    for n in 0..20 {
        fs::write(folder.path().join(format!("small{n}.evtx")), log("DC02", 1 + 10 * n, 10)).unwrap();
    }
    fs::create_dir(folder.path().join("clients")).unwrap();
    fs::write(folder.path().join("clients/notes"), "a shopping list").unwrap();
    fs::write(folder.path().join("empty.evtx"), "").unwrap();
    let one = read(folder.path(), 1);
    assert_eq!(one.events.len(), 30_200);
    assert_eq!(one.records, 30_200);
    let numbers: Vec<u64> = one.events[..30_000].iter().map(|event| event.record).collect();
    assert!(numbers.iter().copied().eq(1..=30_000), "events of a file stand in order of their place");
    assert!(one.files.windows(2).all(|pair| pair[0].path.as_bytes() < pair[1].path.as_bytes()));
    assert_eq!(one.unrecognised, 1);
    assert_eq!(one.coverage.len(), 21);
    let bytes: u64 = one.coverage[0].hours.iter().map(|hour| hour.1).sum();
    assert_eq!(bytes, one.events[..30_000].iter().map(|event| u64::from(event.size)).sum::<u64>());
    for threads in [2, 8] {
        assert_eq!(told(&read(folder.path(), threads)), told(&one), "{threads} threads");
    }
}

#[test]
fn members_of_an_archive_are_read_like_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&log("DC01", 1, 200)).unwrap();
    fs::write(folder.path().join("DC01.evtx.gz"), gz.finish().unwrap()).unwrap();
    let gathered = read(folder.path(), 2);
    assert_eq!(gathered.events.len(), 200);
    assert_eq!(gathered.files.len(), 1);
    assert!(gathered.files[0].path.contains("DC01.evtx.gz!"), "{}", gathered.files[0].path);
}

#[test]
fn what_cannot_be_read_is_told_by_its_weight() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("empty.evtx"), "").unwrap();
    fs::write(at("header.evtx"), &log("DC01", 1, 1)[..4096]).unwrap();
    fs::write(at("list"), "a shopping list").unwrap();
    fs::write(at("report.json"), "{\"schema\": \"logonstorm.report/1\"}").unwrap();
    let names = ["empty.evtx", "header.evtx", "list", "report.json", "missing"];
    let gathered = gather(&names.map(at), &Options::default(), Some(2), &mut (), &()).unwrap();
    let got: Vec<(&str, Severity, &str)> = gathered
        .skipped
        .iter()
        .map(|place| (place.file.rsplit('/').next().unwrap(), place.severity, place.why.as_str()))
        .collect();
    assert_eq!(
        got,
        [
            ("empty.evtx", Severity::Damage, "the file is empty (0 bytes)"),
            ("header.evtx", Severity::Unreadable, "a log without any readable record"),
            ("list", Severity::Note, "not recognised as a log"),
            ("missing", Severity::Unreadable, "no such file or folder"),
            ("report.json", Severity::Note, "written by this program, not an input"),
        ]
    );
}
