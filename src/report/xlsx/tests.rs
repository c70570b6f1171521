//! What can be said of a workbook without a reader of its own: bytes, parts, limits.

use std::io::{Cursor, Read};

use super::book::book;
use super::sheet::MOST_ROWS;
use crate::model::analysis::Analysis;
use crate::report::style::Style;
use crate::report::tests::sample::{empty, fleet, hostile};

/// Every part of the file as text, by name.
fn parts(analysis: &Analysis, most_rows: u32) -> Vec<(String, String)> {
    let bytes = book(analysis, &Style::default(), most_rows).expect("a workbook");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("XML");
        parts.push((part.name().expect("a name").into_owned(), text));
    }
    parts
}

#[test]
fn same_analysis_same_bytes() {
    for analysis in [fleet(), hostile(), empty()] {
        let bytes = || book(&analysis, &Style::default(), MOST_ROWS).expect("a workbook");
        assert!(bytes() == bytes());
    }
}

#[test]
fn no_part_holds_a_formula_a_link_or_anything_that_runs() {
    for (name, text) in parts(&hostile(), MOST_ROWS) {
        for forbidden in ["<f>", "<f ", "<hyperlink", "externalLink", "vbaProject", "oleObject", "ddeLink"] {
            assert!(!text.contains(forbidden), "{name} holds {forbidden}");
        }
        assert!(!text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')), "{name}");
    }
}

#[test]
fn rows_beyond_the_limit_are_counted_in_the_summary() {
    let all = |parts: &[(String, String)]| parts.iter().map(|(_, text)| text.as_str()).collect::<String>();
    let cut = parts(&hostile(), 10);
    assert!(all(&cut).contains("sheet Storms: 11 more rows do not fit"), "20 rows, 9 of them below a header");
    let rows = |name: &str| {
        let (_, text) = cut.iter().find(|(part, _)| part == name).expect("a sheet");
        text.matches("<row ").count()
    };
    assert_eq!(rows("xl/worksheets/sheet2.xml"), 10);
    assert!(!all(&parts(&hostile(), MOST_ROWS)).contains("do not fit"));
}

#[test]
fn an_empty_report_is_a_workbook_too() {
    let parts = parts(&empty(), MOST_ROWS);
    assert_eq!(parts.iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet")).count(), 6);
}
