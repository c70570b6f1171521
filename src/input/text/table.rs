//! Tables with a header: PowerShell's `Export-Csv` and Log Parser's CSV.

use std::borrow::Cow;
use std::io;

use super::local::{self, Found, Layout, date_and_clock};
use super::out::Out;
use super::rows::{fields, nth};
use crate::input::door::{Job, Sink};
use crate::input::lines::each_line;
use crate::input::windows::ids;

/// Lines in which the header must stand.
const HEADER_WITHIN: u64 = 10;

/// What a header says: where each column is.
pub(super) struct Table {
    line: String,
    delimiter: char,
    /// Every field is quoted, as `Export-Csv` does it.
    quoted: bool,
    columns: usize,
    id: usize,
    time: usize,
    provider: usize,
    computer: Option<usize>,
    record: Option<usize>,
    message: Option<usize>,
    strings: Option<usize>,
}

impl Table {
    /// The table of a header; `None` where the line is none.
    pub(super) fn of(header: &str) -> Option<Table> {
        let delimiter = *[',', ';', '\t'].iter().max_by_key(|delimiter| header.matches(**delimiter).count())?;
        let names = fields(header, delimiter, 256);
        let column = |wanted: &[&str]| {
            wanted.iter().find_map(|wanted| names.iter().position(|name| name.trim().eq_ignore_ascii_case(wanted)))
        };
        let table = Table {
            line: header.to_owned(),
            delimiter,
            quoted: header.starts_with('"'),
            columns: names.len(),
            id: column(&["Id", "EventID"])?,
            time: column(&["TimeCreated", "TimeGenerated"])?,
            provider: column(&["ProviderName", "SourceName", "Source"])?,
            computer: column(&["MachineName", "ComputerName"]),
            record: column(&["RecordId", "RecordNumber", "Index"]),
            message: column(&["Message"]),
            strings: column(&["Strings"]),
        };
        (table.message.is_some() || table.strings.is_some()).then_some(table)
    }
}

impl Layout for Table {
    fn starts(&self, line: &str, quoted: bool) -> bool {
        if line == self.line {
            return false;
        }
        if self.quoted {
            return quoted && line.starts_with('"');
        }
        if nth(line, self.delimiter, self.id).is_some_and(|id| id.trim().parse::<u32>().is_ok()) {
            return true;
        }
        let columns = fields(line, self.delimiter, self.columns);
        columns.get(self.id).is_some_and(|id| id.trim().parse::<u32>().is_ok()) || columns.len() >= self.columns / 2
    }

    fn split<'a>(&self, text: &'a str) -> Option<Found<'a>> {
        let mut row = fields(text, self.delimiter, self.columns + 1);
        let surplus = row.len() > self.columns;
        if row.len() < self.columns {
            return None;
        }
        let mut take = |at: Option<usize>| at.map_or(Cow::Borrowed(""), |at| std::mem::take(&mut row[at]));
        let id = take(Some(self.id)).trim().parse::<u32>().ok()?;
        let when = take(Some(self.time));
        let (date, time) = when.trim().split_once([' ', 'T'])?;
        // ISO 8601 may have a fraction; whole seconds do.
        let (date, clock) =
            date_and_clock(date, time.split('.').next().filter(|_| time.contains(':')).unwrap_or(time))?;
        let id = (id & 0xffff) as u16;
        let strings = match take(self.strings) {
            _ if ids::wanted(id).is_none() => Vec::new(),
            Cow::Borrowed(text) => text.split('|').map(Cow::Borrowed).collect(),
            Cow::Owned(text) => text.split('|').map(|text| Cow::Owned(text.to_owned())).collect(),
        };
        Some(Found {
            date,
            clock,
            source: take(Some(self.provider)),
            id,
            computer: take(self.computer),
            record_id: take(self.record).trim().parse().ok(),
            strings: if self.strings.is_some() { strings } else { Vec::new() },
            description: take(self.message),
            surplus,
        })
    }

    fn header(&self, line: &str) -> bool {
        line.starts_with("#TYPE") || line == self.line
    }

    /// Another row shows as fields that are too many.
    fn joined(&self, _: &str, _: bool) -> bool {
        false
    }
}

/// Reads a whole table.
pub(super) fn read(job: &Job<'_>, sink: &mut dyn Sink) -> io::Result<()> {
    let mut table = None;
    each_line(job.source, &mut |line| {
        table = Table::of(line.text);
        if table.is_some() || line.number >= HEADER_WITHIN {
            std::ops::ControlFlow::Break(())
        } else {
            std::ops::ControlFlow::Continue(())
        }
    })?;
    match table {
        Some(table) => local::read(job, sink, &table),
        None => {
            let mut out = Out::new(job, sink);
            out.bad(1, "header", "it does not name event id, time, source and message");
            out.finish();
            Ok(())
        }
    }
}
