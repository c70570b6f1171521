//! Which rows are listed, and in which order.

use crate::model::analysis::Row;
use crate::model::finding::{Class, Finding};

/// The class of a row: scanner or spray where that rule holds on any server, else the highest of its
/// findings in the order storm, possible storm, human, unclassified.
pub(super) fn class_of(findings: &[Finding]) -> Class {
    findings.iter().map(|finding| finding.class).min_by_key(|class| strength(*class)).unwrap_or(Class::Unclassified)
}

/// The class of a row of which one part has this class and another part that.
pub fn stronger(a: Class, b: Class) -> Class {
    if strength(b) < strength(a) { b } else { a }
}

fn strength(class: Class) -> u8 {
    match class {
        Class::Scanner => 0,
        Class::Spray => 1,
        Class::Storm => 2,
        Class::PossibleStorm => 3,
        Class::Human => 4,
        Class::Unclassified => 5,
    }
}

/// Listed without `--all`: storms, possible storms, sprays, scanners, and clients whose log tells of
/// attempts.
pub(super) fn is_listed(class: Class, attempts: u64) -> bool {
    !matches!(class, Class::Unclassified | Class::Human) || attempts > 0
}

/// Marks what is listed, sorts and numbers: listed rows first, each part by class, failures (most
/// first), name. So ranks count without a gap, whether all rows are shown or the listed ones only.
pub fn rank(rows: &mut [Row], all: bool) {
    for row in rows.iter_mut() {
        row.listed = all || is_listed(row.class, row.client.as_ref().map_or(0, |client| client.attempts));
    }
    // Names differ, so nothing is equal; rows are large and may be very many, so nothing is copied aside.
    rows.sort_unstable_by(|a, b| {
        let key = |row: &Row| (!row.listed, row.class, std::cmp::Reverse(row.failures));
        key(a).cmp(&key(b)).then_with(|| a.workstation.cmp(&b.workstation))
    });
    for (at, row) in rows.iter_mut().enumerate() {
        row.rank = at as u64 + 1;
    }
}
