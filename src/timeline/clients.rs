//! The clients' own logs, per workstation: older generation first, nothing counted twice.

use std::collections::{BTreeMap, BTreeSet};

use super::stamps::Dater;
use super::tally::Tally;
use super::ticks;
use crate::model::client::{ClientLog, Stamp};
use crate::model::config::{Param, Thresholds};
use crate::model::gathered::Gathered;
use crate::model::timeline::{ClientTrain, Dating, ServerLog};
use crate::model::workstation::account_key;

/// Client logs per workstation, sorted by name; unattributed ones last, in order of file.
pub(super) fn trains(
    gathered: &Gathered,
    servers: &[ServerLog],
    thresholds: &Thresholds,
    warnings: &mut Vec<String>,
) -> Vec<ClientTrain> {
    let latest = servers.iter().map(|server| server.to).max();
    let gap = thresholds[Param::TickGap] as i64;
    let mut trains = Vec::new();
    for (workstation, logs) in groups(&gathered.clients) {
        let logs = without_copies(logs);
        if workstation.is_some() && logs.len() > 1 {
            warn_of_two_computers(gathered, &logs, warnings);
        }
        trains.push(train(workstation, &logs, latest, gap));
    }
    trains
}

type Group<'a> = (Option<String>, Vec<&'a ClientLog>);

/// Logs of one workstation together. An unattributed log is a group of its own, unless it is a
/// byte-identical copy of another log.
fn groups(clients: &[ClientLog]) -> Vec<Group<'_>> {
    let mut named: BTreeMap<&str, Vec<&ClientLog>> = BTreeMap::new();
    for log in clients {
        if let Some((workstation, _)) = &log.workstation {
            named.entry(workstation).or_default().push(log);
        }
    }
    let mut seen: BTreeSet<(u64, u64)> = named.values().flatten().map(|log| (log.content_hash, log.lines)).collect();
    let mut groups: Vec<Group<'_>> =
        named.into_iter().map(|(workstation, logs)| (Some(workstation.to_owned()), logs)).collect();
    for log in clients.iter().filter(|log| log.workstation.is_none()) {
        if seen.insert((log.content_hash, log.lines)) {
            groups.push((None, vec![log]));
        }
    }
    groups
}

/// In reading order, without byte-identical copies and without earlier copies of a log that grew.
fn without_copies(mut logs: Vec<&ClientLog>) -> Vec<&ClientLog> {
    logs.sort_by_key(|log| (std::cmp::Reverse(log.earlier), !log.older, log.file));
    let mut kept: Vec<&ClientLog> = Vec::new();
    for (at, log) in logs.iter().enumerate() {
        let copy = logs[..at].iter().any(|other| other.is_copy(log));
        let grew = logs.iter().any(|other| !other.is_copy(log) && log.begins(other));
        if !copy && !grew {
            kept.push(log);
        }
    }
    kept
}

/// Times of everything that one log tells, on the client's clock.
struct Timed<'a> {
    log: &'a ClientLog,
    attempts: Vec<Option<i64>>,
    successes: Vec<Option<i64>>,
    ends: [Option<i64>; 2],
}

fn time<'a>(log: &'a ClientLog, dater: &mut Dater, latest: Option<i64>) -> Timed<'a> {
    if let Some(timed) = time_in_order(log, dater, latest) {
        return timed;
    }
    let attempts = log.attempts.stamps().enumerate().map(|(at, (line, stamp))| (line, 1, at, stamp));
    let successes = log.successes.iter().enumerate().map(|(at, success)| (success.line, 2, at, success.stamp));
    let mut lines: Vec<(u64, u8, usize, Stamp)> = attempts.chain(successes).collect();
    lines.sort_by_key(|(line, kind, at, _)| (*line, *kind, *at));
    let stamps: Vec<Stamp> = std::iter::once(log.first)
        .chain(lines.iter().map(|(_, _, _, stamp)| *stamp))
        .chain(std::iter::once(log.last))
        .collect();
    let times = plausible(dater.file(&stamps, log.modified.or(latest)));
    let mut timed = Timed {
        log,
        attempts: vec![None; log.attempts.len()],
        successes: vec![None; log.successes.len()],
        ends: [times.first().copied().flatten(), times.last().copied().flatten()],
    };
    for ((_, kind, at, _), time) in lines.iter().zip(&times[1..]) {
        if *kind == 1 { timed.attempts[*at] = *time } else { timed.successes[*at] = *time }
    }
    timed
}

/// The same of a log without successes, whose attempts stand in order of their lines; `None` for others.
fn time_in_order<'a>(log: &'a ClientLog, dater: &mut Dater, latest: Option<i64>) -> Option<Timed<'a>> {
    if !log.successes.is_empty() {
        return None;
    }
    let mut stamps = Vec::with_capacity(log.attempts.len() + 2);
    let mut before = 0;
    stamps.push(log.first);
    for (line, stamp) in log.attempts.stamps() {
        if line < before {
            return None;
        }
        before = line;
        stamps.push(stamp);
    }
    stamps.push(log.last);
    let mut attempts = plausible(dater.file(&stamps, log.modified.or(latest)));
    let last = attempts.pop().flatten();
    let first = attempts.remove(0);
    Some(Timed { log, attempts, successes: Vec::new(), ends: [first, last] })
}

fn plausible(mut times: Vec<Option<i64>>) -> Vec<Option<i64>> {
    for time in &mut times {
        *time = time.filter(|ms| ticks::plausible(*ms));
    }
    times
}

/// The times of all logs; those of times of day only where no line of any log can be dated.
fn date<'a>(logs: &[&'a ClientLog], latest: Option<i64>) -> (Dating, Vec<Timed<'a>>) {
    let any = |timed: &Timed| timed.attempts.iter().chain(&timed.successes).chain(&timed.ends).any(Option::is_some);
    let timed = |undated_days| -> Vec<Timed<'a>> {
        let mut dater = Dater::new(undated_days);
        logs.iter().map(|log| time(log, &mut dater, latest)).collect()
    };
    let dated = timed(false);
    if dated.iter().any(any) {
        return (Dating::Dated, dated);
    }
    let of_day = timed(true);
    if of_day.iter().any(any) { (Dating::TimeOfDay, of_day) } else { (Dating::Undated, dated) }
}

fn train(workstation: Option<String>, logs: &[&ClientLog], latest: Option<i64>, gap: i64) -> ClientTrain {
    let (dating, timed) = date(logs, latest);
    let raw = timed.iter().map(|timed| ticks::raw(timed.log, &timed.attempts)).collect();
    let mut ticks = ticks::merge(raw, dating, gap);
    ticks.shrink_to_fit();
    let servers = Tally::names(ticks.iter().map(|tick| (&*tick.server, 1)));
    let (successes_ms, undated) = successes(&timed, dating);
    let accounts = logs.iter().flat_map(|log| &log.successes).filter_map(|success| success.account.as_deref());
    let mut accounts: Vec<String> = accounts.map(account_key).filter(|account| !account.is_empty()).collect();
    accounts.sort();
    accounts.dedup();
    ClientTrain {
        workstation,
        attributed_by: logs.iter().find_map(|log| log.workstation.as_ref().map(|(_, by)| *by)),
        files: logs.iter().map(|log| log.file).collect(),
        dating,
        metering_servers: servers.ranked().into_iter().map(|(server, _)| server).collect(),
        successes: successes_ms.len() as u64 + undated,
        span_ms: span(&timed),
        successes_ms,
        busy_lines: logs.iter().map(|log| log.busy_lines).sum(),
        unknown_lines: logs.iter().map(|log| log.unknown_lines).sum(),
        accounts,
        ticks,
    }
}

/// Dated successes, per second and account the largest count of any file, and how many have no time.
fn successes(timed: &[Timed], dating: Dating) -> (Vec<i64>, u64) {
    let mut rows: Vec<(i64, &Option<String>, usize, i64)> = Vec::new();
    let mut undated = 0;
    for (file, timed) in timed.iter().enumerate() {
        for (success, at_ms) in timed.log.successes.iter().zip(&timed.successes) {
            match at_ms {
                // Times of day of two files do not meet: each file has days of its own.
                Some(ms) => rows.push((ms.div_euclid(1000), &success.account, file, *ms)),
                None => undated += 1,
            }
        }
    }
    rows.sort();
    let mut times = Vec::new();
    for equal in rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let mut best = &equal[..0];
        for file in equal.chunk_by(|a, b| a.2 == b.2) {
            if file.len() > best.len() {
                best = file;
            }
        }
        let stay = if dating == Dating::Dated { best } else { equal };
        times.extend(stay.iter().map(|row| row.3));
    }
    times.sort_unstable();
    (times, undated)
}

fn span(timed: &[Timed]) -> Option<(i64, i64)> {
    let all = || timed.iter().flat_map(|timed| timed.ends.iter().chain(&timed.attempts).flatten());
    Some((*all().min()?, *all().max()?))
}

/// Two folders of one name: the logs of two computers, where they cover the same time with
/// different lines.
fn warn_of_two_computers(gathered: &Gathered, logs: &[&ClientLog], warnings: &mut Vec<String>) {
    let folder = |log: &ClientLog| gathered.path(log.file).rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let times: Vec<(String, Vec<i64>)> = logs.iter().map(|log| (folder(log), dated(log))).collect();
    for (at, log) in logs.iter().enumerate() {
        for (other, of_other) in logs.iter().zip(&times).skip(at + 1) {
            let (a, b) = (&times[at].1, &of_other.1);
            if times[at].0 == of_other.0 || a.is_empty() || b.is_empty() {
                continue;
            }
            let (from, to) = (a[0].max(b[0]), a[a.len() - 1].min(b[b.len() - 1]));
            let inside = |times: &[i64]| times.iter().filter(|ms| (from..=to).contains(*ms)).count();
            let common = a.iter().filter(|ms| b.binary_search(ms).is_ok()).count();
            if common == 0 && inside(a) >= 5 && inside(b) >= 5 {
                let name = log.workstation.as_ref().map_or("", |(name, _)| name.as_str());
                warnings.push(format!(
                    "{name}: {} and {} cover the same time with different lines; these may be two computers of one name",
                    gathered.path(log.file),
                    gathered.path(other.file)
                ));
            }
        }
    }
}

/// Dated attempts of a log, sorted, in milliseconds as written.
fn dated(log: &ClientLog) -> Vec<i64> {
    let time = |stamp: Stamp| if let Stamp::Dated(ms, _) = stamp { Some(ms) } else { None };
    let mut times: Vec<i64> = log.attempts.stamps().filter_map(|(_, stamp)| time(stamp)).collect();
    times.sort_unstable();
    times
}
