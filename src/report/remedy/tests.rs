//! The files of a folder of remedies, byte by byte where a program reads them.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::{Made, Values, files, script};
use crate::escape::visible::{acts, hides};
use crate::model::analysis::{Analysis, Row};
use crate::model::remedy::NoPrediction;
use crate::report::tests::sample::{fleet, hostile};

fn made(analysis: &Analysis, values: Values) -> Vec<Made> {
    let rows: Vec<&Row> = analysis.rows.iter().filter(|row| !row.evidence.remedies.is_empty()).collect();
    files(analysis, &rows, values, Tz::UTC)
}

fn text(files: &[Made], path: &str) -> String {
    let file = files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(file.bytes.clone()).expect("UTF-8")
}

fn utf16(files: &[Made], path: &str) -> String {
    let bytes = &files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}")).bytes;
    assert_eq!(bytes[..2], [0xFF, 0xFE], "the byte order mark");
    let units: Vec<u16> = bytes[2..].chunks(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    String::from_utf16(&units).expect("UTF-16")
}

/// The lines that are neither comments nor empty.
fn said(text: &str) -> Vec<&str> {
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "line ends of Windows");
    text.split("\r\n").filter(|line| !line.is_empty() && !line.starts_with(';')).collect()
}

const KEY: &str = r"[HKEY_LOCAL_MACHINE\Software\Microsoft\SMS\Client\Client Components\License Metering\Properties]";

#[test]
fn registry_files_hold_the_key_of_the_article_and_the_values_asked_for() {
    let files = made(&fleet(), Values { retries: 2, interval_ms: 30_000 });
    let values = [r#""PipeRetries"=dword:00000002"#, r#""PipeRetryInterval"=dword:00007530"#];
    let set = utf16(&files, "pipe-retries.reg");
    assert_eq!(said(&set), ["Windows Registry Editor Version 5.00", KEY, values[0], values[1]]);
    assert!(set.contains("Q256986") && set.contains("Q287626"));
    let old = text(&files, "pipe-retries-nt4.reg");
    assert_eq!(said(&old), ["REGEDIT4", KEY, values[0], values[1]]);
    assert!(old.is_ascii());
    let undo = utf16(&files, "pipe-retries-undo.reg");
    let gone = [r#""PipeRetries"=-"#, r#""PipeRetryInterval"=-"#];
    assert_eq!(said(&undo), ["Windows Registry Editor Version 5.00", KEY, gone[0], gone[1]]);
    assert!(undo.contains("Q256986") && undo.contains("Q287626"));
}

#[test]
fn script_changes_nothing_without_apply_and_reaches_each_client_once() {
    let files = made(&fleet(), Values::default());
    let script = text(&files, "clients.cmd");
    assert_eq!(script.matches("call :client WS042\r\n").count(), 1);
    let guard = script.find("if not defined APPLY (").expect("the guard");
    assert!(!script[..guard].contains("\nreg "), "no command before it");
    assert!(script[guard..].contains(r#"reg add "\\%~1\HKLM\%KEY%" /v PipeRetryInterval /t REG_DWORD /d 60000 /f"#));
    assert!(!script.contains("echo %"), "a client may be named OFF");
    assert!(text(&files, "clients-undo.cmd").contains(r#"reg delete "\\%~1\HKLM\%KEY%" /v PipeRetries /f"#));
}

#[test]
fn names_that_could_act_in_a_command_file_are_left_out_and_named() {
    for name in ["", "-o", "A&B", "A%PATH%", "A B", "A\"B", "..", "A..B", "Ä", "A\nB", "fe80::1", &"A".repeat(64)] {
        assert!(!script::is_plain(name), "{name:?}");
    }
    for name in ["WS042", "10.1.7.20", "PC_1-A"] {
        assert!(script::is_plain(name), "{name:?}");
    }
    let files = made(&hostile(), Values::default());
    let script = text(&files, "clients.cmd");
    assert!(!script.contains("call :client"), "{script}");
    assert!(text(&files, "remedy.txt").contains("Left out of clients.cmd"));
}

#[test]
fn hostile_names_stay_in_the_folder_and_act_nowhere() {
    let hostile = hostile();
    let files = made(&hostile, Values::default());
    let paths: BTreeSet<String> = files.iter().map(|file| file.path.to_lowercase()).collect();
    assert_eq!(paths.len(), files.len(), "no file replaces another");
    assert_eq!(files.iter().filter(|file| file.path.starts_with("clients/")).count(), hostile.rows.len());
    for file in &files {
        let below = file.path.strip_prefix("clients/").unwrap_or(&file.path);
        assert!(below.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)), "{below}");
        if file.path.ends_with(".txt") {
            let text = String::from_utf8(file.bytes.clone()).expect("UTF-8").replace("\r\n", "");
            assert!(!text.chars().any(|c| acts(c) || hides(c)), "{}", file.path);
        }
    }
}

#[test]
fn table_says_what_the_simulated_client_does_and_how_low_it_can_go() {
    let text = text(&made(&fleet(), Values { retries: 3, interval_ms: 700 }), "clients/WS042.txt");
    let row = |start: &str| {
        let line = text.lines().find(|line| line.trim_start_matches([' ', '*']).starts_with(start)).expect("a row");
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("5              500 ms"), "5 500 ms 6,842 or 8,139 -38 %");
    assert_eq!(row("1              500 ms"), "1 500 ms 1,418 or 2,810 -79 %");
    assert!(row("3              700 ms").starts_with("* 3 700 ms"), "what was asked for is marked");
    assert!(text.contains("The floor: 1,431 failures a day"));
    assert!(text.replace("\r\n", " ").contains("Measure again after the change"));
    assert!(!text.contains("at its floor already"));
}

#[test]
fn a_client_at_its_floor_and_one_that_cannot_be_predicted_say_so() {
    let mut analysis = fleet();
    let Some(Ok(cycle)) = &mut analysis.rows[0].evidence.cycle else { panic!("the sample has a cycle") };
    (cycle.attempts, cycle.observed_per_day) = (3.0, 4180.0);
    assert!(text(&made(&analysis, Values::default()), "clients/WS042.txt").contains("at its floor already"));
    analysis.rows[0].evidence.cycle = Some(Err(NoPrediction::TooLittleActive));
    let files = made(&analysis, Values::default());
    assert!(text(&files, "clients/WS042.txt").contains("too little active time"));
    assert!(files.iter().any(|file| file.path == "pipe-retries.reg"), "the values may still be set");
}

#[test]
fn without_a_storm_of_the_metering_client_there_are_texts_only() {
    let mut analysis = fleet();
    analysis.rows[0].evidence.cycle = None;
    let paths: Vec<String> = made(&analysis, Values::default()).into_iter().map(|file| file.path).collect();
    assert_eq!(paths, ["remedy.txt", "clients/WS042.txt"]);
}

#[test]
fn logs_are_told_with_their_own_numbers() {
    let text = text(&made(&fleet(), Values::default()), "remedy.txt").replace("\r\n", "\n");
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("DC01 covers 3 days with 49.6 MiB of records, 16.5 MiB a day; storms fill 4.1 % of it."));
    assert!(flat.contains("For 7 days it needs 115.7 MiB (110.9 MiB without storms)."), "{flat}");
    assert!(flat.contains("It was cleared within that time."));
    assert!(flat.contains("DC02 covers 3 days; the sizes of its records are not known from a text export."));
    assert!(flat.contains("CrashOnAuditFail"));
    assert!(text.lines().all(|line| line.chars().count() <= 80));
}
