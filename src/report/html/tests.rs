//! The page as a browser and an attacker would read it. Real browsers look at it elsewhere.

use super::{OUTPUT, policy};
use crate::escape::visible::{acts, hides};
use crate::model::analysis::Analysis;
use crate::model::train::Burst;
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
    for word in [
        "WS042",
        "since Monday 2001-03-12 08:54",
        "9,114 times",
        "agrees in 523 of 539",
        "enable or remove account user4",
        "not the same as no storm",
    ] {
        assert!(screen.contains(word), "{word} in {screen}");
    }
    assert_eq!(screen.matches("class=\"lead\"").count(), 3);
}

#[test]
fn a_storm_older_than_the_log_is_not_said_to_begin_with_it() {
    let mut fleet = fleet();
    fleet.rows[0].evidence.episodes[0].since_before = true;
    let page = page(&fleet);
    assert!(page.contains("since before Monday 2001-03-12 08:54"));
    assert!(page.contains("<td>before 2001-03-12 08:54"));
}

#[test]
fn a_storm_of_an_hour_tells_no_rate_of_a_day() {
    let mut fleet = fleet();
    let row = &mut fleet.rows[0];
    (row.failures, row.last_failure) = (60, row.first_failure.map(|first| first + 3610));
    assert!(page(&fleet).contains(">every 62 s, 60 in 1 h<"));
}

#[test]
fn one_burst_of_hours_is_a_block_and_not_a_moment() {
    let mut fleet = fleet();
    let row = &mut fleet.rows[0];
    row.matched = None;
    row.evidence.bursts = vec![Burst { onset: 984_387_245, end: 984_394_445, events: 9114, seconds: 7200 }];
    assert!(page(&fleet).contains("class=\"sv\" d=\"M72 74v-50h888V74z\""));
}

#[test]
fn every_list_of_evidence_is_there() {
    let page = page(&fleet());
    for word in [
        "EventRecordID 402100",
        "Liccli.log, line 2164",
        "clock set back by 1 h",
        "it was set once",
        "period 62 s",
        "the best of 99 shuffled logs",
        "the best of 56 other workstations agrees in 38",
        "account user4 disabled (629)",
        "size runs past the chunk",
        "would reach if no storm filled it",
    ] {
        assert!(page.contains(word), "{word}");
    }
}

#[test]
fn every_picture_has_a_name_and_its_numbers_behind_it() {
    let page = page(&fleet());
    let pictures: Vec<&str> = page.split("<figure").skip(1).collect();
    assert_eq!(pictures.len(), 1 + 4 + 2, "heat map, four of the one storm with bursts, two of the logs");
    for picture in pictures {
        assert!(picture.contains("<figcaption>"));
        let title = between(picture, "role=\"img\" aria-label=\"", "\"");
        let table =
            ["<table>", "<dl class=\"facts\">"].iter().any(|mark| picture.contains(mark)) || title.contains("follows");
        assert!(table, "no numbers behind: {title}");
    }
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

/// So many workstations, all of them confirmed storms.
fn storms(count: u64) -> Analysis {
    let mut analysis = fleet();
    let storm = analysis.rows[0].clone();
    analysis.rows = (1..=count)
        .map(|rank| {
            let mut row = storm.clone();
            row.rank = rank;
            row.workstation = format!("WS{rank:03}");
            // No two rows of the map are alike.
            row.evidence.hours.retain(|(hour, _)| (hour * 7 + rank as i64) % 5 > 0);
            row
        })
        .collect();
    analysis
}

#[test]
fn two_hundred_storms_stay_below_300_kb() {
    let page = page(&storms(200));
    assert!(page.len() <= 300_000, "{} bytes", page.len());
    assert_eq!(page.matches("<h3 id=\"w").count(), 200);
    assert!(page.matches("A close look").count() >= 5);
}

#[test]
fn five_thousand_storms_stand_in_the_list_and_two_hundred_have_details() {
    let page = page(&storms(5000));
    assert!(page.len() <= 2_500_000, "{} bytes", page.len());
    assert_eq!(page.matches("<th scope=\"row\">").count(), 5000 + 200 + 2, "list, table of the map, servers");
    assert_eq!(page.matches("<h3 id=\"w").count(), 200);
    assert!(page.contains("4800 more stand in the list only"));
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
