//! The ground truth of a fleet, `truth.json`.

use serde::{Deserialize, Serialize};

/// First key of `truth.json`, by which it is recognised.
pub const TRUTH_SCHEMA: &str = "logonstorm.truth/1";

/// Everything that was put into a fleet, and what of it can be found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// Always [`TRUTH_SCHEMA`].
    pub schema: String,
    /// The seed.
    pub seed: u64,
    /// Name of the scenario.
    pub scenario: String,
    /// Start of the span, RFC 3339.
    pub start: String,
    /// End of the span, RFC 3339.
    pub end: String,
    /// The servers and their clocks.
    pub servers: Vec<ServerTruth>,
    /// The entities, in the order they were made.
    pub entities: Vec<EntityTruth>,
}

/// A server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServerTruth {
    /// Its name as logged.
    pub name: String,
    /// Seconds its clock is ahead of true time.
    pub clock_offset_s: f64,
    /// Events in its log, after loss, each counted once.
    pub events: u64,
    /// What happened to its log, in words; most often nothing.
    pub damage: Vec<String>,
}

/// One thing that happens: a loop, a person, a spray.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntityTruth {
    /// Kind of entity, as `sms-storm` or `human`.
    pub class: String,
    /// What a report should say: `storm`, `human`, `spray` or `scanner`.
    pub expect: String,
    /// Workstation names or addresses as reports print them.
    pub workstations: Vec<String>,
    /// Accounts; at most the first eight.
    pub accounts: Vec<String>,
    /// Servers whose logs hold the failures.
    pub servers: Vec<String>,
    /// Surviving failures over all servers.
    pub n: u64,
    /// Failures before loss.
    pub attempts: u64,
    /// First and last surviving failure on true time, RFC 3339 with milliseconds; `None` without one.
    pub onset: Option<String>,
    /// See `onset`.
    pub last: Option<String>,
    /// The client's own log; `None` where none was collected.
    pub client: Option<ClientTruth>,
}

/// A client log, and whether it tells of the failures of its workstation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientTruth {
    /// The workstation it was collected from.
    pub workstation: String,
    /// Metering server named in its lines.
    pub metering_server: String,
    /// Attempts whose lines are in the log, after loss and rotation.
    pub ticks: u64,
    /// Of these, the ones whose true time lies within 20 s of a surviving failure of the workstation.
    pub common_lines: u64,
    /// The log's loop is the one that makes the failures.
    pub same_loop: bool,
    /// `same_loop`, at least 6 common lines, and lines with stamps.
    pub expect_confirmed: bool,
    /// Client clock minus true time at the start of the span, in seconds.
    pub clock_offset_s: f64,
    /// Drift of the client's clock.
    pub drift_ppm: f64,
    /// Size of the client's clock step in seconds; 0 for none.
    pub step_s: f64,
    /// When the clock was set, RFC 3339; `None` for never.
    pub step_at: Option<String>,
    /// True client clock minus true time at the middle between first and last common line; `None`
    /// without common lines.
    pub clock_offset_mid_s: Option<f64>,
    /// What is unusual about the log, in words; `None` for nothing.
    pub damage: Option<String>,
}

impl Truth {
    /// The text of `truth.json`.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}
