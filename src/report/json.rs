//! The JSON report, and the same rows as JSON lines.

use std::io::{self, Write};

use serde::Serialize;

use super::data::report::{ReportData, SCHEMA};
use super::data::row::RowData;
use super::output::Output;
use super::style::Style;
use crate::escape::json::{compact, pretty};
use crate::model::analysis::Analysis;
use crate::model::detail::Detail;

/// The JSON report.
pub const OUTPUT: Output = Output {
    name: "json",
    extension: "json",
    summary: "one JSON document, schema logonstorm.report/1",
    is_text: true,
    detail: Detail::Reasons,
    write,
};

/// JSON lines.
pub const LINES: Output = Output {
    name: "jsonl",
    extension: "jsonl",
    summary: "JSON lines: one workstation per line",
    is_text: true,
    detail: Detail::Reasons,
    write: write_lines,
};

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    #[serde(flatten)]
    row: RowData<'a>,
}

fn write(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    pretty(&ReportData::new(analysis, style), out)?;
    out.write_all(b"\n")
}

fn write_lines(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for row in style.rows(analysis) {
        compact(&Line { schema: SCHEMA, row: RowData::of(row).since(analysis) }, out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
