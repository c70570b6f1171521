//! The `remedy` command from outside: its folder, what it spares, what it refuses.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;

fn remedy(args: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("logonstorm").expect("the binary is built with the tests");
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE");
    command.arg("remedy").args(args).assert()
}

/// A folder that is not there yet.
fn target() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let target = folder.path().join("fix");
    (folder, target)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder of our own");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

const READY: [&str; 7] = [
    "clients",
    "clients-undo.cmd",
    "clients.cmd",
    "pipe-retries-nt4.reg",
    "pipe-retries-undo.reg",
    "pipe-retries.reg",
    "remedy.txt",
];

#[test]
fn one_client_gets_its_own_text_and_ready_files() {
    let (_folder, target) = target();
    let to = target.to_str().expect("a plain path");
    remedy(&[r"\\ws042", "fixtures/demo", "-o", to, "--pipe-retry-interval", "30000"])
        .code(0)
        .stdout(contains("enable or remove account jsmith").and(contains("30,000 ms")))
        .stdout(contains("(ends it; KB\n     Q287626)").and(contains("3. set PipeRetries")))
        .stderr(contains("nothing was executed or changed"));
    assert_eq!(names(&target), READY);
    assert_eq!(names(&target.join("clients")), ["WS042.txt"]);
    let reg = fs::read(target.join("pipe-retries.reg")).expect("written");
    let wanted: Vec<u8> = "=dword:00007530\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(reg.starts_with(&[0xFF, 0xFE]) && reg.windows(wanted.len()).any(|part| part == wanted));
}

#[test]
fn all_storms_in_one_folder_and_the_same_bytes_again() {
    let (folder, target) = target();
    let to = target.to_str().expect("a plain path");
    remedy(&["--all", "fixtures/demo", "-o", to, "-q"])
        .code(0)
        .stderr("")
        .stdout(contains("What would stop the storms"));
    assert_eq!(names(&target), READY);
    assert_eq!(names(&target.join("clients")).len(), 5);
    let again = folder.path().join("again");
    remedy(&["--all", "fixtures/demo", "--threads", "1", "-o", again.to_str().expect("a plain path")]).code(0);
    for name in READY.iter().filter(|name| **name != "clients") {
        let bytes = |folder: &Path| fs::read(folder.join(name)).expect("written");
        assert!(bytes(&target) == bytes(&again), "{name}");
    }
}

#[test]
fn modern_storms_are_told_where_the_credential_sits() {
    let (_folder, target) = target();
    remedy(&["10.1.7.20", "fixtures/demo", "-o", target.to_str().expect("a plain path")])
        .code(0)
        .stdout(contains("schtasks /query").and(contains("Q287626").not()));
    assert_eq!(names(&target), ["clients", "remedy.txt"], "no registry file for another kind of storm");
}

#[test]
fn what_is_there_is_refused_whole_and_replaced_by_force() {
    let (_folder, target) = target();
    let to = target.to_str().expect("a plain path");
    fs::create_dir(&target).expect("a new folder");
    fs::write(target.join("clients.cmd"), "theirs").expect("writable");
    remedy(&["--all", "fixtures/demo", "-o", to]).code(2).stderr(contains("--force replaces it"));
    assert_eq!(names(&target), ["clients.cmd"], "nothing is written beside it");
    assert_eq!(fs::read(target.join("clients.cmd")).expect("readable"), b"theirs");
    remedy(&["--all", "fixtures/demo", "-o", to, "--force"]).code(0);
    assert_eq!(names(&target), READY);
    remedy(&["--all", "no/such/log", "-o", to]).code(2).stderr(contains("remedy.txt exists already"));
    remedy(&["10.1.7.20", "fixtures/demo", "-o", to, "--force"]).code(0);
    assert_eq!(names(&target), ["clients", "remedy.txt"], "no script of before is left to be started");
}

#[test]
fn wrong_usage_and_nothing_to_read_leave_no_folder() {
    let (folder, target) = target();
    let to = target.to_str().expect("a plain path");
    remedy(&["fixtures/demo", "-o", to]).code(2).stderr(contains("remedy --all fixtures/demo"));
    remedy(&["WS042", "fixtures/demo"]).code(2).stderr(contains("--output"));
    remedy(&["--all", "-o", to]).code(2);
    remedy(&["WS042", "fixtures/demo", "-o", to, "--pipe-retries", "0"]).code(2).stderr(contains("1..=100"));
    remedy(&["WS999", "fixtures/demo", "-o", to]).code(1).stderr(contains("no workstation \"WS999\""));
    remedy(&["--all", "no/such/log", "-o", to]).code(1);
    assert!(!target.exists());
    let file = folder.path().join("file");
    fs::write(&file, "").expect("writable");
    let file = file.to_str().expect("a plain path");
    remedy(&["--all", "fixtures/demo", "-o", file]).code(2).stderr(contains("is no folder"));
}
