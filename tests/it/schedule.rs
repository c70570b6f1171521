//! What `--print-schedule` prints, judged by the programs that read it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use predicates::prelude::*;
use predicates::str::contains;

fn contrib(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("contrib").join(name)
}

fn logonstorm(folder: &Path, args: &[&str]) -> assert_cmd::assert::Assert {
    let mut command = assert_cmd::Command::cargo_bin("logonstorm").expect("the binary is built with the tests");
    command.env("NO_COLOR", "1").current_dir(folder).args(args).assert()
}

/// Folder and text of what is printed for a configuration in a folder of that name.
fn printed(name: &str, scheduler: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let site = folder.path().join(name);
    fs::create_dir_all(site.join("exports")).expect("a new folder");
    fs::write(site.join("nightly.toml"), "inputs = ['exports']\nstate = 'state'\nreports = 'reports'\n")
        .expect("writable");
    let print = logonstorm(&site, &["nightly", "--config", "nightly.toml", "--print-schedule", scheduler]).code(0);
    let text = String::from_utf8(print.get_output().stdout.clone()).expect("text");
    assert!(!site.join("state").exists() && !site.join("reports").exists(), "printing touches nothing");
    (folder, text)
}

/// The two units of the printed text.
fn units(text: &str) -> (&str, &str) {
    let at = text.find("\n# /etc/systemd/system/logonstorm.timer").expect("a timer");
    (&text[..at], &text[at + 1..])
}

/// `None`, with a line in the test's output, where there is no systemd-analyze; where the tests were
/// started by `scripts/test` it has to be there.
fn systemd_analyze() -> Option<Command> {
    let there = Command::new("systemd-analyze").arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        assert!(std::env::var_os("LOGONSTORM_REQUIRE_READERS").is_none(), "systemd-analyze is missing");
        println!("skipped: systemd-analyze is not installed");
    }
    there.then(|| Command::new("systemd-analyze"))
}

fn verify(service: &str, timer: &str) {
    let Some(mut analyze) = systemd_analyze() else { return };
    let folder = tempfile::tempdir().expect("a folder of our own");
    for (name, text) in [("logonstorm.service", service), ("logonstorm.timer", timer)] {
        fs::write(folder.path().join(name), text).expect("writable");
    }
    let files = ["logonstorm.service", "logonstorm.timer"].map(|name| folder.path().join(name));
    let output = analyze.arg("verify").arg("--man=no").args(&files).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("logonstorm")).collect();
    assert!(output.status.success() && ours.is_empty(), "{said}\n{service}");
    let Some(mut analyze) = systemd_analyze() else { return };
    let output = analyze.args(["security", "--offline=yes", "--no-pager"]).arg(&files[0]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    match said.lines().find(|line| line.contains("Overall exposure level")) {
        Some(score) => println!("systemd-analyze security: {}", score.trim_start_matches(['→', ' '])),
        None => {
            println!("systemd-analyze security gives no score for a file: {}", String::from_utf8_lossy(&output.stderr))
        }
    }
}

#[cfg(unix)]
#[test]
fn systemd_takes_the_units_of_contrib_and_scores_them() {
    let service = fs::read_to_string(contrib("systemd/logonstorm.service")).expect("checked in");
    let timer = fs::read_to_string(contrib("systemd/logonstorm.timer")).expect("checked in");
    // Only the program has to be there for the check.
    let program = assert_cmd::cargo::cargo_bin("logonstorm");
    let here = service.replace("\"/usr/local/bin/logonstorm\"", &format!("\"{}\"", program.display()));
    assert_ne!(here, service);
    verify(&here, &timer);
}

#[cfg(unix)]
#[test]
fn systemd_takes_units_with_strange_paths() {
    for name in ["plain", "a b", "100%n", "$HOME", "it's", "q\"q", "back\\slash", "é端", "semi;colon", "#hash"] {
        let (_folder, text) = printed(name, "systemd");
        let (service, timer) = units(&text);
        assert!(service.contains("ExecStart=\"/") && service.contains(" \"--config\" \"/"), "{service}");
        verify(service, timer);
    }
}

#[cfg(unix)]
#[test]
fn the_windows_task_is_well_formed_and_names_absolute_paths() {
    let (folder, text) = printed("a & b <c>", "windows");
    let checked_in = fs::read_to_string(contrib("windows/nightly.xml")).expect("checked in");
    for xml in [&text, &checked_in] {
        let mut reader = quick_xml::Reader::from_str(xml);
        reader.config_mut().check_comments = true;
        let mut elements = 0;
        loop {
            match reader.read_event().expect("well-formed") {
                quick_xml::events::Event::Start(_) => elements += 1,
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert!(elements > 20);
    }
    let folder = folder.path().to_str().expect("a plain path");
    assert!(text.contains(&format!("&quot;{folder}/a &amp; b &lt;c&gt;/nightly.toml&quot;")), "{text}");
}

#[cfg(unix)]
#[test]
fn the_cron_line_runs_as_cron_would_run_it() {
    let (folder, text) = printed("100% 'mine'", "cron");
    fs::remove_dir(folder.path().join("100% 'mine'/exports")).expect("empty");
    let line = text.lines().last().expect("a line");
    let command = line.strip_prefix("30 2 * * * ").expect("every night");
    // cron takes the backslash off an escaped percent sign.
    let output =
        Command::new("sh").args(["-c", &command.replace("\\%", "%")]).current_dir("/").output().expect("a shell");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("nothing was written") && said.contains("exports"), "{said}");
}

#[test]
fn options_without_a_file_are_printed_in_full() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let args = ["nightly", "in", "--state", "s", "--reports", "r", "--keep", "9", "--fail-on", "storm"];
    let more = ["--threshold", "storm_rate=90", "--metrics", "m/x.prom", "--verify", "--print-schedule", "cron"];
    let at = folder.path().to_str().expect("a plain path");
    let expect = format!(
        "'nightly' '{at}/in' '--state' '{at}/s' '--reports' '{at}/r' '--metrics' '{at}/m/x.prom' '--keep' '9' \
         '--fail-on' 'storm' '--threshold' 'storm_rate=90' '--verify' -q"
    );
    logonstorm(folder.path(), &[&args[..], &more[..]].concat()).code(0).stdout(contains(expect));
    let clash =
        ["nightly", "in", "--state", "s", "--reports", "r", "--print-schedule", "cron", "--as-of", "2001-01-01"];
    logonstorm(folder.path(), &clash).code(2);
    let wrong = ["nightly", "in", "--state", "s", "--reports", "r", "--print-schedule", "cron", "--history", "x"];
    logonstorm(folder.path(), &wrong).code(2).stderr(contains("--history").and(contains("x")));
}

#[test]
fn the_example_configuration_is_valid_in_full() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let text = fs::read_to_string(contrib("nightly.toml")).expect("checked in");
    // With every example line in force, too.
    let all: Vec<&str> =
        text.lines().map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line)).collect();
    for text in [text.clone(), all.join("\n")] {
        fs::write(folder.path().join("n.toml"), &text).expect("writable");
        logonstorm(folder.path(), &["config", "show", "--config", "n.toml"]).code(0);
        logonstorm(folder.path(), &["nightly", "--config", "n.toml", "--print-schedule", "cron"]).code(0);
    }
}

#[test]
fn the_export_step_is_valid_powershell_where_there_is_one() {
    let script = contrib("windows/export-security.ps1");
    let text = fs::read_to_string(&script).expect("checked in");
    assert!(text.is_ascii(), "Windows PowerShell reads files without a mark as ANSI");
    for part in ["'epl'", "/ow:true", "$LASTEXITCODE", "exit 1", "-LiteralPath"] {
        assert!(text.contains(part), "{part}");
    }
    let parse = "$e = $null; [void][System.Management.Automation.Language.Parser]::ParseFile($args[0], [ref]$null, [ref]$e); \
                 $e | ForEach-Object { $_.ToString() }; exit $e.Count";
    match Command::new("pwsh").args(["-NoProfile", "-Command", parse]).arg(&script).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout)),
        Err(_) => println!("skipped: pwsh is not installed, the script was not parsed"),
    }
}
