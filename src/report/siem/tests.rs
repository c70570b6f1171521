//! Names and values of both schemas, against the published lists.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{ecs, ocsf};
use crate::report::output::Output;
use crate::report::style::Style;
use crate::report::tests::sample::{ATTACKS, empty, fleet, hostile};
use crate::report::tests::written;

/// Fields of the ECS field reference that we use.
const ECS: &[&str] = &[
    "@timestamp",
    "message",
    "ecs.version",
    "event.action",
    "event.category",
    "event.code",
    "event.dataset",
    "event.duration",
    "event.end",
    "event.id",
    "event.kind",
    "event.module",
    "event.outcome",
    "event.reason",
    "event.severity",
    "event.start",
    "event.type",
    "host.name",
    "observer.product",
    "observer.version",
    "related.hosts",
    "related.ip",
    "related.user",
    "rule.id",
    "rule.name",
    "rule.ruleset",
    "rule.version",
    "source.address",
    "source.domain",
    "source.ip",
    "user.domain",
    "user.name",
];

/// Attributes of OCSF's detection_finding, metadata, product, finding_info, analytic, evidences,
/// network_endpoint, user and remediation that we use.
const OCSF: &[&str] = &[
    "activity_id",
    "activity_name",
    "category_name",
    "category_uid",
    "class_name",
    "class_uid",
    "confidence",
    "confidence_id",
    "count",
    "end_time",
    "evidences.dst_endpoint.name",
    "evidences.src_endpoint.ip",
    "evidences.src_endpoint.name",
    "evidences.user.domain",
    "evidences.user.name",
    "finding_info.analytic.name",
    "finding_info.analytic.type",
    "finding_info.analytic.type_id",
    "finding_info.analytic.uid",
    "finding_info.analytic.version",
    "finding_info.desc",
    "finding_info.first_seen_time",
    "finding_info.last_seen_time",
    "finding_info.title",
    "finding_info.types",
    "finding_info.uid",
    "is_alert",
    "message",
    "metadata.product.name",
    "metadata.product.vendor_name",
    "metadata.product.version",
    "metadata.version",
    "remediation.desc",
    "severity",
    "severity_id",
    "start_time",
    "status",
    "status_id",
    "time",
    "type_name",
    "type_uid",
];

fn lines(output: &Output, style: &Style) -> Vec<Value> {
    written(output, &fleet(), style).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The names of all values, with dots, without what stands below a name of our own.
fn names(value: &Value, prefix: &str, own: &str, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map.iter().filter(|(name, _)| *name != own) {
                let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                names(value, &path, own, out);
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) => {
            list.iter().for_each(|value| names(value, prefix, own, out));
        }
        Value::Null => panic!("{prefix} is null: a field without a value is left out"),
        _ => drop(out.insert(prefix.to_owned())),
    }
}

#[track_caller]
fn check_names(output: &Output, own: &str, published: &[&str]) {
    let mut used = BTreeSet::new();
    lines(output, &Style { all: true, ..Style::default() }).iter().for_each(|line| names(line, "", own, &mut used));
    let published: BTreeSet<String> = published.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(used, published);
}

#[test]
fn every_field_is_a_published_one() {
    check_names(&ecs::OUTPUT, "logonstorm", ECS);
    check_names(&ocsf::OUTPUT, "unmapped", OCSF);
}

#[test]
fn a_storm_in_ecs() {
    let lines = lines(&ecs::OUTPUT, &Style::default());
    assert_eq!(lines.len(), 4, "the row without a failure is left out");
    let storm = &lines[0];
    assert_eq!(storm["@timestamp"], "2001-03-14T23:59:20Z");
    let event = &storm["event"];
    assert_eq!(
        json!([event["kind"], event["category"], event["type"], event["outcome"], event["action"], event["code"]]),
        json!(["alert", ["authentication"], ["start"], "failure", "storm", "681"])
    );
    assert_eq!(json!([event["start"], event["duration"]]), json!(["2001-03-12T08:54:05Z", 227_115_000_000_000_i64]));
    assert_eq!(storm["source"], json!({"address": "WS042", "domain": "WS042"}));
    assert_eq!(storm["user"], json!({"name": "user4", "domain": "CORP"}));
    assert_eq!(storm["related"], json!({"hosts": ["DC01", "WS042"], "ip": [], "user": ["user4"]}));
    assert_eq!(storm["logonstorm"]["match"]["matched"], 523, "nothing of the row is lost");
    assert_eq!(lines[1]["source"], json!({"address": "10.20.30.40", "ip": "10.20.30.40"}));
    assert_eq!(lines[2].get("user"), None, "a spray has no one user");
    assert_eq!(lines[3].get("source"), None, "random names are no source");
}

#[test]
fn a_storm_in_ocsf() {
    let lines = lines(&ocsf::OUTPUT, &Style::default());
    let storm = &lines[0];
    assert_eq!(
        json!([storm["class_uid"], storm["category_uid"], storm["activity_id"], storm["type_uid"]]),
        json!([2004, 2, 1, 200_401])
    );
    for line in &lines {
        let number = |name: &str| line[name].as_u64().expect("a number");
        assert_eq!(number("type_uid"), number("class_uid") * 100 + number("activity_id"));
        assert_eq!(number("class_uid"), number("category_uid") * 1000 + 4);
        assert_eq!(line["time"], line["end_time"], "never newer than what it tells of");
        let caption = |id: &str, captions: &[&str]| captions[line[id].as_u64().expect("a number") as usize].to_owned();
        let severities = ["Unknown", "Informational", "Low", "Medium", "High", "Critical", "Fatal"];
        assert_eq!(line["severity"], caption("severity_id", &severities));
        assert_eq!(line["confidence"], caption("confidence_id", &["Unknown", "Low", "Medium", "High"]));
    }
    assert_eq!(storm["time"], 984_614_360_000_i64);
    assert_eq!(storm["evidences"][0]["src_endpoint"], json!({"name": "WS042"}));
    assert_eq!(storm["evidences"][0]["dst_endpoint"], json!({"name": "DC01"}));
    assert!(storm["remediation"]["desc"].as_str().is_some_and(|text| text.contains("SP4")));
}

/// What OCSF's schema marks as required in detection_finding, base_event, metadata, finding_info and
/// analytic; of an evidence it wants at least one of the parts that we know.
const REQUIRED: &[&str] = &[
    "/activity_id",
    "/category_uid",
    "/class_uid",
    "/finding_info/analytic/type_id",
    "/finding_info/uid",
    "/metadata/product",
    "/metadata/version",
    "/severity_id",
    "/time",
    "/type_uid",
];

#[test]
fn every_finding_has_what_ocsf_requires() {
    for analysis in [fleet(), hostile()] {
        let text = written(&ocsf::OUTPUT, &analysis, &Style { all: true, ..Style::default() });
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).expect("JSON");
            for required in REQUIRED {
                assert!(line.pointer(required).is_some_and(|value| !value.is_null()), "{required} in {line}");
            }
            let evidences = line["evidences"].as_array().expect("a list");
            assert!(!evidences.is_empty());
            for evidence in evidences {
                assert!(["src_endpoint", "dst_endpoint", "user"].iter().any(|part| evidence.get(part).is_some()));
            }
        }
    }
}

#[test]
fn identity_of_a_finding_outlives_its_end() {
    let uid = |analysis: &crate::model::analysis::Analysis| {
        let text = written(&ocsf::OUTPUT, analysis, &Style::default());
        let line: Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
        line["finding_info"]["uid"].as_str().expect("text").to_owned()
    };
    let mut later = fleet();
    later.rows[0].last_failure = later.rows[0].last_failure.map(|last| last + 86_400);
    later.rows[0].failures += 4000;
    later.rows[0].servers.insert(0, "DC02".to_owned());
    assert_eq!(uid(&fleet()), uid(&later), "also when it fails on another server more often by now");
    assert_eq!(uid(&fleet()).len(), 32);
    later.rows[0].first_failure = Some(0);
    assert_ne!(uid(&fleet()), uid(&later));
}

#[test]
fn hostile_names_are_values_and_nothing_else() {
    for output in [&ecs::OUTPUT, &ocsf::OUTPUT] {
        let text = written(output, &hostile(), &Style::default());
        assert_eq!(text.lines().count(), ATTACKS.len() + 1);
        for (line, name) in text.lines().zip(ATTACKS) {
            assert!(line.contains(&format!("\"workstation\":{}", safe(name))), "{name:?}");
        }
        assert_eq!(written(output, &empty(), &Style::default()), "");
    }
}

fn safe(name: &str) -> String {
    let mut bytes = Vec::new();
    crate::escape::json::compact(&name, &mut bytes).expect("a Vec takes everything");
    String::from_utf8(bytes).expect("UTF-8")
}
