//! One event as the writers take it.

use std::borrow::Cow;
use std::io;

use super::schema::{Kind, Schema};
use super::sid::Sid;
use crate::model::time::Ticks;

/// Provider of the classic Security events (up to Windows 2003).
pub const CLASSIC: &str = "Security";
/// Provider of the Security events since Windows Vista.
pub const SECURITY_AUDITING: &str = "Microsoft-Windows-Security-Auditing";

/// An event to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenEvent<'a> {
    /// EventRecordID, from 1.
    pub record_id: u64,
    /// When it was generated, UTC. `.evt` and the text forms keep whole seconds only.
    pub time: Ticks,
    /// Event id, without qualifiers.
    pub event_id: u16,
    /// True for an audit failure, false for an audit success.
    pub failure: bool,
    /// The computer that logs the event.
    pub computer: &'a str,
    /// Provider (source); [`CLASSIC`] for events with insertion strings.
    pub provider: &'a str,
    /// Insertion strings or named fields.
    pub data: Data<'a>,
}

/// What an event says besides its header.
#[derive(Clone, Debug, PartialEq)]
pub enum Data<'a> {
    /// Insertion strings of a classic event, `%1` first; may be empty.
    Strings(Vec<Cow<'a, str>>),
    /// Fields of a modern event: one value for each field of the schema.
    Named(&'static Schema, Vec<Value<'a>>),
}

/// One value of a modern event.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text.
    Text(Cow<'a, str>),
    /// A security identifier.
    Sid(Sid),
    /// An unsigned number, printed in decimal.
    U32(u32),
    /// A number printed as `0x...`.
    Hex32(u32),
    /// A wide number printed as `0x...`.
    Hex64(u64),
}

impl Value<'_> {
    /// The kind of this value, which must be the one its schema asks for.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Text(_) => Kind::Text,
            Value::Sid(_) => Kind::Sid,
            Value::U32(_) => Kind::U32,
            Value::Hex32(_) => Kind::Hex32,
            Value::Hex64(_) => Kind::Hex64,
        }
    }

    /// The value as Windows prints it in XML.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Value::Text(text) => Cow::Borrowed(text),
            Value::Sid(sid) => Cow::Owned(sid.text()),
            Value::U32(number) => Cow::Owned(number.to_string()),
            Value::Hex32(number) => Cow::Owned(format!("{number:#x}")),
            Value::Hex64(number) => Cow::Owned(format!("{number:#x}")),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl<'a> WrittenEvent<'a> {
    /// The texts of the insertion strings or of the fields, in order.
    pub fn texts(&self) -> Vec<Cow<'_, str>> {
        match &self.data {
            Data::Strings(strings) => strings.iter().map(|text| Cow::Borrowed(&**text)).collect(),
            Data::Named(_, values) => values.iter().map(Value::text).collect(),
        }
    }

    /// The task (category) that Windows gives this event: 2 Logon/Logoff and 9 Account Logon for
    /// classic events (Microsoft's Log Parser samples), the schema's task for modern ones.
    pub fn task(&self) -> u16 {
        match &self.data {
            Data::Named(schema, _) => schema.task,
            Data::Strings(_) => match self.event_id {
                512..=517 => 1,
                528..=552 => 2,
                672..=683 => 9,
                624..=671 => 7,
                _ => 0,
            },
        }
    }

    /// Fails with `InvalidInput` where the values do not fit the schema.
    pub(super) fn checked(&self) -> io::Result<()> {
        if let Data::Named(schema, values) = &self.data {
            let fits = schema.event_id == self.event_id
                && schema.fields.len() == values.len()
                && schema.fields.iter().zip(values).all(|(field, value)| field.1 == value.kind());
            if !fits {
                return Err(invalid("the values do not fit the event's fields"));
            }
        }
        Ok(())
    }
}

pub(super) fn invalid(text: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, text)
}
