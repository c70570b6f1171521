//! The page as a browser and an attacker would read it. Real browsers look at it elsewhere.

use super::{OUTPUT, policy};
use crate::escape::visible::{acts, hides};
use crate::model::analysis::Analysis;
use crate::report::style::Style;
use crate::report::tests::sample::{empty, fleet, hostile};
use crate::report::tests::written;

fn page(analysis: &Analysis) -> String {
    written(&OUTPUT, analysis, &Style::default())
}

/// What stands between two marks, the first time.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).expect("the mark is there") + from.len();
    let end = text[start..].find(to).expect("its end is there");
    &text[start..start + end]
}

#[test]
fn policy_names_the_very_style_and_script() {
    let page = page(&fleet());
    let expect = policy::policy(between(&page, "<style>", "</style>"), between(&page, "<script>", "</script>"));
    let said = between(&page, "Content-Security-Policy\" content=\"", "\"");
    assert_eq!(said.replace("&#39;", "'"), expect);
    assert!(expect.starts_with("default-src 'none';") && !expect.contains("unsafe"));
}

#[test]
fn page_asks_nobody_for_anything() {
    let page = page(&hostile());
    for mark in ["http:", "https:", "src=\"", "@import", "url(h", " style=\"", "javascript:"] {
        assert!(!page.contains(mark), "{mark}");
    }
}

#[test]
fn first_screen_says_who_since_when_how_bad_how_sure_what_to_do() {
    let page = page(&fleet());
    let screen = between(&page, "<main>", "Ranked list");
    for word in
        ["WS042", "since Monday 2001-03-12 08:54", "9,114 times", "agrees in 523 of 539", "not the same as no storm"]
    {
        assert!(screen.contains(word), "{word} in {screen}");
    }
    assert!(page.contains("enable or remove account user4"));
}

#[test]
fn every_list_of_evidence_is_there() {
    let page = page(&fleet());
    for word in
        ["EventRecordID 402100", "Liccli.log, line 2164", "set back by 1 h", "period 62 s", "the best of 99 reaches 61"]
    {
        assert!(page.contains(word), "{word}");
    }
    assert_eq!(page.matches("<svg").count(), 1 + 3, "heat map, and three pictures of the one storm with bursts");
}

#[test]
fn hostile_names_show_as_text_and_open_no_element() {
    let page = page(&hostile());
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("<style").count(), 1);
    for mark in ["<img", "<!--", "onmouseover=\"", "]]><"] {
        assert!(!page.contains(mark), "{mark}");
    }
    assert!(page.contains("\\u{1B}[2J") && page.contains("{{ 7*7 }}"));
    assert!(!page.chars().any(|c| c != '\n' && (acts(c) || hides(c))));
}

#[test]
fn two_hundred_workstations_stay_below_300_kb() {
    let mut analysis = fleet();
    let storm = analysis.rows[0].clone();
    analysis.rows = (1..=200)
        .map(|rank| {
            let mut row = storm.clone();
            row.rank = rank;
            row.workstation = format!("WS{rank:03}");
            row
        })
        .collect();
    let size = page(&analysis).len();
    assert!(size <= 300_000, "{size} bytes");
}

#[test]
fn nothing_read_is_a_page_too() {
    let page = page(&empty());
    assert!(page.contains("Nothing was read") && page.contains("No row to list"));
}

#[test]
fn script_is_small() {
    assert!(include_str!("script.js").len() < 10_000);
}
