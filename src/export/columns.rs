//! The one list of columns: every writer goes over it.

use std::borrow::Cow;

use super::row::Row;

/// What a column holds, and where it comes from. `None` and empty text are absent values.
pub enum Cell {
    /// Text as logged, or words of ours.
    Text(for<'r> fn(&'r Row<'_>) -> Cow<'r, str>),
    /// A whole number.
    Number(fn(&Row<'_>) -> Option<i64>),
    /// RFC 3339 in UTC with the source's digits.
    Time,
}

/// One column.
pub struct Column {
    /// Name, the same in every format.
    pub name: &'static str,
    /// Its values.
    pub cell: Cell,
}

const fn text(name: &'static str, of: for<'r> fn(&'r Row<'_>) -> Cow<'r, str>) -> Column {
    Column { name, cell: Cell::Text(of) }
}

const fn number(name: &'static str, of: fn(&Row<'_>) -> Option<i64>) -> Column {
    Column { name, cell: Cell::Number(of) }
}

/// Ids past `i64::MAX` exist only in damaged logs; they are kept at the end of the range.
fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Every column, in order.
pub const COLUMNS: &[Column] = &[
    text("kind", |row| Cow::Borrowed(row.kind.word())),
    Column { name: "time", cell: Cell::Time },
    number("time_ms", |row| row.time_ms()),
    number("time_100ns", |row| row.time_100ns()),
    text("workstation", |row| Cow::Borrowed(&row.workstation)),
    text("workstation_raw", |row| Cow::Borrowed(&row.workstation_raw)),
    text("account", |row| Cow::Borrowed(&row.account)),
    text("domain", |row| Cow::Borrowed(&row.domain)),
    text("ip", |row| Cow::Borrowed(&row.ip)),
    text("server", |row| Cow::Borrowed(&row.server)),
    text("metering_server", |row| Cow::Borrowed(&row.metering_server)),
    number("event_id", |row| row.event_id.map(i64::from)),
    number("record_id", |row| row.record_id.map(signed)),
    text("provider", |row| Cow::Borrowed(&row.provider)),
    text("channel", |row| Cow::Borrowed(&row.channel)),
    text("status", |row| Cow::Owned(row.status.code_text())),
    text("sub_status", |row| Cow::Owned(row.sub_status.code_text())),
    text("reason_status", |row| Cow::Owned(row.reason().code_text())),
    text("reason", |row| Cow::Borrowed(row.reason().name())),
    number("logon_type", |row| row.logon_type.map(i64::from)),
    text("package", |row| Cow::Borrowed(&row.package)),
    number("line", |row| row.line.map(signed)),
    text("file", |row| Cow::Borrowed(row.file)),
    number("offset", |row| Some(signed(row.offset))),
];
