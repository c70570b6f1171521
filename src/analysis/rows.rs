//! One row per workstation: which finding it stands for, and everything reports say of it.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::evidence;
use super::joins::{Tested, best};
use super::rank::{class_of, is_listed};
use super::renamed::Renamed;
use super::servers::{history_lost_h, log_bytes, views};
use super::settings::Settings;
use super::subject::{PERIOD_S, active_s, stretches};
use super::tally::{Tally, tally};
use super::{context, words};
use crate::model::analysis::{ClientSummary, Cost, MatchSummary, Rate, Row};
use crate::model::config::{Param, Thresholds};
use crate::model::finding::{Class, Detected, Finding};
use crate::model::matching::Correlation;
use crate::model::timeline::{ClientTrain, Dating, Timeline, WorkstationTrains};
use crate::model::train::union;
use crate::model::verdict::Verdict;
use crate::verdict::ladder::{Basis, Decision};
use crate::verdict::matrix::{Silence, silence};

/// Everything that rows are made from.
pub(super) struct Sources<'a> {
    /// What was read.
    pub(super) timeline: &'a Timeline,
    /// What was detected.
    pub(super) found: &'a Detected,
    /// Comparisons, parallel to the clients.
    pub(super) joins: &'a [Vec<Tested>],
    /// Logs that fit another name.
    pub(super) renamed: &'a [Renamed],
    /// Context events.
    pub(super) context: context::Index<'a>,
    /// Servers that client logs name.
    pub(super) metering_servers: BTreeSet<&'a str>,
    /// Settings of the run.
    pub(super) settings: &'a Settings,
}

/// A row on its way: what was chosen for it.
pub(super) struct Draft<'a> {
    pub(super) name: &'a str,
    pub(super) class: Class,
    pub(super) promoted: bool,
    pub(super) main: Option<&'a Finding>,
    pub(super) findings: &'a [Finding],
    pub(super) tally: Tally<'a>,
    pub(super) servers: Vec<String>,
    pub(super) client: Option<(usize, &'a ClientTrain)>,
    pub(super) tested: Option<&'a Tested>,
    pub(super) decision: Option<Decision>,
    pub(super) silence: Option<Silence>,
    pub(super) is_server: bool,
    /// Distinct names of a scan; 0 for other rows.
    pub(super) names: u64,
    pub(super) span: Option<(i64, i64)>,
}

impl<'a> Sources<'a> {
    /// Rows, in no particular order but always the same, and how many workstations got none because
    /// only listed ones are wanted.
    pub(super) fn rows(&self) -> (Vec<Row>, u64) {
        let own: Vec<usize> = (0..self.timeline.workstations.len()).filter(|at| !self.is_swallowed(*at)).collect();
        let row = |at: &usize| {
            let draft = self.workstation(*at);
            let attempts = draft.client.map_or(0, |(_, client)| client.ticks.len());
            (!self.settings.listed_only || is_listed(draft.class, attempts as u64)).then(|| self.finish(draft))
        };
        // A row has about 1 KB: all get their place at once, and what is none is taken out there.
        let made: Vec<Option<Row>> = own.par_iter().map(row).collect();
        #[expect(clippy::filter_map_identity, reason = "works in place, which `flatten` does not")]
        let mut rows: Vec<Row> = made.into_iter().filter_map(|row| row).collect();
        let passed_over = (own.len() - rows.len()) as u64;
        let scans = 0..self.found.scans.len();
        rows.extend(scans.map(|at| super::scans::row(self, at)));
        rows.extend(self.client_only().map(|draft| self.finish(draft)));
        (rows, passed_over)
    }

    fn is_swallowed(&self, at: usize) -> bool {
        self.found.swallowed.get(at).is_some_and(Option::is_some)
    }

    fn client(&self, name: &str) -> Option<(usize, &'a ClientTrain)> {
        let clients = &self.timeline.clients;
        let before = |client: &ClientTrain| client.workstation.as_deref().is_some_and(|known| known < name);
        let at = clients.partition_point(before);
        clients.get(at).filter(|client| client.workstation.as_deref() == Some(name)).map(|client| (at, client))
    }

    fn workstation(&self, at: usize) -> Draft<'a> {
        let workstation: &'a WorkstationTrains = &self.timeline.workstations[at];
        let findings: &'a [Finding] = self.found.findings.get(at).map_or(&[], Vec::as_slice);
        let client = self.client(&workstation.name);
        let tested = client.and_then(|(at, _)| best(&self.joins[at]));
        let mut class = class_of(findings);
        let mut main = main_finding(findings, class);
        let mut promoted = false;
        if let Some(tested) = tested
            && is_promoted(class, tested, &self.settings.thresholds)
        {
            class = Class::Storm;
            promoted = true;
            main = findings.iter().find(|finding| finding.server == tested.subject.server).or(main);
        }
        let decision = match (tested, client) {
            (Some(tested), _) => Some(tested.decision),
            (None, Some(_)) => Some(Decision { verdict: Verdict::Consistent, basis: Basis::NothingToCompare }),
            (None, None) => matches!(class, Class::Storm | Class::PossibleStorm)
                .then_some(Decision { verdict: Verdict::ServerOnly, basis: Basis::NoClientLog }),
        };
        let tally = tally(&workstation.trains);
        Draft {
            name: &workstation.name,
            class,
            promoted,
            main,
            findings,
            servers: server_names(findings, &tally),
            span: tally.span(),
            tally,
            client,
            tested,
            decision,
            silence: None,
            is_server: workstation.kind == crate::model::timeline::NameKind::Server,
            names: 0,
        }
    }

    /// Client logs of workstations that no server tells of.
    fn client_only(&self) -> impl Iterator<Item = Draft<'a>> {
        let timeline: &'a Timeline = self.timeline;
        let found: &'a Detected = self.found;
        let alone = move |client: &&'a ClientTrain| super::joins::workstation_of(timeline, found, client).is_none();
        timeline.clients.iter().enumerate().filter_map(move |(at, client)| {
            let name = client.workstation.as_deref().filter(|_| alone(&client))?;
            let attempts: Vec<i64> = match client.dating {
                Dating::Dated => client.ticks.iter().filter_map(|tick| tick.at_ms).collect(),
                Dating::TimeOfDay | Dating::Undated => Vec::new(),
            };
            let tells = !client.ticks.is_empty() || client.busy_lines > 0;
            Some(Draft {
                name,
                class: Class::Unclassified,
                promoted: false,
                main: None,
                findings: &[],
                tally: Tally::default(),
                servers: Vec::new(),
                client: Some((at, client)),
                tested: None,
                decision: Some(Decision { verdict: Verdict::ClientOnly, basis: Basis::NoFailures }),
                silence: tells.then(|| silence(client.busy_lines, &views(timeline, &attempts))),
                is_server: false,
                names: 0,
                span: None,
            })
        })
    }

    /// The row of a draft.
    pub(super) fn finish(&self, draft: Draft<'a>) -> Row {
        let ends = Ends::of(&draft);
        let lockouts = self.context.lockouts(draft.name, &draft.tally.all);
        let words = words::words(self, &draft, &lockouts);
        let (rate, cost, evidence) =
            (self.rate(&draft), self.cost(&draft.tally), evidence::of(self, &draft, words.remedies));
        Row {
            rank: 0,
            workstation: draft.name.to_owned(),
            raw_names: draft.tally.raw_names(),
            listed: false,
            class: draft.class,
            verdict: draft.decision.map(|decision| decision.verdict),
            failures: draft.tally.failures,
            first_failure: draft.span.map(|(first, _)| first),
            last_failure: draft.span.map(|(_, last)| last),
            ongoing: ends.ongoing,
            since_before: ends.since_before,
            log_stops: ends.log_stops,
            accounts: draft.tally.accounts,
            statuses: draft.tally.statuses,
            event_ids: draft.tally.event_ids,
            servers: draft.servers,
            rate,
            client: draft.client.map(|(_, client)| self.summary(client)),
            matched: draft.tested.and_then(match_summary),
            cost,
            reasons: words.reasons,
            action: words.action,
            evidence,
        }
    }

    fn rate(&self, draft: &Draft) -> Rate {
        let Some(main) = draft.main else { return Rate::default() };
        let thresholds = &self.settings.thresholds;
        let features = &main.features;
        let period = features.period.filter(|period| period.log10_p < thresholds[Param::StormPReg].log10());
        let seconds = features.period.map_or(PERIOD_S, |period| period.seconds);
        let active = active_s(&stretches(&union(draft.tally.counted.iter().copied()), thresholds), seconds);
        Rate {
            per_day: if active > 0.0 { draft.tally.failures as f64 * 86_400.0 / active } else { 0.0 },
            peak_per_hour: features.peak_per_hour,
            bursts: features.bursts as u64,
            period_s: period.map(|period| period.seconds),
            regular_share: period.map(|period| period.share),
        }
    }

    pub(super) fn cost(&self, tally: &Tally) -> Cost {
        let bytes = tally.bytes();
        let known = |name: &&str| self.timeline.servers.iter().find(|log| log.server == **name);
        let mut names: Vec<&str> = tally.counted.iter().map(|train| train.server.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let all: u64 = names.iter().filter_map(known).map(log_bytes).sum();
        let main = tally.main_server().as_ref().and_then(known);
        Cost {
            share_of_failures: tally.failures as f64 / self.timeline.failures.max(1) as f64,
            share_of_log_bytes: (all > 0).then(|| bytes as f64 / all as f64),
            bytes,
            history_lost_h: main.and_then(|log| history_lost_h(log, tally.bytes_on(&log.server))),
        }
    }

    fn summary(&self, client: &ClientTrain) -> ClientSummary {
        let dated = client.dating == Dating::Dated;
        let times = || client.ticks.iter().filter_map(|tick| tick.at_ms).filter(|_| dated);
        // What a log held earlier stands under the same path.
        let mut logs: Vec<String> = Vec::new();
        for path in client.files.iter().filter_map(|file| self.timeline.files.get(file.0 as usize)) {
            if !logs.contains(path) {
                logs.push(path.clone());
            }
        }
        ClientSummary {
            logs,
            attributed_by: client.attributed_by,
            attempts: client.ticks.len() as u64,
            first_ms: times().min(),
            last_ms: times().max(),
            dated,
            metering_servers: client.metering_servers.clone(),
            successes: client.successes,
            busy_lines: client.busy_lines,
            unknown_lines: client.unknown_lines,
        }
    }
}

/// What is known of a row's two ends.
#[derive(Clone, Copy, Debug, Default)]
struct Ends {
    since_before: bool,
    ongoing: bool,
    log_stops: bool,
}

impl Ends {
    /// Only loops run. The begin is that of the earliest episode on any server, the end that of the
    /// latest; a loop that still runs on one server still runs.
    fn of(draft: &Draft) -> Self {
        if !matches!(draft.class, Class::Storm | Class::PossibleStorm) {
            return Self::default();
        }
        let running = |finding: &&Finding| matches!(finding.class, Class::Storm | Class::PossibleStorm);
        let loops: Vec<&Finding> = match draft.main.filter(|_| draft.promoted) {
            Some(main) => vec![main],
            None => draft.findings.iter().filter(running).collect(),
        };
        let first = loops.iter().filter_map(|finding| finding.episodes.first()).min_by_key(|episode| episode.first);
        let last = || loops.iter().filter_map(|finding| finding.episodes.last());
        Self {
            since_before: first.is_some_and(|episode| episode.since_before),
            ongoing: last().any(|episode| episode.ongoing),
            log_stops: last().max_by_key(|episode| episode.last).is_some_and(|episode| episode.log_stops),
        }
    }
}

/// A confirmed row of eight seconds and more is a storm, whatever the server's log alone would say.
fn is_promoted(class: Class, tested: &Tested, thresholds: &Thresholds) -> bool {
    matches!(class, Class::Human | Class::Unclassified)
        && tested.decision.verdict == Verdict::Confirmed
        && tested.subject.marks.len() as f64 >= thresholds[Param::StormSecondsConfirmed]
}

/// The finding a row stands for: of its class, the one with most distinct seconds.
fn main_finding(findings: &[Finding], class: Class) -> Option<&Finding> {
    let of_class = findings.iter().filter(|finding| finding.class == class);
    of_class.min_by(|a, b| b.features.n.cmp(&a.features.n).then_with(|| a.server.cmp(&b.server)))
}

/// Servers, most distinct seconds first.
fn server_names(findings: &[Finding], tally: &Tally) -> Vec<String> {
    let mut out: Vec<(usize, &str)> = Vec::new();
    let whole = findings.iter().map(|finding| (finding.features.n, finding.server.as_str()));
    let trains = tally.all.iter().map(|train| (train.n(), train.server.as_str()));
    for (n, server) in whole.chain(trains) {
        match out.iter_mut().find(|(_, known)| *known == server) {
            Some((most, _)) => *most = n.max(*most),
            None => out.push((n, server)),
        }
    }
    out.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    out.into_iter().map(|(_, server)| server.to_owned()).collect()
}

fn match_summary(tested: &Tested) -> Option<MatchSummary> {
    let (found, of_client, of_server) = match &tested.correlation {
        Correlation::InTime(found) => (Some(found.clone()), found.of_client as u64, found.of_server as u64),
        Correlation::Undated(_) => (None, tested.attempts as u64, tested.bursts as u64),
        Correlation::Not(_) => return None,
    };
    Some(MatchSummary {
        server: tested.subject.server.clone(),
        account: tested.subject.account.clone(),
        clock_offset_s: tested.offset_s,
        found,
        of_client,
        of_server,
    })
}
