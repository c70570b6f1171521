//! The HTML report in a real browser: Chromium, driven by the scripts in `tests/browser`.
//!
//! Playwright drives it with the Node.js that its Python package brings along, and axe-core judges
//! accessibility. Without Chromium or the two packages (see `scripts/test`) these tests print
//! `skipped`; with `LOGONSTORM_REQUIRE_READERS=1` that is a failure. `LOGONSTORM_BLESS=1` records
//! outlines and pictures anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use logonstorm::escape::visible::{acts, escape, hides};
use logonstorm::model::analysis::{Analysis, Changes, Row, RowChange};
use logonstorm::model::detail::Detail;
use logonstorm::report::html::OUTPUT;
use logonstorm::report::style::Style;
use logonstorm::run::options::Options;
use serde_json::{Value, json};

use crate::hostile;

/// Modes of `run.mjs`.
const EVERY_WAY: &[&str] = &["light", "dark", "narrow", "large", "print"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The first of these programs on the search path.
fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let on_path =
        |name: &&str| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    names.iter().find_map(on_path)
}

/// The folder of Python packages that holds Playwright and axe-core.
fn packages() -> Option<PathBuf> {
    let versions = fs::read_dir(root().join("target/test-venv/lib")).ok()?;
    let folders = versions.flatten().map(|version| version.path().join("site-packages"));
    let holds = |folder: &PathBuf, file: &str| folder.join(file).is_file();
    folders
        .into_iter()
        .find(|folder| holds(folder, "playwright/driver/node") && holds(folder, "axe_playwright_python/axe.min.js"))
}

/// Opens the page in the browser as the job says, and fails where it finds a problem.
fn look(name: &str, page: &[u8], more: Value) {
    let Some((good, told)) = seen(name, page, more) else { return };
    assert!(good, "{told}");
    println!("{told}");
}

/// What the browser finds: nothing wrong, and in words; `None` where there is no browser.
fn seen(name: &str, page: &[u8], more: Value) -> Option<(bool, String)> {
    let chromium = program(&["chromium", "chromium-browser", "google-chrome"]);
    let (Some(chromium), Some(packages)) = (chromium, packages()) else {
        assert!(
            std::env::var_os("LOGONSTORM_REQUIRE_READERS").is_none_or(|v| v != "1"),
            "no Chromium, Playwright or axe-core; scripts/test --install installs them"
        );
        println!("skipped {name}: no Chromium, Playwright or axe-core");
        return None;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("{name}.html"));
    fs::write(&file, page).expect("writable");
    let mut job = json!({
        "name": name, "page": file, "packages": packages, "chromium": chromium,
        "golden": root().join("tests/browser/golden"), "screenshot": root().join("docs/report.png"),
        "bless": std::env::var_os("LOGONSTORM_BLESS").is_some(),
        "modes": EVERY_WAY, "outlines": false, "pictures": false, "axe": true, "words": [], "filter": null,
    });
    for (key, value) in more.as_object().expect("an object") {
        job[key] = value.clone();
    }
    let jobs = folder.join(format!("{name}.json"));
    fs::write(&jobs, job.to_string()).expect("writable");
    let node = packages.join("playwright/driver/node");
    let run = Command::new(node).arg(root().join("tests/browser/run.mjs")).arg(&jobs).output().expect("Node.js runs");
    let told = [run.stdout, run.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).join("\n");
    Some((run.status.success(), told))
}

/// What the program makes of the demo.
fn demo() -> Analysis {
    let options = Options {
        // As a person would: the golden outlines hold no path of a machine.
        paths: vec!["fixtures/demo".into()],
        memory: 512 << 20,
        detail: Detail::Records,
        ..Options::default()
    };
    logonstorm::run::scan(&options, &()).expect("the demo can be read")
}

fn page(analysis: &Analysis) -> Vec<u8> {
    let mut bytes = Vec::new();
    (OUTPUT.write)(analysis, &Style::default(), &mut bytes).expect("a Vec takes everything");
    bytes
}

/// The demo's first storm, so many times under other names.
fn fleet(names: impl Iterator<Item = String>) -> Analysis {
    let mut analysis = demo();
    let storm = analysis.rows[0].clone();
    let rename = |(name, rank)| {
        let mut row = storm.clone();
        (row.rank, row.workstation) = (rank, name);
        row.failures += rank % 7;
        row
    };
    analysis.rows = names.zip(1..).map(rename).collect();
    analysis
}

/// What `scan` writes for the demo, run in the project's folder.
fn written() -> Vec<u8> {
    let run = assert_cmd::Command::cargo_bin("logonstorm")
        .expect("the binary is built with the tests")
        .current_dir(root())
        .args(["scan", "fixtures/demo", "-f", "html"])
        .output()
        .expect("the binary runs");
    assert!(run.status.success());
    run.stdout
}

#[test]
fn the_demo_looks_as_recorded_in_every_way() {
    let words = ["WS042", "client log agrees in 119 of 119"];
    look("demo", &written(), json!({"outlines": true, "pictures": true, "filter": "storm", "words": words}));
}

#[test]
fn a_night_leads_with_what_changed_and_has_a_column_for_it_in_every_way() {
    let mut analysis = demo();
    let states = [("ongoing", 675), ("ended", 0), ("quiet", 0), ("new", 80), ("new", 0)];
    let change = |(row, (since, new_failures)): (&Row, (&'static str, u64))| {
        (row.workstation.clone(), RowChange { since: Some(since), new_failures })
    };
    analysis.changes = Some(Changes {
        since: Some("2008-09-01".to_owned()),
        new_records: 1143,
        rows: analysis.rows.iter().zip(states).map(change).collect(),
        ..Changes::default()
    });
    let words = ["since last night", "ongoing, 675 new failures", "1,143 new event records"];
    look("night", &page(&analysis), json!({"outlines": true, "filter": "ongoing", "words": words}));
}

#[test]
fn the_report_of_the_demo_is_the_one_checked_in() {
    let file = root().join("fixtures/demo-report.html");
    if std::env::var_os("LOGONSTORM_BLESS").is_some() {
        fs::write(&file, written()).expect("writable");
    }
    let golden = fs::read(&file).expect("the demo's report is checked in");
    assert!(written() == golden, "fixtures/demo-report.html is not what scan writes; LOGONSTORM_BLESS=1 records it");
}

#[test]
fn planted_faults_are_found() {
    let page = String::from_utf8(written()).expect("UTF-8");
    let faults = "<p style=\"position:absolute;top:90px\">over others</p><div class=\"sv\"><img src=\"x.png\"></div>\
                  <table style=\"width:3000px\"><tr><td>wide</td></tr></table><p style=\"color:#ccc\">pale</p>\
                  <script>console.error('planted'); document.body.dataset.n = 1;</script>";
    let policy = page.find("<meta http-equiv").expect("a policy");
    let end = page[policy..].find('>').expect("an end") + policy + 1;
    let without = format!("{}{}", &page[..policy], &page[end..]);
    let faulty = without.replacen("<main>", &format!("<main>{faults}"), 1);
    let wanted = json!({"modes": ["light"], "words": ["no such word"], "filter": "storm"});
    let Some((good, told)) = seen("faulty", faulty.as_bytes(), wanted) else { return };
    assert!(!good);
    for fault in [
        "lies over",
        "wide in a window of 1280",
        "request to",
        "console: planted",
        "an element <img>",
        "an attribute style",
        "axe color-contrast",
        "axe image-alt",
        "not in the page: no such word",
        "a smuggled script ran",
        "the policy let script-src-elem through",
    ] {
        assert!(told.contains(fault), "{fault} is missing in\n{told}");
    }
}

#[test]
fn the_hostile_fleet_shows_as_text_and_does_nothing() {
    let page = hostile::written(&["scan", ".", "-f", "html"]);
    // A text ends at its first NUL, as every string of an event does.
    let kept = |text: &'static str| text.split('\0').next().unwrap_or(text);
    let visible = |(_, text): &(&str, &'static str)| escape(kept(text), |c| acts(c) || hides(c)).into_owned();
    let words: Vec<String> = hostile::ATTACKS.iter().map(visible).collect();
    look(
        "hostile",
        page.as_bytes(),
        json!({"words": words, "filter": "script", "modes": ["light", "narrow", "print"]}),
    );
}

#[test]
fn names_from_right_to_left_and_long_names_break_nothing() {
    let names = ["מחשב-של-דוד", "حاسوب ١٢", "日本語のコンピューター名", "Ünïcode ÅÄÖ"].map(str::to_owned);
    let long = ["X".repeat(300), "long name of many words ".repeat(20), "a-b".repeat(100)];
    let analysis = fleet(names.into_iter().chain(long));
    look("names", &page(&analysis), json!({"filter": "מחשב", "words": ["מחשב-של-דוד", "حاسوب ١٢"]}));
}

#[test]
fn an_empty_report_is_a_page_too() {
    look("empty", &page(&Analysis { exact: true, ..Analysis::default() }), json!({"words": ["Nothing was read"]}));
}

#[test]
fn two_hundred_workstations_stay_small_and_whole() {
    let page = page(&fleet((1..=200).map(|n| format!("WS{n:03}"))));
    assert!(page.len() <= 300_000, "{} bytes", page.len());
    look("many", &page, json!({"filter": "ws12", "modes": ["light", "narrow"]}));
}

#[test]
fn five_thousand_workstations_open_sort_and_filter() {
    let page = page(&fleet((1..=5000).map(|n| format!("WS{n:04}"))));
    assert!(page.len() <= 2_500_000, "{} bytes", page.len());
    look("huge", &page, json!({"filter": "ws123", "modes": ["light"], "axe": false}));
}
