//! Every format over the same rows.

use serde_json::{Value, json};

use super::row::Row;
use super::writer::Look;
use super::{csv as csv_export, jsonl};
use crate::model::client::TickClass;
use crate::model::event::{EventKind, FileId, RawEvent};
use crate::model::names::Text;
use crate::model::status::Status;
use crate::model::time::Ticks;
use crate::model::timeline::Tick;

const HEADER: &str = "kind,time,time_ms,time_100ns,workstation,workstation_raw,account,domain,ip,server,metering_server,\
event_id,record_id,provider,channel,status,sub_status,reason_status,reason,logon_type,package,line,file,offset";

fn event() -> RawEvent<'static> {
    RawEvent {
        time: Ticks(10_286_352_000_000_000 + 1_234_567),
        time_digits: 7,
        record_id: Some(402_100),
        offset: 0x1200,
        computer: Text::Utf8("DC01.corp.example"),
        provider: Text::Utf8("Microsoft-Windows-Security-Auditing"),
        channel: Text::Utf8("Security"),
        workstation: Text::Utf8(" ws042$ "),
        account: Text::Utf16(b"u\0s\0e\0r\x004\0"),
        domain: Text::Utf8("CORP"),
        ip: Text::Utf8("10.0.0.5"),
        package: Text::Utf8("NTLM"),
        status: Status::Nt(0xC000_006D),
        sub_status: Status::Nt(0xC000_0072),
        logon_type: Some(3),
        ..RawEvent::new(EventKind::Failure, 4625)
    }
}

fn tick(at_ms: Option<i64>) -> Tick {
    Tick {
        at_ms,
        class: TickClass::Reach,
        file: FileId(1),
        line: 12,
        offset: 640,
        server: "LICSRV1".into(),
        counter: Some((1, 5)),
        wait_s: Some(60),
    }
}

fn written(format: &super::writer::Format, look: Look, rows: &[Row<'_>]) -> String {
    let mut bytes = Vec::new();
    let mut writer = (format.start)(Box::new(&mut bytes), &look).expect("a Vec takes everything");
    for row in rows {
        writer.row(row).expect("a Vec takes everything");
    }
    writer.finish().expect("a Vec takes everything");
    String::from_utf8(bytes).expect("text")
}

#[test]
fn csv_is_the_contract_cell_by_cell() {
    let ticks = [tick(Some(984_387_245_250)), tick(None)];
    let rows = [
        Row::of_event(&event(), "exports/DC01.evtx").expect("a failure"),
        Row::of_tick(&ticks[0], "WS042", true, "clients/WS042/Liccli.log"),
        Row::of_tick(&ticks[1], "", true, "clients/x.log"),
    ];
    let text = written(&csv_export::FORMAT, Look::default(), &rows);
    let expect = [
        HEADER,
        "failure,2002-08-06T12:00:00.1234567Z,1028635200123,10286352001234567,WS042,ws042$,user4,CORP,10.0.0.5,\
         DC01.corp.example,,4625,402100,Microsoft-Windows-Security-Auditing,Security,0xC000006D,0xC0000072,0xC0000072,\
         STATUS_ACCOUNT_DISABLED,3,NTLM,,exports/DC01.evtx,4608",
        "attempt,2001-03-12T08:54:05.250Z,984387245250,9843872452500000,WS042,,,,,,LICSRV1,,,,,,,,,,,12,\
         clients/WS042/Liccli.log,640",
        "attempt,,,,,,,,,,LICSRV1,,,,,,,,,,,12,clients/x.log,640",
        "",
    ];
    assert_eq!(text, expect.join("\r\n"));
}

#[test]
fn json_lines_have_the_same_names_and_nulls() {
    let text = written(&jsonl::FORMAT, Look::default(), &[Row::of_event(&event(), "DC01.evtx").expect("a failure")]);
    let line: Value = serde_json::from_str(&text).expect("valid JSON");
    let keys: Vec<&str> = HEADER.split(',').collect();
    assert_eq!(line.as_object().expect("an object").len(), keys.len());
    assert!(keys.iter().all(|key| line.get(key).is_some()));
    assert_eq!(line["time_100ns"], json!(10_286_352_001_234_567_i64));
    assert_eq!(line["metering_server"], Value::Null);
    assert_eq!(line["line"], Value::Null);
    assert_eq!(line["account"], "user4");
}

#[test]
fn hostile_names_stay_in_their_cell() {
    let mut hostile = event();
    hostile.account = Text::Utf8("=cmd|'/c calc'!A0");
    hostile.domain = Text::Utf8("a\r\nb\u{202e}");
    let row = Row::of_event(&hostile, "DC01.evtx").expect("a failure");
    let safe = written(&csv_export::FORMAT, Look::default(), std::slice::from_ref(&row));
    assert!(safe.contains(",'=cmd|'/c calc'!A0,a\\u{0D}\\u{0A}b\\u{202E},"), "{safe}");
    assert_eq!(safe.lines().count(), 2);
    let raw = written(&csv_export::FORMAT, Look { raw: true }, &[row]);
    assert!(raw.contains(",=cmd|'/c calc'!A0,\"a\r\nb\u{202e}\","), "{raw}");
}

#[test]
fn events_about_accounts_and_recovered_ones_have_no_row() {
    assert!(Row::of_event(&RawEvent::new(EventKind::LogCleared, 517), "x").is_none());
    assert!(Row::of_event(&RawEvent { recovered: true, ..event() }, "x").is_none());
}

#[test]
fn a_time_of_day_is_no_moment() {
    let tick = tick(Some(3_600_000));
    let row = Row::of_tick(&tick, "WS042", false, "x.log");
    assert_eq!((row.time, row.date().as_str()), (None, "undated"));
}

#[test]
fn formats_are_found_by_extension() {
    use super::writer::by_path;
    let name = |path: &str| by_path(path.as_ref()).map(|format| format.name);
    assert_eq!([name("a.CSV"), name("b.jsonl"), name("c.txt")], [Some("csv"), Some("jsonl"), None]);
}
