//! The server side: which workstations are called storms.

use std::collections::BTreeMap;

use logonstorm::model::analysis::{Analysis, Row};
use logonstorm::model::finding::Class;
use logonstorm::simulate::Truth;

use super::baselines::{fixed, seconds, session, session_of_few};
use super::counts::Counts;
use super::rivals::{cusum, kleinberg};

/// Whether a method calls a row with failures in these distinct seconds a storm.
type Calls = fn(&Row, &[i64]) -> bool;

/// What the program is measured against.
pub(crate) const RIVALS: &[(&str, Calls)] = &[
    ("20 in 1 h", |_, seconds| fixed(seconds, 20, 3600)),
    ("5 in 10 min", |_, seconds| fixed(seconds, 5, 600)),
    ("900 s sessions", |_, seconds| session(seconds)),
    ("900 s sessions, few accounts", session_of_few),
    ("CUSUM", |_, seconds| cusum(seconds)),
    ("Kleinberg", |_, seconds| kleinberg(seconds)),
];

/// Scores every row. A workstation is a storm when one of the things that happen at it is one.
pub(crate) fn score(truth: &Truth, analysis: &Analysis, counts: &mut Counts) {
    let mut expected: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for entity in truth.entities.iter().filter(|entity| entity.n > 0) {
        for name in &entity.workstations {
            let known = expected.entry(name).or_insert((&entity.expect, &entity.class));
            if entity.expect == "storm" {
                *known = (&entity.expect, &entity.class);
            }
        }
    }
    for row in analysis.rows.iter().filter(|row| row.failures > 0) {
        let (expect, class) = expected.remove(row.workstation.as_str()).unwrap_or(("nothing", "nothing"));
        one(row, expect, class, counts);
    }
    for (name, (expect, class)) in expected {
        if expect == "storm" {
            counts.judge("storm", false, true);
            RIVALS.iter().for_each(|(method, _)| counts.judge(method, false, true));
            counts.notes.push(format!("{name} ({class}) has no row"));
        }
    }
}

fn one(row: &Row, expect: &str, class: &str, counts: &mut Counts) {
    let called = row.class == Class::Storm;
    let is_one = expect == "storm";
    let seconds = seconds(row);
    counts.judge("storm", called, is_one);
    RIVALS.iter().for_each(|(method, calls)| counts.judge(method, calls(row, &seconds), is_one));
    match expect {
        "human" => counts.add("people called storm", called),
        "spray" | "scanner" => counts.add("sprays and scanners called storm", called),
        _ => {}
    }
    if called != is_one {
        counts.notes.push(format!(
            "{} ({class}, expected {expect}): class {}, {} distinct seconds",
            row.workstation,
            row.class.word(),
            seconds.len()
        ));
    }
}
