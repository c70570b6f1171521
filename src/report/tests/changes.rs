//! What a night adds to every output.

use std::collections::BTreeMap;

use super::sample::{ATTACKS, fleet, hostile};
use super::written;
use crate::escape::visible::{acts, hides};
use crate::model::analysis::{Analysis, Changes, Ignored, RowChange};
use crate::model::finding::Class;
use crate::report::style::Style;
use crate::report::text::width;
use crate::report::{OUTPUTS, changes, html, json, metrics, table};

fn ignored(name: &str, why: &str) -> Ignored {
    Ignored {
        workstation: name.to_owned(),
        class: Class::Storm,
        verdict: None,
        failures: 12,
        last_failure: Some(0),
        until: Some("2001-06-01".to_owned()),
        why: why.to_owned(),
    }
}

/// The listed rows of an analysis are new, ongoing, ended and quiet by turns.
fn night(mut analysis: Analysis) -> Analysis {
    let states = ["new", "ongoing", "ended", "quiet"];
    let rows: BTreeMap<String, RowChange> = (analysis.rows.iter().filter(|row| row.listed).zip(states.iter().cycle()))
        .map(|(row, state)| (row.workstation.clone(), RowChange { since: Some(state), new_failures: 1200 }))
        .collect();
    let ignored = vec![ignored("KIOSK1", "known")];
    analysis.changes =
        Some(Changes { since: Some("2001-03-13".to_owned()), new_records: 0, rows, ignored, ..Changes::default() });
    analysis
}

#[test]
fn the_table_leads_with_it() {
    let text = written(&table::OUTPUT, &night(fleet()), &Style::default());
    let lead: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
    insta::assert_snapshot!(lead.join("\n"));
    assert!(text.contains("\n   new · CORP\\user4") || text.contains("   new · "), "{text}");
    assert!(text.contains("ongoing, 1,200 new failures · "));
}

#[test]
fn a_first_night_says_so() {
    let mut first = night(fleet());
    first.changes.as_mut().expect("a night").since = None;
    assert!(changes::lead(&first).expect("a night").starts_with("First night: "));
    assert_eq!(changes::lead(&fleet()), None);
    assert!(changes::who(&fleet()).is_empty());
}

#[test]
fn names_are_shown_as_text_and_no_line_is_too_wide() {
    let mut attacked = night(hostile());
    attacked.changes.as_mut().expect("a night").ignored = ATTACKS.iter().map(|text| ignored(text, text)).collect();
    for columns in [60, 80, 200] {
        let text = written(&table::OUTPUT, &attacked, &Style { width: columns, ..Style::default() });
        assert!(!text.chars().any(|c| c != '\n' && (acts(c) || hides(c))));
        assert!(text.lines().all(|line| width(line) <= columns));
    }
    for output in OUTPUTS.iter().filter(|output| output.is_text && output.name != "csv") {
        let text = written(output, &attacked, &Style::default());
        assert!(!text.chars().any(|c| c != '\n' && (acts(c) || hides(c))), "{}", output.name);
    }
    assert!(!written(&html::OUTPUT, &attacked, &Style::default()).contains("<script>alert(1)</script>"));
    let report: serde_json::Value =
        serde_json::from_str(&written(&json::OUTPUT, &attacked, &Style::default())).expect("valid JSON");
    for (at, text) in ATTACKS.iter().enumerate() {
        assert_eq!(report["nightly"]["ignored"][at]["why"], *text);
    }
}

#[test]
fn a_night_adds_keys_and_changes_none() {
    let read = |analysis: &Analysis| -> serde_json::Value {
        serde_json::from_str(&written(&json::OUTPUT, analysis, &Style::default())).expect("valid JSON")
    };
    let (plain, mut nightly) = (read(&fleet()), read(&night(fleet())));
    assert_eq!(nightly["nightly"]["since"], "2001-03-13");
    nightly.as_object_mut().expect("an object").remove("nightly").expect("there");
    nightly["inputs"].as_object_mut().expect("an object").remove("new_records").expect("there");
    for row in nightly["workstations"].as_array_mut().expect("a list") {
        let row = row.as_object_mut().expect("an object");
        assert!(row.remove("id").expect("there").is_null(), "this night has none");
        assert!(row.remove("since_last_run").expect("there").is_string());
        assert_eq!(row.remove("new_failures").expect("there"), 1200);
    }
    assert_eq!(nightly, plain);
}

#[test]
fn the_textfile_names_nobody_whatever_the_names() {
    let run = metrics::Run { ended: 1_000, seconds: 3, files: (1, 2), bytes: (3, 4) };
    let text = metrics::text(&night(hostile()), &run);
    for name in ATTACKS.iter().filter(|name| name.len() > 3) {
        assert!(!text.contains(name), "{name}");
    }
    let plain = |c: char| c == '\n' || c.is_ascii_graphic() || c == ' ';
    assert!(text.chars().all(plain));
    insta::assert_snapshot!(metrics::text(&night(fleet()), &run));
}
