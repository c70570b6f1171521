//! What stands on each sheet.

use rust_xlsxwriter::XlsxError;

use super::sheet::{Column, MOST_ROWS, Sheet};
use crate::model::analysis::{Analysis, Row};
use crate::model::event::Provenance;
use crate::model::gathered::Severity;
use crate::model::time::rfc3339;
use crate::report::data::cells::{COLUMNS, Cell, cells, columns};
use crate::report::data::row::client_time;
use crate::report::style::Style;
use crate::report::{headline, place};

/// Client lines of one row that are shown: the first and the last ones.
const LINES: usize = 5;

/// Width of each column of the storms' sheet that is not 12.
const WIDTHS: &[(&str, f64)] = &[
    ("rank", 6.0),
    ("workstation", 20.0),
    ("first_failure", 20.0),
    ("last_failure", 20.0),
    ("accounts", 28.0),
    ("servers", 18.0),
    ("client_logs", 36.0),
    ("metering_servers", 18.0),
    ("reasons", 90.0),
    ("action", 70.0),
];

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// Name and value: what was read, and what the other sheets leave out.
pub(super) fn summary(analysis: &Analysis, style: &Style, notes: &[String]) -> Result<Sheet, XlsxError> {
    let mut sheet = Sheet::new("Summary", &[("what", 26.0), ("value", 100.0)], 0, style.zone, MOST_ROWS)?;
    let inputs = &analysis.inputs;
    let mut rows = vec![("report", Cell::Text(headline::counts(analysis)))];
    rows.extend(headline::blind_servers(analysis).map(|sentence| ("not audited", Cell::Text(sentence))));
    rows.extend([
        ("first record", Cell::time(analysis.span.map(|span| span.0))),
        ("last record", Cell::time(analysis.span.map(|span| span.1))),
        ("time zone of this file", text(style.zone.name())),
        ("counts are exact", Cell::Flag(analysis.exact)),
        ("files", Cell::Count(inputs.files)),
        ("bytes", Cell::Count(inputs.bytes)),
        ("records", Cell::Count(inputs.records)),
        ("failures", Cell::Count(inputs.failures)),
        ("duplicates", Cell::Count(inputs.duplicates)),
        ("client logs", Cell::Count(inputs.client_logs)),
        ("attempts", Cell::Count(inputs.attempts)),
        ("unrecognised files", Cell::Count(inputs.unrecognised)),
        ("events of impossible times", Cell::Count(inputs.bad_times)),
        ("places skipped", Cell::Count(inputs.skipped.len() as u64)),
    ]);
    rows.extend(notes.iter().map(|note| ("left out", text(note))));
    rows.extend(analysis.warnings.iter().map(|warning| ("warning", text(warning))));
    rows.extend(analysis.unattributed.iter().map(|log| ("client log of no workstation", text(&log.log))));
    for (name, value) in rows {
        sheet.row(&[Cell::Word(name), value])?;
    }
    Ok(sheet)
}

/// The other sheets, in order.
pub(super) fn details(analysis: &Analysis, style: &Style, most_rows: u32) -> Result<Vec<Sheet>, XlsxError> {
    let rows: Vec<&Row> = style.rows(analysis).collect();
    Ok(vec![
        storms(analysis, &rows, style, most_rows)?,
        accounts(&rows, style, most_rows)?,
        servers(analysis, style, most_rows)?,
        evidence(analysis, &rows, style, most_rows)?,
        skipped(analysis, style, most_rows)?,
    ])
}

/// The columns of the CSV report.
fn storms(analysis: &Analysis, rows: &[&Row], style: &Style, most_rows: u32) -> Result<Sheet, XlsxError> {
    let columns: Vec<Column> = columns(analysis)
        .into_iter()
        .map(|name| {
            let width = WIDTHS.iter().find(|(known, _)| *known == name).map_or(12.0, |(_, width)| *width);
            let header = match name {
                "first_failure" => "first_failure (zone)",
                "last_failure" => "last_failure (zone)",
                other => other,
            };
            (header, width)
        })
        .collect();
    let mut sheet = Sheet::new("Storms", &columns, 2, style.zone, most_rows)?;
    for row in rows {
        sheet.row(&cells(row, analysis))?;
    }
    let failures = COLUMNS.iter().position(|name| *name == "failures").unwrap_or(0);
    sheet.scale(failures as u16)?;
    Ok(sheet)
}

fn accounts(rows: &[&Row], style: &Style, most_rows: u32) -> Result<Sheet, XlsxError> {
    let columns = [("rank", 6.0), ("workstation", 20.0), ("account", 28.0), ("domain", 20.0), ("failures", 12.0)];
    let mut sheet = Sheet::new("Accounts", &columns, 2, style.zone, most_rows)?;
    for row in rows {
        for account in &row.accounts {
            sheet.row(&[
                Cell::Count(row.rank),
                text(&row.workstation),
                text(&account.account),
                account.domain.as_deref().map_or(Cell::Empty, text),
                Cell::Count(account.failures),
            ])?;
        }
    }
    sheet.scale(4)?;
    Ok(sheet)
}

fn servers(analysis: &Analysis, style: &Style, most_rows: u32) -> Result<Sheet, XlsxError> {
    let columns = [
        ("server", 20.0),
        ("from (zone)", 20.0),
        ("to (zone)", 20.0),
        ("records", 12.0),
        ("audits", 40.0),
        ("cleared (UTC)", 30.0),
        ("full", 8.0),
        ("audits_lost (UTC)", 30.0),
        ("log_bytes", 16.0),
        ("storm_bytes", 16.0),
        ("history_lost_h", 14.0),
    ];
    let mut sheet = Sheet::new("Servers", &columns, 1, style.zone, most_rows)?;
    let times = |times: &[i64]| Cell::Text(times.iter().map(|sec| rfc3339(*sec)).collect::<Vec<_>>().join("; "));
    for server in &analysis.servers {
        sheet.row(&[
            text(&server.server),
            Cell::Time(server.from),
            Cell::Time(server.to),
            Cell::Count(server.records),
            Cell::Text(server.audits.join("; ")),
            times(&server.cleared),
            Cell::Flag(server.full),
            times(&server.audits_lost),
            Cell::Count(server.log_bytes),
            Cell::Count(server.storm_bytes),
            Cell::number(server.history_lost_h.and_then(crate::report::data::round::tenth)),
        ])?;
    }
    Ok(sheet)
}

/// Samples of each row that can be looked up: failures, context, the first and last client lines.
fn evidence(analysis: &Analysis, rows: &[&Row], style: &Style, most_rows: u32) -> Result<Sheet, XlsxError> {
    let columns = [
        ("rank", 6.0),
        ("workstation", 20.0),
        ("what", 40.0),
        ("time (zone)", 20.0),
        ("time of the client's clock", 26.0),
        ("file", 50.0),
        ("event_record_id", 16.0),
        ("line", 10.0),
    ];
    let mut sheet = Sheet::new("Evidence", &columns, 2, style.zone, most_rows)?;
    for row in rows {
        let context = row.evidence.context.iter().map(|event| (text(&event.what), event.sec, event.at.at));
        let failures = row.evidence.sightings.iter().map(|seen| (Cell::Word("failure"), seen.sec, seen.at));
        for (what, sec, at) in context.chain(failures) {
            let [file, id, line] = looked_up(analysis, at);
            let start = [Cell::Count(row.rank), text(&row.workstation), what, Cell::Time(sec), Cell::Empty];
            sheet.row(&[&start[..], &[file, id, line]].concat())?;
        }
        let ticks = &row.evidence.ticks;
        let last = ticks.len().saturating_sub(LINES).max(LINES.min(ticks.len()));
        for tick in ticks.iter().take(LINES).chain(&ticks[last..]) {
            sheet.row(&[
                Cell::Count(row.rank),
                text(&row.workstation),
                Cell::Word("attempt"),
                Cell::Empty,
                tick.at_ms.map_or(Cell::Empty, |ms| Cell::Text(client_time(ms))),
                text(place::file(analysis, tick.file)),
                Cell::Empty,
                Cell::Count(tick.line),
            ])?;
        }
    }
    Ok(sheet)
}

/// File, EventRecordID and line of a place.
fn looked_up(analysis: &Analysis, at: Provenance) -> [Cell; 3] {
    let file = text(place::file(analysis, at.file.0));
    if at.is_line { [file, Cell::Empty, Cell::Count(at.at)] } else { [file, Cell::Count(at.at), Cell::Empty] }
}

fn skipped(analysis: &Analysis, style: &Style, most_rows: u32) -> Result<Sheet, XlsxError> {
    let columns = [("severity", 12.0), ("file", 50.0), ("at", 30.0), ("what", 20.0), ("why", 70.0)];
    let mut sheet = Sheet::new("Skipped", &columns, 0, style.zone, most_rows)?;
    for place in &analysis.inputs.skipped {
        let severity = match place.severity {
            Severity::Note => "note",
            Severity::Damage => "damage",
            Severity::Unreadable => "unreadable",
        };
        sheet.row(&[Cell::Word(severity), text(&place.file), text(&place.at), text(&place.what), text(&place.why)])?;
    }
    Ok(sheet)
}
