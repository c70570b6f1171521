//! Elastic Common Schema 9.0: one alert per line.
//!
//! Names and allowed values: the ECS field reference. The row of the JSON report stands below
//! `logonstorm`, a name of our own as ECS asks for.

use std::io::{self, Write};
use std::net::IpAddr;

use serde::Serialize;

use super::finding::{Finding, findings};
use crate::escape::json::compact;
use crate::model::analysis::Analysis;
use crate::model::detail::Detail;
use crate::model::finding::Class;
use crate::model::time::rfc3339;
use crate::report::data::row::RowData;
use crate::report::output::Output;
use crate::report::style::Style;

/// Findings in ECS.
pub const OUTPUT: Output = Output {
    name: "ecs",
    extension: "",
    summary: "JSON lines in the Elastic Common Schema, one finding per line",
    is_text: true,
    detail: Detail::Evidence,
    write,
};

/// Nanoseconds in a second: the unit of `event.duration`.
const NANOS: i64 = 1_000_000_000;

#[derive(Serialize)]
struct Alert<'a> {
    #[serde(rename = "@timestamp")]
    timestamp: String,
    message: String,
    ecs: Version<'static>,
    event: Event<'a>,
    rule: Rule,
    observer: Observer,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<Host<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User<'a>>,
    related: Related<'a>,
    logonstorm: RowData<'a>,
}

#[derive(Serialize)]
struct Version<'a> {
    version: &'a str,
}

#[derive(Serialize)]
struct Event<'a> {
    id: String,
    kind: &'static str,
    category: [&'static str; 1],
    r#type: [&'static str; 1],
    outcome: &'static str,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    start: String,
    end: String,
    duration: i64,
    severity: u8,
    module: &'static str,
    dataset: &'static str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Rule {
    id: &'static str,
    name: &'static str,
    version: &'static str,
    ruleset: &'static str,
}

#[derive(Serialize)]
struct Observer {
    product: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Source<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
}

#[derive(Serialize)]
struct Host<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
}

#[derive(Serialize)]
struct Related<'a> {
    hosts: Vec<&'a str>,
    ip: Vec<IpAddr>,
    user: Vec<&'a str>,
}

fn write(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for finding in findings(analysis, style) {
        compact(&alert(&finding, analysis), out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn alert<'a>(finding: &'a Finding<'a>, analysis: &'a Analysis) -> Alert<'a> {
    let row = finding.row;
    let version = env!("CARGO_PKG_VERSION");
    Alert {
        timestamp: rfc3339(finding.last),
        message: finding.sentence(),
        ecs: Version { version: "9.0.0" },
        event: event(finding),
        rule: Rule { id: row.class.word(), name: finding.title(), version, ruleset: "logonstorm" },
        observer: Observer { product: "logonstorm", version },
        source: source(finding),
        host: row.servers.first().map(|name| Host { name }),
        user: finding.only_account().map(|only| User { name: &only.account, domain: only.domain.as_deref() }),
        related: Related {
            hosts: row.servers.iter().map(String::as_str).chain(finding.name()).collect(),
            ip: finding.addresses(),
            user: row.accounts.iter().map(|one| one.account.as_str()).filter(|name| !name.is_empty()).collect(),
        },
        logonstorm: RowData::of(row).since(analysis),
    }
}

fn event<'a>(finding: &'a Finding<'a>) -> Event<'a> {
    let row = finding.row;
    let is_alert = !matches!(row.class, Class::Unclassified | Class::Human);
    Event {
        id: finding.uid(),
        kind: if is_alert { "alert" } else { "event" },
        category: ["authentication"],
        r#type: ["start"],
        outcome: "failure",
        action: row.class.word(),
        code: row.event_ids.first().filter(|(id, _)| *id != 0).map(|(id, _)| id.to_string()),
        start: rfc3339(finding.first),
        end: rfc3339(finding.last),
        duration: finding.last.saturating_sub(finding.first).saturating_mul(NANOS),
        severity: finding.severity().0,
        module: "logonstorm",
        dataset: "logonstorm.finding",
        reason: row.reasons.first().map_or("", String::as_str),
    }
}

/// `None` where nothing is known of the client.
fn source<'a>(finding: &'a Finding<'a>) -> Option<Source<'a>> {
    let (domain, ip) = (finding.name(), finding.addresses().first().copied());
    let address = domain.map(str::to_owned).or_else(|| ip.map(|ip| ip.to_string()));
    address.is_some().then_some(Source { address, ip, domain })
}
