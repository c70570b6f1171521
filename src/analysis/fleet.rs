//! A hand-made timeline for tests.

use crate::model::client::{AttributedBy, TickClass};
use crate::model::event::{FileId, Provenance, family};
use crate::model::gathered::Audits;
use crate::model::status::Status;
use crate::model::timeline::{
    ClientTrain, ContextEvent, Dating, NameKind, ServerLog, Tick, Timeline, WorkstationTrains,
};
use crate::model::train::{Mark, Sighting, Train};

/// 2001-03-12T00:00:00Z.
pub(super) const DAY: i64 = 984_355_200;
pub(super) const DISABLED: Status = Status::Nt(0xC000_0072);
pub(super) const WRONG: Status = Status::Nt(0xC000_006A);

/// A small generator: tests need the same numbers for ever.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % n.max(1) as u64).unwrap_or(0)
    }
}

/// Attempts of a retry loop: cycles of five about 62 s apart, then a pause of up to half an hour.
pub(super) fn retries(seed: u64, from: i64, to: i64) -> Vec<i64> {
    let mut dice = Dice(seed);
    let mut out = Vec::new();
    let mut at = from;
    while at < to {
        for _ in 0..5 {
            out.push(at);
            at += 61 + dice.below(3);
        }
        at += 120 + dice.below(1800);
    }
    out.retain(|sec| *sec < to);
    out
}

pub(super) fn provenance(at: u64) -> Provenance {
    Provenance { file: FileId(0), at, is_line: false }
}

pub(super) fn train(server: &str, account: &str, event_id: u16, status: Status, seconds: &[i64]) -> Train {
    let mut marks: Vec<Mark> = Vec::new();
    for sec in seconds {
        match marks.last_mut() {
            Some(last) if i64::from(last.sec) == *sec => last.count += 1,
            _ => marks.push(Mark { sec: u32::try_from(*sec).unwrap(), count: 1 }),
        }
    }
    let failures = seconds.len() as u64;
    let sighting = |(at, sec): (usize, &i64)| Sighting { sec: *sec, at: provenance(at as u64) };
    Train {
        server: server.into(),
        account_key: account.to_uppercase(),
        account: account.into(),
        domain: None,
        family: family(event_id),
        tuples: marks.len() as u64,
        phases: marks.first().map(|mark| (mark.sec, status)).into_iter().collect(),
        marks,
        failures,
        event_ids: vec![(event_id, failures)],
        statuses: vec![(status, failures)],
        logon_types: vec![(0, failures)],
        process: None,
        relay: None,
        bytes: failures * 240,
        sightings: seconds.iter().enumerate().take(2).map(sighting).collect(),
        records: Vec::new(),
        raw_names: vec![("\\\\RAW".into(), failures)],
        ips: Vec::new(),
    }
}

/// A timeline in the making.
pub(super) struct Fleet(pub(super) Timeline);

impl Fleet {
    /// Three days of DC01, audited.
    pub(super) fn new() -> Self {
        let log = ServerLog {
            server: "DC01".into(),
            from: DAY,
            to: DAY + 3 * 86_400,
            records: 100_000,
            audits: Audits::ACCOUNT_LOGON_FAILURE,
            full: false,
            hours: (0..72).map(|hour| (DAY / 3600 + hour, 1_000_000)).collect(),
        };
        Self(Timeline { servers: vec![log], exact: true, files: vec!["dc.evtx".into()], ..Timeline::default() })
    }

    pub(super) fn fails(mut self, name: &str, trains: Vec<Train>) -> Self {
        self.0.failures += trains.iter().map(|train| train.failures).sum::<u64>();
        self.0.workstations.push(WorkstationTrains { name: name.into(), kind: NameKind::Named, trains });
        self.0.workstations.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }

    /// A client log whose clock is `ahead` seconds ahead; `None` for a log without an owner.
    pub(super) fn log(mut self, name: Option<&str>, attempts: &[i64], ahead: i64) -> Self {
        let file = FileId(u32::try_from(self.0.files.len()).unwrap());
        self.0.files.push(format!("clients/{}/Liccli.log", name.unwrap_or("loose")));
        let at_ms = |sec: i64| (sec + ahead) * 1000;
        let tick = |(line, sec): (usize, &i64)| Tick {
            at_ms: Some(at_ms(*sec)),
            class: TickClass::Reach,
            file,
            line: line as u64 + 1,
            offset: 0,
            server: "LICSRV1".into(),
            counter: None,
            wait_s: Some(60),
        };
        self.0.clients.push(ClientTrain {
            workstation: name.map(str::to_owned),
            attributed_by: name.map(|_| AttributedBy::Folder),
            files: vec![file],
            dating: Dating::Dated,
            ticks: attempts.iter().enumerate().map(tick).collect(),
            successes_ms: Vec::new(),
            successes: 0,
            span_ms: attempts.first().zip(attempts.last()).map(|(first, last)| (at_ms(*first), at_ms(*last))),
            busy_lines: 0,
            unknown_lines: 0,
            metering_servers: vec!["LICSRV1".into()],
            accounts: Vec::new(),
        });
        self.0.clients.sort_by_key(|client| (client.workstation.is_none(), client.workstation.clone()));
        self
    }

    pub(super) fn context(mut self, event: ContextEvent) -> Self {
        self.0.context.push(event);
        self
    }
}
