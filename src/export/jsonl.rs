//! Events as JSON lines. Absent values are null.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::columns::{COLUMNS, Cell};
use super::row::Row;
use super::writer::{Format, Look, Rows};
use crate::escape::json::compact;

/// JSON lines.
pub const FORMAT: Format = Format { name: "jsonl", summary: "one JSON object per event", start };

struct Writer<'w>(io::BufWriter<Box<dyn Write + Send + 'w>>);

struct Line<'a, 'r>(&'a Row<'r>);

fn start<'w>(out: Box<dyn Write + Send + 'w>, _look: &Look) -> io::Result<Box<dyn Rows + 'w>> {
    Ok(Box::new(Writer(io::BufWriter::new(out))))
}

impl Serialize for Line<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = self.0;
        let mut map = serializer.serialize_map(Some(COLUMNS.len()))?;
        for column in COLUMNS {
            match &column.cell {
                Cell::Text(of) => map.serialize_entry(column.name, &Some(of(row)).filter(|text| !text.is_empty()))?,
                Cell::Number(of) => map.serialize_entry(column.name, &of(row))?,
                Cell::Time => {
                    let time: Option<Cow<'_, str>> = row.time.map(|time| time.rfc3339(row.digits).into());
                    map.serialize_entry(column.name, &time)?;
                }
            }
        }
        map.end()
    }
}

impl Rows for Writer<'_> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        compact(&Line(row), &mut self.0)?;
        self.0.write_all(b"\n")
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.0.flush()
    }
}
