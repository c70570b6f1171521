//! The workbook: six sheets, and always the same bytes.

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::sheet::{MOST_ROWS, Sheet};
use super::sheets;
use crate::model::analysis::Analysis;
use crate::report::style::Style;

/// Writes the workbook.
pub(super) fn write(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let bytes = book(analysis, style, MOST_ROWS).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

/// The file, with at most `most_rows` rows on a sheet, the header included.
pub(super) fn book(analysis: &Analysis, style: &Style, most_rows: u32) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day is a constant: no report contains the time at which it was made.
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title("logonstorm report").set_creation_datetime(&day));
    let details = sheets::details(analysis, style, most_rows)?;
    let notes: Vec<String> = details.iter().filter_map(Sheet::note).collect();
    book.push_worksheet(sheets::summary(analysis, style, &notes)?.finish()?);
    for sheet in details {
        book.push_worksheet(sheet.finish()?);
    }
    book.save_to_buffer()
}
