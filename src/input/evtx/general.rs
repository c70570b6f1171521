//! The general way: any record that the `evtx` crate can render, by way of its JSON.
//!
//! The crate sees a copy of the chunk in which everything that makes it lose records in silence is
//! repaired: ids and offsets in the chunk's header, its string table, record headers with a time out of
//! range, and gaps. XML would not do: it replaces control characters.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use evtx::err::EvtxError;
use evtx::{EvtxChunk, EvtxChunkHeader, EvtxRecord, IterChunkRecords, ParserSettings};
use serde_json::Value as Json;

use super::records::Span;
use super::scan::{Outcome, finish};
use super::wanted::Known;
use crate::input::door::Sink;
use crate::input::runs::Logger;
use crate::input::windows::field::Value;
use crate::input::windows::{classic, ids, modern};
use crate::model::event::RawEvent;
use crate::model::layout::{CHUNK, CHUNK_HEADER, CHUNK_MAGIC, RECORD_HEADER, RECORD_MAGIC};
use crate::model::names::Text;
use crate::model::time::Ticks;

/// A copy of `chunk` that the crate reads record by record as [`Span`]s say.
pub fn repaired(chunk: &[u8], spans: &[Span]) -> Vec<u8> {
    let mut copy = chunk.to_vec();
    copy.resize(CHUNK, 0);
    copy[..CHUNK_HEADER].fill(0);
    copy[..8].copy_from_slice(&CHUNK_MAGIC);
    for (at, value) in [(8, 1), (16, u64::MAX), (32, u64::MAX)] {
        copy[at..at + 8].copy_from_slice(&value.to_le_bytes());
    }
    for (at, value) in [(40, 128), (44, CHUNK as u32), (48, CHUNK as u32), (120, 4)] {
        copy[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    let mut before = Span { start: CHUNK_HEADER, size: 0, id: 0, written: 0, doubtful: false };
    for span in spans {
        let gap = span.start - before.end();
        if gap >= RECORD_HEADER + 4 {
            stamp(&mut copy, &Span { start: before.end(), size: gap, ..before });
        } else if gap > 0 && before.size > 0 {
            stamp(&mut copy, &Span { size: before.size + gap, ..before });
        }
        stamp(&mut copy, span);
        before = *span;
    }
    copy
}

/// Writes a record header and size copy that the crate accepts.
fn stamp(copy: &mut [u8], span: &Span) {
    /// 2000-01-01, any time that the crate accepts.
    const TIME: u64 = 125_911_584_000_000_000;
    let size = (span.size as u32).to_le_bytes();
    let header = &mut copy[span.start..];
    header[..4].copy_from_slice(&RECORD_MAGIC);
    header[4..8].copy_from_slice(&size);
    header[8..16].copy_from_slice(&(span.start as u64).to_le_bytes());
    header[16..24].copy_from_slice(&TIME.to_le_bytes());
    copy[span.end() - 4..span.end()].copy_from_slice(&size);
}

/// The crate's walk over a repaired copy.
pub struct Walk<'a> {
    records: IterChunkRecords<'a>,
    held: Option<Item<'a>>,
    broken: bool,
}

/// Opens a repaired copy and gives its walk to `then`; `None` when the crate refuses the chunk.
pub fn with_walk<R>(copy: &[u8], then: impl FnOnce(&mut Walk<'_>) -> R) -> Option<R> {
    let header = EvtxChunkHeader::from_bytes(copy).ok()?;
    let mut chunk = EvtxChunk::new(copy, &header, Arc::new(ParserSettings::default())).ok()?;
    Some(then(&mut Walk { records: chunk.iter(), held: None, broken: false }))
}

impl<'a> Walk<'a> {
    /// The record of `span`. Spans must come in order.
    pub fn record(&mut self, span: &Span) -> Result<Record, String> {
        if self.broken {
            return Err("the parser gave up on this chunk".to_owned());
        }
        // The crate is not ours: should it panic, a record is lost and not the run.
        match catch_unwind(AssertUnwindSafe(|| self.find(span))) {
            Ok(result) => result,
            Err(_) => {
                self.broken = true;
                Err("the parser gave up on this record".to_owned())
            }
        }
    }

    fn find(&mut self, span: &Span) -> Result<Record, String> {
        loop {
            let Some((start, item)) = self.held.take().or_else(|| self.next_item()) else {
                return Err("not readable".to_owned());
            };
            if start > span.start as u64 {
                self.held = Some((start, item));
                return Err("not readable".to_owned());
            }
            if start == span.start as u64 {
                let json = item?.into_json_value().map_err(|error| innermost(&error))?;
                return Record::of(json.data, span).ok_or_else(|| "not an event".to_owned());
            }
        }
    }

    /// The next record or error, and the offset of the record that it is about.
    fn next_item(&mut self) -> Option<Item<'a>> {
        Some(match self.records.next()? {
            Ok(record) => (record.binxml_offset.saturating_sub(RECORD_HEADER as u64), Ok(record)),
            Err(error) => {
                let start = match &error {
                    // Each record of the copy has its offset for an id.
                    EvtxError::FailedToParseRecord { record_id, .. } => *record_id,
                    EvtxError::FailedToReadRecordAt { offset, .. } => *offset,
                    _ => 0,
                };
                (start, Err(innermost(&error)))
            }
        })
    }
}

/// A record or the reason why there is none, with its offset.
type Item<'a> = (u64, Result<EvtxRecord<'a>, String>);

/// The cause at the bottom of an error, in one line.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string().lines().next().unwrap_or("").to_owned()
}

/// A rendered record.
#[derive(Debug)]
pub struct Record {
    event_id: u16,
    provider: String,
    channel: String,
    computer: String,
    record_id: u64,
    time: Ticks,
    event: Json,
}

impl Record {
    fn of(mut json: Json, span: &Span) -> Option<Record> {
        let event = json.get_mut("Event")?.take();
        let system = event.get("System")?;
        let text = |value: Option<&Json>| value.and_then(plain).unwrap_or_default();
        let attribute = |element: &str, name: &str| {
            system.get(element).and_then(|element| element.get("#attributes")).and_then(|all| all.get(name))
        };
        let number = |name: &str| system.get(name).and_then(plain).and_then(|text| text.trim().parse::<u64>().ok());
        Some(Record {
            event_id: u16::try_from(number("EventID")?).ok()?,
            provider: text(attribute("Provider", "Name")),
            channel: text(system.get("Channel")),
            computer: text(system.get("Computer")),
            record_id: number("EventRecordID").unwrap_or(span.id),
            time: attribute("TimeCreated", "SystemTime")
                .and_then(Json::as_str)
                .and_then(time)
                .unwrap_or(Ticks::from_filetime(span.written)),
            event,
        })
    }

    /// What the record is; the same as the fast scan says of records that it takes.
    pub fn outcome(&self, span: &Span, base: u64, sink: &mut dyn Sink) -> Outcome<'_> {
        let (provider, channel) = (Text::Utf8(&self.provider), Text::Utf8(&self.channel));
        let known = Known::of(self.event_id, provider, channel);
        let computer = Text::Utf8(&self.computer);
        let Some(row) = known.row else { return Outcome::Plain(Logger::Named(computer), known.audits) };
        let mut event = RawEvent::new(row.kind, self.event_id);
        (event.provider, event.channel, event.computer) = (provider, channel, computer);
        (event.time, event.time_digits) = (self.time, 7);
        event.record_id = Some(self.record_id);
        event.offset = base + span.start as u64;
        event.size = span.size as u32;
        let filled = match row.shape {
            ids::Shape::Modern => modern::fill(&mut event, &mut |name| self.named(name)),
            ids::Shape::Classic => {
                let strings = self.strings();
                let texts: Vec<Text<'_>> = strings.into_iter().map(Text::Utf8).collect();
                classic::fill(&mut event, &texts)
            }
        };
        finish(&mut event, filled, row, sink)
    }

    fn named(&self, name: &str) -> Option<Value<'_>> {
        let data = match self.event.get("EventData") {
            Some(data) => data,
            None => self.event.get("UserData")?.as_object()?.values().find(|value| value.is_object())?,
        };
        scalar(data.get(name)?)
    }

    /// The unnamed values in order.
    fn strings(&self) -> Vec<&str> {
        let data = self.event.get("EventData").and_then(|data| data.get("Data"));
        let inner = data.map(|data| data.get("#text").unwrap_or(data));
        match inner {
            Some(Json::Array(items)) => items.iter().map(|item| item.as_str().unwrap_or("")).collect(),
            Some(item) => vec![item.as_str().unwrap_or("")],
            None => Vec::new(),
        }
    }
}

fn scalar(json: &Json) -> Option<Value<'_>> {
    match json {
        Json::Null => Some(Value::Text(Text::Utf8(""))),
        Json::String(text) => Some(Value::Text(Text::Utf8(text))),
        Json::Number(number) => number.as_u64().map(Value::Int),
        Json::Array(items) => items.first().and_then(scalar),
        Json::Object(_) => json.get("#text").and_then(scalar),
        Json::Bool(_) => None,
    }
}

/// A text or number, with or without attributes.
fn plain(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Object(object) => object.get("#text").and_then(plain),
        _ => None,
    }
}

fn time(text: &str) -> Option<Ticks> {
    let time = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    let ticks = time.timestamp().checked_mul(10_000_000)?;
    Some(Ticks(ticks + i64::from(time.timestamp_subsec_nanos() / 100)))
}
