//! One test for each attack of the hostile fleet: through every output it stays a value, whole and tame.
//!
//! The outputs are made once for all of them. What holds for a whole output is told in `hostile.rs`;
//! Sigma rules hold no text of any log.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use logonstorm::escape::csv::uncell;
use logonstorm::escape::visible::{acts, escape, hides};
use serde_json::Value;

use super::hostile::{self, ATTACKS, written_in};

/// What the program wrote for the hostile fleet.
struct Outputs {
    folder: tempfile::TempDir,
    /// Rows of the JSON report, of the JSON lines, and of the night.
    rows: [Vec<Value>; 3],
    ecs: Vec<Value>,
    ocsf: Vec<Value>,
    /// Cells of `accounts`, escapes and guard undone: comma, `--excel --delimiter ';'`, the night.
    accounts: [Vec<String>; 3],
    /// Cells of the event export and its lines.
    cells: Vec<[String; 3]>,
    events: Vec<Value>,
    /// The page and the night's page, and what a reader sees of them.
    pages: [(String, String); 2],
    /// Text of every cell of the workbook.
    sheets: Vec<String>,
    /// Texts of the remedies, each in one line; both command files.
    remedies: Vec<String>,
    commands: String,
}

fn outputs() -> &'static Outputs {
    static OUTPUTS: OnceLock<Outputs> = OnceLock::new();
    OUTPUTS.get_or_init(|| {
        let folder = hostile::fleet();
        let at = folder.path();
        let scan = |more: &[&str]| written_in(at, &[&["scan", "security", "clients", "-q"], more].concat());
        scan(&["-o", "r.xlsx"]);
        written_in(at, &["remedy", "--all", "security", "clients", "-q", "-o", "fix"]);
        let night = ["nightly", "security", "clients", "--state", "s", "--reports", "n", "--metrics", "n.prom"];
        written_in(at, &[&night[..], &["--as-of", "2008-09-02"]].concat());
        let night = |name: &str| fs::read_to_string(at.join("n/latest").join(name)).expect("written");
        let of = |report: &str| -> Vec<Value> {
            let report: Value = serde_json::from_str(report).expect("JSON");
            report["workstations"].as_array().expect("rows").clone()
        };
        let page = |page: String| (seen(&page), page);
        let export = written_in(at, &["export", "security", "-q"]);
        let texts = fs::read_dir(at.join("fix/clients")).expect("a folder of texts");
        let text = |name: &str| fs::read_to_string(at.join("fix").join(name)).expect("written");
        Outputs {
            rows: [of(&scan(&["-f", "json"])), lines(&scan(&["-f", "jsonl"])), of(&night("report.json"))],
            ecs: lines(&scan(&["-f", "ecs"])),
            ocsf: lines(&scan(&["-f", "ocsf"])),
            accounts: [
                cells(&scan(&["-f", "csv"]), b',', ["accounts"]),
                cells(&scan(&["-f", "csv", "--excel", "--delimiter", ";"]), b';', ["accounts"]),
                cells(&night("report.csv"), b',', ["accounts"]),
            ]
            .map(|column| column.into_iter().flatten().collect()),
            cells: cells(&export, b',', ["account", "domain", "workstation_raw"]),
            events: lines(&written_in(at, &["export", "security", "-q", "-f", "jsonl"])),
            pages: [scan(&["-f", "html"]), night("report.html")].map(page),
            sheets: sheets(&at.join("r.xlsx")),
            remedies: texts
                .map(|entry| flat(&fs::read_to_string(entry.expect("readable").path()).expect("UTF-8")))
                .collect(),
            commands: text("clients.cmd") + &text("clients-undo.cmd"),
            folder,
        }
    })
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn cells<const N: usize>(csv: &str, delimiter: u8, names: [&str; N]) -> Vec<[String; N]> {
    let csv = csv.trim_start_matches('\u{FEFF}');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(csv.as_bytes());
    let headers = reader.headers().expect("a header").clone();
    let at = names.map(|name| headers.iter().position(|header| header == name).expect("a column"));
    reader
        .records()
        .map(|row| row.expect("as many cells as headers"))
        .map(|row| at.map(|at| uncell(&row[at])))
        .collect()
}

/// The text between the tags, entities resolved.
fn seen(page: &str) -> String {
    let mut text: String = page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    for (entity, letter) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'")] {
        text = text.replace(entity, letter);
    }
    text.replace("&#38;", "&").replace("&amp;", "&")
}

/// Every shared string of a workbook.
fn sheets(path: &Path) -> Vec<String> {
    let mut book = zip::ZipArchive::new(fs::File::open(path).expect("written")).expect("a zip");
    let mut part = book.by_name("xl/sharedStrings.xml").expect("strings");
    let text = std::io::read_to_string(&mut part).expect("XML");
    text.split("<si>").skip(1).map(seen).collect()
}

/// Text without its line breaks and blanks.
fn flat(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The attack of that name goes through every output.
#[track_caller]
fn check(name: &str) {
    let (_, text) = ATTACKS.iter().find(|(known, _)| *known == name).expect("an attack");
    // A text ends at its first NUL, as every string of an event does.
    let text = text.split('\0').next().unwrap_or(text);
    let shown = escape(text, |c| acts(c) || hides(c)).into_owned();
    let outputs = outputs();
    let is = |value: &Value| value == text;

    for rows in &outputs.rows {
        let row = rows.iter().find(|row| is(&row["accounts"][0]["account"])).expect("a row in JSON");
        assert!(is(&row["accounts"][0]["domain"]) && is(&row["raw_names"][0]));
    }
    assert!(outputs.ecs.iter().any(|row| is(&row["user"]["name"]) && is(&row["user"]["domain"])), "ECS");
    let user = |row: &Value| row["evidences"][0]["user"].clone();
    assert!(outputs.ocsf.iter().any(|row| is(&user(row)["name"]) && is(&user(row)["domain"])), "OCSF");
    for cells in &outputs.accounts {
        assert!(cells.contains(&format!("{text}\\{text}")), "CSV");
    }
    assert!(outputs.cells.iter().any(|cells| cells.iter().all(|cell| cell == text)), "event export as CSV");
    let whole = |event: &Value| ["account", "domain", "workstation_raw"].iter().all(|name| is(&event[name]));
    assert!(outputs.events.iter().any(whole), "event export as JSON lines");
    for (seen, page) in &outputs.pages {
        assert!(seen.contains(&shown), "HTML");
        assert!(!text.contains('<') || !page.contains(text), "HTML holds it as markup");
    }
    assert!(outputs.sheets.contains(&escape(text, acts).into_owned()), "XLSX");
    assert!(outputs.remedies.iter().any(|remedy| remedy.contains(&flat(&shown))), "remedy");
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    assert!(plain || !outputs.commands.contains(text), "it stands in a command file");
    explained(outputs, text, &shown);
}

/// `explain`, as text and as JSON.
#[track_caller]
fn explained(outputs: &Outputs, text: &str, shown: &str) {
    let row = outputs.rows[0].iter().find(|row| row["accounts"][0]["account"] == text).expect("a row");
    let name = row["workstation"].as_str().expect("a name");
    let explain = |more: &[&str]| {
        let arguments = [&["explain", "-q"], more, &["--", name, "security", "clients"]].concat();
        written_in(outputs.folder.path(), &arguments)
    };
    let page = explain(&[]);
    assert!(flat(&page).contains(&flat(shown)), "explain");
    assert!(page.chars().all(|c| c == '\n' || !(acts(c) || hides(c))), "explain acts");
    assert!(page.lines().all(|line| line.chars().count() <= 80), "explain is wider than 80 columns");
    let told: Value = serde_json::from_str(&explain(&["-f", "json"])).expect("JSON");
    assert_eq!(told["workstation"]["accounts"][0]["account"], text, "explain as JSON");
}

#[test]
fn script_element() {
    check("script element");
}

#[test]
fn image_with_a_handler() {
    check("image with a handler");
}

#[test]
fn way_out_of_an_attribute() {
    check("way out of an attribute");
}

#[test]
fn way_out_of_a_script() {
    check("way out of a script");
}

#[test]
fn end_of_cdata() {
    check("end of CDATA");
}

#[test]
fn comment() {
    check("comment");
}

#[test]
fn template() {
    check("template");
}

#[test]
fn entity() {
    check("entity");
}

#[test]
fn formula() {
    check("formula");
}

#[test]
fn formula_with_at() {
    check("formula with @");
}

#[test]
fn formula_with_plus() {
    check("formula with +");
}

#[test]
fn formula_with_minus() {
    check("formula with -");
}

#[test]
fn full_width_formula() {
    check("full-width formula");
}

#[test]
fn formula_behind_a_quote() {
    check("formula behind a quote");
}

#[test]
fn date_for_a_spreadsheet() {
    check("date for a spreadsheet");
}

#[test]
fn number_for_a_spreadsheet() {
    check("number for a spreadsheet");
}

#[test]
fn leading_zeros() {
    check("leading zeros");
}

#[test]
fn link_for_a_spreadsheet() {
    check("link for a spreadsheet");
}

#[test]
fn ansi_escapes() {
    check("ANSI escapes");
}

#[test]
fn c1_control_sequence() {
    check("C1 control sequence");
}

#[test]
fn bidi_override() {
    check("bidi override");
}

#[test]
fn newline() {
    check("newline");
}

#[test]
fn comma_and_quotes() {
    check("comma and quotes");
}

#[test]
fn nul() {
    check("NUL");
}

#[test]
fn written_out_escape() {
    check("written-out escape");
}

#[test]
fn lone_surrogate() {
    check("lone surrogate");
}

#[test]
fn invisible_characters() {
    check("invisible characters");
}

#[test]
fn way_out_of_a_folder() {
    check("way out of a folder");
}

#[test]
fn device_of_dos() {
    check("device of DOS");
}

#[test]
fn shell() {
    check("shell");
}

#[test]
fn yaml() {
    check("YAML");
}

#[test]
fn ten_thousand_characters() {
    let long = "W".repeat(10_000);
    let outputs = outputs();
    let starts = |value: &Value| value.as_str().is_some_and(|text| text.starts_with(&long[..60]));
    for rows in &outputs.rows {
        let row = rows.iter().find(|row| starts(&row["accounts"][0]["account"])).expect("a row in JSON");
        assert!(starts(&row["workstation"]));
        assert_eq!(row["failures"], outputs.rows[0][0]["failures"], "all of them are one name");
    }
    assert!(outputs.sheets.iter().any(|cell| cell.starts_with(&long[..60])));
    for (seen, _) in &outputs.pages {
        assert!(seen.contains(&long[..60]) && !seen.contains(&long[..200]), "a page bears a part of it");
    }
    assert!(outputs.remedies.iter().any(|remedy| remedy.contains(&long[..60])));
}

#[test]
fn registry_files_know_no_name_of_any_log() {
    let hostile = outputs().folder.path();
    let demo = tempfile::tempdir().expect("a folder of our own");
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/demo");
    written_in(demo.path(), &["remedy", "--all", fixture, "-q", "-o", "fix"]);
    for name in ["pipe-retries.reg", "pipe-retries-nt4.reg", "pipe-retries-undo.reg"] {
        let bytes = |folder: &Path| fs::read(folder.join("fix").join(name)).expect("written");
        assert!(bytes(hostile) == bytes(demo.path()), "{name}");
    }
}

#[test]
fn metrics_know_no_name_of_any_log() {
    let text = fs::read_to_string(outputs().folder.path().join("n.prom")).expect("written");
    let ours = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-{}=\"".contains(&byte));
    let samples: Vec<&str> = text.lines().filter(|line| !line.starts_with("# ")).collect();
    assert!(samples.len() > 10);
    for line in samples {
        let (name, value) = line.split_once(' ').expect("a name and a value");
        assert!(name.starts_with("logonstorm_") && ours(name) && value.parse::<u64>().is_ok(), "{line}");
    }
}
