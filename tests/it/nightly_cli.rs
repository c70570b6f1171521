//! The scheduled job as a scheduler runs it: exit codes, messages, files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use logonstorm::fsio::lock::Lock;
use predicates::prelude::*;
use predicates::str::contains;

/// A folder with the demo's logs in `exports` and a configuration beside them.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new(more: &str) -> Site {
        let site = Site { folder: tempfile::tempdir().expect("a folder of our own") };
        for part in ["security", "clients"] {
            copy(&demo().join(part), &site.at("exports").join(part));
        }
        site.config(more);
        site
    }

    fn config(&self, more: &str) {
        let text = format!("inputs = [\"exports\"]\nstate = \"state\"\nreports = \"reports\"\n{more}");
        fs::write(self.at("nightly.toml"), text).expect("writable");
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Runs `logonstorm nightly --config nightly.toml ARGS` in the folder.
    fn nightly(&self, args: &[&str]) -> Assert {
        self.run(&[&["nightly", "--config", "nightly.toml"], args].concat())
    }

    fn run(&self, args: &[&str]) -> Assert {
        let mut command = Command::cargo_bin("logonstorm").expect("the binary is built with the tests");
        command.env_remove("CLICOLOR_FORCE").env("NO_COLOR", "1").current_dir(self.folder.path()).args(args).assert()
    }

    /// Every file below the folder but the exports and the lock, which says when a run began, by path.
    fn written(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut open = vec![self.folder.path().to_owned()];
        while let Some(folder) = open.pop().filter(|folder| !folder.ends_with("exports")) {
            for path in fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable").path()) {
                if path.is_dir() && !path.ends_with("exports") {
                    open.push(path);
                } else if path.is_file() && !path.ends_with("state/lock") {
                    let bytes = fs::read(&path).expect("readable");
                    files.insert(path, bytes);
                }
            }
        }
        files
    }

    fn json(&self) -> serde_json::Value {
        let text = fs::read_to_string(self.at("reports/latest/report.json")).expect("a report");
        serde_json::from_str(&text).expect("JSON")
    }
}

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("checked in") {
        let path = entry.expect("readable").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).expect("room on the disk");
        }
    }
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}

#[test]
fn a_night_writes_dated_reports_and_one_line_and_the_next_reads_nothing() {
    let site = Site::new("");
    let said = stderr(&site.nightly(&["--as-of", "2008-09-03"]).code(0).stdout(""));
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("logonstorm: nightly 2008-09-03: first night: 5 new, 0 ongoing"), "{said}");
    assert!(said.contains("2,147 new event records; read 7 of 7 files ("), "{said}");
    for folder in ["2008-09-03", "latest"] {
        for extension in ["csv", "html", "json"] {
            assert!(site.at(&format!("reports/{folder}/report.{extension}")).is_file(), "{folder} {extension}");
        }
    }
    let before = site.written();
    let again = stderr(&site.nightly(&["--as-of", "2008-09-03"]).code(0));
    assert!(again.contains("first night: 5 new") && again.contains("read 0 of 7 files ("), "{again}");
    assert!(before == site.written(), "a second run of the same night changed a file");
    let next = stderr(&site.nightly(&["--as-of", "2008-09-04"]).code(0));
    assert!(next.contains("since 2008-09-03: 0 new, 0 ongoing"), "{next}");
    assert!(next.contains("zero new event records; read 0 of 7 files"), "{next}");
    assert_eq!(site.json()["inputs"]["new_records"], 0);
    assert_eq!(site.json()["nightly"]["since"], "2008-09-03");
}

#[test]
fn quiet_is_silent_on_success_and_says_why_it_did_not_go_well() {
    let site = Site::new("");
    site.nightly(&["-q", "--as-of", "2008-09-03"]).code(0).stdout("").stderr("");
    site.nightly(&["-q", "--as-of", "2008-09-03", "--fail-on", "storm"]).code(4).stderr(contains("nightly 2008-09-03"));
    fs::rename(site.at("exports"), site.at("gone")).expect("renamed");
    site.nightly(&["-q", "--as-of", "2008-09-04"]).code(3).stderr(contains("exports: path: no such file or folder"));
    assert_eq!(site.json()["workstations"].as_array().map(Vec::len), Some(5), "what was seen is still told");
}

#[test]
fn nothing_to_read_at_all_is_1_and_writes_no_report() {
    let site = Site::new("");
    fs::remove_dir_all(site.at("exports")).expect("removed");
    site.nightly(&[]).code(1).stderr(contains("nothing was written"));
    assert!(!site.at("reports").exists());
}

#[test]
fn the_reports_lead_with_what_changed() {
    let site = Site::new("");
    fs::rename(site.at("exports/security/FS01-2008-09-02.evtx"), site.at("later")).expect("a day's export");
    let first = site.nightly(&["--as-of", "2008-09-02", "-f", "table"]).code(0);
    let table = String::from_utf8_lossy(&first.get_output().stdout).into_owned();
    assert!(table.starts_with("First night: "), "{table}");
    fs::rename(site.at("later"), site.at("exports/security/FS01-2008-09-02.evtx")).expect("it arrives");
    let second = site.nightly(&["--as-of", "2008-09-03", "-f", "table"]).code(0);
    let table = String::from_utf8_lossy(&second.get_output().stdout).into_owned();
    assert!(table.starts_with("Since 2008-09-02: "), "{table}");
    assert!(table.contains("\nongoing  10.1.7.20 (storm, ") && table.contains(" new failures · "), "{table}");
    let id = |night: &str| {
        let text = fs::read_to_string(site.at(&format!("reports/{night}/report.json"))).expect("a report");
        let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let rows = report["workstations"].as_array().expect("a list").clone();
        rows.iter().find(|row| row["workstation"] == "10.1.7.20").expect("the storm")["id"].clone()
    };
    assert_eq!(id("2008-09-02"), id("2008-09-03"), "a storm keeps its id");
    assert_eq!(id("2008-09-02").as_str().map(str::len), Some(16));
    let html = fs::read_to_string(site.at("reports/2008-09-03/report.html")).expect("a report");
    let lead = html.find("Since last night").expect("the lead");
    assert!(lead < html.find("What is wrong").expect("the summary"));
    let csv = fs::read_to_string(site.at("reports/2008-09-03/report.csv")).expect("a report");
    let mut lines = csv.lines();
    assert!(lines.next().expect("a header").ends_with(",reasons,action,since_last_run,new_failures"));
    assert!(lines.any(|line| line.contains("10.1.7.20") && line.contains(",ongoing,")), "{csv}");
}

#[test]
fn mistakes_in_the_configuration_are_2_and_named_with_line_and_column() {
    let site = Site::new("");
    let check = |more: &str, expect: &str| {
        site.config(more);
        site.nightly(&[]).code(2).stderr(contains(expect));
        site.run(&["config", "show", "--config", "nightly.toml"]);
    };
    check(
        "keeep = 3\n",
        "nightly.toml, line 4, column 1: unknown key `keeep`; allowed are `inputs`, `state`, `reports`",
    );
    check("keep = 0\n", "nightly.toml, line 4, column 8: keep 0: tonight's folder stays");
    check(
        "fail_on = 'all'\n",
        "line 4, column 11: fail_on: \"all\" is not allowed; allowed are none, storm, confirmed",
    );
    check("formats = ['pdf']\n", "line 4, column 11: formats: \"pdf\" is no format of files; allowed are csv, json");
    check("history = 'long'\n", "line 4, column 11: history \"long\" is no number of days");
    check("display_zone = 'Mars'\n", "line 4, column 16: display_zone \"Mars\" is no IANA zone");
    check("metrics = 'm.txt'\n", "line 4, column 11: metrics m.txt: the name must end in .prom");
    check("ignore = [{workstation = 'a', until = 'soon'}]\n", "line 4, column 11: until \"soon\" is no date");
    check(
        "[thresholds]\nstorm_rat = 3\n",
        "line 5, column 1: [thresholds]: there is no threshold `storm_rat`, perhaps",
    );
    check("[thresholds]\nburst_gap = 15000\n", "burst_gap = 15000 is out of range; allowed are 1 to 150 s");
    check("client_map = 'no.csv'\n", "line 4, column 14: client_map no.csv: ");
    assert!(!site.at("state").exists() && !site.at("reports").exists(), "nothing was touched");
}

#[test]
fn what_has_no_default_must_be_said() {
    let site = Site::new("");
    site.run(&["nightly"]).code(2).stderr(contains("no inputs"));
    site.run(&["nightly", "exports"]).code(2).stderr(contains("no folder for the state: give --state DIR"));
    site.run(&["nightly", "exports", "--state", "s"]).code(2).stderr(contains("no folder for the reports"));
    site.run(&["nightly", "--config", "none.toml"]).code(2).stderr(contains("--config none.toml"));
    site.run(&["nightly", "exports", "--state", "s", "--reports", "r", "--as-of", "2008-09-03"]).code(0);
    assert!(site.at("r/2008-09-03/report.csv").exists() && site.at("s").exists());
}

#[test]
fn an_empty_path_names_nothing_and_a_file_is_no_folder() {
    let site = Site::new("");
    let check = |text: &str, expect: &str| {
        fs::write(site.at("nightly.toml"), text).expect("writable");
        site.nightly(&["--as-of", "2008-09-03"]).code(2).stderr(contains(expect));
    };
    check("inputs = ['exports']\nstate = ''\nreports = 'r'\n", "nightly.toml, line 2, column 9: state is empty");
    check("inputs = ['exports']\nstate = 's'\nreports = ''\n", "nightly.toml, line 3, column 11: reports is empty");
    check("inputs = []\nstate = 's'\nreports = 'r'\n", "nightly.toml, line 1, column 10: no inputs");
    check("inputs = ['']\nstate = 's'\nreports = 'r'\n", "line 1, column 10: inputs: \"\" names no file");
    assert!(!site.at("lock").exists() && !site.at("seen.state").exists() && !site.at("latest").exists());
    site.config("");
    fs::write(site.at("state"), "mine").expect("writable");
    site.nightly(&["--as-of", "2008-09-03"])
        .code(1)
        .stderr(contains("state: it is no folder; name one for the state"))
        .stderr(contains("hint: a file stands where a folder is needed"));
    assert_eq!(fs::read_to_string(site.at("state")).expect("kept"), "mine");
}

#[test]
fn a_flag_beats_the_file_and_config_show_says_where_each_value_comes_from() {
    let site = Site::new("keep = 7\nformats = [\"json\"]\n[thresholds]\nstorm_rate = 90\n");
    site.nightly(&["--as-of", "2008-09-03", "--formats", "csv"]).code(0);
    assert!(site.at("reports/latest/report.csv").exists() && !site.at("reports/latest/report.json").exists());
    let args =
        ["config", "show", "--config", "nightly.toml", "--formats", "csv,html", "--threshold", "storm_share=0.7"];
    let shown = site.run(&args).code(0).stderr("");
    let text = String::from_utf8_lossy(&shown.get_output().stdout).into_owned();
    let line = |key: &str| text.lines().find(|line| line.starts_with(key)).unwrap_or_else(|| panic!("{key}: {text}"));
    assert!(line("formats = [\"csv\", \"html\"]").ends_with("# --formats"));
    assert!(line("keep = 7").ends_with("# nightly.toml, line 4, column 8"));
    assert!(line("fail_on = \"none\"").ends_with("# default"));
    assert!(line("# metrics").ends_with("# not set"));
    assert!(line("storm_rate = 90.0").contains("# nightly.toml, line 7, column 1, instead of 60"));
    assert!(line("storm_share = 0.7").contains("# --threshold, instead of 0.6"));
    // What is shown is a configuration itself.
    fs::write(site.at("shown.toml"), &text).expect("writable");
    site.run(&["nightly", "--config", "shown.toml", "--as-of", "2008-09-03"]).code(0).stderr(contains("read 7 of 7"));
}

#[test]
fn paths_are_relative_to_the_file_and_read_files_are_known_from_anywhere() {
    let site = Site::new("");
    site.nightly(&["--as-of", "2008-09-03"]).code(0);
    let here = fs::read(site.at("reports/latest/report.json")).expect("a report");
    let config = site.at("nightly.toml");
    let config = config.to_str().expect("a plain path");
    let elsewhere = tempfile::tempdir().expect("a folder of our own");
    let mut command = Command::cargo_bin("logonstorm").expect("the binary is built with the tests");
    command.current_dir(elsewhere.path()).args(["nightly", "--config", config, "--as-of", "2008-09-03"]);
    command.assert().code(0).stderr(contains("read 0 of 7 files"));
    assert!(here == fs::read(site.at("reports/latest/report.json")).expect("a report"));
    assert_eq!(fs::read_dir(elsewhere.path()).expect("readable").count(), 0);
}

#[test]
fn a_dry_run_reads_and_tells_and_writes_nothing() {
    let site = Site::new("metrics = \"logonstorm.prom\"\n");
    let before = site.written();
    let dry = site.nightly(&["--dry-run", "--as-of", "2008-09-03", "-f", "csv"]).code(0);
    assert!(stderr(&dry).contains("(dry run: nothing was written)"));
    assert!(String::from_utf8_lossy(&dry.get_output().stdout).contains("WS042"));
    assert!(before == site.written() && !site.at("state").exists() && !site.at("reports").exists());
    site.nightly(&["--as-of", "2008-09-03"]).code(0);
    let before = site.written();
    site.nightly(&["--dry-run", "--as-of", "2008-09-04"]).code(0).stderr(contains("read 0 of 7 files"));
    assert!(before == site.written(), "a dry run over a state wrote something");
}

#[test]
fn a_night_beyond_the_memory_budget_says_so_and_counts_everything() {
    let site = Site::new("");
    let said = stderr(&site.nightly(&["--as-of", "2008-09-03", "--memory", "17MiB"]).code(0));
    assert!(!said.contains("of memory"), "{said}");
    let whole = fs::read(site.at("reports/latest/report.json")).expect("a report");
    let said = stderr(&site.nightly(&["--as-of", "2008-09-03", "--memory", "16MiB"]).code(0));
    assert!(
        said.contains("takes about 16.5 MiB of memory, more than 16.0 MiB, as no event may be forgotten"),
        "{said}"
    );
    assert!(whole == fs::read(site.at("reports/latest/report.json")).expect("a report"));
}

#[test]
fn verify_reads_again_and_counts_nothing_twice() {
    let site = Site::new("");
    site.nightly(&["--as-of", "2008-09-03"]).code(0);
    let before = site.json()["inputs"]["failures"].clone();
    site.nightly(&["--as-of", "2008-09-03", "--verify"]).code(0).stderr(contains("read 7 of 7 files"));
    assert_eq!(site.json()["inputs"]["failures"], before);
}

#[test]
fn a_second_run_does_not_wait_and_says_who_is_at_work() {
    let site = Site::new("");
    site.nightly(&["--as-of", "2008-09-03"]).code(0);
    let held = Lock::take(&site.at("state/lock"), "pid 7 on HOST, started tonight").expect("free");
    let second = site.nightly(&["--as-of", "2008-09-03"]).code(11);
    assert!(cfg!(windows) || stderr(&second).contains("pid 7 on HOST, started tonight"), "{}", stderr(&second));
    site.nightly(&["--as-of", "2008-09-03", "--dry-run"]).code(0);
    drop(held);
    site.nightly(&["--as-of", "2008-09-03"]).code(0);
}

#[test]
fn an_earlier_night_is_refused_and_a_date_is_a_date() {
    let site = Site::new("");
    site.nightly(&["--as-of", "2008-09-03"]).code(0);
    let before = site.written();
    site.nightly(&["--as-of", "2008-09-02"])
        .code(2)
        .stderr(contains("2008-09-02 lies before the last one, 2008-09-03, of the state state"))
        .stderr(contains("`--as-of 2008-09-03` or later"));
    site.nightly(&["--as-of", "yesterday"]).code(2).stderr(contains("--as-of \"yesterday\" is no date"));
    assert!(before == site.written());
}

#[test]
fn ignored_rows_are_listed_apart_and_do_not_trigger_fail_on() {
    let rows = "ignore = [\n  {workstation = \"WS*\", account = \"*\", until = \"2008-09-03\", why = \"known; <b>\"},\n  \
                {workstation = \"10.1.7.20\"},\n]\n";
    let site = Site::new(&format!("fail_on = \"storm\"\n{rows}"));
    let night = site.nightly(&["--as-of", "2008-09-03", "-f", "table"]).code(0);
    let table = String::from_utf8_lossy(&night.get_output().stdout).into_owned();
    assert!(table.contains("ignored  WS042 (storm, 1,290 failures, until 2008-09-03: known; <b>)"), "{table}");
    let report = site.json();
    let names = |rows: &serde_json::Value| -> Vec<String> {
        let rows = rows.as_array().expect("a list").iter();
        rows.map(|row| row["workstation"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names(&report["nightly"]["ignored"]), ["WS042", "10.1.7.20", "WS017", "WS066"]);
    assert_eq!(report["nightly"]["ignored"][0]["why"], "known; <b>");
    assert_eq!(names(&report["workstations"]), ["KBQ287626"]);
    assert_eq!(report["workstations"][0]["rank"], 1);
    let html = fs::read_to_string(site.at("reports/latest/report.html")).expect("a report");
    assert!(html.contains("known; &#60;b&#62;") || html.contains("known; &lt;b&gt;"), "foreign text is escaped");
    // The next night is past `until`: what was ignored is back, and nobody calls it new.
    let next = site.nightly(&["--as-of", "2008-09-04"]).code(4);
    assert!(stderr(&next).contains("0 new"), "{}", stderr(&next));
    assert_eq!(names(&site.json()["nightly"]["ignored"]), ["10.1.7.20"]);
}

#[test]
fn reports_of_formats_that_are_no_longer_written_do_not_pass_for_tonights() {
    let site = Site::new("");
    site.nightly(&["--as-of", "2008-09-03"]).code(0);
    site.nightly(&["--as-of", "2008-09-04", "--formats", "csv"]).code(0);
    let there = |path: &str| site.at("reports").join(path).exists();
    assert!(there("latest/report.csv") && !there("latest/report.json") && !there("latest/report.html"));
    assert!(there("2008-09-03/report.json"), "an earlier night stays as it was");
}

#[test]
fn only_dated_folders_beyond_keep_go() {
    let site = Site::new("keep = 2\n");
    fs::create_dir_all(site.at("reports/mine")).expect("a new folder");
    for night in ["2008-09-03", "2008-09-04", "2008-09-05"] {
        site.nightly(&["--as-of", night]).code(0);
    }
    let mut names: Vec<String> = fs::read_dir(site.at("reports"))
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["2008-09-04", "2008-09-05", "latest", "mine"]);
}

#[test]
fn the_textfile_follows_the_format_and_names_nobody() {
    let site = Site::new("metrics = \"logonstorm.prom\"\n");
    for name in [".logonstorm.prom.a1B2c3.tmp", ".other.prom.a1B2c3.tmp", ".logonstorm.prom.mine"] {
        fs::write(site.at(name), "half").expect("writable");
    }
    site.nightly(&["--as-of", "2008-09-03"]).code(0);
    assert!(!site.at(".logonstorm.prom.a1B2c3.tmp").exists(), "what a killed run left goes");
    fs::remove_file(site.at(".other.prom.a1B2c3.tmp")).expect("not ours");
    fs::remove_file(site.at(".logonstorm.prom.mine")).expect("not ours");
    let text = fs::read_to_string(site.at("logonstorm.prom")).expect("a textfile");
    let mut family = "";
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            family = rest.split(' ').next().expect("a name");
            assert!(rest.ends_with('.'), "{line}");
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            assert_eq!(rest, format!("{family} gauge"));
        } else {
            let (name, value) = line.rsplit_once(' ').expect("name and value");
            assert!(name == family || name.starts_with(&format!("{family}{{")), "{line}");
            assert!(value.parse::<u64>().is_ok(), "{line}");
        }
    }
    for line in ["logonstorm_new_records 2147", "logonstorm_clients{class=\"storm\"} 3", "logonstorm_read_files 7"] {
        assert!(text.lines().any(|other| other == line), "{line} in {text}");
    }
    for name in ["WS042", "10.1.7.20", "jsmith", "svc_backup", "DC01", "WS017"] {
        assert!(!text.contains(name), "{name}");
    }
    assert!(text.contains("\nlogonstorm_last_success_timestamp_seconds "));
    assert!(text.ends_with('\n'));
    let stray = site.written().into_keys().filter(|path| path.extension().is_some_and(|name| name == "tmp")).count();
    assert_eq!(stray, 0);
}

#[test]
fn a_textfile_that_cannot_be_written_is_told_and_the_night_stands() {
    let site = Site::new("metrics = \"no/logonstorm.prom\"\n");
    site.nightly(&["--as-of", "2008-09-03"])
        .code(1)
        .stderr(contains("no/logonstorm.prom").and(contains("cannot write")));
    assert!(site.at("reports/2008-09-03/report.csv").exists());
}

#[test]
fn a_state_can_be_shown_checked_and_forgotten() {
    let site = Site::new("");
    let state = |args: &[&str]| site.run(&[&["state"], args].concat());
    state(&["show"]).code(2).stderr(contains("--state"));
    state(&["show", "--state", "state"]).code(1).stderr(contains("the first night makes it"));
    site.nightly(&["--as-of", "2008-09-03"]).code(0);
    state(&["show", "--config", "nightly.toml"])
        .code(0)
        .stdout(contains("last night    2008-09-03, compared with none"));
    state(&["check", "--state", "state"]).code(0).stdout(contains("the state is sound"));
    state(&["reset", "--state", "state"]).code(2).stderr(contains("--force does it"));
    let held = Lock::take(&site.at("state/lock"), "pid 7").expect("free");
    state(&["reset", "--state", "state", "--force"]).code(11);
    drop(held);
    state(&["reset", "--config", "nightly.toml", "--force"]).code(0).stderr(contains("forgotten"));
    state(&["reset", "--config", "nightly.toml", "--force"]).code(0).stderr(contains("there was no state"));
    site.nightly(&["--as-of", "2008-09-02"]).code(0).stderr(contains("first night"));
    fs::write(site.at("state/seen.state"), "cut").expect("writable");
    state(&["check", "--state", "state"]).code(1).stderr(contains("cannot be used"));
}

/// The fenced blocks of that language in a document.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let mut blocks = document.split("```").skip(1).step_by(2);
    let of = |block: &str| block.strip_prefix(language)?.strip_prefix('\n').map(str::to_owned);
    let found: Vec<String> = blocks.by_ref().filter_map(of).collect();
    assert!(!found.is_empty(), "no {language} in the document");
    found
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/nightly.md");
    fs::read_to_string(path).expect("checked in")
}

#[cfg(unix)]
#[test]
fn the_commands_of_the_page_do_what_it_says() {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let program = assert_cmd::cargo::cargo_bin("logonstorm");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = std::process::Command::new("sh")
        .args(["-euc", &blocks(&page(), "sh").concat()])
        .current_dir(folder.path())
        .env("PATH", format!("{}:{path}", program.parent().expect("a folder").display()))
        .output()
        .expect("a shell");
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
    for part in ["report.csv\nreport.html\nreport.json\n", "\nlast night    ", "OnCalendar=", "30 2 * * *", "<Task "] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 3, "{told}");
    assert!(
        lines[0].contains("dry run") && lines[1].contains("read 8 of 8") && lines[2].contains("read 0 of 8"),
        "{told}"
    );
    let shown = page().lines().find(|line| line.starts_with("logonstorm: nightly")).expect("an example").to_owned();
    assert!(lines[1].contains(shown.split_once(": first").expect("the counts").1), "{shown}\n{told}");
}

#[test]
fn the_configuration_of_the_page_is_valid() {
    let site = Site::new("");
    for text in blocks(&page(), "toml") {
        fs::write(site.at("page.toml"), &text).expect("writable");
        site.run(&["nightly", "--config", "page.toml", "--as-of", "2008-09-03"]).code(4);
    }
}
