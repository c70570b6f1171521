//! Names that are attacks, through every output.

use serde_json::Value;

use super::sample::{ATTACKS, hostile};
use super::written;
use crate::escape::csv::uncell;
use crate::escape::visible::{acts, hides};
use crate::report::style::Style;
use crate::report::text::width;
use crate::report::{csv as csv_report, json, table};

#[test]
fn terminal_shows_nothing_that_acts_and_keeps_its_width() {
    for columns in [80, 200] {
        let text = written(&table::OUTPUT, &hostile(), &Style { width: columns, ..Style::default() });
        assert!(!text.chars().any(|c| c != '\n' && (acts(c) || hides(c))));
        assert!(text.lines().all(|line| width(line) <= columns));
        assert!(text.contains("<script>alert(1)</script>") && text.contains("\\u{1B}[2J"));
    }
}

#[test]
fn json_loses_nothing_and_is_safe_to_print() {
    let text = written(&json::OUTPUT, &hostile(), &Style::default());
    assert!(!text.chars().any(|c| c != '\n' && (acts(c) || hides(c))));
    let report: Value = serde_json::from_str(&text).expect("valid JSON");
    for (at, name) in ATTACKS.iter().enumerate() {
        let row = &report["workstations"][at];
        assert_eq!(row["workstation"], *name);
        assert_eq!(row["accounts"][0]["domain"], *name);
        assert_eq!(row["client"]["logs"][0], *name);
    }
    let lines = written(&json::LINES, &hostile(), &Style::default());
    assert_eq!(lines.lines().count(), ATTACKS.len() + 1);
}

#[test]
fn csv_runs_nothing_stays_on_one_line_and_comes_back() {
    let text = written(&csv_report::OUTPUT, &hostile(), &Style::default());
    assert_eq!(text.lines().count(), ATTACKS.len() + 2);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("as many cells as headers")).collect();
    for (row, name) in rows.iter().zip(ATTACKS) {
        for column in [1, 12, 16, 18, 26, 27] {
            assert_eq!(uncell(&row[column]), *name, "column {column}");
            assert!(
                !row[column].starts_with(['=', '+', '-', '@', '\t', '\u{FF1D}']),
                "column {column}: {}",
                &row[column]
            );
        }
    }
}

#[test]
fn csv_raw_is_the_text_itself() {
    let text = written(&csv_report::OUTPUT, &hostile(), &Style { raw: true, ..Style::default() });
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for (row, name) in reader.records().zip(ATTACKS) {
        assert_eq!(&row.expect("as many cells as headers")[1], *name);
    }
}
