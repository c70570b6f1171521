//! The Sigma rules, read by PyYAML and by pySigma: valid YAML, and rules that refer to each other.

use std::process::Command;

use logonstorm::model::config::{Param, Thresholds};
use serde_json::{Value, json};

fn rules() -> String {
    let mut command = assert_cmd::Command::cargo_bin("logonstorm").expect("the binary is built with the tests");
    let output = command.args(["thresholds", "--sigma"]).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What a Python module makes of the rules, as JSON; `None`, said aloud, where it is not installed.
fn judged(module: &str, script: &str) -> Option<Value> {
    let import = format!("import {module}");
    if !Command::new("python3").args(["-c", &import]).output().is_ok_and(|out| out.status.success()) {
        assert!(std::env::var_os("LOGONSTORM_REQUIRE_READERS").is_none_or(|v| v != "1"), "{module} not found");
        eprintln!("skipped: {module} not found");
        return None;
    }
    let out = Command::new("python3").args(["-c", script, &rules()]).output().expect("python runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(serde_json::from_slice(&out.stdout).expect("JSON"))
}

#[test]
fn rules_follow_the_thresholds_in_use() {
    let told = |args: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("logonstorm").expect("the binary is built with the tests");
        let output = command.args([&["thresholds", "--threshold", "storm_rate=90"], args].concat()).output();
        String::from_utf8(output.expect("the binary runs").stdout).expect("UTF-8")
    };
    assert_eq!(told(&["--sigma"]).matches("gte: 90").count(), 2);
    assert!(told(&[]).contains("storm_rate = 90 (default 60)"), "{}", told(&[]));
    assert_eq!(rules().matches("gte: 60").count(), 2);
}

#[test]
fn pysigma_finds_no_error_and_knows_which_rule_counts_which() {
    let script = "
import json, sys
from sigma.collection import SigmaCollection
rules = SigmaCollection.from_yaml(sys.argv[1])
rules.resolve_rule_references()
kinds = [type(rule).__name__ for rule in rules.rules]
counted = [ref.rule.name for rule in rules.rules if hasattr(rule, 'timespan') for ref in rule.rules]
json.dump([sorted(kinds), sorted(counted), len(rules.errors)], sys.stdout)
";
    let Some(told) = judged("sigma.collection", script) else { return };
    let kinds = ["SigmaCorrelationRule", "SigmaCorrelationRule", "SigmaRule", "SigmaRule"];
    assert_eq!(told, json!([kinds, ["logonstorm_failed_logon", "logonstorm_failed_validation"], 0]));
}

#[test]
fn correlations_count_the_rate_rule_by_server_and_workstation() {
    let script = "import json, sys, yaml; json.dump(list(yaml.safe_load_all(sys.argv[1])), sys.stdout)";
    let Some(rules) = judged("yaml", script) else { return };
    let rules = rules.as_array().expect("documents");
    let rate = Thresholds::default()[Param::StormRate];
    assert_eq!(rules.len(), 4);
    let mut ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().expect("an id")).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4, "each rule has an identity of its own");
    for (pair, (event, field)) in rules.chunks(2).zip([(4625, "WorkstationName"), (4776, "Workstation")]) {
        let (base, rule) = (&pair[0], &pair[1]["correlation"]);
        assert_eq!(base["logsource"], json!({"product": "windows", "service": "security"}));
        assert_eq!(base["detection"]["selection"], json!({"EventID": event}));
        assert_eq!(base["detection"]["nameless"], json!({field: ["", "-"]}));
        assert_eq!(rule["type"], "event_count");
        assert_eq!(rule["rules"], json!([base["name"]]));
        assert_eq!(rule["group-by"], json!(["Computer", field]));
        assert_eq!(rule["timespan"], "1h");
        assert_eq!(rule["condition"]["gte"].as_f64(), Some(rate));
    }
}
