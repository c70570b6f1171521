//! The hostile fleet: names and lines that are attacks on whoever shows them, through every output.
//!
//! Each text in [`ATTACKS`] is account, domain, workstation and process of a storm of its own, and,
//! where a file system takes it, the name of a client log's folder and the server in its lines.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use logonstorm::escape::csv::uncell;
use logonstorm::escape::visible::{acts, hides};
use logonstorm::model::time::Ticks;
use logonstorm::simulate::schema::LOGON_FAILURE;
use logonstorm::simulate::{ClientLogWriter, Data, SECURITY_AUDITING, Sid, Value, WrittenEvent, evtx};

/// The attack, and its text. At most 64 characters, so that no name is cut.
pub(crate) const ATTACKS: &[(&str, &str)] = &[
    ("script element", "<script>alert(1)</script>"),
    ("image with a handler", "<img src=x onerror=alert(1)>"),
    ("way out of an attribute", "\" onmouseover=\"alert(1)"),
    ("way out of a script", "</script><svg onload=alert(1)>"),
    ("end of CDATA", "]]><x/>"),
    ("comment", "<!--"),
    ("template", "{{7*7}}{% raw %}"),
    ("entity", "&lt;b&gt;&#60;"),
    ("formula", "=cmd|'/c calc'!A0"),
    ("formula with @", "@SUM(1+1)"),
    ("formula with +", "+1+1"),
    ("formula with -", "-2+3"),
    ("full-width formula", "\u{FF1D}1+1"),
    ("formula behind a quote", "'=1"),
    ("date for a spreadsheet", "MAR1"),
    ("number for a spreadsheet", "5E10"),
    ("leading zeros", "0012"),
    ("link for a spreadsheet", "http://attacker/x"),
    ("ANSI escapes", "\x1b[2J\x1b]0;owned\x07"),
    ("C1 control sequence", "\u{9b}31mred"),
    ("bidi override", "\u{202e}10CD\u{2066}x"),
    ("newline", "one\r\ntwo\u{2028}three"),
    ("comma and quotes", "comma, \"quote\"; semicolon\ttab"),
    ("NUL", "nul\0inside"),
    ("written-out escape", "\\u{1B} \\u{202E}"),
    ("lone surrogate", "lone\u{FFFD}surrogate"),
    ("invisible characters", "ze\u{200b}ro\u{feff}width"),
    ("way out of a folder", "..\\..\\evil"),
    ("device of DOS", "CON"),
    ("shell", "& del /q * & echo %PATH% $(id) `id`"),
    ("YAML", "a: [b, *c] #d"),
];

/// The computer that logs half of the storms.
const HOSTILE_SERVER: &str = "<b>DC\"02</b>";
/// Failures of each storm.
const FAILURES: u64 = 30;
/// 2008-09-01 00:00:00 UTC.
const START: i64 = 1_220_227_200;
/// Stands in for half of a surrogate pair until the file is written: Rust's text cannot hold one.
const PLACEHOLDER: char = '\u{E000}';

/// The fleet, in a folder of its own: `security/hostile.evtx` and `clients/*/Liccli.log`. One name
/// has 10,000 characters.
pub(crate) fn fleet() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder of our own");
    let security = folder.path().join("security");
    fs::create_dir(&security).expect("a new folder");
    fs::write(security.join("hostile.evtx"), security_log()).expect("writable");
    #[cfg(unix)]
    client_logs(folder.path());
    folder
}

fn security_log() -> Vec<u8> {
    let long = "W".repeat(10_000);
    let names: Vec<String> =
        ATTACKS.iter().map(|(_, text)| text.replace('\u{FFFD}', &PLACEHOLDER.to_string())).chain([long]).collect();
    let mut events = Vec::new();
    for n in 0..FAILURES {
        for (at, name) in names.iter().enumerate() {
            let record_id = events.len() as u64 + 1;
            let time = Ticks::from_secs(START + 61 * n as i64 + at as i64);
            let computer = if at % 2 == 0 { "DC01" } else { HOSTILE_SERVER };
            let data = Data::Named(&LOGON_FAILURE, values(name));
            let provider = SECURITY_AUDITING;
            events.push(WrittenEvent { record_id, time, event_id: 4625, failure: true, computer, provider, data });
        }
    }
    let mut bytes = evtx(events).expect("events of our own");
    break_surrogates(&mut bytes);
    bytes
}

/// The fields of a 4625 whose every foreign text is `name`; a long one stands in two of them only,
/// because a record must fit into a chunk.
fn values(name: &str) -> Vec<Value<'_>> {
    let short = if name.len() > 1000 { "x" } else { name };
    let mut values = vec![Value::Sid(Sid::Null), "-".into(), "-".into(), Value::Hex64(0), Value::Sid(Sid::Null)];
    values.extend([name.into(), short.into(), Value::Hex32(0xC000_006D), "%%2313".into(), Value::Hex32(0xC000_0072)]);
    values.extend([Value::U32(3), "NtLmSsp ".into(), "NTLM".into(), name.into(), "-".into(), "-".into()]);
    values.extend([Value::U32(0), Value::Hex64(0x2f4), short.into(), "10.1.7.20".into(), "49200".into()]);
    values
}

/// Turns every placeholder into the first half of a surrogate pair, and seals the chunks again.
fn break_surrogates(bytes: &mut [u8]) {
    for chunk in bytes[4096..].chunks_mut(65_536) {
        let free = u32::from_le_bytes(chunk[48..52].try_into().expect("4 bytes")) as usize;
        let mut at = 512;
        while at + 1 < free {
            // UTF-16LE of U+E000 at an even offset; the text before it keeps it from being anything else.
            if chunk[at..at + 2] == [0x00, 0xE0] && chunk[at - 2..at] == [b'e', 0] {
                chunk[at + 1] = 0xD8;
            }
            at += 1;
        }
        let records = crc32fast::hash(&chunk[512..free]);
        chunk[52..56].copy_from_slice(&records.to_le_bytes());
        let mut header = crc32fast::Hasher::new();
        header.update(&chunk[..120]);
        header.update(&chunk[128..512]);
        chunk[124..128].copy_from_slice(&header.finalize().to_le_bytes());
    }
}

/// A client log for every attack that can be a folder's name, with the attack in its lines too.
#[cfg(unix)]
fn client_logs(folder: &Path) {
    for (_, text) in ATTACKS.iter().filter(|(_, text)| !text.contains(['/', '\0'])) {
        let own = folder.join("clients").join(text);
        fs::create_dir_all(&own).expect("a name that Unix takes");
        let mut log = ClientLogWriter::new(text, 5, 60, true);
        for n in 0..FAILURES as i64 {
            let at = Ticks::from_secs(START + 61 * n);
            log.line(at, text);
            log.pipe_failure(at, at);
        }
        fs::write(own.join("Liccli.log"), log.finish().log).expect("writable");
    }
}

/// What the program writes for the fleet with these arguments, which begin with the command.
pub(crate) fn written(args: &[&str]) -> String {
    written_in(fleet().path(), args)
}

/// The same for a fleet that is there already.
pub(crate) fn written_in(folder: &Path, args: &[&str]) -> String {
    let output = Command::cargo_bin("logonstorm")
        .expect("the binary is built with the tests")
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env_remove("CLICOLOR_FORCE")
        .args(args)
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text outputs are UTF-8")
}

/// Panics with the names of the attacks for whose text `holds` is false. A text ends at its first NUL,
/// as every string of an event does.
#[track_caller]
pub(crate) fn for_every_attack(holds: impl Fn(&str) -> bool) {
    let kept = |text: &'static str| text.split('\0').next().unwrap_or(text);
    let failed: Vec<&str> = ATTACKS.iter().filter(|(_, text)| !holds(kept(text))).map(|(name, _)| *name).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

#[track_caller]
fn nothing_acts(text: &str) {
    let found: Vec<char> = text.chars().filter(|c| *c != '\n' && (acts(*c) || hides(*c))).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn terminal_shows_every_attack_as_text() {
    let table = written(&["scan", ".", "--display-zone", "UTC"]);
    nothing_acts(&table);
    assert!(table.lines().all(|line| line.chars().count() <= 80));
    assert!(table.contains("<SCRIPT>ALERT(1)") && table.contains("\\u{1B}[2J"));
}

#[test]
fn json_keeps_every_attack_and_acts_on_nothing() {
    let text = written(&["scan", ".", "-f", "json"]);
    nothing_acts(&text);
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let rows = report["workstations"].as_array().expect("rows");
    for_every_attack(|attack| {
        rows.iter().any(|row| row["accounts"][0]["account"] == attack && row["raw_names"][0] == attack)
    });
    assert!(rows.iter().all(|row| row["failures"].as_u64() >= Some(FAILURES)));
    let servers = report["servers"].as_array().expect("servers");
    assert!(servers.iter().any(|server| server["server"] == HOSTILE_SERVER.to_uppercase()));
}

#[test]
fn json_lines_are_one_line_for_each_row() {
    let text = written(&["scan", ".", "-f", "jsonl"]);
    nothing_acts(&text);
    let rows: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for_every_attack(|attack| rows.iter().any(|row| row["accounts"][0]["account"] == attack));
}

/// The cells of one column.
fn column(csv: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let at = reader.headers().expect("a header").iter().position(|header| header == name).expect("a column");
    reader.records().map(|row| row.expect("as many cells as headers")[at].to_owned()).collect()
}

/// No cell of these columns begins like a formula, and each attack comes back out of one of them.
fn check_csv(csv: &str, names: &[&str], attack_of: impl Fn(&str) -> String) {
    assert_eq!(csv.matches('\n').count(), csv.matches("\r\n").count(), "no cell breaks a line");
    for name in names {
        let cells = column(csv, name);
        let formula = ['=', '+', '-', '@', '\t', '\r', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'];
        assert!(cells.iter().all(|cell| !cell.starts_with(formula)), "{name}: {cells:?}");
        assert!(cells.iter().all(|cell| !cell.chars().any(acts)), "{name}: {cells:?}");
    }
    let told: Vec<String> = column(csv, names[0]).iter().map(|cell| uncell(cell)).collect();
    for_every_attack(|attack| told.contains(&attack_of(attack)));
}

#[test]
fn csv_runs_no_formula_and_gives_every_attack_back() {
    let csv = written(&["scan", ".", "-f", "csv"]);
    check_csv(
        &csv,
        &["accounts", "workstation", "servers", "client_logs", "metering_servers", "reasons", "action"],
        |attack| format!("{attack}\\{attack}"),
    );
}

#[test]
fn export_runs_no_formula_and_gives_every_attack_back() {
    let csv = written(&["export", "."]);
    check_csv(&csv, &["account", "workstation", "workstation_raw", "domain", "server", "file"], str::to_owned);
    let lines = written(&["export", ".", "-f", "jsonl"]);
    nothing_acts(&lines);
    let rows: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for_every_attack(|attack| rows.iter().any(|row| row["account"] == attack && row["domain"] == attack));
}

#[test]
fn explain_shows_every_attack_as_text() {
    let folder = fleet();
    for (_, attack) in ATTACKS.iter().filter(|(_, text)| !text.contains(['.', '\0'])).step_by(3) {
        nothing_acts(&written_in(folder.path(), &["explain", "--", attack, "."]));
    }
}
