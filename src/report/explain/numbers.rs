//! The numbers: how many, how often, who, why, what it costs.

use std::io;

use super::text::Page;
use crate::model::finding::{Episode, Finding};
use crate::report::csv::account_text;
use crate::report::facts::{logon_type, reason};
use crate::report::pairs;
use crate::report::text::sparkline;
use crate::report::words::{bytes, count, decimal, duration, list, minute, percent, period, stamp};

/// Values of one kind that are shown.
const MOST: usize = 8;

pub(super) fn write(page: &mut Page<'_>) -> io::Result<()> {
    page.heading("Numbers")?;
    failures(page)?;
    rate(page)?;
    per_hour(page)?;
    who(page)?;
    reasons(page)?;
    cost(page)?;
    let findings: Vec<Finding> = page.row.evidence.findings.clone();
    if findings.len() > 1 {
        for finding in &findings {
            let n = &finding.features;
            let text = format!(
                "{}, {} failures in {} distinct seconds",
                finding.class.word(),
                count(n.failures),
                count(n.n as u64)
            );
            page.field("on a server", &format!("{}: {text}", finding.server))?;
        }
    }
    episodes(page)
}

fn failures(page: &mut Page<'_>) -> io::Result<()> {
    let (row, zone) = (page.row, page.style.zone);
    let (Some(first), Some(last)) = (row.first_failure, row.last_failure) else {
        return page.field("failures", "none on any server");
    };
    let end = if row.ongoing { ", still running at the end of the log" } else { "" };
    let servers = list(&row.servers, 5);
    page.field("failures", &format!("{} on {servers}", count(row.failures)))?;
    page.field("first", &stamp(first, zone))?;
    page.field("last", &format!("{}{end}", stamp(last, zone)))
}

fn rate(page: &mut Page<'_>) -> io::Result<()> {
    let rate = &page.row.rate;
    if page.row.failures == 0 {
        return Ok(());
    }
    let main = page.row.evidence.findings.first().map(|finding| &finding.features);
    page.field(
        "rate",
        &format!("{} a day while active, at most {} within an hour", decimal(rate.per_day), count(rate.peak_per_hour)),
    )?;
    let shape = main.filter(|features| features.burst_size > 0.0).map(|features| {
        let spacing = features.spacing_s.map(|s| format!(" {} s apart", decimal(s))).unwrap_or_default();
        format!(", mostly of {} failures{spacing}", decimal(features.burst_size))
    });
    page.field("bursts", &format!("{}{}", count(rate.bursts), shape.unwrap_or_default()))?;
    if let Some(seconds) = rate.period_s {
        let share =
            rate.regular_share.map(|share| format!("; {} of the gaps follow it", percent(share))).unwrap_or_default();
        page.field("period", &format!("{}{share}", period(seconds)))?;
    }
    if let Some(features) = main {
        let text = format!(
            "{} distinct seconds in {} clock hours; longest stretch {}",
            count(features.n as u64),
            count(features.hours as u64),
            duration(features.longest_session_s as f64)
        );
        page.field("spread", &text)?;
    }
    Ok(())
}

/// Failures per hour, and the client's attempts below them where the clocks are known.
fn per_hour(page: &mut Page<'_>) -> io::Result<()> {
    let hours = &page.row.evidence.hours;
    let (Some(first), Some(last)) = (hours.first(), hours.last()) else { return Ok(()) };
    let room = page.style.prose().saturating_sub(18).max(10);
    let all = usize::try_from(last.0 - first.0 + 1).unwrap_or(1);
    let step = all.div_ceil(room).max(1);
    let bin = |hour: i64| usize::try_from((hour - first.0).max(0)).unwrap_or(0) / step;
    let mut server = vec![0u64; all.div_ceil(step)];
    for (hour, failures) in hours {
        server[bin(*hour)] += failures;
    }
    let zone = page.style.zone;
    let what = if step == 1 { "failures an hour".to_owned() } else { format!("failures per {step} hours") };
    let (from, to) = (minute(first.0 * 3600, zone), minute((last.0 + 1) * 3600, zone));
    page.line(&format!("{:14}{}", "server", sparkline(&server)))?;
    if let Some(found) = pairs::found(page.row) {
        let mut client = vec![0u64; server.len()];
        for tick in pairs::aligned(page.row, found) {
            let at = bin((tick.server_s as i64).div_euclid(3600));
            if tick.server_s as i64 >= first.0 * 3600 && at < client.len() {
                client[at] += 1;
            }
        }
        page.line(&format!("{:14}{}", "client's log", sparkline(&client)))?;
    }
    let most = server.iter().max().copied().unwrap_or(0);
    page.field("", &format!("{what}, at most {}; {from} to {to}", count(most)))
}

fn who(page: &mut Page<'_>) -> io::Result<()> {
    let row = page.row;
    let counted = |text: String, n: u64| format!("{text} ({})", count(n));
    let accounts: Vec<String> = row
        .accounts
        .iter()
        .map(|account| counted(account_text(account.domain.as_deref(), &account.account), account.failures))
        .collect();
    let types: Vec<String> = row
        .evidence
        .logon_types
        .iter()
        .map(|(kind, n)| counted(format!("{kind} {}", logon_type(*kind)).trim_end().to_owned(), *n))
        .collect();
    let fields = [
        ("accounts", accounts),
        ("names logged", row.raw_names.clone()),
        ("addresses", row.evidence.ips.clone()),
        ("logon types", types),
        ("processes", row.evidence.processes.clone()),
    ];
    for (label, values) in fields {
        if !values.is_empty() {
            page.field(label, &list(&values, MOST))?;
        }
    }
    Ok(())
}

fn reasons(page: &mut Page<'_>) -> io::Result<()> {
    let row = page.row;
    for (at, (status, n)) in row.statuses.iter().take(MOST).enumerate() {
        page.field(if at == 0 { "reasons" } else { "" }, &format!("{} ({})", reason(*status), count(*n)))?;
    }
    let events: Vec<String> = row
        .event_ids
        .iter()
        .map(|(id, n)| if *id == 0 { format!("netlogon.log ({})", count(*n)) } else { format!("{id} ({})", count(*n)) })
        .collect();
    if !events.is_empty() {
        page.field("events", &list(&events, MOST))?;
    }
    Ok(())
}

fn cost(page: &mut Page<'_>) -> io::Result<()> {
    let cost = &page.row.cost;
    if page.row.failures == 0 {
        return Ok(());
    }
    let mut text = format!("{} of all failures", percent(cost.share_of_failures));
    if cost.bytes > 0 {
        text.push_str(&format!(", {} of the log", bytes(cost.bytes)));
    }
    if let Some(share) = cost.share_of_log_bytes {
        text.push_str(&format!(" ({} of its bytes)", percent(share)));
    }
    if let Some(hours) = cost.history_lost_h {
        text.push_str(&format!("; {} of history lost", duration(hours * 3600.0)));
    }
    page.field("cost", &text)
}

fn episodes(page: &mut Page<'_>) -> io::Result<()> {
    let row = page.row;
    for (at, episode) in row.evidence.episodes.iter().take(MOST).enumerate() {
        let text = episode_text(episode, page);
        page.field(if at == 0 { "episodes" } else { "" }, &text)?;
    }
    match row.evidence.episodes.len().checked_sub(MOST) {
        Some(more) if more > 0 => page.field("", &format!("and {more} more")),
        _ => Ok(()),
    }
}

fn episode_text(episode: &Episode, page: &Page<'_>) -> String {
    let zone = page.style.zone;
    let before = if episode.since_before { " (or before: the log begins there)" } else { "" };
    let end = match (episode.ongoing, episode.log_stops) {
        (true, _) => "still running".to_owned(),
        (false, true) => format!("{} (the log stops there)", minute(episode.last, zone)),
        (false, false) => minute(episode.last, zone),
    };
    format!("{}{before} to {end}: {} failures", minute(episode.first, zone), count(episode.failures))
}
