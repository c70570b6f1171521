//! Open Cybersecurity Schema Framework 1.8: one Detection Finding (class 2004) per line.
//!
//! Names and numbers: the schema's `detection_finding`, `finding_info` and `evidences`. The row of the
//! JSON report stands in `unmapped`, where the schema puts what it has no word for.

use std::io::{self, Write};
use std::net::IpAddr;

use serde::Serialize;

use super::finding::{Finding, findings};
use crate::escape::json::compact;
use crate::model::analysis::{AccountCount, Analysis};
use crate::model::detail::Detail;
use crate::model::finding::Class;
use crate::report::data::row::RowData;
use crate::report::output::Output;
use crate::report::style::Style;

/// Findings in OCSF.
pub const OUTPUT: Output = Output {
    name: "ocsf",
    extension: "",
    summary: "JSON lines in OCSF, one Detection Finding (2004) per line",
    is_text: true,
    detail: Detail::Evidence,
    write,
};

/// Accounts that have an evidence of their own; `unmapped` holds all.
const EVIDENCES: usize = 20;

#[derive(Serialize)]
struct DetectionFinding<'a> {
    activity_id: u8,
    activity_name: &'static str,
    category_uid: u8,
    category_name: &'static str,
    class_uid: u16,
    class_name: &'static str,
    type_uid: u32,
    type_name: &'static str,
    /// The last failure: a finding is never newer than what it tells of, and the same logs give the
    /// same bytes.
    time: i64,
    start_time: i64,
    end_time: i64,
    severity_id: u8,
    severity: &'static str,
    status_id: u8,
    status: &'static str,
    confidence_id: u8,
    confidence: &'static str,
    is_alert: bool,
    count: u64,
    message: String,
    metadata: Metadata,
    finding_info: FindingInfo<'a>,
    evidences: Vec<Evidence<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<Remediation<'a>>,
    unmapped: RowData<'a>,
}

#[derive(Serialize)]
struct Metadata {
    version: &'static str,
    product: Product,
}

#[derive(Serialize)]
struct Product {
    name: &'static str,
    vendor_name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct FindingInfo<'a> {
    uid: String,
    title: String,
    desc: String,
    types: [&'static str; 1],
    first_seen_time: i64,
    last_seen_time: i64,
    analytic: Analytic<'a>,
}

#[derive(Serialize)]
struct Analytic<'a> {
    type_id: u8,
    r#type: &'static str,
    uid: &'a str,
    name: &'a str,
    version: &'static str,
}

#[derive(Serialize)]
struct Evidence<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    src_endpoint: Option<Endpoint<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dst_endpoint: Option<Endpoint<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User<'a>>,
}

#[derive(Serialize)]
struct Endpoint<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<IpAddr>,
}

#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
}

#[derive(Serialize)]
struct Remediation<'a> {
    desc: &'a str,
}

fn write(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for finding in findings(analysis, style) {
        compact(&detection(&finding, analysis), out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn millis(sec: i64) -> i64 {
    sec.saturating_mul(1000)
}

fn detection<'a>(finding: &'a Finding<'a>, analysis: &'a Analysis) -> DetectionFinding<'a> {
    let row = finding.row;
    let (severity_id, severity) = finding.severity();
    let (confidence_id, confidence) = finding.confidence();
    let version = env!("CARGO_PKG_VERSION");
    DetectionFinding {
        activity_id: 1,
        activity_name: "Create",
        category_uid: 2,
        category_name: "Findings",
        class_uid: 2004,
        class_name: "Detection Finding",
        type_uid: 200_401,
        type_name: "Detection Finding: Create",
        time: millis(finding.last),
        start_time: millis(finding.first),
        end_time: millis(finding.last),
        severity_id,
        severity,
        status_id: 1,
        status: "New",
        confidence_id,
        confidence,
        is_alert: !matches!(row.class, Class::Unclassified | Class::Human),
        count: row.failures,
        message: finding.sentence(),
        metadata: Metadata {
            version: "1.8.0",
            product: Product { name: "logonstorm", vendor_name: "logonstorm", version },
        },
        finding_info: FindingInfo {
            uid: finding.uid(),
            title: format!("{}: {}", finding.title(), row.workstation),
            desc: row.reasons.join("; "),
            types: [row.class.word()],
            first_seen_time: millis(finding.first),
            last_seen_time: millis(finding.last),
            analytic: Analytic { type_id: 1, r#type: "Rule", uid: row.class.word(), name: finding.title(), version },
        },
        evidences: evidences(finding),
        remediation: (!row.action.is_empty()).then_some(Remediation { desc: &row.action }),
        unmapped: RowData::of(row).since(analysis),
    }
}

/// Each account's logons, from the client to the server; never empty.
fn evidences<'a>(finding: &'a Finding<'a>) -> Vec<Evidence<'a>> {
    let accounts = finding.row.accounts.iter().take(EVIDENCES).map(Some);
    let nobody = finding.row.accounts.is_empty().then_some(None);
    accounts.chain(nobody).map(|account| evidence(finding, account)).collect()
}

fn evidence<'a>(finding: &'a Finding<'a>, account: Option<&'a AccountCount>) -> Evidence<'a> {
    let (name, ip) = (finding.name(), finding.addresses().first().copied());
    Evidence {
        src_endpoint: (name.is_some() || ip.is_some()).then_some(Endpoint { name, ip }),
        dst_endpoint: finding.row.servers.first().map(|name| Endpoint { name: Some(name), ip: None }),
        user: account
            .filter(|account| !account.account.is_empty())
            .map(|account| User { name: &account.account, domain: account.domain.as_deref() }),
    }
}
