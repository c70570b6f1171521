//! The rate rule of a storm as Sigma rules, for those who want an alarm in their own system.
//!
//! Sigma correlation rules 2.0: two base rules and, for each, one `event_count` over the workstation.
//! Two and not one, because the two events name the workstation in different fields, and because one
//! attempt may make both. A static window has neither period nor clock: it misses slow storms.

use crate::model::config::{Param, Thresholds};

/// The window of the rate rule, in the words of Sigma: 3,600 s.
const WINDOW: &str = "1h";

/// One event that names a workstation.
struct Base {
    event_id: u16,
    name: &'static str,
    title: &'static str,
    /// Field with the workstation's name.
    field: &'static str,
    /// Extra line of the selection; empty for none.
    failed: &'static str,
    /// Identity of the base rule and of its correlation.
    ids: [&'static str; 2],
}

const BASES: [Base; 2] = [
    Base {
        event_id: 4625,
        name: "logonstorm_failed_logon",
        title: "Failed logon that names its workstation",
        field: "WorkstationName",
        failed: "",
        ids: ["5f0a3c1e-6d0b-4a3e-9b57-1a7de2c84f11", "8c2f6b90-4e57-4f0d-8a3b-2d1c95e07b22"],
    },
    Base {
        event_id: 4776,
        name: "logonstorm_failed_validation",
        title: "Failed credential validation that names its workstation",
        field: "Workstation",
        failed: "  success:\n    Status: '0x0'\n",
        ids: ["b47d19e2-93c8-4d66-8e0f-7f5b30a1cd33", "e19a5d73-0b2c-47f1-a6d8-64c7f2b9ae44"],
    },
];

/// All rules as one YAML stream.
pub fn rules(thresholds: &Thresholds) -> String {
    let parts: Vec<String> = BASES.iter().flat_map(|base| [single(base), correlation(base, thresholds)]).collect();
    parts.join("---\n")
}

fn single(base: &Base) -> String {
    let Base { event_id, name, title, field, failed, ids } = base;
    let condition =
        if failed.is_empty() { "selection and not nameless" } else { "selection and not (nameless or success)" };
    format!(
        "\
title: {title}
id: {}
name: {name}
status: experimental
description: Base rule for a correlation; no finding by itself.
logsource:
  product: windows
  service: security
detection:
  selection:
    EventID: {event_id}
  nameless:
    {field}:
      - ''
      - '-'
{failed}  condition: {condition}
level: informational
",
        ids[0]
    )
}

fn correlation(base: &Base, thresholds: &Thresholds) -> String {
    let Base { event_id, name, field, ids, .. } = base;
    let rate = thresholds[Param::StormRate].ceil().max(1.0) as u64;
    format!(
        "\
title: Logon storm from one workstation ({event_id})
id: {}
status: experimental
description: At least {rate} failed logons of one workstation on one server within an hour.
correlation:
  type: event_count
  rules:
    - {name}
  group-by:
    - Computer
    - {field}
  timespan: {WINDOW}
  condition:
    gte: {rate}
falsepositives:
  - A terminal server that many people log on from
level: medium
",
        ids[1]
    )
}
