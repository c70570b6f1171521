//! The first screen: what is wrong, in sentences and numbers, and the ranked list.

use chrono_tz::Tz;

use crate::escape::terminal::terminal;
use crate::model::analysis::{Analysis, Row};
use crate::model::finding::Class;
use crate::report::csv::account_text;
use crate::report::style::Style;
use crate::report::words::{count, decimal, duration, list, minute, percent, period};
use crate::report::{changes, headline, sentence};

/// One of the four numbers.
pub(super) struct Number {
    pub(super) value: String,
    pub(super) label: &'static str,
}

/// One row of the ranked list.
pub(super) struct Item {
    pub(super) rank: u64,
    pub(super) name: String,
    /// A section further down tells more.
    pub(super) linked: bool,
    pub(super) class: &'static str,
    pub(super) verdict: &'static str,
    pub(super) account: String,
    pub(super) reason: String,
    pub(super) since: String,
    pub(super) failures: String,
    pub(super) hard: String,
    pub(super) action: String,
    /// What changed since the last night; empty outside of the nightly job.
    pub(super) change: String,
}

/// Up to three sentences.
pub(super) fn sentences(analysis: &Analysis, zone: Tz) -> Vec<String> {
    let mut sentences = vec![headline::counts(analysis)];
    let worst = analysis.rows.iter().find(|row| row.class == Class::Storm);
    sentences.extend(worst.map(|row| sentence::of(row, zone)));
    sentences.extend(headline::blind_servers(analysis));
    if worst.is_some_and(|row| !row.action.is_empty()) && sentences.len() < 3 {
        sentences.extend(worst.map(|row| format!("What would stop it: {}.", row.action.trim_end_matches('.'))));
    }
    sentences.iter().map(|text| terminal(text).into_owned()).collect()
}

/// Storming clients, their failures, their share of the log, the history they cost.
pub(super) fn numbers(analysis: &Analysis) -> [Number; 4] {
    let storms: Vec<&Row> = analysis.rows.iter().filter(|row| row.class == Class::Storm).collect();
    let failures: u64 = storms.iter().map(|row| row.failures).sum();
    let (log, storm) =
        analysis.servers.iter().fold((0, 0), |sum, server| (sum.0 + server.log_bytes, sum.1 + server.storm_bytes));
    let lost = analysis.servers.iter().filter_map(|server| server.history_lost_h).fold(0.0, f64::max);
    let unknown = || "not known".to_owned();
    [
        Number { value: count(storms.len() as u64), label: "storming clients" },
        Number { value: count(failures), label: "failures by storms" },
        Number {
            value: if log > 0 { percent(storm as f64 / log as f64) } else { unknown() },
            label: "of the logs' bytes by storms",
        },
        Number {
            value: if lost > 0.0 { duration(lost * 3600.0) } else { unknown() },
            label: "of history lost, at most on one server",
        },
    ]
}

/// The ranked list; rows before `linked` have a section of their own.
pub(super) fn items(analysis: &Analysis, style: &Style, linked: usize) -> Vec<Item> {
    style.rows(analysis).enumerate().map(|(at, row)| item(analysis, row, style.zone, at < linked)).collect()
}

fn item(analysis: &Analysis, row: &Row, zone: Tz, linked: bool) -> Item {
    let shown = |text: String| terminal(&text).into_owned();
    let accounts: Vec<String> =
        row.accounts.iter().map(|account| account_text(account.domain.as_deref(), &account.account)).collect();
    Item {
        rank: row.rank,
        name: shown(row.workstation.clone()),
        linked,
        class: row.class.word(),
        verdict: row.verdict.map_or("", |verdict| verdict.word()),
        account: shown(list(&accounts, 2)),
        reason: row.statuses.first().map(|(status, _)| meaning(*status)).unwrap_or_default(),
        since: row.first_failure.map(|sec| minute(sec, zone)).unwrap_or_default(),
        failures: count(row.failures),
        hard: hard(row),
        action: shown(row.action.clone()),
        change: changes::of_row(analysis, row).unwrap_or_default(),
    }
}

fn meaning(status: crate::model::status::Status) -> String {
    status.info().map_or_else(|| status.code_text(), |info| info.meaning.to_owned())
}

/// `every 62 s, 2,940 a day`.
fn hard(row: &Row) -> String {
    let mut parts = Vec::new();
    parts.extend(row.rate.period_s.map(|seconds| format!("every {}", period(seconds))));
    if row.rate.per_day > 0.0 {
        parts.push(format!("{} a day", decimal(row.rate.per_day)));
    }
    parts.join(", ")
}
