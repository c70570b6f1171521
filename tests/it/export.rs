//! The event export from outside: real logs event by event, order, copies, attempts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;

use crate::corpus::corpus;

fn logonstorm(args: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("logonstorm").expect("the binary is built with the tests");
    command.env_remove("CLICOLOR_FORCE").env("NO_COLOR", "1").arg("export").args(args).assert()
}

/// What is written to standard output.
fn exported(args: &[&str]) -> Vec<u8> {
    logonstorm(args).code(0).get_output().stdout.clone()
}

/// Rows as name and value; absent cells are empty.
fn rows(csv: &[u8]) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(csv).deserialize().map(|row| row.expect("CSV of our own")).collect()
}

fn fixtures(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).to_str().expect("a plain path").to_owned()
}

/// Golden column, column of the export.
const COMPARED: &[(&str, &str)] = &[
    ("path", "file"),
    ("record_id", "record_id"),
    ("event_id", "event_id"),
    ("time_utc", "time"),
    ("computer", "server"),
    ("account", "account"),
    ("domain", "domain"),
    ("workstation", "workstation_raw"),
    ("ip", "ip"),
    ("logon_type", "logon_type"),
    ("status", "status"),
    ("substatus", "sub_status"),
    ("auth_package", "package"),
];

/// The list's times have nine digits, ours the seven that the log has; its codes are eight lower
/// digits, also for Kerberos, which we print short.
fn golden_cell(column: &str, cell: &str) -> String {
    let cell = cell.trim();
    match column {
        "time_utc" => format!("{}Z", cell.strip_suffix("00Z").expect("whole 100 ns")),
        "status" | "substatus" => code(cell),
        _ => cell.to_owned(),
    }
}

fn code(cell: &str) -> String {
    cell.strip_prefix("0x").map_or_else(String::new, |hex| u32::from_str_radix(hex, 16).expect("hex").to_string())
}

fn exported_cell(column: &str, cell: &str, root: &str) -> String {
    match column {
        "path" => cell.strip_prefix(root).expect("below the corpus").trim_start_matches('/').to_owned(),
        "status" | "substatus" => code(cell),
        _ => cell.to_owned(),
    }
}

#[test]
fn every_golden_event_is_a_row_and_no_row_is_anything_else() {
    let Some(corpus) = corpus("evtx") else { return };
    let root = corpus.to_str().expect("a plain path");
    let file = fs::read(corpus.join("golden/evtx_events_open.csv")).expect("readable");
    let mut want: Vec<Vec<String>> = rows(&file)
        .iter()
        .map(|row| COMPARED.iter().map(|(column, _)| golden_cell(column, &row[*column])).collect())
        .collect();
    assert_eq!(want.len(), 398);
    // One event lies in two files and comes under the first path.
    let by_event = |a: &Vec<String>, b: &Vec<String>| (&a[1..], &a[0]).cmp(&(&b[1..], &b[0]));
    want.sort_by(by_event);
    want.dedup_by(|later, first| later[1..] == first[1..]);
    assert_eq!(want.len(), 397);
    // Two of the logs hold no readable record, which is code 3.
    let run = logonstorm(&["--all-events", "--raw", &format!("{root}/evtx")]).code(3);
    let everything = run.get_output().stdout.clone();
    let mut got: Vec<Vec<String>> = rows(&everything)
        .iter()
        .map(|row| COMPARED.iter().map(|(of, column)| exported_cell(of, &row[*column], root)).collect())
        .collect();
    got.sort_by(by_event);
    assert_eq!(got, want);
}

#[test]
fn threads_and_the_order_of_paths_leave_no_trace() {
    let mut paths: Vec<String> =
        ["formats/security.evt", "formats/sms-metering", "formats/netlogon", "formats/wevtutil.xml", "demo"]
            .map(fixtures)
            .to_vec();
    if let Some(corpus) = corpus("evtx") {
        paths.extend(["evtx", "text"].map(|name| corpus.join(name).to_str().expect("a plain path").to_owned()));
    }
    let run = |paths: &[String], threads: &str, format: &str| {
        let mut args = vec!["--all-events", "-q", "-f", format, "--threads", threads];
        args.extend(paths.iter().map(String::as_str));
        logonstorm(&args).get_output().stdout.clone()
    };
    let mut shuffled = paths.clone();
    shuffled.reverse();
    shuffled.swap(0, 2);
    for format in ["csv", "jsonl"] {
        let one = run(&paths, "1", format);
        assert!(one.iter().filter(|byte| **byte == b'\n').count() > 10, "{format}: nothing to compare");
        for threads in ["1", "2", "8"] {
            assert!(run(&shuffled, threads, format) == one, "{format}, {threads} threads");
        }
    }
    let places: Vec<(String, u64)> = rows(&run(&shuffled, "8", "csv"))
        .into_iter()
        .map(|row| (row["file"].clone(), row["offset"].parse().expect("a number")))
        .collect();
    assert!(places.is_sorted(), "rows stand in order of file and offset");
}

#[test]
fn the_attempts_of_a_client_are_those_of_the_report() {
    let folder = fixtures("formats/sms-metering");
    let rows = rows(&exported(&[&folder]));
    let told: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {} {} {}", row["kind"], row["workstation"], row["metering_server"], row["line"]))
        .collect();
    assert_eq!(told, ["attempt WKS0042 HANSR1 2", "attempt WKS0042 HANSR1 16"]);
    assert!(rows.iter().all(|row| row["event_id"].is_empty() && row["file"].ends_with("WKS0042/Liccli.log")));
    logonstorm(&[&folder, "--workstation", "OTHER*"])
        .code(0)
        .stdout(predicates::str::is_match("^kind,[^\n]*\n$").unwrap());
}

#[test]
fn a_copy_of_a_log_adds_no_row_and_the_first_path_stays() {
    let folder = tempfile::tempdir().unwrap();
    let log = fs::read(fixtures("formats/security.evt")).unwrap();
    fs::write(folder.path().join("b.evt"), &log).unwrap();
    let once = rows(&exported(&[folder.path().to_str().unwrap(), "--all-events"]));
    assert!(!once.is_empty());
    fs::write(folder.path().join("a.evt"), &log).unwrap();
    let twice = rows(&exported(&[folder.path().to_str().unwrap(), "--all-events"]));
    assert_eq!(twice.len(), once.len());
    assert!(twice.iter().all(|row| row["file"].ends_with("/a.evt")));
}

#[test]
fn texts_without_record_numbers_merge_by_the_largest_count_of_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(fixtures("formats/event-viewer.csv")).unwrap();
    let second = text.match_indices("3/13/2001").nth(1).unwrap().0;
    let count = || rows(&exported(&[folder.path().to_str().unwrap()])).len();
    fs::write(folder.path().join("b.csv"), &text).unwrap();
    assert_eq!(count(), 3);
    // A copy, and a part that overlaps.
    fs::write(folder.path().join("a.csv"), &text).unwrap();
    fs::write(folder.path().join("c.csv"), &text[second..]).unwrap();
    assert_eq!(count(), 3);
    // The first event happened twice within its second.
    fs::write(folder.path().join("d.csv"), format!("{}{text}", &text[..second])).unwrap();
    assert_eq!(count(), 4);
}

#[test]
fn an_export_that_names_no_server_is_of_the_one_whose_log_tells_the_same() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(fixtures("formats/event-viewer-vista.csv"), folder.path().join("a.csv")).unwrap();
    // The first of its two failures, as the server's own log has it.
    let log = r#"{"Channel": "Security", "Hostname": "HANSR1.corp.example", "RecordNumber": 7, "EventID": 4625,
        "SourceName": "Microsoft-Windows-Security-Auditing", "TimeCreated": "2026-07-19T09:59:10.5Z",
        "TargetUserName": "bob", "TargetDomainName": "CORP", "Status": "0xC000006D", "SubStatus": "0xC0000064",
        "LogonType": "3", "WorkstationName": "WS9", "IpAddress": "10.0.0.5"}"#;
    fs::write(folder.path().join("b.jsonl"), log.replace('\n', "")).unwrap();
    let told = |args: &[&str]| {
        let all = rows(&exported(&[&[folder.path().to_str().unwrap()], args].concat()));
        all.iter().map(|row| format!("{} {}", row["server"], row["account"])).collect::<Vec<_>>()
    };
    assert_eq!(told(&[]), ["HANSR1.corp.example bob", "HANSR1.corp.example dadmin"]);
    assert_eq!(told(&["--server", "hansr1"]).len(), 2);
    assert!(told(&["--server", "DC01"]).is_empty());
}

#[test]
fn filters_and_the_span_choose_rows() {
    let log = fixtures("formats/wevtutil.xml");
    let all = rows(&exported(&[&log, "--all-events"]));
    let failures = rows(&exported(&[&log]));
    assert!(!failures.is_empty() && failures.iter().all(|row| row["kind"] == "failure"));
    assert!(failures.iter().all(|row| all.contains(row)));
    let first = &failures[0];
    assert!(rows(&exported(&[&log, "--account", &first["account"], "--server", &first["server"]])).contains(first));
    assert_eq!(exported(&[&log, "--account", "nobody-of-this-name"]).split(|byte| *byte == b'\n').count(), 2);
    assert_eq!(exported(&[&log, "--to", "1990-01-01"]).split(|byte| *byte == b'\n').count(), 2);
    let from = first["time"].split('.').next().unwrap().trim_end_matches('Z').to_owned() + "Z";
    assert!(rows(&exported(&[&log, "--from", &from])).contains(first));
}

#[test]
fn a_file_gets_the_format_of_its_extension_and_is_not_replaced_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.jsonl");
    let shown = file.to_str().unwrap();
    let log = fixtures("formats/security.evt");
    logonstorm(&[&log, "-o", shown]).code(0).stdout("").stderr(contains("wrote"));
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text.as_bytes(), exported(&[&log, "-f", "jsonl", "-o", "-"]));
    assert!(text.starts_with("{\"kind\":\"failure\""), "{text}");
    logonstorm(&[&log, "-o", shown]).code(2).stderr(contains("--force replaces it"));
    logonstorm(&[&log, "-o", "events.parquet"]).code(2).stderr(contains("known are .csv .jsonl"));
    logonstorm(&["no/such/log", "-o", folder.path().join("none.csv").to_str().unwrap()]).code(1);
    logonstorm(&["no/such/log"]).code(1).stdout("");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn five_skipped_places_are_listed_and_the_rest_with_v() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(fixtures("formats/security.evt"), folder.path().join("log")).unwrap();
    for n in 0..8 {
        fs::write(folder.path().join(format!("empty{n}")), "").unwrap();
    }
    fs::write(folder.path().join("notes"), "a shopping list").unwrap();
    let path = folder.path().to_str().unwrap();
    let skipped = |text: &str| text.matches("logonstorm: skipped:").count();
    let quiet = logonstorm(&[path]).code(0);
    let quiet = String::from_utf8_lossy(&quiet.get_output().stderr).into_owned();
    assert_eq!(skipped(&quiet), 5, "{quiet}");
    assert!(quiet.contains("... and 3 more (-v lists them all)") && !quiet.contains("notes"), "{quiet}");
    let all = logonstorm(&[path, "-v"]).code(0).stderr(contains("... and").not());
    let all = String::from_utf8_lossy(&all.get_output().stderr).into_owned();
    assert_eq!(skipped(&all), 8, "{all}");
    assert_eq!(all.matches("notes: not recognised as a log").count(), 1, "{all}");
}
