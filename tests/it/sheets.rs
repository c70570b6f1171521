//! Spreadsheets read by others: openpyxl (PyPI) and LibreOffice (`soffice`, headless) open what we
//! write, see the values of the CSV report, and find no formula.
//!
//! A reader that is not installed is named as skipped; with `LOGONSTORM_REQUIRE_READERS=1` its absence
//! is a failure.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use logonstorm::escape::csv::uncell;
use logonstorm::escape::visible::unescape;
use serde_json::Value;

use super::hostile;

/// The cells of every sheet as `[type, value]`, and all links.
const DUMP: &str = "
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
def value(cell):
    v = cell.value
    return v.strftime('%Y-%m-%dT%H:%M:%SZ') if cell.is_date and hasattr(v, 'strftime') else v
sheets = {s.title: [[[c.data_type, value(c)] for c in row] for row in s.iter_rows()] for s in book}
links = [str(c.coordinate) for s in book for row in s.iter_rows() for c in row if c.hyperlink]
looks = {s.title: [str(s.freeze_panes), str(s.auto_filter.ref)] for s in book}
json.dump({'sheets': sheets, 'links': links, 'looks': looks, 'created': str(book.properties.created)}, sys.stdout)
";

/// True where a reader can be used; says aloud where it is not installed.
fn there(reader: &str, probe: &[&str]) -> bool {
    let there = Command::new(probe[0]).args(&probe[1..]).output().is_ok_and(|out| out.status.success());
    if !there {
        assert!(std::env::var_os("LOGONSTORM_REQUIRE_READERS").is_none_or(|v| v != "1"), "{reader} not found");
        eprintln!("skipped: {reader} not found");
    }
    there
}

fn has_openpyxl() -> bool {
    there("openpyxl", &["python3", "-c", "import openpyxl"])
}

fn has_soffice() -> bool {
    there("soffice", &["soffice", "--version"])
}

/// What openpyxl reads of a workbook.
fn dump(path: &Path) -> Value {
    let out = Command::new("python3").args(["-c", DUMP]).arg(path).output().expect("python runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("JSON")
}

/// Converts a file below its own folder, with a profile of its own, to `target`. A CSV file is read as
/// comma, quotes, UTF-8.
fn convert(path: &Path, target: &str) -> PathBuf {
    let is_csv = path.extension().is_some_and(|extension| extension == "csv");
    convert_as(path, target, is_csv.then_some("CSV:44,34,76,1"))
}

/// The same with a filter of LibreOffice for what is read.
fn convert_as(path: &Path, target: &str, filter: Option<&str>) -> PathBuf {
    let folder = path.parent().expect("a folder").join("converted");
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let out = Command::new("soffice")
        .args(filter.map(|filter| format!("--infilter={filter}")))
        .args([&profile, "--headless", "--convert-to", target, "--outdir"])
        .args([&folder, path])
        .output()
        .expect("soffice runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    folder
}

/// The hostile fleet with its reports `r.xlsx` and `r.csv`, all rows in both.
fn reports() -> tempfile::TempDir {
    let folder = hostile::fleet();
    hostile::written_in(
        folder.path(),
        &["scan", "security", "clients", "--all", "-q", "-o", "r.xlsx", "-o", "r.csv", "-o", "r.json"],
    );
    folder
}

/// The CSV report without guards and escapes, row by row.
fn csv_rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).expect("a CSV file");
    reader.records().map(|row| row.expect("as many cells").iter().map(uncell).collect()).collect()
}

/// A cell of openpyxl as the CSV report writes it.
fn as_csv(cell: &Value) -> String {
    match &cell[1] {
        Value::Null => String::new(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        other => unescape(other.as_str().expect("text")),
    }
}

/// Numbers agree as numbers (`62` and `62.0`), all else letter by letter.
fn same(a: &str, b: &str) -> bool {
    a == b || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

/// Columns that hold names: their cells must be text, whatever they look like.
const NAMES: [&str; 4] = ["workstation", "accounts", "servers", "client_logs"];

#[test]
fn openpyxl_sees_the_values_of_the_csv_report_and_no_formula() {
    if !has_openpyxl() {
        return;
    }
    let folder = reports();
    let book = dump(&folder.path().join("r.xlsx"));
    let sheets = book["sheets"].as_object().expect("sheets");
    let names: Vec<&String> = sheets.keys().collect();
    assert_eq!(names, ["Summary", "Storms", "Accounts", "Servers", "Evidence", "Skipped"]);
    for (name, rows) in sheets {
        for cell in rows.as_array().expect("rows").iter().flat_map(|row| row.as_array().expect("cells")) {
            assert_ne!(cell[0], "f", "{name}: {cell}");
            assert_ne!(cell[0], "e", "{name}: {cell}");
        }
        let looks = &book["looks"][name];
        assert!(looks[0].as_str().is_some_and(|panes| panes.ends_with('2')), "{name}: frozen header, {looks}");
        assert!(looks[1].as_str().is_some_and(|filter| filter.starts_with("A1:")), "{name}: filter, {looks}");
    }
    assert_eq!(book["links"], Value::Array(Vec::new()));
    assert_eq!(book["created"], "2000-01-01 00:00:00");

    let csv = csv_rows(&folder.path().join("r.csv"));
    let storms = sheets["Storms"].as_array().expect("rows");
    assert_eq!(storms.len(), csv.len());
    assert!(csv.len() > hostile::ATTACKS.len());
    for (row, expect) in storms.iter().zip(&csv).skip(1) {
        for ((cell, expect), column) in row.as_array().expect("cells").iter().zip(expect).zip(&csv[0]) {
            let got = as_csv(cell);
            assert!(same(&got, expect), "{column}: {got:?} {expect:?}");
            let kind = match column.as_str() {
                _ if got.is_empty() => "n",
                name if NAMES.contains(&name) => "s",
                "failures" | "log_bytes" | "period_s" => "n",
                "first_failure" | "last_failure" => "d",
                "ongoing" => "b",
                _ => continue,
            };
            assert_eq!(cell[0], kind, "{column}: {cell}");
        }
    }
    hostile::for_every_attack(|attack| {
        let accounts = sheets["Accounts"].as_array().expect("rows");
        accounts.iter().any(|row| row[2][0] == "s" && as_csv(&row[2]) == attack && as_csv(&row[3]) == attack)
    });
}

#[test]
fn libreoffice_sees_the_same_values_and_no_formula() {
    if !has_soffice() {
        return;
    }
    let folder = reports();
    // Comma, quotes around every text, UTF-8, values as they are, formulas as formulas, all sheets.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,true,false,false,-1";
    let made = convert(&folder.path().join("r.xlsx"), filter);
    let csv = csv_rows(&folder.path().join("r.csv"));
    let text = std::fs::read_to_string(made.join("r-Storms.csv")).expect("converted");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("as many cells")).collect();
    assert_eq!(rows.len(), csv.len());
    let at = |name: &str| csv[0].iter().position(|column| column == name).expect("a column");
    for (row, expect) in rows.iter().zip(&csv).skip(1) {
        for column in NAMES.iter().chain(&["class", "verdict", "failures", "period_s", "share_of_failures", "action"]) {
            let (got, expect) = (unescape(&row[at(column)]), &expect[at(column)]);
            assert!(same(&got, expect), "{column}: {got:?} {expect:?}");
        }
    }
    for name in ["MAR1", "5E10", "0012"] {
        assert!(text.contains(&format!(",\"{name}\",")), "{name} is text, and quoted as text");
    }
    for name in ["Summary", "Accounts", "Servers", "Evidence", "Skipped"] {
        assert!(made.join(format!("r-{name}.csv")).is_file(), "{name}");
    }
}

#[test]
fn libreoffice_opens_the_csv_report_without_running_anything() {
    if !(has_soffice() && has_openpyxl()) {
        return;
    }
    let folder = reports();
    let made = convert(&folder.path().join("r.csv"), "xlsx");
    let book = dump(&made.join("r.xlsx"));
    let sheets = book["sheets"].as_object().expect("sheets");
    let rows = sheets.values().next().and_then(Value::as_array).expect("one sheet");
    assert!(rows.iter().flat_map(|row| row.as_array().expect("cells")).all(|cell| cell[0] != "f" && cell[0] != "e"));
    let csv = csv_rows(&folder.path().join("r.csv"));
    assert_eq!(rows.len(), csv.len());
    let at = |name: &str| csv[0].iter().position(|column| column == name).expect("a column");
    for (row, expect) in rows.iter().zip(&csv).skip(1) {
        for column in ["accounts", "class", "failures", "reasons"] {
            let got = match &row[at(column)][1] {
                Value::String(text) => uncell(text),
                other => as_csv(&Value::Array(vec!["n".into(), other.clone()])),
            };
            assert!(same(&got, &expect[at(column)]), "{column}: {got:?} {:?}", expect[at(column)]);
        }
    }
}

#[test]
fn reading_our_own_csv_back_gives_the_values_of_the_json_report() {
    let folder = reports();
    let json = std::fs::read_to_string(folder.path().join("r.json")).expect("written");
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let csv = csv_rows(&folder.path().join("r.csv"));
    let rows = json["workstations"].as_array().expect("rows");
    assert_eq!(rows.len() + 1, csv.len());
    for (row, cells) in rows.iter().zip(csv.iter().skip(1)) {
        let cells: BTreeMap<&str, &str> =
            csv[0].iter().map(String::as_str).zip(cells.iter().map(String::as_str)).collect();
        for (column, value) in of_json(row) {
            assert_eq!(cells[column], value, "{column}");
        }
    }
}

/// The report for a spreadsheet of Europe, read by Python's csv module with Python's time zones: as
/// many rows as in JSON, first failures in the display zone, whole lines.
const EXCEL: &str = "
import csv, datetime, json, sys, zoneinfo
zone = zoneinfo.ZoneInfo('Europe/Berlin')
def local(text):
    return text and datetime.datetime.fromisoformat(text).astimezone(zone).strftime('%Y-%m-%d %H:%M:%S')
with open(sys.argv[1], encoding='utf-8-sig', newline='') as file:
    rows = list(csv.DictReader(file, delimiter=sys.argv[3], strict=True))
with open(sys.argv[2], encoding='utf-8') as file:
    report = json.load(file)['workstations']
told = [[row[f'{name}_failure (Europe/Berlin)'] for name in ('first', 'last')] + [row['failures'], row['class']] for row in rows]
want = [[local(row[f'{name}_failure']) or '' for name in ('first', 'last')] + [str(row['failures']), row['class']] for row in report]
json.dump([told == want, len(told), [row['accounts'] for row in rows]], sys.stdout)
";

#[test]
fn other_readers_take_excels_dialect_with_each_separator() {
    if !there("python3", &["python3", "-c", "import zoneinfo; zoneinfo.ZoneInfo('Europe/Berlin')"]) {
        return;
    }
    let folder = reports();
    for (word, delimiter) in [(",", ","), (";", ";"), ("tab", "\t")] {
        let file = folder.path().join("e.csv");
        let flags = ["--excel", "--delimiter", word, "--display-zone", "Europe/Berlin"];
        let arguments = [&["scan", "security", "clients", "--all", "-q", "-f", "csv"], &flags[..]].concat();
        let text = hostile::written_in(folder.path(), &arguments);
        assert!(text.strip_prefix('\u{FEFF}').is_some_and(|rest| rest.starts_with("rank")));
        std::fs::write(&file, text).expect("writable");
        let mut python = Command::new("python3");
        let out = python.args(["-c", EXCEL]).arg(&file).arg(folder.path().join("r.json")).arg(delimiter).output();
        let out = out.expect("python runs");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let told: Value = serde_json::from_slice(&out.stdout).expect("JSON");
        assert_eq!(told[0], true, "separator {word:?}: other times or counts than in JSON");
        assert!(told[1].as_u64() > Some(hostile::ATTACKS.len() as u64));
        let accounts: Vec<String> =
            told[2].as_array().expect("cells").iter().map(|cell| uncell(cell.as_str().expect("text"))).collect();
        hostile::for_every_attack(|attack| accounts.contains(&format!("{attack}\\{attack}")));
    }
}

#[test]
fn libreoffice_takes_times_of_excels_dialect_for_times() {
    if !(has_soffice() && has_openpyxl()) {
        return;
    }
    let folder = reports();
    let arguments = ["scan", "security", "clients", "--all", "-q", "-f", "csv", "--excel", "--delimiter", ";"];
    let file = folder.path().join("e.csv");
    std::fs::write(&file, hostile::written_in(folder.path(), &arguments)).expect("writable");
    // Semicolon, quotes, UTF-8, from the first line on, English, dates are recognised.
    let made = convert_as(&file, "xlsx", Some("CSV:59,34,76,1,,1033,false,true"));
    let book = dump(&made.join("e.xlsx"));
    let rows = book["sheets"].as_object().and_then(|sheets| sheets.values().next()?.as_array()).expect("one sheet");
    let json = std::fs::read_to_string(folder.path().join("r.json")).expect("written");
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let report = json["workstations"].as_array().expect("rows");
    assert_eq!(rows.len(), report.len() + 1);
    assert_eq!(rows[0][0][1], "rank", "the mark of byte order is no part of the first header");
    assert_eq!(rows[0][5][1], "first_failure (UTC)");
    for (row, expect) in rows.iter().skip(1).zip(report).filter(|(_, expect)| !expect["first_failure"].is_null()) {
        assert_eq!(row[5], serde_json::json!(["d", expect["first_failure"]]));
    }
    assert!(rows.iter().flat_map(|row| row.as_array().expect("cells")).all(|cell| cell[0] != "f" && cell[0] != "e"));
}

/// Columns of the CSV report and what the JSON report says of them.
fn of_json(row: &Value) -> Vec<(&'static str, String)> {
    let plain = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let list = |value: &Value, part: &dyn Fn(&Value) -> String| {
        let all: Vec<String> = value.as_array().map(|list| list.iter().map(part).collect()).unwrap_or_default();
        let more = if all.len() > 5 { format!(" (+{} more)", all.len() - 5) } else { String::new() };
        all[..all.len().min(5)].join("; ") + &more
    };
    let account = |one: &Value| match &one["domain"] {
        Value::Null => plain(&one["account"]),
        domain => format!("{}\\{}", plain(domain), plain(&one["account"])),
    };
    let (rate, cost, client, found) = (&row["rate"], &row["cost"], &row["client"], &row["match"]);
    vec![
        ("rank", plain(&row["rank"])),
        ("workstation", plain(&row["workstation"])),
        ("class", plain(&row["class"])),
        ("verdict", plain(&row["verdict"])),
        ("failures", plain(&row["failures"])),
        ("first_failure", plain(&row["first_failure"])),
        ("last_failure", plain(&row["last_failure"])),
        ("ongoing", plain(&row["ongoing"])),
        ("accounts", list(&row["accounts"], &account)),
        ("account_count", row["accounts"].as_array().map_or(0, Vec::len).to_string()),
        ("statuses", list(&row["statuses"], &|one| plain(&one["code"]))),
        ("event_ids", list(&row["event_ids"], &|one| plain(&one["id"]))),
        ("servers", list(&row["servers"], &plain)),
        ("failures_per_day", plain(&rate["per_day"])),
        ("peak_per_hour", plain(&rate["peak_per_hour"])),
        ("period_s", plain(&rate["period_s"])),
        ("client_logs", list(&client["logs"], &plain)),
        ("attempts", plain(&client["attempts"])),
        ("metering_servers", list(&client["metering_servers"], &plain)),
        ("matched", plain(&found["matched"])),
        ("clock_offset_s", plain(&found["clock_offset_s"])),
        ("drift_ppm", plain(&found["drift_ppm"])),
        ("score", plain(&found["score"])),
        ("share_of_failures", plain(&cost["share_of_failures"])),
        ("log_bytes", plain(&cost["bytes"])),
        ("history_lost_h", plain(&cost["history_lost_h"])),
        ("reasons", list(&row["reasons"], &plain)),
        ("action", plain(&row["action"])),
    ]
}

#[test]
fn a_spreadsheet_goes_to_a_file_only_and_has_the_same_bytes_for_any_threads_and_order() {
    let folder = hostile::fleet();
    for (name, threads, paths) in
        [("one.xlsx", "1", ["security", "clients"]), ("two.xlsx", "8", ["clients", "security"])]
    {
        let arguments = [&["scan", "-q", "-o", name, "--threads", threads], &paths[..]].concat();
        hostile::written_in(folder.path(), &arguments);
    }
    let bytes = |name: &str| std::fs::read(folder.path().join(name)).expect("written");
    assert!(bytes("one.xlsx") == bytes("two.xlsx"));
    assert_cmd::Command::cargo_bin("logonstorm")
        .expect("the binary is built with the tests")
        .args(["scan", "x", "-f", "xlsx"])
        .assert()
        .code(2)
        .stderr(predicates::str::contains("only as a file: -o report.xlsx"));
}
