//! The whole program on whole folders: what may not change a result, and what bad inputs bring.

use std::borrow::Cow;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use logonstorm::model::detail::Detail;
use logonstorm::model::time::Ticks;
use logonstorm::report::OUTPUTS;
use logonstorm::report::output::Output;
use logonstorm::report::style::Style;
use logonstorm::run;
use logonstorm::run::options::Options;
use logonstorm::simulate::{self, CLASSIC, Data, Format, Plan, WrittenEvent, log};
use serde_json::Value;

/// Exit code, standard output, standard error of `scan`, run in the project's folder.
fn scan(args: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("logonstorm")
        .expect("the binary is built with the tests")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        .env("COLUMNS", "80")
        .env_remove("CLICOLOR_FORCE")
        .arg("scan")
        .args(args)
        .output()
        .expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

fn report(args: &[&str]) -> String {
    let (code, out, err) = scan(args);
    assert_eq!(code, 0, "{args:?}: {err}");
    out
}

fn demo(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo").join(below)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// What a run makes of the demo for an output, with so much of each row.
fn made(output: &Output, detail: Detail) -> Vec<u8> {
    let options = Options { paths: vec![demo("")], threads: Some(1), all: true, detail, ..Options::default() };
    let analysis = run::scan(&options, &()).expect("the demo is read");
    let mut out = Vec::new();
    let style = Style { all: true, width: 200, ..Style::default() };
    (output.write)(&analysis, &style, &mut out).expect("a vector takes all");
    out
}

#[test]
fn no_output_shows_more_of_a_row_than_it_says() {
    for output in OUTPUTS {
        let same = made(output, output.detail) == made(output, Detail::Records);
        assert!(same, "{} is not the same with more of each row", output.name);
    }
}

#[test]
fn the_picture_in_the_readme_is_what_the_program_prints() {
    let readme = include_str!("../../README.md");
    let picture = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a picture");
    let printed = report(&["fixtures/demo"]);
    assert_eq!(picture, format!("$ logonstorm scan fixtures/demo\n{printed}"));
    assert!(printed.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn the_five_sentences_of_the_readme_say_what_the_report_says() {
    let readme = include_str!("../../README.md");
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentences = readme.split("read aloud:\n").nth(1).and_then(|rest| rest.split("\nBelow").next());
    let (sentences, printed) = (flat(sentences.expect("five sentences")), flat(&report(&["fixtures/demo"])));
    for told in [
        "WS042",
        "10.1.7.20",
        "WS017",
        "ince before Monday 2008-09-01 07:42",
        "1,290",
        "2,144 failed logons",
        "96 %",
        "every 63 s",
        "19.1 days of history",
        "agrees in 119 of 119 attempts",
        "6 h 13 min ahead",
        "no client log",
        "account jsmith",
        "log it off on WS042",
    ] {
        assert!(printed.contains(told), "the report does not say {told:?}");
        let theirs = told.replace("every 63 s", "one every 63 s").replace("account jsmith", "the account jsmith");
        assert!(sentences.contains(&theirs), "README: {theirs:?} in {sentences}");
    }
}

#[test]
fn threads_and_the_order_of_paths_change_no_byte() {
    let paths = [
        "fixtures/demo/security/DC01-2008-09-01.evtx",
        "fixtures/demo/security/DC01-2008-09-02.evtx",
        "fixtures/demo/security/FS01-2008-09-01.evtx",
        "fixtures/demo/security/FS01-2008-09-02.evtx",
        "fixtures/demo/clients/WS042/Liccli.log",
        "fixtures/demo/clients/WS042/Liccli.lo_",
        "fixtures/demo/clients/KBQ287626",
    ];
    for format in ["table", "csv", "json", "jsonl", "html", "ecs", "ocsf"] {
        let first = report(&[&["-f", format, "--threads", "1"], &paths[..]].concat());
        assert!(first.contains("WS042"));
        for (threads, turn) in [("1", 3), ("2", 0), ("2", 5), ("8", 0), ("8", 1)] {
            let mut turned = paths;
            turned.rotate_left(turn);
            if turn % 2 == 1 {
                turned.reverse();
            }
            let other = report(&[&["-f", format, "--threads", threads], &turned[..]].concat());
            assert!(other == first, "{format}, {threads} threads, turned by {turn}");
        }
    }
}

#[test]
fn copies_parts_new_names_and_archives_of_exports_count_once() {
    let once = report(&["fixtures/demo", "-f", "csv"]);
    let folder = tempfile::tempdir().expect("a folder of our own");
    let at = |name: &str| folder.path().join(name);
    let archive = fs::File::create(at("all.zip")).expect("writable");
    let mut archive = zip::ZipWriter::new(archive);
    let gz = fs::File::create(at("night.gz")).expect("writable");
    let mut gz = flate2::write::GzEncoder::new(gz, flate2::Compression::fast());
    for (n, name) in ["DC01-2008-09-01", "DC01-2008-09-02", "FS01-2008-09-01", "FS01-2008-09-02"].iter().enumerate() {
        let bytes = fs::read(demo(&format!("security/{name}.evtx"))).expect("checked in");
        fs::write(at(&format!("copy-{name}.evtx")), &bytes).expect("writable");
        fs::write(at(&format!("Archive-Security-{n}.txt")), &bytes).expect("writable");
        // The header and the first two chunks: an export that ends earlier.
        fs::write(at(&format!("part{n}")), &bytes[..4096 + 2 * 65_536]).expect("writable");
        archive.start_file(format!("{name}.bak"), zip::write::SimpleFileOptions::default()).expect("a new member");
        archive.write_all(&bytes).expect("writable");
        if n == 1 {
            gz.write_all(&bytes).expect("writable");
        }
    }
    archive.finish().expect("writable");
    gz.finish().expect("writable");
    let json: Value =
        serde_json::from_str(&report(&["fixtures/demo", text(folder.path()), "-f", "json"])).expect("JSON");
    assert_eq!(json["inputs"]["files"], 7 + 4 + 4 + 4 + 4 + 1, "every copy is read");
    assert_eq!(report(&["fixtures/demo", text(folder.path()), "-f", "csv"]), once);
    assert_eq!(report(&[text(folder.path()), "fixtures/demo", "fixtures/demo/security", "-f", "csv"]), once);
}

/// A day of classic failures: a storm of three attempts every 62 s, a steady service, a person.
fn day() -> Vec<WrittenEvent<'static>> {
    // 2002-08-20: a day that no order of day and month can confuse.
    let start = 1_029_801_600;
    let mut all: Vec<(i64, &str, &str, &str)> = Vec::new();
    for burst in 0..400 {
        all.extend((0..3).map(|i| (3600 + 62 * burst + 2 * i, r"\\WS042", "jsmith", "3221225586")));
    }
    all.extend((0..280).map(|i| (7 + 300 * i, r"\\APP07", "svc_backup", "3221225578")));
    all.extend([30_000, 30_009, 30_031, 52_000].map(|at| (at, r"\\WS105", "mkeller", "3221225578")));
    all.sort_unstable();
    let event =
        |(n, &(at, workstation, account, status)): (usize, &(i64, &'static str, &'static str, &'static str))| {
            let strings = ["MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", account, workstation, status];
            WrittenEvent {
                record_id: n as u64 + 1,
                time: Ticks::from_secs(start + at),
                event_id: 681,
                failure: true,
                computer: "DC01",
                provider: CLASSIC,
                data: Data::Strings(strings.map(Cow::Borrowed).to_vec()),
            }
        };
    all.iter().enumerate().map(event).collect()
}

#[test]
fn one_day_gives_the_same_findings_in_every_form() {
    let day = day();
    // Two failures of one client within a second may be one in text: none are here.
    let expect = "APP07 storm 280 300, WS042 storm 1200 62, WS105 human 4 null";
    for format in [Format::Evtx, Format::Evt, Format::Csv, Format::Xml] {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let path = folder.path().join(format!("DC01.{}", format.name()));
        fs::write(&path, log(&day, format).expect("classic events")).expect("writable");
        let json: Value = serde_json::from_str(&report(&[text(&path), "-f", "json", "--all"])).expect("JSON");
        let rows = json["workstations"].as_array().expect("rows");
        let mut told: Vec<String> = rows
            .iter()
            .map(|row| {
                let period = row["rate"]["period_s"].as_f64().map_or("null".to_owned(), |s| format!("{s:.0}"));
                let word = |key: &str| row[key].as_str().expect("a word").to_owned();
                format!("{} {} {} {period}", word("workstation"), word("class"), row["failures"])
            })
            .collect();
        told.sort();
        assert_eq!(told.join(", "), expect, "{}", format.name());
        assert_eq!(json["servers"][0]["server"], "DC01", "{}", format.name());
    }
}

/// Scans `paths` below a folder with the demo's first log in it as `good.evtx`.
fn bad(make: impl Fn(&Path), args: &[&str], code: i32, message: &str) {
    let folder = tempfile::tempdir().expect("a folder of our own");
    fs::copy(demo("security/DC01-2008-09-01.evtx"), folder.path().join("good.evtx")).expect("writable");
    fs::create_dir(folder.path().join("empty")).expect("writable");
    make(folder.path());
    let at = |arg: &&str| match arg.strip_prefix("@") {
        Some(name) => text(&folder.path().join(name)).to_owned(),
        None => (*arg).to_owned(),
    };
    let args: Vec<String> = args.iter().map(at).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (got, out, err) = scan(&args);
    assert_eq!(got, code, "{args:?}\n{out}\n{err}");
    assert!(format!("{out}{err}").replace("\n         ", " ").contains(message), "{args:?}: {message}\n{out}\n{err}");
    assert!(!err.contains("panicked"), "{err}");
}

#[test]
fn bad_inputs_are_named_and_the_rest_goes_on() {
    let none = |_: &Path| ();
    let notes = |folder: &Path| fs::write(folder.join("notes"), "a shopping list\n").expect("writable");
    let zero = |folder: &Path| fs::write(folder.join("zero.evtx"), "").expect("writable");
    bad(notes, &["@notes"], 1, "notes");
    bad(notes, &["@good.evtx", "@notes"], 0, "notes");
    bad(none, &["@empty"], 1, "none of the paths holds a log that can be read");
    bad(none, &["@good.evtx", "@empty"], 0, "WS042");
    bad(none, &["@missing.evtx"], 1, "missing.evtx");
    bad(none, &["@good.evtx", "@missing.evtx"], 3, "missing.evtx");
    bad(zero, &["@zero.evtx"], 0, "zero.evtx");
    bad(zero, &["@zero.evtx", "@good.evtx", "--strict"], 3, "zero.evtx");
}

#[test]
fn damage_names_its_place() {
    let cut = |folder: &Path| {
        let bytes = fs::read(folder.join("good.evtx")).expect("written before");
        fs::write(folder.join("cut.evtx"), &bytes[..bytes.len() - 70_000]).expect("writable");
        fs::write(folder.join("magic.evtx"), &bytes[..4096]).expect("writable");
    };
    bad(cut, &["@cut.evtx"], 0, "cut.evtx");
    bad(cut, &["@cut.evtx"], 0, "WS042");
    bad(cut, &["@cut.evtx", "--strict"], 3, "chunk");
    bad(cut, &["@good.evtx", "@magic.evtx", "--strict"], 3, "magic.evtx");
}

#[test]
fn a_client_map_with_a_wrong_column_is_wrong_usage() {
    let map = |folder: &Path| fs::write(folder.join("map.csv"), "path,computer\na,b\n").expect("writable");
    bad(map, &["@good.evtx", "--client-map", "@map.csv"], 2, "workstation");
}

#[test]
fn a_text_of_one_huge_line_is_no_log() {
    let huge = |folder: &Path| fs::write(folder.join("huge.txt"), vec![b'x'; 50 << 20]).expect("writable");
    bad(huge, &["@huge.txt"], 1, "huge.txt");
    bad(huge, &["@good.evtx", "@huge.txt"], 0, "WS042");
}

#[test]
fn a_name_of_30000_characters_stays_one_row() {
    let long = format!(r"\\{}", "N".repeat(30_000));
    let event = |n: u64| WrittenEvent {
        record_id: n,
        time: Ticks::from_secs(1_029_801_600 + 60 * n as i64),
        event_id: 681,
        failure: true,
        computer: "DC01",
        provider: CLASSIC,
        data: Data::Strings(["PACKAGE", "jsmith", long.as_str(), "3221225586"].map(Cow::Borrowed).to_vec()),
    };
    let events: Vec<_> = (1..=100).map(event).collect();
    let folder = tempfile::tempdir().expect("a folder of our own");
    let path = folder.path().join("long.evtx");
    fs::write(&path, log(&events, Format::Evtx).expect("classic events")).expect("writable");
    let json: Value = serde_json::from_str(&report(&[text(&path), "-f", "json"])).expect("JSON");
    let rows = json["workstations"].as_array().expect("rows");
    assert_eq!((rows.len(), &rows[0]["failures"], &rows[0]["class"]), (1, &Value::from(100), &Value::from("storm")));
    assert!(rows[0]["workstation"].as_str().expect("a name").len() < 200);
    assert!(report(&[text(&path)]).lines().all(|line| line.chars().count() <= 80));
}

/// One large log for measurements has the events that it says, in every form, and the same bytes again.
#[test]
fn a_log_of_a_given_size_is_read_back_whole() {
    for format in [Format::Evtx, Format::Evt, Format::Csv, Format::Xml] {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let plan = Plan { size: Some(1 << 20), workstations: Some(20), format, ..Plan::default() };
        let (first, again) = (folder.path().join("first"), folder.path().join("again"));
        let summary = simulate::run(&plan, &first).expect("writable");
        simulate::run(&plan, &again).expect("writable");
        let file = format!("security/DC01.{}", format.name());
        let bytes = fs::read(first.join(&file)).expect("written");
        assert!((1 << 20..5 << 18).contains(&bytes.len()), "{file}: {} bytes", bytes.len());
        assert!(bytes == fs::read(again.join(&file)).expect("written"), "{file}");
        let report: Value = serde_json::from_str(&report(&["-f", "json", "--all", text(&first)])).expect("JSON");
        assert_eq!(report["inputs"]["failures"], summary.events, "{file}");
        assert_eq!(report["workstations"].as_array().map(Vec::len), Some(20), "{file}");
    }
}
