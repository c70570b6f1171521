//! The same as JSON: the row of the report, and its evidence with files, records and lines.

use std::io::{self, Write};

use serde::Serialize;

use super::more::{self, BurstData, CycleData, FindingData, GapData, OffsetData, RemedyData};
use crate::escape::json::pretty;
use crate::model::analysis::{Analysis, ClientLine, Row, ServerSummary};
use crate::model::client::TickClass;
use crate::model::event::Provenance;
use crate::model::finding::Episode;
use crate::model::matching::Match;
use crate::model::time::rfc3339;
use crate::report::data::report::{ServerData, Span, Tool};
use crate::report::data::round::tenth;
use crate::report::data::row::{RowData, client_time};
use crate::report::{pairs, place};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool,
    span: Span,
    servers: Vec<ServerData<'a>>,
    workstation: RowData<'a>,
    evidence: EvidenceData<'a>,
}

#[derive(Serialize)]
struct EvidenceData<'a> {
    episodes: Vec<EpisodeData>,
    events: Vec<EventData<'a>>,
    client_lines: Vec<LineData<'a>>,
    pairs: Vec<PairData<'a>>,
    clock_steps: Vec<StepData>,
    context: Vec<ContextData<'a>>,
    hours: Vec<HourData>,
    attribution: &'a [String],
    named: &'a [String],
    addresses: &'a [String],
    processes: &'a [String],
    logon_types: Vec<LogonTypeData>,
    findings: Vec<FindingData<'a>>,
    bursts: Vec<BurstData>,
    gaps: Vec<GapData>,
    offset_track: Vec<OffsetData>,
    remedies: Vec<RemedyData<'a>>,
    cycle: Option<CycleData>,
}

#[derive(Serialize)]
struct LogonTypeData {
    logon_type: u8,
    failures: u64,
}

#[derive(Serialize)]
struct EpisodeData {
    first: String,
    last: String,
    failures: u64,
    since_before: bool,
    ongoing: bool,
    log_stops: bool,
}

/// A file with an EventRecordID or a line; the other is null.
#[derive(Serialize)]
struct PlaceData<'a> {
    file: &'a str,
    record_id: Option<u64>,
    line: Option<u64>,
}

#[derive(Serialize)]
struct EventData<'a> {
    time: String,
    #[serde(flatten)]
    at: PlaceData<'a>,
}

#[derive(Serialize)]
struct LineData<'a> {
    client_time: Option<String>,
    kind: &'static str,
    file: &'a str,
    line: u64,
}

#[derive(Serialize)]
struct PairData<'a> {
    server_time: String,
    client_time: String,
    residual_s: Option<f64>,
    event: Option<PlaceData<'a>>,
    client_line: Option<LineData<'a>>,
}

#[derive(Serialize)]
struct StepData {
    after: String,
    before: String,
    seconds: Option<f64>,
}

#[derive(Serialize)]
struct ContextData<'a> {
    time: String,
    server: &'a str,
    what: &'a str,
    #[serde(flatten)]
    at: PlaceData<'a>,
}

#[derive(Serialize)]
struct HourData {
    hour: String,
    failures: u64,
}

/// Writes everything about one row.
pub fn json(analysis: &Analysis, row: &Row, out: &mut dyn Write) -> io::Result<()> {
    let own = |server: &&ServerSummary| row.servers.contains(&server.server);
    let document = Document {
        schema: "logonstorm.explain/1",
        tool: Tool::this(),
        span: Span::of(analysis),
        servers: analysis.servers.iter().filter(own).map(ServerData::of).collect(),
        workstation: RowData::of(row),
        evidence: evidence(analysis, row),
    };
    pretty(&document, out)?;
    out.write_all(b"\n")
}

fn evidence<'a>(analysis: &'a Analysis, row: &'a Row) -> EvidenceData<'a> {
    let evidence = &row.evidence;
    let found = pairs::found(row);
    EvidenceData {
        episodes: evidence.episodes.iter().map(episode).collect(),
        events: evidence
            .sightings
            .iter()
            .map(|sighting| EventData { time: rfc3339(sighting.sec), at: at(analysis, sighting.at) })
            .collect(),
        client_lines: evidence.ticks.iter().map(|tick| line(analysis, tick)).collect(),
        pairs: found.map(|found| pair_list(analysis, row, found)).unwrap_or_default(),
        clock_steps: found.map(step_list).unwrap_or_default(),
        context: evidence
            .context
            .iter()
            .map(|event| ContextData {
                time: rfc3339(event.sec),
                server: &event.server,
                what: &event.what,
                at: at(analysis, event.at.at),
            })
            .collect(),
        hours: evidence
            .hours
            .iter()
            .map(|(hour, failures)| HourData { hour: rfc3339(hour * 3600), failures: *failures })
            .collect(),
        attribution: &evidence.attribution,
        named: &evidence.named,
        addresses: &evidence.ips,
        processes: &evidence.processes,
        logon_types: evidence
            .logon_types
            .iter()
            .map(|(logon_type, failures)| LogonTypeData { logon_type: *logon_type, failures: *failures })
            .collect(),
        findings: more::findings(row),
        bursts: more::bursts(row),
        gaps: more::gaps(row),
        offset_track: more::track(row),
        remedies: more::remedies(row),
        cycle: more::cycle(row),
    }
}

fn episode(episode: &Episode) -> EpisodeData {
    EpisodeData {
        first: rfc3339(episode.first),
        last: rfc3339(episode.last),
        failures: episode.failures,
        since_before: episode.since_before,
        ongoing: episode.ongoing,
        log_stops: episode.log_stops,
    }
}

fn at(analysis: &Analysis, at: Provenance) -> PlaceData<'_> {
    PlaceData {
        file: place::file(analysis, at.file.0),
        record_id: (!at.is_line).then_some(at.at),
        line: at.is_line.then_some(at.at),
    }
}

fn line<'a>(analysis: &'a Analysis, tick: &ClientLine) -> LineData<'a> {
    LineData {
        client_time: tick.at_ms.map(client_time),
        kind: match tick.class {
            TickClass::Pipe => "pipe",
            TickClass::Reach => "reach",
        },
        file: place::file(analysis, tick.file),
        line: tick.line,
    }
}

fn pair_list<'a>(analysis: &'a Analysis, row: &Row, found: &Match) -> Vec<PairData<'a>> {
    let one = |pair| {
        let checked = pairs::check(row, found, pair);
        PairData {
            server_time: rfc3339(pair.server_sec),
            client_time: client_time(pair.client_sec * 1000),
            residual_s: tenth(checked.residual_s),
            event: checked.record.map(|record| at(analysis, record)),
            client_line: checked.line.map(|tick| line(analysis, tick)),
        }
    };
    found.pairs.iter().copied().map(one).collect()
}

fn step_list(found: &Match) -> Vec<StepData> {
    found
        .steps
        .iter()
        .map(|step| StepData {
            after: client_time(step.after * 1000),
            before: client_time(step.before * 1000),
            seconds: tenth(step.seconds),
        })
        .collect()
}
