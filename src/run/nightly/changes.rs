//! What is new since the last night, and what the person wants left out.

use chrono::{Days, NaiveDate};
use globset::GlobMatcher;

use crate::model::analysis::{Analysis, Changes, Row, RowChange};
use crate::nightly::since::since;
use crate::nightly::state::Night;
use crate::report::words::{count, plural};

/// Rows that are known and wanted out of the list: they are named in a warning, with the reason.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// Glob over the workstation.
    pub workstation: GlobMatcher,
    /// Glob that every account of the row must fit.
    pub account: GlobMatcher,
    /// Last night on which this holds, in days since 1970-01-01; `None`: always.
    pub until: Option<i32>,
    /// Why.
    pub why: String,
}

/// Days since 1970-01-01 as `2001-03-14`.
pub(super) fn date(day: i32) -> String {
    let epoch = NaiveDate::default();
    let days = Days::new(u64::from(day.unsigned_abs()));
    let date = if day < 0 { epoch.checked_sub_days(days) } else { epoch.checked_add_days(days) };
    date.unwrap_or(epoch).to_string()
}

/// Says what changed against the baseline, in the analysis. `records` are those known tonight, each once.
pub(super) fn tell(analysis: &mut Analysis, records: u64, baseline: &Night) {
    let rows = analysis.rows.iter().map(|row| {
        let (state, new_failures) = since(row, baseline.rows.get(&row.workstation), analysis);
        (row.workstation.clone(), RowChange { since: state.map(|state| state.word()), new_failures })
    });
    let rows = rows.collect();
    let new_records = records.saturating_sub(baseline.records);
    let since = baseline.day.map(date);
    if let (Some(night), 0) = (&since, new_records) {
        analysis.warnings.insert(0, format!("zero new event records since the last night, {night}"));
    }
    analysis.changes = Some(Changes { since, new_records, rows });
}

/// `since 2001-03-13: 1 new, 3 ongoing, 0 ended, 0 quiet; 12,345 new event records`.
pub(super) fn words(changes: &Changes) -> String {
    let of = |word: &str| changes.rows.values().filter(|row| row.since == Some(word)).count() as u64;
    let states: Vec<String> =
        ["new", "ongoing", "ended", "quiet"].iter().map(|word| format!("{} {word}", count(of(word)))).collect();
    let since = changes.since.as_ref().map_or("first night".to_owned(), |night| format!("since {night}"));
    let records = match changes.new_records {
        0 => "zero new event records".to_owned(),
        n => plural(n, "new event record", "new event records"),
    };
    format!("{since}: {}; {records}", states.join(", "))
}

/// Takes ignored rows off the list and names them in a warning.
pub(super) fn ignore(analysis: &mut Analysis, rules: &[Ignore], night: i32) {
    for row in analysis.rows.iter_mut().filter(|row| row.listed) {
        if let Some(rule) = rules.iter().find(|rule| fits(rule, row, night)) {
            row.listed = false;
            let what =
                format!("{} ({}, {})", row.workstation, row.class.word(), plural(row.failures, "failure", "failures"));
            let why = if rule.why.is_empty() { String::new() } else { format!(": {}", rule.why) };
            analysis.warnings.push(format!("ignored as the configuration says: {what}{why}"));
        }
    }
}

fn fits(rule: &Ignore, row: &Row, night: i32) -> bool {
    rule.until.is_none_or(|until| night <= until)
        && rule.workstation.is_match(&row.workstation)
        && row.accounts.iter().all(|account| rule.account.is_match(&account.account))
}
