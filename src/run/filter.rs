//! Only what the person asked for: a span of time, names, statuses.

use globset::GlobMatcher;

use super::options::{Filters, Options};
use crate::export::row::{Kind, Row};
use crate::model::event::{EventKind, Who};
use crate::model::gathered::Gathered;
use crate::model::names::NameId;
use crate::model::workstation::{self, Workstation};

/// Removes events, coverage and client logs that the options do not let through. What a log covers is
/// cut to the span too, so that a storm at its edge is known to be cut.
pub(super) fn filter(gathered: &mut Gathered, options: &Options) {
    let text = |id: NameId| gathered.names.text(id);
    let wanted: Vec<bool> = gathered.whos.iter().map(|who| lets_through(&options.filters, &text, who)).collect();
    let from = options.from.unwrap_or(i64::MIN);
    let to = options.to.unwrap_or(i64::MAX);
    // Most runs have no filters.
    if from > i64::MIN || to < i64::MAX || wanted.contains(&false) {
        gathered.events.retain(|event| {
            let sec = i64::from(event.sec);
            wanted[event.who.0 as usize] && from <= sec && sec < to
        });
    }
    let names = &gathered.names;
    gathered.coverage.retain_mut(|coverage| {
        coverage.first = coverage.first.max(from);
        coverage.last = coverage.last.min(to.saturating_sub(1));
        let (first, last) = (coverage.first.div_euclid(3600), coverage.last.div_euclid(3600));
        coverage.hours.retain(|(hour, _)| first <= *hour && *hour <= last);
        coverage.first <= coverage.last && server_fits(&options.filters, names.text(coverage.server))
    });
    gathered.clients.retain(|client| {
        client.workstation.as_ref().is_none_or(|(name, _)| any(&options.filters.workstations, &[name.as_str()]))
    });
}

/// True for a description that the filters let through.
pub(super) fn lets_through<'t>(filters: &Filters, text: &dyn Fn(NameId) -> &'t str, who: &Who) -> bool {
    if !server_fits(filters, text(who.server)) {
        return false;
    }
    if !matches!(who.kind, EventKind::Failure | EventKind::Success | EventKind::Lockout) {
        return true;
    }
    // Most runs have no filters, and every description comes by here: nothing is made that no glob asks for.
    let name = || match workstation::workstation(text(who.workstation), text(who.ip)) {
        Workstation::Named(name) => name,
        Workstation::Address(ip) => ip.to_string(),
        Workstation::Server => workstation::server_key(text(who.server)),
        Workstation::Blank => workstation::BLANK.to_owned(),
    };
    let status_fits = || any(&filters.statuses, &[who.reason.code_text().as_str(), who.reason.name()]);
    (filters.workstations.is_empty() || any(&filters.workstations, &[name().as_str(), text(who.ip)]))
        && any(&filters.accounts, &[text(who.account)])
        && (who.kind != EventKind::Failure || filters.statuses.is_empty() || status_fits())
}

/// The same for one row of the event export.
pub(super) fn row_fits(filters: &Filters, row: &Row<'_>) -> bool {
    let reason = row.reason();
    server_fits(filters, &row.server)
        && any(&filters.workstations, &[&row.workstation, &row.ip])
        && any(&filters.accounts, &[&row.account])
        && (row.kind != Kind::Failure || any(&filters.statuses, &[&reason.code_text(), reason.name()]))
}

fn server_fits(filters: &Filters, raw: &str) -> bool {
    filters.servers.is_empty() || any(&filters.servers, &[workstation::server_key(raw).as_str(), raw])
}

/// True without globs, or when one fits one of the texts.
fn any(globs: &[GlobMatcher], texts: &[&str]) -> bool {
    globs.is_empty() || globs.iter().any(|glob| texts.iter().any(|text| glob.is_match(text)))
}
