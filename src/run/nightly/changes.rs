//! What is new since the last night, and what the person wants left out.

use chrono::{Days, NaiveDate};
use globset::GlobMatcher;

use crate::model::analysis::{Analysis, Changes, Ignored, Row, RowChange};
use crate::nightly::since::since;
use crate::nightly::state::Night;

/// Rows that are known and wanted out of the list: they are listed apart, with the reason.
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
pub fn date(day: i32) -> String {
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
    analysis.changes = Some(Changes { since: baseline.day.map(date), new_records, rows, ..Changes::default() });
}

/// Tells the ids that the rows keep over the nights.
pub(super) fn identify(analysis: &mut Analysis, tonight: &Night) {
    if let Some(changes) = &mut analysis.changes {
        changes.ids = tonight.rows.iter().map(|(name, row)| (name.clone(), row.id.clone())).collect();
    }
}

/// Takes ignored rows out of the rows and lists them apart, with the reason.
pub(super) fn ignore(analysis: &mut Analysis, rules: &[Ignore], night: i32) {
    let mut ignored = Vec::new();
    analysis.rows.retain(|row| match rules.iter().find(|rule| row.listed && fits(rule, row, night)) {
        Some(rule) => {
            ignored.push(apart(row, rule));
            false
        }
        None => true,
    });
    for (at, row) in analysis.rows.iter_mut().enumerate() {
        row.rank = at as u64 + 1;
    }
    if let Some(changes) = &mut analysis.changes {
        for row in &ignored {
            changes.rows.remove(&row.workstation);
        }
        changes.ignored = ignored;
    }
}

fn apart(row: &Row, rule: &Ignore) -> Ignored {
    Ignored {
        workstation: row.workstation.clone(),
        class: row.class,
        verdict: row.verdict,
        failures: row.failures,
        last_failure: row.last_failure,
        until: rule.until.map(date),
        why: rule.why.clone(),
    }
}

fn fits(rule: &Ignore, row: &Row, night: i32) -> bool {
    rule.until.is_none_or(|until| night <= until)
        && rule.workstation.is_match(&row.workstation)
        && match row.accounts.as_slice() {
            [] => rule.account.is_match(""),
            accounts => accounts.iter().all(|account| rule.account.is_match(&account.account)),
        }
}
