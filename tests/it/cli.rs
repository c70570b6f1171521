//! The command line from outside: exit codes, messages, files.

use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;

fn logonstorm(args: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = Command::cargo_bin("logonstorm").expect("the binary is built with the tests");
    command.env_remove("CLICOLOR_FORCE").env("NO_COLOR", "1").args(args).assert()
}

#[test]
fn a_file_given_as_format_gets_a_hint_with_and_without_a_path() {
    let hint = "logonstorm scan DC01.evtx";
    logonstorm(&["scan", "-f", "DC01.evtx"]).code(2).stderr(predicates::str::contains(hint));
    logonstorm(&["scan", "-f", "DC01.evtx", "more"]).code(2).stderr(predicates::str::contains(hint));
}

fn names(folder: &Path) -> usize {
    std::fs::read_dir(folder).expect("a folder of our own").count()
}

#[test]
fn wrong_usage_is_2_and_says_what_is_allowed() {
    logonstorm(&["scan", "x", "--from", "soon"]).code(2).stderr(contains("--from \"soon\" is no moment; allowed are"));
    logonstorm(&["scan", "x", "-f", "yaml"]).code(2).stderr(contains("formats are table, csv, json"));
    logonstorm(&["scan", "-f", "Security.evtx", "x"]).code(2).stderr(contains("logonstorm scan Security.evtx"));
    logonstorm(&["scan", "x", "--display-zone", "Mars/Base"]).code(2).stderr(contains("no IANA zone"));
    logonstorm(&["scan", "x", "--memory", "1KiB"]).code(2).stderr(contains("the least is 16MiB"));
    logonstorm(&["scan", "x", "--client-map", "no-such-file.csv"])
        .code(2)
        .stderr(contains("--client-map no-such-file.csv"));
    logonstorm(&["scan"]).code(2);
}

#[test]
fn flags_of_other_tools_get_a_hint() {
    logonstorm(&["scan", "x", "--num-threads", "8"]).code(2).stderr(contains("hint: --threads N"));
    logonstorm(&["scan", "x", "--clobber"]).code(2).stderr(contains("hint: --force"));
}

#[test]
fn a_missing_path_alone_is_1_and_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let report = folder.path().join("report.csv");
    let report = report.to_str().expect("a plain path");
    logonstorm(&["scan", "no/such/log.evtx", "-o", report]).code(1).stderr(contains("no/such/log.evtx")).stdout("");
    assert_eq!(names(folder.path()), 0);
}

#[test]
fn an_existing_file_is_refused_before_anything_is_read() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let report = folder.path().join("report.csv");
    std::fs::write(&report, "theirs").expect("writable");
    let shown = report.to_str().expect("a plain path");
    logonstorm(&["scan", "x", "-o", shown]).code(2).stderr(contains("--force replaces it"));
    assert_eq!(std::fs::read_to_string(&report).expect("readable"), "theirs");
    assert_eq!(names(folder.path()), 1);
}

#[test]
fn one_file_under_two_paths_is_refused_before_anything_is_read() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let shown = folder.path().to_str().expect("a plain path");
    let (first, again) = (format!("{shown}/report.csv"), format!("{shown}/./report.csv"));
    logonstorm(&["scan", "x", "-o", &first, "-o", &again]).code(2).stderr(contains("is given twice"));
    assert_eq!(names(folder.path()), 0);
}

#[test]
fn a_file_that_cannot_be_written_is_told_once() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let shown = folder.path().to_str().expect("a plain path");
    let said = logonstorm(&["scan", "x", "-o", &format!("{shown}/no/report.csv")]).code(1);
    let said = String::from_utf8_lossy(&said.get_output().stderr).into_owned();
    assert_eq!(said.matches("os error").count(), 1, "{said}");
    assert!(!said.contains("report.csv."), "{said}");
}

#[test]
fn messages_show_hostile_names_as_text() {
    logonstorm(&["scan", "no\u{1b}[2Jsuch\u{202e}log"])
        .code(1)
        .stderr(contains("no\\u{1B}[2Jsuch\\u{202E}log").and(contains("\u{1b}[2J").not()));
}

#[test]
fn help_version_and_lists_are_0() {
    logonstorm(&["--help"]).code(0).stdout(contains("Examples:").and(contains("scan")));
    logonstorm(&["scan", "--help"]).code(0).stdout(predicates::str::starts_with("Examples:"));
    logonstorm(&["--version"]).code(0).stdout(contains(env!("CARGO_PKG_VERSION")));
    logonstorm(&["formats"]).code(0).stdout(contains("evtx").and(contains("jsonl")));
    logonstorm(&["thresholds"]).code(0).stdout(contains("burst_gap = 15 s"));
    logonstorm(&["completions", "bash"]).code(0).stdout(contains("logonstorm"));
    logonstorm(&["man"]).code(0).stdout(contains(".TH"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/demo");
    closed_pipe(&["completions", "bash"]);
    closed_pipe(&["scan", demo]);
    // More than any buffer holds, so that the writer of rows meets the closed pipe.
    closed_pipe(&["export", demo, "-o", "-"]);
    closed_pipe(&["export", demo, "-f", "jsonl"]);
}

fn closed_pipe(args: &[&str]) {
    let binary = assert_cmd::cargo::cargo_bin("logonstorm");
    let mut child = std::process::Command::new(binary)
        .args(args)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{args:?}");
}

#[test]
fn simulate_writes_a_fleet_and_spares_what_is_there() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let fleet = folder.path().join("fleet");
    let shown = fleet.to_str().expect("a plain path");
    logonstorm(&["simulate", "-o", shown, "--scenario", "demo"]).code(0).stdout("").stderr(contains("wrote 8 files"));
    let made = |name: &str| std::fs::read(fleet.join(name)).expect("written");
    let kept = |name: &str| {
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo").join(name)).expect("checked in")
    };
    for name in ["truth.json", "security/DC01-2008-09-02.evtx", "clients/WS042/Liccli.lo_"] {
        assert!(made(name) == kept(name), "{name}");
    }
    logonstorm(&["simulate", "-o", shown, "--scenario", "demo"]).code(2).stderr(contains("--force"));
    logonstorm(&["simulate", "-o", shown, "--scenario", "demo", "--force", "-q"]).code(0).stderr("");
}

#[test]
fn simulate_says_what_it_can_make() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let fleet = folder.path().join("fleet");
    let shown = fleet.to_str().expect("a plain path");
    let refused = |args: &[&str], why: &str| {
        logonstorm(&[&["simulate", "-o", shown], args].concat()).code(2).stderr(contains(why));
    };
    refused(&["--scenario", "nonsense"], "no scenario \"nonsense\"; there are default, no-loss");
    refused(&["--scenario", "demo", "--format", "evt"], "use evtx or xml");
    refused(&["--size", "much"], "--size \"much\" is no size");
    refused(&["--days", "0"], "1..=1000");
    refused(&["--format", "pdf"], "possible values: evtx, evt, csv, xml");
    assert!(!fleet.exists(), "a refused fleet leaves no folder");
    std::fs::write(&fleet, "a file").expect("writable");
    logonstorm(&["simulate", "-o", shown]).code(1).stderr(contains("cannot write"));
}

#[test]
fn simulate_writes_one_log_of_a_size_in_every_form() {
    for format in ["evtx", "evt", "csv", "xml"] {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let fleet = folder.path().to_str().expect("a plain path");
        logonstorm(&["simulate", "-o", fleet, "--size", "256KiB", "--workstations", "20", "--format", format]).code(0);
        let log = folder.path().join(format!("security/DC01.{format}"));
        assert!(std::fs::metadata(&log).expect("written").len() >= 256 << 10, "{format}");
    }
}

#[test]
fn reports_may_stand_among_the_logs() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let at = |name: &str| folder.path().join(name).to_str().expect("a plain path").to_owned();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/security/DC01-2008-09-01.evtx");
    std::fs::copy(demo, at("DC01.evtx")).expect("checked in");
    let all = at("");
    let files = ["r.csv", "r.json", "r.jsonl", "r.html"].map(at);
    let outputs = files.iter().flat_map(|file| ["-o", file.as_str()]);
    let scan: Vec<&str> = ["scan", "--strict", &all].into_iter().chain(outputs).collect();
    logonstorm(&scan).code(0);
    for name in ["events.csv", "events.jsonl"] {
        logonstorm(&["export", "--strict", &all, "-o", &at(name)]).code(0);
    }
    // Every one of them is known again.
    std::fs::remove_file(at("DC01.evtx")).expect("ours");
    let said = logonstorm(&["scan", "-v", &all]).code(1);
    let said = String::from_utf8_lossy(&said.get_output().stderr).into_owned();
    assert_eq!(said.matches("written by this program").count(), 6, "{said}");
}

#[test]
fn a_log_without_a_record_is_1_alone_and_3_with_others() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let at = |name: &str| folder.path().join(name).to_str().expect("a plain path").to_owned();
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/demo/security/DC01-2008-09-01.evtx");
    let whole = std::fs::read(demo).expect("checked in");
    std::fs::write(at("header.evtx"), &whole[..4096]).expect("writable");
    std::fs::write(at("empty.evtx"), "").expect("writable");
    for command in ["scan", "export"] {
        logonstorm(&[command, &at("header.evtx")]).code(1).stdout("").stderr(contains("without any readable record"));
        logonstorm(&[command, &at("header.evtx"), &at("empty.evtx")]).code(1);
        logonstorm(&[command, &at("header.evtx"), demo]).code(3);
        logonstorm(&[command, &at("empty.evtx")]).code(0);
    }
}

#[cfg(unix)]
#[test]
fn an_end_from_outside_is_130_and_leaves_no_temporary_file() {
    let system = |program: &str, args: &[&str]| {
        let status = std::process::Command::new(program).args(args).status().expect("every Unix has it");
        assert!(status.success(), "{program}");
    };
    for signal in ["-INT", "-TERM", "-HUP"] {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let at = |name: &str| folder.path().join(name).to_str().expect("a plain path").to_owned();
        // Nobody reads from the pipe, so the program waits there, with the first report begun.
        system("mkfifo", &[&at("pipe.csv")]);
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("logonstorm"))
            .args(["scan", "x", "--force", "-o", &at("report.csv"), "-o", &at("pipe.csv")])
            .spawn()
            .expect("the binary runs");
        while names(folder.path()) < 2 {
            assert_eq!(child.try_wait().expect("our child"), None);
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        system("kill", &[signal, &child.id().to_string()]);
        assert_eq!(child.wait().expect("it ends").code(), Some(130), "{signal}");
        assert_eq!(names(folder.path()), 1, "{signal}");
    }
}

#[test]
fn a_client_map_that_fits_no_log_is_told() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let map = folder.path().join("map.csv");
    let shown = map.to_str().expect("a plain path");
    let clients = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/demo/clients");
    let told = contains("note: --client-map: rows: none of them fits the path of a client log");
    std::fs::write(&map, "path,workstation\nclient/WS042,PC7\n").expect("writable");
    logonstorm(&["scan", clients, "--client-map", shown]).code(0).stderr(told.clone());
    logonstorm(&["export", clients, "--client-map", shown]).code(0).stderr(told.clone());
    std::fs::write(&map, "path,workstation\nclient/WS042,PC7\nclients/WS042,PC7\n").expect("writable");
    logonstorm(&["scan", clients, "--client-map", shown]).code(0).stderr(told.not()).stdout(contains("PC7"));
}
