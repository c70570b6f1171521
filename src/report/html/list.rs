//! The first screen: what is wrong, in sentences and numbers, and the ranked list.

use chrono_tz::Tz;

use super::text::Text;
use crate::model::analysis::{Analysis, Row};
use crate::model::finding::Class;
use crate::model::status::Status;
use crate::report::data::cells::account_text;
use crate::report::style::Style;
use crate::report::words::{count, decimal, duration, list, minute, percent, period};
use crate::report::{changes, headline, sentence};

/// Seconds.
const DAY: i64 = 86_400;

/// One of the four numbers.
pub(super) struct Number {
    pub(super) value: String,
    pub(super) label: Text,
}

/// One row of the ranked list.
pub(super) struct Item {
    pub(super) rank: u64,
    pub(super) name: Text,
    /// A section further down tells more.
    pub(super) linked: bool,
    pub(super) class: &'static str,
    pub(super) verdict: &'static str,
    pub(super) account: Text,
    pub(super) reason: Text,
    pub(super) since: String,
    pub(super) failures: String,
    pub(super) hard: String,
    /// Failures a day, what `hard` is sorted by.
    pub(super) per_day: u64,
    pub(super) action: Text,
    /// What changed since the last night; empty outside of the nightly job.
    pub(super) change: String,
}

/// Up to three sentences: how many, the worst of them, what to do about it.
pub(super) fn sentences(analysis: &Analysis, zone: Tz) -> Vec<Text> {
    let mut sentences = vec![headline::counts(analysis)];
    let worst = analysis.rows.iter().find(|row| row.class == Class::Storm);
    sentences.extend(worst.map(|row| sentence::of(row, zone)));
    let action = worst.map_or("", |row| row.action.trim_end_matches('.'));
    if !action.is_empty() {
        sentences.push(format!("What would stop it: {action}."));
    }
    sentences.iter().map(|text| Text::prose(text)).collect()
}

/// Storming clients, their failures, their share of the log, the history they cost.
pub(super) fn numbers(analysis: &Analysis) -> [Number; 4] {
    let storms: Vec<&Row> = analysis.rows.iter().filter(|row| row.class == Class::Storm).collect();
    let failures: u64 = storms.iter().map(|row| row.failures).sum();
    let (log, storm) = analysis
        .servers
        .iter()
        .fold((0, 0), |sum, server| (sum.0 + server.log_bytes, sum.1 + server.storm_bytes.min(server.log_bytes)));
    let lost = analysis.servers.iter().filter_map(|server| Some((server.history_lost_h?, &server.server)));
    let lost = lost.filter(|(hours, _)| *hours > 0.0).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
    let unknown = || "not known".to_owned();
    let number = |value: String, label: &str| Number { value, label: Text::prose(label) };
    [
        number(count(storms.len() as u64), if storms.len() == 1 { "storming client" } else { "storming clients" }),
        number(count(failures), &format!("failures by storms, of {}", count(analysis.inputs.failures))),
        number(if log > 0 { percent(storm as f64 / log as f64) } else { unknown() }, "of the logs' bytes are storms"),
        match lost {
            Some((hours, server)) => number(duration(hours * 3600.0), &format!("of history lost on {server}")),
            None if storms.is_empty() => number("none".to_owned(), "of the history is lost"),
            None => number(unknown(), "how much history is lost"),
        },
    ]
}

/// The ranked list; rows before `linked` have a section of their own.
pub(super) fn items(analysis: &Analysis, style: &Style, linked: usize) -> Vec<Item> {
    style.rows(analysis).enumerate().map(|(at, row)| item(analysis, row, style.zone, at < linked)).collect()
}

fn item(analysis: &Analysis, row: &Row, zone: Tz, linked: bool) -> Item {
    let accounts: Vec<String> =
        row.accounts.iter().map(|account| account_text(account.domain.as_deref(), &account.account)).collect();
    let before = if sentence::began_before_the_log(row) { "before " } else { "" };
    Item {
        rank: row.rank,
        name: Text::name(&row.workstation),
        linked,
        class: row.class.word(),
        verdict: row.verdict.map_or("", |verdict| verdict.word()),
        account: Text::prose(&list(&accounts, 2)),
        reason: Text::prose(&row.statuses.first().map(|(status, _)| meaning(*status)).unwrap_or_default()),
        since: row.first_failure.map(|sec| format!("{before}{}", minute(sec, zone))).unwrap_or_default(),
        failures: count(row.failures),
        hard: hard(row),
        per_day: row.rate.per_day.clamp(0.0, 1e15).round() as u64,
        action: Text::prose(&row.action),
        change: changes::of_row(analysis, row).unwrap_or_default(),
    }
}

fn meaning(status: Status) -> String {
    status.info().map_or_else(|| status.code_text(), |info| info.meaning.to_owned())
}

/// `every 62 s, 2,940 a day`; of what lasted for less than a day no rate of a day is told: `80 in 7 min`.
fn hard(row: &Row) -> String {
    let mut parts = Vec::new();
    parts.extend(row.rate.period_s.map(|seconds| format!("every {}", period(seconds))));
    let lasted = row.last_failure.zip(row.first_failure).map_or(0, |(last, first)| last.saturating_sub(first));
    if lasted >= DAY {
        parts.push(format!("{} a day", decimal(row.rate.per_day)));
    } else if lasted > 0 {
        // Whole minutes, once there are some: the column is narrow.
        let shown = if lasted < 120 { lasted } else { (lasted + 30) / 60 * 60 };
        parts.push(format!("{} in {}", count(row.failures), duration(shown as f64)));
    }
    parts.join(", ")
}
