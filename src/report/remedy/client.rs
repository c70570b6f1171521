//! The text about one row.

use chrono_tz::Tz;

use super::page::Page;
use super::values::Values;
use super::what_if;
use crate::model::analysis::Row;
use crate::model::remedy::{Effect, Remedy};
use crate::report::sentence;

/// Everything that would stop one row.
pub fn client(row: &Row, values: Values, zone: Tz) -> String {
    let mut page = Page::default();
    page.title(&heading(row));
    page.prose(&sentence::of(row, zone));
    page.title("What would stop it, most effective first");
    remedies(&mut page, row, true);
    if let Some(cycle) = &row.evidence.cycle {
        what_if::write(&mut page, cycle, values);
    }
    page.finish()
}

/// `WS042: storm, confirmed`.
pub(super) fn heading(row: &Row) -> String {
    let verdict = row.verdict.map(|verdict| format!(", {}", verdict.word())).unwrap_or_default();
    format!("{}: {}{verdict}", row.workstation, row.class.word())
}

/// The list of remedies, with their steps where they are wanted.
pub(super) fn remedies(page: &mut Page, row: &Row, steps: bool) {
    if row.evidence.remedies.is_empty() {
        page.prose("Nothing needs to be done.");
    }
    for (remedy, n) in row.evidence.remedies.iter().zip(1..) {
        page.hung(&format!("  {n}. "), &format!("{} ({})", remedy.text.trim_start_matches("or "), effect(remedy)));
        for step in remedy.steps.iter().filter(|_| steps) {
            page.hung("     - ", step);
        }
    }
}

/// `ends it; KB Q287626`.
fn effect(remedy: &Remedy) -> String {
    let helps = match remedy.effect {
        Effect::Ends => "ends it",
        Effect::Slows => "slows it down",
        Effect::Tells => "finds it",
    };
    if remedy.source.is_empty() { helps.to_owned() } else { format!("{helps}; KB {}", remedy.source) }
}
