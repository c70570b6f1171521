//! Independent readers judge the files we write.
//!
//! A reader that is not installed is named as skipped; with `LOGONSTORM_REQUIRE_READERS=1` its
//! absence is a failure. Readers: `evtxexport` and `evtexport` (libevtx-utils, libevt-utils),
//! python-evtx, libevtx-python (`pyevtx`), dissect.eventlog, and the crate `evtx`, which is always here.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use logonstorm::model::time::Ticks;
use logonstorm::simulate::schema::{CREDENTIAL_VALIDATION, LOCKOUT, LOGON_FAILURE, PREAUTH_FAILED};
use logonstorm::simulate::{
    CLASSIC, Data, EVT_STEP, EvtWriter, Format, Plan, Retention, SECURITY_AUDITING, Sid, Value, WrittenEvent, evt,
    evtx, fleet,
};

/// Record number and strings of one event.
type Read = (u64, Vec<String>);

/// Events that are hard on readers: every number of strings that Windows writes, empty ones, names
/// outside ASCII and outside the basic plane, long ones.
fn hard_events(modern: bool) -> Vec<WrittenEvent<'static>> {
    let long: &'static str = "A".repeat(3000).leak();
    let counts: Vec<Vec<&'static str>> = vec![
        vec!["MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "jsmith", r"\\WKS0042", "3221225586"],
        vec!["a", "CORP", "3", "KSecDD", "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "WS1"],
        vec!["b", "CORP", "3", "NtLmSsp ", "NTLM", "-", "-", "-", "-", "-", "-", "10.0.0.5", "0"],
        vec!["c", "", "3", "x", "y", "WS2", "0xC000006D", "0x0", "-", "-", "-", "-", "-", "10.0.0.5", "1"],
        vec!["M", "jürgen.müller@contoso.local", r"\\名前", "0xc0000234"],
        vec!["M", "smile \u{1F601}", "WS3", "-1073741710"],
        vec!["M", long, "WS4", "1"],
    ];
    let mut events = Vec::new();
    for i in 0..400u64 {
        let strings = &counts[i as usize % counts.len()];
        let event_id = if strings.len() == 4 { 681 } else { 529 };
        let data = Data::Strings(strings.iter().map(|text| (*text).into()).collect());
        events.push(event(i + 1, event_id, CLASSIC, data));
        if modern && i % 5 == 0 {
            let named = modern_event(i);
            events.push(event(1000 + i, named.0, SECURITY_AUDITING, named.1));
        }
    }
    if modern {
        events.sort_by_key(|event| event.record_id);
    }
    events
}

fn event(id: u64, event_id: u16, provider: &'static str, data: Data<'static>) -> WrittenEvent<'static> {
    let time = Ticks(Ticks::from_secs(1_028_635_200 + id as i64).0 + 1_234_567);
    WrittenEvent { record_id: id, time, event_id, failure: true, computer: "DC01.contoso.local", provider, data }
}

fn modern_event(i: u64) -> (u16, Data<'static>) {
    let nobody = || [Value::Sid(Sid::Null), "-".into(), "-".into(), Value::Hex64(0)];
    let (schema, values): (_, Vec<Value<'static>>) = match i % 4 {
        0 => (
            &LOGON_FAILURE,
            nobody()
                .into_iter()
                .chain([Value::Sid(Sid::Null), "svc backup".into(), "CORP".into(), Value::Hex32(0xC000_006E)])
                .chain(["%%2310".into(), Value::Hex32(0xC000_0072), Value::U32(3), "NtLmSsp ".into(), "NTLM".into()])
                .chain(["WS042".into(), "-".into(), "-".into(), Value::U32(0), Value::Hex64(0x2f4), "".into()])
                .chain(["10.1.7.20".into(), "49200".into()])
                .collect(),
        ),
        1 => (&CREDENTIAL_VALIDATION, vec!["M".into(), "jsmith".into(), "WS1".into(), Value::Hex32(0xC000_0234)]),
        2 => (
            &PREAUTH_FAILED,
            ["jsmith".into(), Value::Sid(Sid::Account(1107)), "krbtgt/CORP".into(), Value::Hex32(0x4081_0010)]
                .into_iter()
                .chain([Value::Hex32(0x18), "2".into(), "::ffff:10.0.0.5".into(), "1234".into()])
                .chain(["".into(), "".into(), "".into()])
                .collect(),
        ),
        _ => (
            &LOCKOUT,
            ["jsmith".into(), "WS1".into(), Value::Sid(Sid::Account(1107)), Value::Sid(Sid::System)]
                .into_iter()
                .chain(["DC01$".into(), "CORP".into(), Value::Hex64(0x3e7)])
                .collect(),
        ),
    };
    (schema.event_id, Data::Named(schema, values))
}

fn expected(events: &[WrittenEvent]) -> Vec<Read> {
    events.iter().map(|event| (event.record_id, event.texts().iter().map(|text| text.to_string()).collect())).collect()
}

/// Keeps a file as long as the readers need it.
fn saved(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// Runs a reader and returns its standard output; `None`, said aloud, where it is not installed.
fn output(reader: &str, probe: &[&str], command: &[&str], path: &Path) -> Option<String> {
    let there = Command::new(probe[0]).args(&probe[1..]).output().is_ok_and(|out| out.status.success());
    if !there {
        assert!(std::env::var_os("LOGONSTORM_REQUIRE_READERS").is_none_or(|v| v != "1"), "{reader} not found");
        eprintln!("skipped: {reader} not found");
        return None;
    }
    let out = Command::new(command[0]).args(&command[1..]).arg(path).output().unwrap();
    assert!(out.status.success(), "{reader}: {}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).unwrap())
}

/// A judge in Python: `script` prints one JSON array `[number, [strings]]` a line.
fn python(reader: &str, module: &str, script: &str, path: &Path) -> Option<Vec<Read>> {
    let import = format!("import {module}");
    let script = format!("import sys, json\nimport {module}\n{script}");
    let text = output(reader, &["python3", "-c", &import], &["python3", "-c", &script], path)?;
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The records of `evtxexport` and `evtexport`.
fn libyal(tool: &str, path: &Path) -> Option<Vec<Read>> {
    let text = output(tool, &[tool, "-V"], &[tool], path)?;
    let mut records: Vec<Read> = Vec::new();
    for line in text.lines() {
        // `Event number<TABs>: 7` and `String: 1<TABs>: text`.
        let Some((label, value)) = line.split_once("\t: ") else { continue };
        if label.starts_with("Event number") {
            records.push((value.parse().unwrap(), Vec::new()));
        } else if label.starts_with("String: ") {
            records.last_mut().unwrap().1.push(value.to_owned());
        }
    }
    Some(records)
}

/// Compares record by record, so that a failure names the first difference.
fn check(reader: &str, got: &[Read], expected: &[Read]) {
    for (got, expected) in got.iter().zip(expected) {
        assert_eq!(got, expected, "{reader}");
    }
    assert_eq!(got.len(), expected.len(), "{reader}: number of records");
}

/// evtxexport 20181227 and evtexport 20200926 decode surrogate pairs wrongly: that name is taken
/// out of both sides.
fn without_astral(records: &[Read]) -> Vec<Read> {
    let kept = |text: &String| if text.contains("smile") { "smile".to_owned() } else { text.clone() };
    records.iter().map(|(id, texts)| (*id, texts.iter().map(kept).collect())).collect()
}

#[test]
fn the_evtx_crate_reads_the_same_records_and_strings() {
    let events = hard_events(true);
    let bytes = evtx(events.iter().cloned()).unwrap();
    let settings = evtx::ParserSettings::default().validate_checksums(true);
    let mut parser = evtx::EvtxParser::from_buffer(bytes).unwrap().with_configuration(settings);
    let mut got: Vec<Read> = Vec::new();
    for record in parser.records_json_value() {
        let record = record.unwrap();
        let data = &record.data["Event"]["EventData"];
        let texts = match &data["Data"]["#text"] {
            serde_json::Value::Array(all) => all.iter().map(|text| text.as_str().unwrap().to_owned()).collect(),
            _ => Vec::new(),
        };
        got.push((record.event_record_id, texts));
        let system = &record.data["Event"]["System"];
        assert_eq!(system["EventRecordID"], record.event_record_id);
        assert_eq!(system["Computer"], "DC01.contoso.local");
        assert_eq!(system["Channel"], "Security");
    }
    let classic = |event: &WrittenEvent| matches!(event.data, Data::Strings(_));
    let mut wanted = expected(&events);
    for (event, read) in events.iter().zip(&mut wanted) {
        if !classic(event) {
            read.1.clear();
        }
    }
    check("crate evtx", &got, &wanted);
}

#[test]
fn the_evtx_crate_reads_named_fields_by_their_names() {
    let events: Vec<_> = hard_events(true).into_iter().filter(|event| event.provider != CLASSIC).collect();
    let bytes = evtx(events.iter().cloned()).unwrap();
    let mut parser = evtx::EvtxParser::from_buffer(bytes).unwrap();
    let mut records = 0;
    for (record, event) in parser.records_json_value().zip(&events) {
        let record = record.unwrap();
        let Data::Named(schema, values) = &event.data else { continue };
        let data = &record.data["Event"]["EventData"];
        for ((name, _), value) in schema.fields.iter().zip(values) {
            let got = match &data[name] {
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Number(number) => number.to_string(),
                serde_json::Value::Null => String::new(),
                other => panic!("{name}: {other}"),
            };
            assert_eq!(got, value.text(), "{name} of {}", event.event_id);
        }
        assert_eq!(record.data["Event"]["System"]["Keywords"], "0x8010000000000000");
        records += 1;
    }
    assert_eq!(records, events.len());
}

#[test]
fn renumbered_exports_keep_the_record_id_of_the_event() {
    let mut writer = logonstorm::simulate::EvtxWriter::new(Cursor::new(Vec::new()), "Security").unwrap().renumbered();
    for mut event in hard_events(false).into_iter().take(200) {
        event.record_id += 7000;
        writer.push(&event).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    let mut parser = evtx::EvtxParser::from_buffer(bytes).unwrap();
    for (i, record) in parser.records_json_value().enumerate() {
        let record = record.unwrap();
        assert_eq!(record.event_record_id, i as u64 + 1);
        assert_eq!(record.data["Event"]["System"]["EventRecordID"], i as u64 + 7001);
    }
}

#[test]
fn evtxexport_reads_the_same_records_and_strings() {
    let events = hard_events(true);
    let (_folder, path) = saved("Security.evtx", &evtx(events.iter().cloned()).unwrap());
    let Some(got) = libyal("evtxexport", &path) else { return };
    check("evtxexport", &without_astral(&got), &without_astral(&padded(&expected(&events), &events)));
}

/// libevtx prints hexadecimal numbers with all their digits.
fn padded(records: &[Read], events: &[WrittenEvent]) -> Vec<Read> {
    let mut out = records.to_vec();
    for (read, event) in out.iter_mut().zip(events) {
        if let Data::Named(_, values) = &event.data {
            for (text, value) in read.1.iter_mut().zip(values) {
                match value {
                    Value::Hex32(number) => *text = format!("{number:#010x}"),
                    Value::Hex64(number) => *text = format!("{number:#018x}"),
                    _ => {}
                }
            }
        }
    }
    out
}

#[test]
fn libevtx_finds_nothing_corrupted_and_the_same_strings() {
    let script = r"
f = pyevtx.file()
f.open(sys.argv[1])
assert not f.is_corrupted(), 'corrupted'
for r in f.records:
    print(json.dumps([r.identifier, [r.get_string(i) or '' for i in range(r.number_of_strings)]]))
";
    let events = hard_events(true);
    let (_folder, path) = saved("Security.evtx", &evtx(events.iter().cloned()).unwrap());
    let Some(got) = python("libevtx-python", "pyevtx", script, &path) else { return };
    check("libevtx-python", &got, &padded(&expected(&events), &events));
}

#[test]
fn python_evtx_reads_the_same_records_and_strings() {
    // python-evtx shows a string array as one escaped <string> list, and pads hexadecimal numbers.
    let script = r#"
import re, html
from Evtx.Evtx import Evtx
with Evtx(sys.argv[1]) as log:
    assert log.get_file_header().verify()
    for c in log.chunks():
        assert c.verify()
    for r in log.records():
        x = r.xml()
        data = x[x.index('<EventData>'):]
        if '&lt;string&gt;' in data:
            found = re.findall(r'&lt;string&gt;(.*?)&lt;/string&gt;', data, re.S)
        else:
            found = re.findall(r'<Data Name="[^"]*">(.*?)</Data>', data, re.S)
        number = int(re.search(r'<EventRecordID>(\d+)<', x).group(1))
        print(json.dumps([number, [html.unescape(html.unescape(t)) for t in found]]))
"#;
    let events = hard_events(true);
    let (_folder, path) = saved("Security.evtx", &evtx(events.iter().cloned()).unwrap());
    let Some(got) = python("python-evtx", "Evtx", script, &path) else { return };
    check("python-evtx", &got, &padded(&expected(&events), &events));
}

#[test]
fn evtexport_reads_the_same_records_and_strings_of_a_linear_log() {
    let events = hard_events(false);
    let (_folder, path) = saved("SecEvent.evt", &evt(16 * EVT_STEP, events.iter().cloned()).unwrap());
    let Some(mut got) = libyal("evtexport", &path) else { return };
    let wanted = expected(&events);
    // libevt counts strings by size: padding may show as one more, empty string.
    for (read, wanted) in got.iter_mut().zip(&wanted) {
        if read.1.len() == wanted.1.len() + 1 && read.1.last().is_some_and(String::is_empty) {
            read.1.pop();
        }
    }
    check("evtexport", &without_astral(&got), &without_astral(&wanted));
}

const DISSECT: &str = r"
from dissect.eventlog import evt
for r in evt.Evt(open(sys.argv[1], 'rb')):
    print(json.dumps([r.RecordNumber, list(r.Strings)]))
";

/// libevt is no judge of wrapped logs: it returns too few or too many records and calls each one
/// corrupted. dissect.eventlog walks the ring by the EOF record.
#[test]
fn dissect_reads_the_live_records_of_linear_wrapped_and_dirty_rings() {
    let events = hard_events(false);
    let wanted = expected(&events);
    for (name, size, dirty) in
        [("linear", 16, false), ("wrapped", 2, false), ("wrapped and dirty", 2, true), ("dirty", 16, true)]
    {
        let mut writer = EvtWriter::new(Cursor::new(Vec::new()), size * EVT_STEP, Retention::Overwrite).unwrap();
        for (i, event) in events.iter().enumerate() {
            writer.push(event).unwrap();
            if i == 20 {
                writer.sync_header();
            }
        }
        let file = if dirty { writer.finish_dirty() } else { writer.finish() }.unwrap().into_inner();
        let (_folder, path) = saved("SecEvent.evt", &file);
        let Some(got) = python("dissect.eventlog", "dissect.eventlog", DISSECT, &path) else { return };
        assert!(!got.is_empty(), "{name}");
        assert!(size == 16 || got.len() < wanted.len(), "{name} must have lost its oldest records");
        check(name, &got, &wanted[wanted.len() - got.len()..]);
    }
}

#[test]
fn the_demo_is_exactly_what_its_recipe_makes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo");
    let plan = Plan { scenario: "demo".into(), format: Format::Evtx, ..Plan::default() };
    let fleet = fleet(&plan).unwrap();
    let mut wanted: Vec<(String, Vec<u8>)> = fleet.files;
    wanted.push(("truth.json".into(), fleet.truth.json().into_bytes()));
    let size: usize = wanted.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(size < 2_000_000, "the demo has {size} bytes");
    for (path, bytes) in &wanted {
        let there = std::fs::read(folder.join(path)).unwrap_or_default();
        assert!(there == *bytes, "{path} differs: logonstorm simulate --scenario demo -o fixtures/demo");
    }
    let mut found = Vec::new();
    files_below(&folder, &mut found);
    assert_eq!(found.len(), wanted.len(), "a file that no recipe makes: {found:?}");
}

fn files_below(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, out) } else { out.push(path) }
    }
}
