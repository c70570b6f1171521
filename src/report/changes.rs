//! What changed since the last night, in words: the lead of every nightly report.

use super::words::{count, plural};
use crate::model::analysis::{Analysis, Changes, Ignored, Row, RowChange};

/// States since the last night, in the order in which they need attention.
const STATES: [&str; 4] = ["new", "ongoing", "ended", "quiet"];
/// Names behind one state; more are counted.
const NAMES: usize = 5;

/// `since 2001-03-13: 1 new, 3 ongoing, 0 ended, 0 quiet; 12,345 new event records`.
pub fn counts(changes: &Changes) -> String {
    let of = |word: &str| changes.rows.values().filter(|row| row.since == Some(word)).count() as u64;
    let states: Vec<String> = STATES.iter().map(|word| format!("{} {word}", count(of(word)))).collect();
    let since = changes.since.as_ref().map_or("first night".to_owned(), |night| format!("since {night}"));
    let records = match changes.new_records {
        0 => "zero new event records".to_owned(),
        n => plural(n, "new event record", "new event records"),
    };
    format!("{since}: {}; {records}", states.join(", "))
}

/// [`counts`] as a sentence; `None` outside of the nightly job.
pub fn lead(analysis: &Analysis) -> Option<String> {
    let text = counts(analysis.changes.as_ref()?);
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// Who is new, ongoing, ended, quiet, and what the configuration ignores: label and names. Empty
/// outside of the nightly job; a state without rows is left out.
pub fn who(analysis: &Analysis) -> Vec<(&'static str, String)> {
    let Some(changes) = &analysis.changes else { return Vec::new() };
    let mut lines: Vec<(&'static str, String)> = Vec::new();
    for state in STATES {
        let named: Vec<String> = analysis
            .rows
            .iter()
            .filter_map(|row| changes.rows.get(&row.workstation).map(|change| (row, change)))
            .filter(|(_, change)| change.since == Some(state))
            .map(|(row, change)| named(row, change))
            .collect();
        lines.extend(few(&named).map(|text| (state, text)));
    }
    let ignored: Vec<String> = changes.ignored.iter().map(ignored).collect();
    lines.extend(few(&ignored).map(|text| ("ignored", text)));
    lines
}

/// What changed for one row, in two or three words; `None` outside of the nightly job and for rows
/// that are not listed.
pub fn of_row(analysis: &Analysis, row: &Row) -> Option<String> {
    let change = analysis.changes.as_ref()?.rows.get(&row.workstation)?;
    Some(match change.since? {
        "ongoing" => format!("ongoing, {}", plural(change.new_failures, "new failure", "new failures")),
        state => state.to_owned(),
    })
}

fn named(row: &Row, change: &RowChange) -> String {
    let failures = match change.since {
        Some("ongoing") => plural(change.new_failures, "new failure", "new failures"),
        _ => plural(row.failures, "failure", "failures"),
    };
    format!("{} ({}, {failures})", row.workstation, row.class.word())
}

fn ignored(row: &Ignored) -> String {
    let failures = plural(row.failures, "failure", "failures");
    let until = row.until.as_ref().map(|day| format!(", until {day}")).unwrap_or_default();
    let why = if row.why.is_empty() { String::new() } else { format!(": {}", row.why) };
    format!("{} ({}, {failures}{until}{why})", row.workstation, row.class.word())
}

fn few(names: &[String]) -> Option<String> {
    let shown = &names[..names.len().min(NAMES)];
    let more = names.len() - shown.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| format!("{}{rest}", shown.join(", ")))
}
