//! The memory budget: what a small one may not lose, and that it says what it loses.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use logonstorm::model::analysis::{Analysis, Row};
use logonstorm::model::finding::Class;
use logonstorm::model::time::rfc3339;
use logonstorm::report::OUTPUTS;
use logonstorm::report::style::Style;
use logonstorm::run::options::Options;
use logonstorm::run::scan;

/// Files of an export of one day each: `names` one-time names a file, none of which is a scan, and ten
/// storms over all files, one attempt a minute.
fn logs(folder: &Path, files: usize, names: usize, minutes: usize) {
    const HEAD: &str = "EventLog,RecordNumber,TimeGenerated,TimeWritten,EventID,EventType,EventTypeName,EventCategory,\
                        EventCategoryName,SourceName,Strings,ComputerName,SID,Message,Data\n";
    let mut number = 0;
    for file in 0..files {
        let mut text = HEAD.to_owned();
        let mut row = |sec: usize, name: &str, account: &str| {
            number += 1;
            let at = rfc3339(984_355_200 + (file * 86_400 + sec) as i64).replace('T', " ").replace('Z', "");
            writeln!(
                text,
                "Security,{number},{at},{at},681,16,Failure Audit event,9,Account Logon ,Security,\
                 MICROSOFT_AUTHENTICATION_PACKAGE_V1_0|{account}|\\\\{name}|3221225586,DC01,S-1-5-18,,"
            )
            .expect("memory takes everything");
        };
        for at in 0..names {
            row(at * 86_400 / names, &format!("ONCE{:06}", file * names + at), &format!("u{}", file * names + at));
        }
        for minute in 0..minutes {
            for storm in 0..10 {
                row(40_000 + minute * 60 + storm, &format!("STORM{storm}"), &format!("svc{storm}"));
            }
        }
        fs::write(folder.join(format!("{file:03}.csv")), text).expect("a folder of our own");
    }
}

fn run(folder: &Path, memory: u64, threads: usize) -> Analysis {
    let options = Options {
        paths: vec![folder.to_owned()],
        memory,
        threads: Some(threads),
        listed_only: true,
        ..Options::default()
    };
    scan(&options, &()).expect("threads start")
}

fn json(analysis: &Analysis) -> String {
    let json = OUTPUTS.iter().find(|output| output.name == "json").expect("there is JSON");
    let mut bytes = Vec::new();
    (json.write)(analysis, &Style::default(), &mut bytes).expect("a Vec takes everything");
    String::from_utf8(bytes).expect("UTF-8")
}

fn storms(analysis: &Analysis) -> Vec<(String, u64, Option<i64>, usize)> {
    let storm = |row: &&Row| row.class == Class::Storm;
    let told = |row: &Row| (row.workstation.clone(), row.failures, row.last_failure, row.evidence.bursts.len());
    analysis.rows.iter().filter(storm).map(told).collect()
}

#[test]
fn a_small_budget_finds_the_same_storms_whatever_the_threads_and_says_what_it_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    logs(folder.path(), 10, 1000, 40);
    let large = run(folder.path(), 512 << 20, 2);
    assert!(large.exact && large.warnings.is_empty(), "{:?}", large.warnings);
    assert_eq!((large.rows.len(), large.others, large.inputs.failures), (10, 10_000, 14_000));

    let small = run(folder.path(), 4 << 20, 1);
    assert!(!small.exact);
    assert_eq!(storms(&small), storms(&large));
    assert_eq!(storms(&small).len(), 10);
    assert_eq!(small.inputs.failures, large.inputs.failures);
    let said = small.warnings.join("\n");
    assert!(said.contains("more names than 4 MiB hold: workstations with up to "), "{said}");
    assert!(said.contains("are counted in the totals only"), "{said}");
    assert!(json(&small).contains("\"exact\": false"));
    for threads in [2, 8] {
        assert_eq!(json(&small), json(&run(folder.path(), 4 << 20, threads)), "{threads}");
    }
}

#[test]
fn random_names_are_one_row_with_a_small_budget_too() {
    let folder = tempfile::tempdir().expect("a folder");
    logs(folder.path(), 1, 0, 40);
    let mut text = fs::read_to_string(folder.path().join("000.csv")).expect("written");
    let line = text.lines().last().expect("a storm").to_owned();
    for at in 0..9000 {
        let line = line.replace("STORM9", &format!("RANDOM{at:05}")).replace("svc9", "Administrator");
        writeln!(
            text,
            "{}",
            line.replacen(",410,", &format!(",{},", 1000 + at), 1).replacen(",400,", &format!(",{},", 1000 + at), 1)
        )
        .expect("memory");
    }
    fs::write(folder.path().join("000.csv"), text).expect("writable");
    let (large, small) = (run(folder.path(), 512 << 20, 2), run(folder.path(), 3 << 20, 2));
    let scan = |analysis: &Analysis| -> Vec<(String, u64)> {
        let scans = analysis.rows.iter().filter(|row| row.class == Class::Scanner);
        scans.map(|row| (row.workstation.clone(), row.failures)).collect()
    };
    assert_eq!(scan(&large), [("(random names) Administrator@DC01".to_owned(), 9000)]);
    assert!(large.exact && !small.exact);
    assert_eq!(storms(&small), storms(&large));
    // What is kept of it is less, and still a scan.
    let (name, failures) = &scan(&small)[0];
    assert!(name == "(random names) Administrator@DC01" && (50..9000).contains(failures), "{failures}");
}

#[test]
fn a_workstation_beyond_the_budget_stays_a_storm_and_names_asked_for_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    logs(folder.path(), 8, 1000, 120);
    // Room for a fraction of the storms' failures.
    let options = Options {
        paths: vec![folder.path().to_owned()],
        memory: 1 << 20,
        names: vec!["ONCE000005".to_owned()],
        ..Options::default()
    };
    let analysis = scan(&options, &()).expect("threads start");
    assert_eq!(analysis.rows.iter().filter(|row| row.class == Class::Storm).count(), 10);
    assert!(
        analysis.warnings.iter().any(|warning| warning.contains("of workstations with very many")),
        "{:?}",
        analysis.warnings
    );
    assert_eq!(analysis.inputs.failures, 8 * 2200);
    let full = run(folder.path(), 0, 1);
    let last = |analysis: &Analysis, name: &str| {
        let row = analysis.rows.iter().find(|row| row.workstation == name).expect("a storm");
        row.last_failure.expect("failures")
    };
    for storm in (0..10).map(|n| format!("STORM{n}")) {
        let early = last(&full, &storm) - last(&analysis, &storm);
        assert!((0..7200).contains(&early), "{storm} is thought to end {early} s early");
    }
    assert!(analysis.rows.iter().any(|row| row.workstation == "ONCE000005" && row.failures == 1));
}

#[test]
fn attempts_of_clients_are_bounded_too_and_what_is_cut_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = String::new();
    for at in 0..2000 {
        let at = at * 10;
        let (hour, minute, second) = (at / 3600, at / 60 % 60, at % 60);
        writeln!(text, "Server is unreachable. Will try again in 60 secs.~  $$<Licensing><Mon Mar 12 {hour:02}:{minute:02}:{second:02}.000 2001><thread=1>")
            .expect("memory");
    }
    for name in ["WS1", "WS2"] {
        fs::create_dir(folder.path().join(name)).expect("new");
        fs::write(folder.path().join(name).join("Liccli.log"), &text).expect("writable");
    }
    let attempts = |memory: u64, threads: usize| {
        let analysis = run(folder.path(), memory, threads);
        let logs: Vec<u64> = analysis.rows.iter().filter_map(|row| Some(row.client.as_ref()?.attempts)).collect();
        let said = analysis.inputs.skipped.iter().filter(|place| place.why.contains("left out")).count();
        (logs.iter().sum::<u64>(), logs.len(), said)
    };
    let (all, logs, said) = attempts(512 << 20, 2);
    assert!(all == 4000 && logs == 2 && said == 0, "{all} {logs} {said}");
    // Room for 771 attempts of both logs together.
    let (some, logs, said) = attempts(1 << 20, 2);
    assert!(some < all / 2 && some > 0 && logs >= 1 && said >= 2, "{some} {logs} {said}");
    assert_eq!(attempts(1 << 20, 1), (some, logs, said));
}
