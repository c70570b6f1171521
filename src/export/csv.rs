//! Events as CSV.

use std::borrow::Cow;
use std::io;

use super::columns::{COLUMNS, Cell};
use super::row::Row;
use super::writer::{Format, Look, Rows};
use crate::escape;

/// CSV.
pub const FORMAT: Format = Format { name: "csv", summary: "one CSV row per event", start };

struct Writer<'w> {
    out: csv::Writer<Box<dyn io::Write + Send + 'w>>,
    raw: bool,
}

fn start<'w>(out: Box<dyn io::Write + Send + 'w>, look: &Look) -> io::Result<Box<dyn Rows + 'w>> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    out.write_record(COLUMNS.iter().map(|column| column.name)).map_err(escape::csv::io_error)?;
    Ok(Box::new(Writer { out, raw: look.raw }))
}

impl Rows for Writer<'_> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        for column in COLUMNS {
            let cell = match &column.cell {
                Cell::Text(of) if self.raw => of(row),
                Cell::Text(of) => match escape::csv::cell(&of(row)) {
                    Cow::Borrowed(text) => Cow::Owned(text.to_owned()),
                    Cow::Owned(text) => Cow::Owned(text),
                },
                Cell::Number(of) => of(row).map(|n| Cow::Owned(n.to_string())).unwrap_or_default(),
                Cell::Time => row.time.map(|time| Cow::Owned(time.rfc3339(row.digits))).unwrap_or_default(),
            };
            self.out.write_field(cell.as_bytes()).map_err(escape::csv::io_error)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(escape::csv::io_error)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}
