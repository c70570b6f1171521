//! Everything about one client, as a person sees it and as a program does.

use serde_json::{Value, json};

use super::sample::{ATTACKS, fleet, hostile};
use crate::escape::visible::{acts, hides};
use crate::model::analysis::{Analysis, Row};
use crate::report::explain;
use crate::report::style::Style;
use crate::report::text::width;

fn text(analysis: &Analysis, row: &Row, style: &Style) -> String {
    let mut bytes = Vec::new();
    explain::text(analysis, row, style, &mut bytes).expect("a Vec takes everything");
    String::from_utf8(bytes).expect("text is UTF-8")
}

fn document(analysis: &Analysis, row: &Row) -> Value {
    let mut bytes = Vec::new();
    explain::json(analysis, row, &mut bytes).expect("a Vec takes everything");
    serde_json::from_slice(&bytes).expect("valid JSON")
}

#[test]
fn a_confirmed_storm_at_80_columns() {
    let fleet = fleet();
    insta::assert_snapshot!(text(&fleet, &fleet.rows[0], &Style::default()));
}

#[test]
fn a_client_log_without_failures() {
    let fleet = fleet();
    insta::assert_snapshot!(text(&fleet, &fleet.rows[4], &Style::default()));
}

#[test]
fn failures_logged_without_a_name_say_who_named_them() {
    let mut fleet = fleet();
    fleet.rows[0].evidence.named = vec!["3 failures of U: netlogon.log, line 7".to_owned()];
    let row = &fleet.rows[0];
    assert!(text(&fleet, row, &Style::default()).contains("belongs by    3 failures of U: netlogon.log, line 7"));
    assert_eq!(document(&fleet, row)["evidence"]["named"], json!(["3 failures of U: netlogon.log, line 7"]));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let fleet = fleet();
    for columns in [80, 120] {
        for row in &fleet.rows {
            let text = text(&fleet, row, &Style { width: columns, ..Style::default() });
            assert!(text.lines().all(|line| width(line) <= columns), "{text}");
        }
    }
}

#[test]
fn json_names_file_record_and_line_of_every_pair() {
    let fleet = fleet();
    let document = document(&fleet, &fleet.rows[0]);
    assert_eq!(document["schema"], "logonstorm.explain/1");
    assert_eq!(document["workstation"]["workstation"], "WS042");
    let pairs = document["evidence"]["pairs"].as_array().expect("a list");
    assert_eq!(pairs.len(), 523);
    assert_eq!(
        pairs[0],
        json!({
            "server_time": "2001-03-12T08:54:07Z", "client_time": "2001-03-12T15:07:47.000", "residual_s": 0.6,
            "event": {"file": "DC01.evtx", "record_id": 402_102, "line": null},
            "client_line": {"client_time": "2001-03-12T15:07:47.250", "kind": "pipe",
                            "file": "clients/WS042/Liccli.lo_", "line": 12}
        })
    );
    assert_eq!(document["evidence"]["context"][0]["record_id"], 402_088);
}

#[test]
fn hostile_names_stay_text() {
    let hostile = hostile();
    for row in &hostile.rows {
        let text = text(&hostile, row, &Style::default());
        assert!(!text.chars().any(|c| c != '\n' && (acts(c) || hides(c))), "{}", row.workstation);
        assert!(text.lines().all(|line| width(line) <= 80), "{text}");
    }
    for (row, name) in hostile.rows.iter().zip(ATTACKS) {
        assert_eq!(document(&hostile, row)["workstation"]["workstation"], *name);
    }
}
