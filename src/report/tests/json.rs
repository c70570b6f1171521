//! The JSON report, field by field.

use serde_json::{Value, json};

use super::sample::{empty, fleet};
use super::written;
use crate::report::json::{LINES, OUTPUT};
use crate::report::style::Style;

fn document() -> Value {
    serde_json::from_str(&written(&OUTPUT, &fleet(), &Style::default())).expect("valid JSON")
}

#[test]
fn document_keeps_its_words() {
    let report = document();
    assert_eq!(report["schema"], "logonstorm.report/1");
    assert_eq!(report["tool"], json!({"name": "logonstorm", "version": env!("CARGO_PKG_VERSION")}));
    assert_eq!(report["span"], json!({"from": "2001-03-12T00:00:03Z", "to": "2001-03-15T00:00:00Z"}));
    assert_eq!(report["counts"], json!({"exact": true}));
    let inputs = &report["inputs"];
    assert_eq!(inputs["records"], 249_082);
    assert_eq!(
        inputs["skipped"][0],
        json!({"file": "DC01.evtx", "at": "chunk 7, offset 0x2060", "what": "record", "why": "size runs past the chunk"})
    );
    let server = &report["servers"][0];
    assert_eq!(server["server"], "DC01");
    assert_eq!(server["audits"], json!(["account-logon-failure", "logon-failure"]));
    assert_eq!(server["cleared"], json!(["2001-03-12T00:00:03Z"]));
    assert_eq!(report["unattributed"][0]["suggestion"], "WS099");
}

#[test]
fn a_storm_with_everything() {
    let row = &document()["workstations"][0];
    let expect = json!({
        "rank": 1, "workstation": "WS042", "raw_names": ["\\\\WS042", "WS042"],
        "class": "storm", "verdict": "confirmed",
        "failures": 9114, "first_failure": "2001-03-12T08:54:05Z", "last_failure": "2001-03-14T23:59:20Z", "ongoing": true,
        "accounts": [{"account": "user4", "domain": "CORP", "failures": 9114}],
        "statuses": [{"code": "0xC0000072", "name": "STATUS_ACCOUNT_DISABLED", "failures": 9114}],
        "event_ids": [{"id": 681, "events": 9114}, {"id": 531, "events": 3038}],
        "servers": ["DC01"],
        "rate": {"per_day": 2940.1, "peak_per_hour": 180, "bursts": 3038, "period_s": 62.0, "regular_share": 0.97},
        "client": {
            "logs": ["clients/WS042/Liccli.lo_", "clients/WS042/Liccli.log"], "attributed_by": "folder", "attempts": 539,
            "first": "2001-03-12T15:07:47.250", "last": "2001-03-13T00:23:43.000", "dated": true,
            "metering_servers": ["LICSRV1"]
        },
        "match": {
            "matched": 523, "of_client": 539, "of_server": 612, "clock_offset_s": 22420.0, "drift_ppm": 41.0,
            "ambiguous_by_s": null, "score": 0.8301, "shuffled_best": 61, "shuffles": 99, "other_workstations_best": 38
        },
        "cost": {"share_of_failures": 0.0505, "share_of_log_bytes": 0.0412, "bytes": 2_151_000, "history_lost_h": 11.4},
        "reasons": row["reasons"].clone(), "action": row["action"].clone()
    });
    assert_eq!(row, &expect);
}

#[test]
fn absent_knowledge_is_null_and_no_key_is_left_out() {
    let report = document();
    let rows = report["workstations"].as_array().expect("a list");
    assert_eq!(rows.len(), 5, "the human is listed only with --all");
    let keys = |row: &Value| row.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert!(rows.iter().all(|row| keys(row) == keys(&rows[0])));
    let client_only = &rows[4];
    assert_eq!(client_only["first_failure"], Value::Null);
    assert_eq!(client_only["match"], Value::Null);
    assert_eq!(client_only["client"]["first"], Value::Null);
    assert_eq!(client_only["rate"]["period_s"], Value::Null);
    assert_eq!(rows[2]["verdict"], Value::Null);
    assert_eq!(rows[2]["client"], Value::Null);

    let nothing: Value = serde_json::from_str(&written(&OUTPUT, &empty(), &Style::default())).expect("valid JSON");
    assert_eq!(nothing["span"], json!({"from": null, "to": null}));
    assert_eq!(nothing["workstations"], json!([]));
}

#[test]
fn lines_are_the_same_rows_with_the_schema() {
    let report = document();
    let text = written(&LINES, &fleet(), &Style::default());
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("valid JSON")).collect();
    assert_eq!(lines.len(), 5);
    for (line, row) in lines.iter().zip(report["workstations"].as_array().expect("a list")) {
        let mut row = row.clone();
        row["schema"] = json!("logonstorm.report/1");
        assert_eq!(line, &row);
    }
    assert!(text.starts_with("{\"schema\":\"logonstorm.report/1\",\"rank\":1,"));
}
