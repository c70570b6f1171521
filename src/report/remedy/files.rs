//! Every file of a folder of remedies, by name and bytes.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::values::Values;
use super::{client, overview, reg, script};
use crate::escape::file_name::file_name;
use crate::model::analysis::{Analysis, Row};

/// Every file there may be besides the texts about one client each.
pub const FIXED: [&str; 6] = [
    "remedy.txt",
    "pipe-retries.reg",
    "pipe-retries-nt4.reg",
    "pipe-retries-undo.reg",
    "clients.cmd",
    "clients-undo.cmd",
];

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Path below the folder, with `/`.
    pub path: String,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// The files for these rows: a text for all and one for each; for storms of the metering client also
/// registry files and scripts. Texts have the line ends of Windows.
pub fn files(analysis: &Analysis, rows: &[&Row], values: Values, zone: Tz) -> Vec<Made> {
    let text =
        |path: &str, text: String| Made { path: path.to_owned(), bytes: text.replace('\n', "\r\n").into_bytes() };
    let mut out = vec![text("remedy.txt", overview(analysis, rows, values, zone))];
    out.extend(rows.iter().map(|row| text(&text_name(row), client::client(row, values, zone))));
    if !rows.iter().any(|row| is_metering(row)) {
        return out;
    }
    let file = |path: &str, bytes: Vec<u8>| Made { path: path.to_owned(), bytes };
    out.push(file("pipe-retries.reg", reg::set(values)));
    out.push(file("pipe-retries-nt4.reg", reg::set_nt4(values)));
    out.push(file("pipe-retries-undo.reg", reg::undo()));
    let names: BTreeSet<&str> =
        rows.iter().filter(|row| is_in_script(row)).map(|row| row.workstation.as_str()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    out.push(file("clients.cmd", script::set(&names, values).into_bytes()));
    out.push(file("clients-undo.cmd", script::undo(&names).into_bytes()));
    out
}

/// The path of the text about one row.
pub(super) fn text_name(row: &Row) -> String {
    format!("clients/{}.txt", file_name(&row.workstation))
}

/// A storm of the metering client: the registry values can slow it down.
pub(super) fn is_metering(row: &Row) -> bool {
    row.evidence.cycle.is_some()
}

/// The script reaches this client.
pub(super) fn is_in_script(row: &Row) -> bool {
    is_metering(row) && script::is_plain(&row.workstation)
}
