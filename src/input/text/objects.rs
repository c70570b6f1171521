//! JSON objects one after the other: JSON lines, an array on many lines, an array on one line.

use std::io;

use serde_json::{Map, Value as Json};

use super::chunks::{Chunks, decode};
use super::out::{Out, event_at};
use super::stamp::Stamp;
use crate::input::door::{Job, Sink};
use crate::input::windows::field::Value;
use crate::input::windows::ids::{self, Shape};
use crate::input::windows::{classic, description, modern};
use crate::model::event::RawEvent;
use crate::model::names::Text;

/// Longest object, in bytes. A description has a few KiB.
const MAX_OBJECT: usize = 1 << 20;

/// What an object says, borrowed from it.
#[derive(Default)]
pub(super) struct Mapped<'a> {
    pub(super) id: u16,
    pub(super) time: Stamp,
    pub(super) record_id: Option<u64>,
    pub(super) provider: &'a str,
    pub(super) channel: &'a str,
    pub(super) computer: &'a str,
    /// Values by name.
    pub(super) data: Option<&'a Map<String, Json>>,
    /// Insertion strings.
    pub(super) strings: Vec<&'a str>,
    /// The rendered description.
    pub(super) message: &'a str,
}

/// Reads an object, or says why it is no event.
pub(super) type Map1 = for<'a> fn(&'a Map<String, Json>, Option<chrono_tz::Tz>) -> Result<Mapped<'a>, &'static str>;

/// Reads every object of a file with `map`.
pub(super) fn read(job: &Job<'_>, sink: &mut dyn Sink, map: Map1) -> io::Result<()> {
    let mut out = Out::new(job, sink);
    let mut chunks = Chunks::new(job.source)?;
    let mut more = true;
    while more || !chunks.bytes().is_empty() {
        let bytes = chunks.bytes();
        let Some(start) = memchr::memchr(b'{', bytes) else {
            if more && bytes.len() < MAX_OBJECT {
                more = chunks.fill()?;
            } else {
                let length = bytes.len();
                between(&mut chunks, length, &mut out);
            }
            continue;
        };
        match end_of_object(bytes, start) {
            End::At(end) => {
                between(&mut chunks, start, &mut out);
                let (line, offset) = chunks.place();
                let text = decode(&chunks.bytes()[..end - start]).into_owned();
                hand_over(&text, (line, offset), job, map, &mut out);
                chunks.consume(end - start);
            }
            End::Unknown if more && bytes.len() - start < MAX_OBJECT => more = chunks.fill()?,
            End::Unknown | End::Broken(_) => {
                let end = resync(bytes, start);
                between(&mut chunks, start, &mut out);
                out.bad(chunks.place().0, "record", "the object has no end");
                chunks.consume(end - start);
            }
        }
    }
    out.finish();
    Ok(())
}

enum End {
    /// Behind the closing brace.
    At(usize),
    /// Another object starts before this one ends.
    Broken(usize),
    Unknown,
}

/// The end of the object that starts at `start`. A line that starts as the object's line does starts
/// the next object, whatever braces and quotes say.
fn end_of_object(bytes: &[u8], start: usize) -> End {
    let indent = indent_of(bytes, start);
    let (mut depth, mut quoted, mut at) = (0u32, false, start);
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| b"{}\"\\\n".contains(byte))) {
        at += found;
        match bytes[at] {
            b'\n' if at > start && starts_like(&bytes[at + 1..], indent) => return End::Broken(at + 1),
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return End::At(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    End::Unknown
}

/// The blanks between the line's start and `start`; `None` where something else stands there.
fn indent_of(bytes: &[u8], start: usize) -> Option<&[u8]> {
    let line = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |at| at + 1);
    let indent = &bytes[line..start];
    indent.iter().all(|byte| matches!(byte, b' ' | b'\t')).then_some(indent)
}

fn starts_like(line: &[u8], indent: Option<&[u8]>) -> bool {
    indent.is_some_and(|indent| line.strip_prefix(indent).is_some_and(|rest| rest.first() == Some(&b'{')))
}

/// Where to go on behind a start that has no end: the next line that starts an object alike, else the
/// next `},{`, else the next line that starts an object at all, else all that was read.
fn resync(bytes: &[u8], start: usize) -> usize {
    if let End::Broken(at) = end_of_object(bytes, start) {
        return at;
    }
    if let Some(at) = memchr::memmem::find(&bytes[start..], b"},{") {
        return start + at + 2;
    }
    let mut lines = memchr::memchr_iter(b'\n', &bytes[start..]).map(|at| start + at + 1);
    lines.find(|line| bytes[*line..].trim_ascii_start().first() == Some(&b'{')).unwrap_or(bytes.len())
}

/// Passes over what stands between objects; anything but blanks, commas and brackets is reported.
fn between(chunks: &mut Chunks<'_>, length: usize, out: &mut Out<'_>) {
    let bytes = &chunks.bytes()[..length];
    let (line, from) = chunks.place();
    let junk = bytes.iter().position(|byte| !byte.is_ascii_whitespace() && !b",[]".contains(byte));
    let ahead = junk.map(|at| memchr::memchr_iter(b'\n', &bytes[..at]).count() as u64);
    chunks.consume(length);
    if let Some(ahead) = ahead {
        out.junk(line + ahead, from..chunks.place().1, "text between objects is no object");
    }
}

fn hand_over(text: &str, (line, offset): (u64, u64), job: &Job<'_>, map: Map1, out: &mut Out<'_>) {
    let object: Map<String, Json> = match serde_json::from_str(text) {
        Ok(object) => object,
        Err(error) => return out.bad(line, "record", &format!("no JSON: {error}")),
    };
    let mapped = match map(&object, job.options.time_zone) {
        Ok(mapped) => mapped,
        Err(why) => return out.bad(line, "record", why),
    };
    let mut event = event_at(mapped.id, line, offset);
    (event.time, event.time_digits) = mapped.time;
    event.record_id = mapped.record_id;
    event.provider = Text::Utf8(mapped.provider);
    event.channel = Text::Utf8(mapped.channel);
    event.computer = Text::Utf8(mapped.computer);
    out.record(event, &mut |event| fill(event, &mapped));
}

fn fill<'a>(event: &mut RawEvent<'a>, mapped: &Mapped<'a>) -> bool {
    let classic = ids::wanted(event.event_id).is_some_and(|row| row.shape == Shape::Classic);
    let strings: Vec<Text<'a>> = mapped.strings.iter().map(|text| Text::Utf8(text)).collect();
    if classic && !strings.is_empty() && classic::fill(event, &strings) {
        return true;
    }
    let mut found = 0;
    let named = modern::fill(event, &mut |name| {
        let value = value(mapped.data?.get(name)?)?;
        found += 1;
        Some(value)
    });
    (named && (found > 0 || modern::names(event.event_id).is_some_and(<[_]>::is_empty)))
        || description::fill(event, mapped.message)
}

fn value(json: &Json) -> Option<Value<'_>> {
    match json {
        Json::String(text) => Some(Value::Text(Text::Utf8(text))),
        Json::Number(number) => number.as_u64().map(Value::Int),
        _ => None,
    }
}

/// The member at a path of keys, nested or with the keys joined by dots.
pub(super) fn at<'a>(object: &'a Map<String, Json>, path: &[&str]) -> Option<&'a Json> {
    let (first, rest) = path.split_first()?;
    match object.get(*first) {
        Some(found) if rest.is_empty() => Some(found),
        Some(Json::Object(inner)) => at(inner, rest),
        _ => object.get(&path.join(".")),
    }
}

/// The first of these members that is text; empty if none is.
pub(super) fn text<'a>(object: &'a Map<String, Json>, names: &[&str]) -> &'a str {
    names.iter().find_map(|name| object.get(*name)?.as_str()).unwrap_or("")
}

/// A whole number, written as a number or as text.
pub(super) fn number(json: Option<&Json>) -> Option<u64> {
    match json? {
        Json::Number(number) => number.as_u64(),
        Json::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The event id without qualifiers.
pub(super) fn event_id(json: Option<&Json>) -> Result<u16, &'static str> {
    number(json).map(|id| (id & 0xffff) as u16).ok_or("no event id")
}
