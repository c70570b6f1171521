//! The text about all rows asked for, and about the logs.

use chrono_tz::Tz;

use super::client::{heading, remedies};
use super::files::{is_in_script, is_metering, text_name};
use super::logs;
use super::page::Page;
use super::values::{INTERVAL, RETRIES, Values, WARNING};
use crate::model::analysis::{Analysis, Row};
use crate::report::words::{count, list, minute};
use crate::report::{headline, sentence};

/// Names left out of the script that are shown.
const NAMED: usize = 20;

/// What would stop each row, what the files beside it are for, and what the logs need.
pub fn overview(analysis: &Analysis, rows: &[&Row], values: Values, zone: Tz) -> String {
    let mut page = Page::default();
    page.title("What would stop the storms");
    page.prose(&headline::counts(analysis));
    if let Some((from, to)) = analysis.span {
        page.prose(&format!("Logs from {} to {} {}.", minute(from, zone), minute(to, zone), zone.name()));
    }
    if rows.is_empty() {
        page.gap();
        page.prose("There is no storm: nothing needs to be stopped.");
    }
    for row in rows {
        page.title(&heading(row));
        page.prose(&sentence::of(row, zone));
        remedies(&mut page, row, false);
        page.hung("  Details: ", &text_name(row));
    }
    if rows.iter().any(|row| is_metering(row)) {
        registry(&mut page, rows, values);
    }
    logs::write(&mut page, analysis);
    page.finish()
}

fn registry(page: &mut Page, rows: &[&Row], values: Values) {
    page.title("The registry values of the metering client");
    for sentence in WARNING {
        page.hung("  - ", sentence);
    }
    page.gap();
    let value = format!("{RETRIES} {}, {INTERVAL} {} ms", values.retries, count(u64::from(values.interval_ms)));
    page.hung("  pipe-retries.reg       ", &format!("{value}: Windows 2000 and later"));
    page.hung("  pipe-retries-nt4.reg   ", "the same for Windows 95, 98 and NT 4.0");
    page.hung(
        "  pipe-retries-undo.reg  ",
        "removes both values again: Windows 2000 and later; on older ones delete the two values in regedit",
    );
    page.hung("  clients.cmd            ", "sets them on every client named in it; changes nothing without /apply");
    page.hung("  clients-undo.cmd       ", "removes them there again");
    let left_out: Vec<String> =
        rows.iter().filter(|row| is_metering(row) && !is_in_script(row)).map(|row| row.workstation.clone()).collect();
    if !left_out.is_empty() {
        page.gap();
        page.prose(&format!(
            "Left out of clients.cmd, because their names are no plain names of computers: {}.",
            list(&left_out, NAMED)
        ));
    }
}
