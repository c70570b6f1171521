//! Hand-made analyses: a small fleet, an empty one, and one whose names are attacks.

use crate::model::analysis::*;
use crate::model::client::{AttributedBy, TickClass};
use crate::model::event::{FileId, Provenance};
use crate::model::finding::{Class, Episode, Features, Finding, Period, StormRule};
use crate::model::gathered::{Severity, Skipped};
use crate::model::matching::{Clock, ClockStep, Match, Pair};
use crate::model::remedy::{Cycle, Effect, Remedy};
use crate::model::status::Status;
use crate::model::train::{Burst, Sighting};
use crate::model::verdict::Verdict;

/// Monday 2001-03-12 00:00:03 UTC.
pub(crate) const START: i64 = 984_355_203;
/// First failure of the storm: Monday 2001-03-12 08:54:05 UTC.
pub(crate) const ONSET: i64 = 984_387_245;
/// Three days later.
pub(crate) const END: i64 = 984_614_400;
/// The client's clock is ahead by this many seconds.
const OFFSET: i64 = 22_422;
/// Bursts written out one by one.
const BURSTS: i64 = 600;

/// A row with a name, a class and failures, and nothing else.
pub(crate) fn row(rank: u64, name: &str, class: Class, failures: u64) -> Row {
    Row {
        rank,
        workstation: name.to_owned(),
        raw_names: vec![name.to_owned()],
        listed: true,
        since_before: false,
        log_stops: false,
        class,
        verdict: None,
        failures,
        first_failure: (failures > 0).then_some(ONSET),
        last_failure: (failures > 0).then_some(END - 7200),
        ongoing: false,
        accounts: Vec::new(),
        statuses: Vec::new(),
        event_ids: Vec::new(),
        servers: vec!["DC01".to_owned()],
        rate: Rate::default(),
        client: None,
        matched: None,
        cost: Cost { share_of_failures: failures as f64 / 180_524.0, ..Cost::default() },
        reasons: Vec::new(),
        action: String::new(),
        evidence: Evidence::default(),
    }
}

pub(crate) fn account(name: &str, domain: Option<&str>, failures: u64) -> AccountCount {
    AccountCount { account: name.to_owned(), domain: domain.map(str::to_owned), failures }
}

fn record(sec: i64, at: u64) -> Sighting {
    Sighting { sec, at: Provenance { file: FileId(0), at, is_line: false } }
}

fn storm() -> Row {
    let mut storm = row(1, "WS042", Class::Storm, 9114);
    storm.raw_names = vec!["\\\\WS042".to_owned(), "WS042".to_owned()];
    storm.verdict = Some(Verdict::Confirmed);
    storm.ongoing = true;
    storm.last_failure = Some(END - 40);
    storm.accounts = vec![account("user4", Some("CORP"), 9114)];
    storm.statuses = vec![(Status::Nt(0xC000_0072), 9114)];
    storm.event_ids = vec![(681, 9114), (531, 3038)];
    storm.rate =
        Rate { per_day: 2940.149, peak_per_hour: 180, bursts: 3038, period_s: Some(62.0), regular_share: Some(0.97) };
    storm.client = Some(ClientSummary {
        logs: vec!["clients/WS042/Liccli.lo_".to_owned(), "clients/WS042/Liccli.log".to_owned()],
        attributed_by: Some(AttributedBy::Folder),
        attempts: 539,
        first_ms: Some((ONSET + OFFSET) * 1000 + 250),
        last_ms: Some((ONSET + OFFSET + 538 * 62) * 1000),
        dated: true,
        metering_servers: vec!["LICSRV1".to_owned()],
        successes: 0,
        busy_lines: 2,
        unknown_lines: 14,
    });
    storm.matched = Some(matched());
    storm.cost = Cost {
        share_of_failures: 9114.0 / 180_524.0,
        share_of_log_bytes: Some(0.0412),
        bytes: 2_151_000,
        history_lost_h: Some(11.43),
    };
    storm.reasons = vec![
        "every 62 s (±1 s), 9,114 failures in 2.6 days, one account".to_owned(),
        "523 of 539 client retries have a server failure within 2.5 s; the best of 99 shuffled logs reached 61"
            .to_owned(),
    ];
    storm.action = "enable or remove account user4, or log it off on WS042; SMS 2.0 SP4; or set PipeRetries and \
                    PipeRetryInterval"
        .to_owned();
    storm.evidence = evidence();
    storm
}

fn matched() -> MatchSummary {
    let pairs: Vec<Pair> = (0..539)
        .filter(|at| at % 34 != 7)
        .map(|at| Pair { tick: at as usize, client_sec: ONSET + OFFSET + at * 62, server_sec: ONSET + at * 62 + 2 })
        .collect();
    MatchSummary {
        server: "DC01".to_owned(),
        account: "user4".to_owned(),
        clock_offset_s: Some(22_420.04),
        found: Some(Box::new(Match {
            matched: pairs.len(),
            of_client: 539,
            of_server: 612,
            g: 0.830_12,
            s: 19.3,
            clock: Clock { delta: 22_420.04, rho: 41e-6, mid: (ONSET + 269 * 62) as f64 },
            on_ends: true,
            compared: 539,
            compared_matched: 523,
            p: 0.01,
            z: 14.2,
            p_gumbel: 1e-30,
            shuffles: 99,
            shuffled_best: 61,
            decoys: 56,
            decoy_best: Some(38),
            decoy_ratio: Some(0.07),
            decoy_rank_first: true,
            decoy_ok: true,
            one_loop: None,
            alias: Some(0.42),
            ambiguous_by: None,
            track: Vec::new(),
            steps: vec![ClockStep {
                after: ONSET + OFFSET + 300 * 62,
                before: ONSET + OFFSET + 301 * 62,
                seconds: -3600.0,
            }],
            pairs,
            ticks: 539,
            bursts: 3038,
        })),
        of_client: 539,
        of_server: 612,
    }
}

fn evidence() -> Evidence {
    let bursts: Vec<Burst> = (0..BURSTS)
        .map(|at| Burst { onset: ONSET + at * 62, end: ONSET + at * 62 + 2, events: 3, seconds: 3 })
        .collect();
    let records = bursts
        .iter()
        .zip(0u64..)
        .flat_map(|(burst, at)| (0..3).map(move |k| record(burst.onset + k, 402_100 + 7 * at + k as u64)))
        .collect();
    let episode =
        Episode { first: ONSET, last: END - 40, failures: 9114, since_before: false, ongoing: true, log_stops: false };
    Evidence {
        findings: vec![finding(episode.clone())],
        first_server: "DC01".to_owned(),
        sightings: (0..8).map(|at| record(ONSET + at * 30_000, 402_100 + 3000 * at as u64)).collect(),
        records,
        bursts,
        hours: (0..64)
            .map(|at| (ONSET / 3600 + at, if at % 24 < 18 { 150 + (at as u64 % 5) * 7 } else { 20 }))
            .collect(),
        ticks: (0..539u64)
            .map(|at| ClientLine {
                file: if at < 200 { 1 } else { 2 },
                line: 12 + 4 * at,
                at_ms: Some((ONSET + OFFSET + at as i64 * 62) * 1000 + 250),
                class: if at == 0 { TickClass::Pipe } else { TickClass::Reach },
            })
            .collect(),
        episodes: vec![episode],
        context: vec![Context {
            sec: ONSET - 610,
            server: "DC01".to_owned(),
            what: "account user4 disabled (629)".to_owned(),
            at: record(0, 402_088),
        }],
        logon_types: vec![(3, 9114)],
        processes: Vec::new(),
        ips: Vec::new(),
        attribution: vec!["clients/WS042/Liccli.log: the folder's name".to_owned()],
        named: Vec::new(),
        remedies: remedies(),
        cycle: Some(Ok(cycle())),
    }
}

fn remedies() -> Vec<Remedy> {
    let remedy = |effect, source, text: &str| Remedy { text: text.to_owned(), effect, source, steps: &[] };
    vec![
        remedy(Effect::Ends, "Q287626", "enable or remove account user4, or log it off on WS042"),
        remedy(Effect::Ends, "Q287626, Q308269", "SMS 2.0 SP4"),
        remedy(Effect::Slows, "Q287626", "or set PipeRetries and PipeRetryInterval"),
    ]
}

/// Ten attempts half a second apart, then a minute's wait.
fn cycle() -> Cycle {
    Cycle {
        observed_per_day: 13_112.0,
        attempts: 10.0,
        burst_s: 5.5,
        rest_s: 60.394,
        rest_is_announced: false,
        rough: false,
        floor_per_day: 1430.6,
        events_per_attempt: 1.0,
        active_share: 1.0,
        response_s: 0.05,
    }
}

fn finding(episode: Episode) -> Finding {
    Finding {
        server: "DC01".to_owned(),
        class: Class::Storm,
        rule: Some(StormRule::Period),
        only_account: None,
        features: Features {
            n: 9114,
            failures: 9114,
            accounts: 1,
            bursts: 3038,
            period: Some(Period { seconds: 62.0, tolerance: 2.0, share: 0.97, log10_p: -2900.0 }),
            cv: Some(0.02),
            hours: 64,
            max60: 180,
            peak_per_hour: 180,
            biggest_session: 9114,
            longest_session_s: 227_000,
            burst_size: 3.0,
            spacing_s: Some(1.0),
        },
        episodes: vec![episode],
        dominant_account: "user4".to_owned(),
        dominant_status: Status::Nt(0xC000_0072),
    }
}

fn others() -> Vec<Row> {
    let mut service = row(2, "10.20.30.40", Class::Storm, 2880);
    service.verdict = Some(Verdict::ServerOnly);
    service.raw_names = vec!["-".to_owned()];
    service.accounts = vec![account("svc-backup", Some("CORP"), 2880)];
    service.statuses = vec![(Status::Nt(0xC000_006A), 2880)];
    service.event_ids = vec![(4625, 2880)];
    service.rate =
        Rate { per_day: 960.0, peak_per_hour: 40, bursts: 960, period_s: Some(270.0), regular_share: Some(0.91) };
    service.reasons = vec!["every 4 min 30 s, 2,880 failures in 2.6 days, one account".to_owned()];
    service.action = "set the password of the service that runs as svc-backup".to_owned();

    let mut spray = row(3, "KIOSK7", Class::Spray, 340);
    spray.accounts = (1..=42).map(|n| account(&format!("user{n:02}"), None, 9 - n / 10)).collect();
    spray.statuses = vec![(Status::Nt(0xC000_0064), 300), (Status::Nt(0xC000_006A), 40)];
    spray.event_ids = vec![(4776, 340)];

    let mut scan = row(4, "(random names) ADMINISTRATOR@DC01", Class::Scanner, 3012);
    scan.accounts = vec![account("Administrator", None, 3012)];
    scan.statuses = vec![(Status::Nt(0xC000_006A), 3012)];

    let mut only = row(5, "WS077", Class::Unclassified, 0);
    only.verdict = Some(Verdict::ClientOnly);
    only.servers = Vec::new();
    only.client = Some(ClientSummary {
        logs: vec!["clients/WS077/Liccli.log".to_owned()],
        attributed_by: Some(AttributedBy::Folder),
        attempts: 31,
        first_ms: None,
        last_ms: None,
        dated: false,
        metering_servers: vec!["LICSRV1".to_owned()],
        successes: 0,
        busy_lines: 0,
        unknown_lines: 0,
    });

    let mut human = row(6, "WS005", Class::Human, 3);
    human.listed = false;
    vec![service, spray, scan, only, human]
}

/// A fleet with every class.
pub(crate) fn fleet() -> Analysis {
    let mut rows = vec![storm()];
    rows.extend(others());
    Analysis {
        span: Some((START, END)),
        exact: true,
        inputs: Inputs {
            files: 47,
            bytes: 98_566_144,
            records: 249_082,
            failures: 180_524,
            duplicates: 68_558,
            client_logs: 41,
            attempts: 12_345,
            unrecognised: 1,
            bad_times: 0,
            skipped: vec![
                Skipped {
                    file: "DC01.evtx".to_owned(),
                    at: "chunk 7, offset 0x2060".to_owned(),
                    what: "record".to_owned(),
                    why: "size runs past the chunk".to_owned(),
                    severity: Severity::Damage,
                },
                Skipped {
                    file: "notes.doc".to_owned(),
                    at: String::new(),
                    what: "file".to_owned(),
                    why: "not a log of a known format".to_owned(),
                    severity: Severity::Note,
                },
            ],
        },
        servers: vec![
            ServerSummary {
                server: "DC01".to_owned(),
                from: START,
                to: END,
                records: 124_000,
                audits: vec!["account-logon-failure", "logon-failure"],
                cleared: vec![START],
                full: false,
                audits_lost: Vec::new(),
                log_bytes: 52_000_000,
                storm_bytes: 2_151_000,
                history_lost_h: Some(11.43),
                hours: (0..72).map(|at| (START / 3600 + at, 720_000)).collect(),
            },
            ServerSummary {
                server: "DC02".to_owned(),
                from: START + 300,
                to: END,
                records: 12,
                audits: vec!["account-management"],
                ..ServerSummary::default()
            },
        ],
        unattributed: vec![Unattributed {
            log: "clients/misc/Liccli.log".to_owned(),
            attempts: 17,
            metering_server: "LICSRV1".to_owned(),
            suggestion: Some("WS099".to_owned()),
        }],
        rows,
        files: vec![
            "DC01.evtx".to_owned(),
            "clients/WS042/Liccli.lo_".to_owned(),
            "clients/WS042/Liccli.log".to_owned(),
        ],
        ..Analysis::default()
    }
}

/// Names that are attacks on a terminal, a spreadsheet, a page, a parser.
pub(crate) const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "]]><!--",
    "=cmd|'/c calc'!A0",
    "@SUM(1+1)",
    "\u{FF1D}1+1",
    "\t=1",
    "'=1",
    "\x1b[2J\x1b]0;owned\x07",
    "\u{9b}31m",
    "\u{202e}10CD\u{2066}",
    "line one\r\nline two\u{2028}three",
    "comma, \"quote\"; semicolon",
    "NUL\0inside",
    "\\u{1B} written out",
    "lone \u{FFFD} surrogate",
    "</script><img src=x onerror=alert(1)>",
    "{{ 7*7 }} {% raw %}",
    "ZERO\u{200b}WIDTH\u{feff}",
];

/// A fleet with an attack in every foreign text, and one name of 10,000 characters.
pub(crate) fn hostile() -> Analysis {
    let mut analysis = fleet();
    let long = "W".repeat(10_000);
    let names = ATTACKS.iter().copied().chain([long.as_str()]);
    analysis.rows = names
        .zip(1..)
        .map(|(name, rank)| {
            let mut row = storm();
            row.rank = rank;
            row.workstation = name.to_owned();
            row.raw_names = vec![name.to_owned()];
            row.accounts = vec![account(name, Some(name), 9114)];
            row.servers = vec![name.to_owned()];
            row.reasons = vec![name.to_owned()];
            row.action = name.to_owned();
            if let Some(client) = &mut row.client {
                client.logs = vec![name.to_owned()];
                client.metering_servers = vec![name.to_owned()];
            }
            row.evidence.context[0].what = name.to_owned();
            row.evidence.processes = vec![name.to_owned()];
            row.evidence.ips = vec![name.to_owned()];
            row.evidence.attribution = vec![name.to_owned()];
            row.evidence.named = vec![name.to_owned()];
            row.evidence.findings[0].server = name.to_owned();
            row
        })
        .collect();
    analysis.files = vec![ATTACKS[0].to_owned(), ATTACKS[8].to_owned(), ATTACKS[11].to_owned()];
    analysis.servers[0].server = ATTACKS[0].to_owned();
    analysis.unattributed[0].log = ATTACKS[8].to_owned();
    analysis.inputs.skipped[0].file = ATTACKS[11].to_owned();
    analysis.warnings = vec![ATTACKS[9].to_owned()];
    analysis
}

/// Nothing was read.
pub(crate) fn empty() -> Analysis {
    Analysis { exact: true, ..Analysis::default() }
}
