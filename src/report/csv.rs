//! The CSV report: one row per workstation, the same words as in JSON.

use std::io::{self, Write};

use super::data::cells::{Cell, cells, columns};
use super::output::Output;
use super::style::Style;
use super::words;
use crate::escape;
use crate::model::analysis::Analysis;
use crate::model::detail::Detail;
use crate::model::time::rfc3339;

/// The CSV report.
pub const OUTPUT: Output = Output {
    name: "csv",
    extension: "csv",
    summary: "one CSV row per workstation, safe for spreadsheets",
    is_text: true,
    detail: Detail::Reasons,
    write,
};

fn write(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if style.excel {
        out.write_all("\u{FEFF}".as_bytes())?;
    }
    let mut writer =
        csv::WriterBuilder::new().delimiter(style.delimiter).terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(columns(analysis).iter().map(|column| header(column, style))).map_err(escape::csv::io_error)?;
    for row in style.rows(analysis) {
        writer
            .write_record(cells(row, analysis).into_iter().map(|cell| shown(cell, style)))
            .map_err(escape::csv::io_error)?;
    }
    writer.flush()
}

fn header(column: &str, style: &Style) -> String {
    let is_time = matches!(column, "first_failure" | "last_failure");
    if style.excel && is_time { format!("{column} ({})", style.zone.name()) } else { column.to_owned() }
}

/// A number as JSON writes it, a moment in UTC (for a spreadsheet in the display zone), text with guard.
fn shown(cell: Cell, style: &Style) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Word(word) => word.to_owned(),
        Cell::Text(text) if style.raw => text,
        Cell::Text(text) => escape::csv::cell(&text).into_owned(),
        Cell::Count(n) => n.to_string(),
        Cell::Number(value) => format!("{value:?}"),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Time(sec) if style.excel => words::stamp(sec, style.zone),
        Cell::Time(sec) => rfc3339(sec),
    }
}
