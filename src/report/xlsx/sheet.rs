//! One sheet of typed cells: header, filter, frozen panes, and a limit of rows.

use chrono_tz::Tz;
use rust_xlsxwriter::{ConditionalFormat2ColorScale, ExcelDateTime, Worksheet, XlsxError};

use super::looks::Looks;
use crate::escape;
use crate::report::data::cells::Cell;
use crate::report::words::{count, stamp, wall_clock};

/// Rows of a sheet, the header included (Microsoft, "Excel specifications and limits").
pub(super) const MOST_ROWS: u32 = 1_048_576;

/// Largest whole number up to which every one is a double.
const EXACT: u64 = 1 << 53;

/// A column: header and width in characters. A header that ends in `(zone)` gets the zone's name.
pub(super) type Column = (&'static str, f64);

/// A sheet under construction.
pub(super) struct Sheet {
    sheet: Worksheet,
    looks: Looks,
    zone: Tz,
    name: &'static str,
    columns: u16,
    /// Rows written, the header included.
    rows: u32,
    most_rows: u32,
    left_out: u64,
}

impl Sheet {
    /// A sheet with its header. The first row and the first `frozen` columns always show.
    pub(super) fn new(
        name: &'static str,
        columns: &[Column],
        frozen: u16,
        zone: Tz,
        most_rows: u32,
    ) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        let looks = Looks::new();
        sheet.set_name(name)?.set_freeze_panes(1, frozen)?;
        for ((header, width), at) in columns.iter().zip(0..) {
            let header = header.replace("(zone)", &format!("({})", zone.name()));
            sheet.write_string_with_format(0, at, header, &looks.header)?;
            sheet.set_column_width(at, *width)?;
        }
        let columns = columns.len() as u16;
        Ok(Self { sheet, looks, zone, name, columns, rows: 1, most_rows, left_out: 0 })
    }

    /// Appends a row; one that does not fit any more is counted.
    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.rows >= self.most_rows {
            self.left_out += 1;
            return Ok(());
        }
        let row = self.rows;
        for (cell, column) in cells.iter().zip(0..) {
            self.cell(row, column, cell)?;
        }
        self.rows += 1;
        Ok(())
    }

    fn cell(&mut self, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
        let (sheet, looks) = (&mut self.sheet, &self.looks);
        let format = looks.of(cell);
        match cell {
            Cell::Empty => sheet,
            Cell::Text(text) if text.is_empty() => sheet,
            Cell::Text(text) => sheet.write_string_with_format(row, column, escape::sheet::cell(text), format)?,
            Cell::Word(word) => sheet.write_string_with_format(row, column, *word, format)?,
            // Above this a spreadsheet's numbers have gaps.
            Cell::Count(n) if *n > EXACT => sheet.write_string_with_format(row, column, n.to_string(), &looks.text)?,
            Cell::Count(n) => sheet.write_number_with_format(row, column, *n as f64, format)?,
            Cell::Number(value) => sheet.write_number_with_format(row, column, *value, format)?,
            Cell::Flag(flag) => sheet.write_boolean_with_format(row, column, *flag, format)?,
            Cell::Time(sec) => match wall_clock(*sec, self.zone).map(ExcelDateTime::from_timestamp) {
                Some(Ok(time)) => sheet.write_datetime_with_format(row, column, &time, format)?,
                // No date of a spreadsheet: as text, not lost.
                _ => sheet.write_string_with_format(row, column, stamp(*sec, self.zone), &looks.text)?,
            },
        };
        Ok(())
    }

    /// Colours the numbers of a column from white to red, by their size.
    pub(super) fn scale(&mut self, column: u16) -> Result<(), XlsxError> {
        if self.rows > 1 {
            let scale = ConditionalFormat2ColorScale::new().set_minimum_color("FFFFFF").set_maximum_color("F8696B");
            self.sheet.add_conditional_format(1, column, self.rows - 1, column, &scale)?;
        }
        Ok(())
    }

    /// What is not on the sheet; `None` where everything is.
    pub(super) fn note(&self) -> Option<String> {
        (self.left_out > 0).then(|| {
            format!(
                "sheet {}: {} more rows do not fit; the CSV and JSON reports hold them",
                self.name,
                count(self.left_out)
            )
        })
    }

    /// The sheet, with a filter over all of it.
    pub(super) fn finish(mut self) -> Result<Worksheet, XlsxError> {
        self.sheet.autofilter(0, 0, self.rows - 1, self.columns.saturating_sub(1))?;
        Ok(self.sheet)
    }
}
