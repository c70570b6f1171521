//! One workstation as JSON and CSV know it.

use serde::Serialize;

use super::round::{share, tenth};
use crate::model::analysis::{Analysis, ClientSummary, Cost, MatchSummary, Rate, Row};
use crate::model::time::{Ticks, rfc3339};

/// One element of `workstations`.
#[derive(Debug, Serialize)]
pub struct RowData<'a> {
    /// From 1.
    pub rank: u64,
    /// Canonical name.
    pub workstation: &'a str,
    raw_names: &'a [String],
    /// The class's word.
    pub class: &'static str,
    /// The verdict's word.
    pub verdict: Option<&'static str>,
    /// Failures.
    pub failures: u64,
    first_failure: Option<String>,
    last_failure: Option<String>,
    /// Still running.
    pub ongoing: bool,
    /// Most failures first.
    pub accounts: Vec<AccountData<'a>>,
    /// Most failures first.
    pub statuses: Vec<StatusData>,
    /// Most events first.
    pub event_ids: Vec<EventIdData>,
    /// Servers.
    pub servers: &'a [String],
    /// How hard.
    pub rate: RateData,
    /// The client's log.
    pub client: Option<ClientData<'a>>,
    /// The comparison.
    #[serde(rename = "match")]
    pub matched: Option<MatchData>,
    /// What it costs.
    pub cost: CostData,
    /// Why.
    pub reasons: &'a [String],
    /// What would stop it.
    pub action: &'a str,
    /// Only in nightly reports: what changed since the last night, null for a row that is not listed.
    #[serde(flatten)]
    pub change: Option<ChangeData<'a>>,
}

/// What changed since the last night.
#[derive(Debug, Serialize)]
pub struct ChangeData<'a> {
    /// What the workstation is known by over the nights: 16 hex digits.
    pub id: Option<&'a str>,
    /// `new`, `ongoing`, `ended`, `quiet`.
    pub since_last_run: Option<&'static str>,
    /// Failures that the last night did not know of.
    pub new_failures: u64,
}

/// One account.
#[derive(Debug, Serialize)]
pub struct AccountData<'a> {
    /// As logged.
    pub account: &'a str,
    /// As logged.
    pub domain: Option<&'a str>,
    failures: u64,
}

/// One reason status; nulls stand for events without one.
#[derive(Debug, Serialize)]
pub struct StatusData {
    /// `0xC0000072`, Kerberos `0x12`.
    pub code: Option<String>,
    name: Option<&'static str>,
    failures: u64,
}

/// One event id.
#[derive(Debug, Serialize)]
pub struct EventIdData {
    /// 0 stands for lines of a netlogon.log.
    pub id: u16,
    events: u64,
}

/// How hard.
#[derive(Debug, Serialize)]
pub struct RateData {
    /// Failures per day while active.
    pub per_day: Option<f64>,
    /// Most failures within an hour.
    pub peak_per_hour: u64,
    bursts: u64,
    /// Dominant period.
    pub period_s: Option<f64>,
    regular_share: Option<f64>,
}

/// The client's log.
#[derive(Debug, Serialize)]
pub struct ClientData<'a> {
    /// Paths.
    pub logs: &'a [String],
    attributed_by: Option<&'static str>,
    /// Attempts.
    pub attempts: u64,
    first: Option<String>,
    last: Option<String>,
    dated: bool,
    /// Servers named in the log.
    pub metering_servers: &'a [String],
}

/// The comparison of the two sides; nulls where it was made by counts only.
#[derive(Debug, Serialize)]
pub struct MatchData {
    /// Pairs.
    pub matched: Option<usize>,
    of_client: u64,
    of_server: u64,
    /// Client minus server.
    pub clock_offset_s: Option<f64>,
    /// Drift.
    pub drift_ppm: Option<f64>,
    ambiguous_by_s: Option<f64>,
    /// Coincidence factor.
    pub score: Option<f64>,
    shuffled_best: Option<usize>,
    shuffles: Option<usize>,
    other_workstations_best: Option<usize>,
}

/// What it costs.
#[derive(Debug, Serialize)]
pub struct CostData {
    /// Of all failures.
    pub share_of_failures: Option<f64>,
    share_of_log_bytes: Option<f64>,
    /// Of the counted events.
    pub bytes: u64,
    /// Of history.
    pub history_lost_h: Option<f64>,
}

impl<'a> RowData<'a> {
    /// The twin of a row.
    pub fn of(row: &'a Row) -> Self {
        Self {
            rank: row.rank,
            workstation: &row.workstation,
            raw_names: &row.raw_names,
            class: row.class.word(),
            verdict: row.verdict.map(|verdict| verdict.word()),
            failures: row.failures,
            first_failure: row.first_failure.map(rfc3339),
            last_failure: row.last_failure.map(rfc3339),
            ongoing: row.ongoing,
            accounts: accounts(row),
            statuses: row
                .statuses
                .iter()
                .map(|(status, failures)| StatusData {
                    code: Some(status.code_text()).filter(|code| !code.is_empty()),
                    name: Some(status.name()).filter(|name| !name.is_empty()),
                    failures: *failures,
                })
                .collect(),
            event_ids: row.event_ids.iter().map(|(id, events)| EventIdData { id: *id, events: *events }).collect(),
            servers: &row.servers,
            rate: RateData::of(&row.rate),
            client: row.client.as_ref().map(ClientData::of),
            matched: row.matched.as_ref().map(MatchData::of),
            cost: CostData::of(&row.cost),
            reasons: &row.reasons,
            action: &row.action,
            change: None,
        }
    }

    /// The same with what changed since the last night, where that is known.
    pub fn since(mut self, analysis: &'a Analysis) -> Self {
        self.change = analysis.changes.as_ref().map(|changes| {
            let change = changes.rows.get(self.workstation).copied().unwrap_or_default();
            let id = changes.ids.get(self.workstation).map(String::as_str);
            ChangeData { id, since_last_run: change.since, new_failures: change.new_failures }
        });
        self
    }
}

fn accounts(row: &Row) -> Vec<AccountData<'_>> {
    row.accounts
        .iter()
        .map(|account| AccountData {
            account: &account.account,
            domain: account.domain.as_deref(),
            failures: account.failures,
        })
        .collect()
}

impl RateData {
    fn of(rate: &Rate) -> Self {
        Self {
            per_day: tenth(rate.per_day),
            peak_per_hour: rate.peak_per_hour,
            bursts: rate.bursts,
            period_s: rate.period_s.and_then(tenth),
            regular_share: rate.regular_share.and_then(share),
        }
    }
}

impl<'a> ClientData<'a> {
    fn of(client: &'a ClientSummary) -> Self {
        Self {
            logs: &client.logs,
            attributed_by: client.attributed_by.map(|rule| rule.word()),
            attempts: client.attempts,
            first: client.first_ms.map(client_time),
            last: client.last_ms.map(client_time),
            dated: client.dated,
            metering_servers: &client.metering_servers,
        }
    }
}

/// ISO 8601 with milliseconds and without a zone letter: the client's own clock.
pub fn client_time(ms: i64) -> String {
    let text = Ticks(ms.saturating_mul(10_000)).rfc3339(3);
    text.trim_end_matches('Z').to_owned()
}

impl MatchData {
    fn of(matched: &MatchSummary) -> Self {
        let found = matched.found.as_deref();
        Self {
            matched: found.map(|found| found.matched),
            of_client: found.map_or(matched.of_client, |found| found.of_client as u64),
            of_server: found.map_or(matched.of_server, |found| found.of_server as u64),
            clock_offset_s: matched.clock_offset_s.and_then(tenth),
            drift_ppm: found.and_then(|found| tenth(found.clock.rho * 1e6)),
            ambiguous_by_s: found.and_then(|found| found.ambiguous_by).and_then(tenth),
            score: found.and_then(|found| share(found.g)),
            shuffled_best: found.map(|found| found.shuffled_best),
            shuffles: found.map(|found| found.shuffles),
            other_workstations_best: found.and_then(|found| found.decoy_best),
        }
    }
}

impl CostData {
    fn of(cost: &Cost) -> Self {
        Self {
            share_of_failures: share(cost.share_of_failures),
            share_of_log_bytes: cost.share_of_log_bytes.and_then(share),
            bytes: cost.bytes,
            history_lost_h: cost.history_lost_h.and_then(tenth),
        }
    }
}
