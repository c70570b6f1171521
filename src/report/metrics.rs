//! The nightly job as a Prometheus textfile, for node_exporter's textfile collector.
//!
//! Every family has its HELP and TYPE line. No label names a user or a workstation: names would
//! make ever new series, and tell more than a dashboard needs.

use std::collections::BTreeMap;

use crate::model::analysis::Analysis;
use crate::model::finding::Class;
use crate::model::gathered::Severity;

/// What the textfile says besides the analysis.
#[derive(Clone, Copy, Debug, Default)]
pub struct Run {
    /// When the run ended well, Unix seconds: the only time of day in anything that is written.
    pub ended: i64,
    /// How long it took, in whole seconds.
    pub seconds: i64,
    /// Files that were read, and all that were found.
    pub files: (u64, u64),
    /// Their bytes.
    pub bytes: (u64, u64),
}

/// One family: name, kind, help, and samples as labels and value.
type Family = (&'static str, &'static str, &'static str, Vec<(String, u64)>);

/// The whole textfile.
pub fn text(analysis: &Analysis, run: &Run) -> String {
    let mut out = String::new();
    for (name, kind, help, samples) in families(analysis, run) {
        out.push_str(&format!("# HELP logonstorm_{name} {help}\n# TYPE logonstorm_{name} {kind}\n"));
        for (labels, value) in samples {
            out.push_str(&format!("logonstorm_{name}{labels} {value}\n"));
        }
    }
    out
}

fn families(analysis: &Analysis, run: &Run) -> Vec<Family> {
    let one = |value: u64| vec![(String::new(), value)];
    let top = analysis.rows.iter().filter(|row| row.class == Class::Storm).map(|row| row.failures).max();
    let new_records = analysis.changes.as_ref().map_or(0, |changes| changes.new_records);
    vec![
        (
            "last_success_timestamp_seconds",
            "gauge",
            "Unix time at which the last night ended with a report.",
            one(run.ended.max(0).unsigned_abs()),
        ),
        ("run_duration_seconds", "gauge", "How long that night took.", one(run.seconds.max(0).unsigned_abs())),
        ("found_files", "gauge", "Input files found that night.", one(run.files.1)),
        ("read_files", "gauge", "Those that were new or changed.", one(run.files.0)),
        ("found_bytes", "gauge", "Bytes of the input files found.", one(run.bytes.1)),
        ("read_bytes", "gauge", "Bytes read, those that tell unchanged files included.", one(run.bytes.0)),
        ("new_records", "gauge", "Event records read since the night before.", one(new_records)),
        ("failures", "gauge", "Failed logons counted over all nights.", one(analysis.inputs.failures)),
        ("events", "gauge", "Events behind them, by event id; 0 is netlogon.log.", events(analysis)),
        ("skipped_places", "gauge", "Places of the inputs that could not be read.", skipped(analysis)),
        ("clients", "gauge", "Clients in the report, by class.", classes(analysis)),
        ("storming_clients", "gauge", "Storms in the report, by what changed since the night before.", since(analysis)),
        ("top_client_failures", "gauge", "Failures of the worst storm.", one(top.unwrap_or(0))),
    ]
}

fn label(name: &str, value: &str) -> String {
    format!("{{{name}=\"{value}\"}}")
}

fn events(analysis: &Analysis) -> Vec<(String, u64)> {
    let mut by_id: BTreeMap<u16, u64> = BTreeMap::new();
    for (id, events) in analysis.rows.iter().flat_map(|row| &row.event_ids) {
        *by_id.entry(*id).or_default() += events;
    }
    by_id.into_iter().map(|(id, events)| (label("event_id", &id.to_string()), events)).collect()
}

fn skipped(analysis: &Analysis) -> Vec<(String, u64)> {
    let of = |severity: Severity| analysis.inputs.skipped.iter().filter(|place| place.severity == severity).count();
    [("damage", Severity::Damage), ("unreadable", Severity::Unreadable)]
        .map(|(word, severity)| (label("severity", word), of(severity) as u64))
        .to_vec()
}

fn classes(analysis: &Analysis) -> Vec<(String, u64)> {
    let of = |class: Class| analysis.rows.iter().filter(|row| row.listed && row.class == class).count() as u64;
    [Class::Storm, Class::PossibleStorm, Class::Spray, Class::Scanner]
        .map(|class| (label("class", class.word()), of(class)))
        .to_vec()
}

fn since(analysis: &Analysis) -> Vec<(String, u64)> {
    let Some(changes) = &analysis.changes else { return Vec::new() };
    let storms = || analysis.rows.iter().filter(|row| row.class == Class::Storm);
    let of = |state: &str| {
        storms().filter(|row| changes.rows.get(&row.workstation).is_some_and(|row| row.since == Some(state))).count()
    };
    ["new", "ongoing", "ended", "quiet"].map(|state| (label("since_last_run", state), of(state) as u64)).to_vec()
}
