//! A night's report in every format of files.

use std::fs;

use logonstorm::report::OUTPUTS;
use logonstorm::run::nightly::nightly;
use logonstorm::simulate::Format;

use crate::site::{DAY, Failed, START, Site, failures};

/// A client in a loop on one day.
fn of_day(server: &str, workstation: &'static str, day: i64, format: Format) -> Vec<u8> {
    let sec = |at: i64| START + day * DAY + at * 240 + at * at * 7 % 3;
    let failed = |at: i64| Failed { record: (day * 1000 + at + 1) as u64, sec: sec(at), workstation, account: "user4" };
    failures(server, &(0..200).map(failed).collect::<Vec<_>>(), format)
}

/// A night that writes every format of files.
fn night(site: &Site, night: i32, verify: bool) {
    let mut job = site.job(night);
    // Reports name files as they were typed: the same in both sites.
    (job.scan.base, job.scan.paths) = (site.at(""), vec!["in".into()]);
    job.outputs = OUTPUTS.iter().filter(|output| !output.extension.is_empty()).collect();
    job.verify = verify;
    nightly(&job, &()).expect("a night");
}

/// Two nights; what arrives before the second one arrives at once or in parts.
fn two_nights(in_parts: bool) -> Site {
    let site = Site::new();
    site.arrive("DC01-0.evtx", &of_day("DC01", "WS1", 0, Format::Evtx));
    night(&site, 11_000, false);
    site.arrive("DC01-1.evtx", &of_day("DC01", "WS1", 1, Format::Evtx));
    if in_parts {
        night(&site, 11_001, false);
    }
    site.arrive("DC02.evt", &of_day("DC02", "=WS2", 1, Format::Evt));
    if in_parts {
        night(&site, 11_001, false);
    }
    site.arrive("DC03.csv", &of_day("DC03", "WS3", 1, Format::Csv));
    night(&site, 11_001, in_parts);
    site
}

#[test]
fn what_arrives_in_parts_gives_the_same_bytes_in_every_format() {
    let (whole, parts) = (two_nights(false), two_nights(true));
    let mut compared = 0;
    for output in OUTPUTS.iter().filter(|output| !output.extension.is_empty()) {
        for folder in ["2000-02-14", "latest"] {
            let path = format!("reports/{folder}/report.{}", output.extension);
            let [whole, parts] = [&whole, &parts].map(|site| fs::read(site.at(&path)).expect("a report"));
            assert!(whole == parts && !whole.is_empty(), "{path}");
            compared += 1;
        }
    }
    assert!(compared >= 8, "{compared}");
    let lines = fs::read_to_string(parts.at("reports/latest/report.jsonl")).expect("a report");
    let changed = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).expect("our own JSON");
        (row["workstation"].to_string(), row["since_last_run"].to_string(), row["new_failures"].as_u64())
    };
    let row = |name: &str, since: &str, new: u64| (format!("{name:?}"), format!("{since:?}"), Some(new));
    let mut rows: Vec<_> = lines.lines().map(changed).collect();
    rows.sort();
    assert_eq!(rows, [row("=WS2", "new", 200), row("WS1", "ongoing", 200), row("WS3", "new", 200)]);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_does_not_hold_the_night() {
    use logonstorm::run::Failure;
    let site = two_nights(false);
    let pipe = |path: &str| {
        fs::remove_file(site.at(path)).expect("there");
        assert!(std::process::Command::new("mkfifo").arg(site.at(path)).status().expect("it runs").success());
    };
    pipe("reports/latest/report.csv");
    match nightly(&site.job(11_002), &()) {
        Err(Failure::Output { path, source }) => {
            assert!(path.ends_with("latest/report.csv") && source.to_string().contains("remove it"), "{source}");
        }
        _ => panic!("a pipe is no place for a report"),
    }
    assert!(!site.at("reports/2000-02-15").exists(), "nothing was written");
    fs::remove_file(site.at("reports/latest/report.csv")).expect("there");
    night(&site, 11_002, false);
    pipe("state/seen.state");
    let Err(Failure::State { why, .. }) = nightly(&site.job(11_003), &()) else { panic!("a pipe is no state") };
    assert_eq!(why, "it is no file; remove it");
}

/// The text of the parts of a workbook, one after the other.
#[cfg(feature = "xlsx")]
fn workbook(bytes: Vec<u8>) -> String {
    use std::io::{Cursor, Read};
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
    let mut text = String::new();
    for at in 0..parts.len() {
        parts.by_index(at).expect("a part").read_to_string(&mut text).expect("XML");
    }
    text
}

#[cfg(feature = "xlsx")]
#[test]
fn a_workbook_tells_what_changed_and_none_of_it_is_a_formula() {
    let site = two_nights(false);
    let text = workbook(fs::read(site.at("reports/latest/report.xlsx")).expect("a report"));
    for word in ["since_last_run", "new_failures", ">ongoing<", ">new<", "=WS2"] {
        assert!(text.contains(word), "{word}");
    }
    assert!(!text.contains("<f>") && !text.contains("<f "), "a formula");
}
