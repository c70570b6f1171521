//! Events as XML: `wevtutil qe Security /f:xml`, which writes root elements one after the other, and
//! Event Viewer's `.xml`, which puts them all on one line within `Events`.
//!
//! Events are cut out by their tags before they are parsed, so damage ends with the event it is in.

use std::borrow::Cow;
use std::io;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use quick_xml::events::{BytesStart, Event as Part};

use super::chunks::{Chunks, decode};
use super::out::{Out, event_at};
use super::plain_xml;
use super::stamp;
use crate::input::door::{Format, Head, Job, Sink};
use crate::input::windows::field::Value;
use crate::input::windows::ids::{self, Shape};
use crate::input::windows::{classic, description, modern};
use crate::model::event::RawEvent;
use crate::model::names::Text;

/// Longest event, in bytes; a record of a log has at most 64 KiB, and markup is longer than BinXML.
const MAX_EVENT: usize = 1 << 20;
const OPEN: &[u8] = b"<Event";
const CLOSE: &[u8] = b"</Event>";

static FIND_OPEN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(OPEN));
static FIND_CLOSE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(CLOSE));

/// Events as XML.
pub const FORMAT: Format = Format {
    name: "event-xml",
    summary: "Event log as XML: wevtutil qe /f:xml, Event Viewer \"Save as XML\"",
    sample: "fixtures/formats/wevtutil.xml",
    verified: false,
    sniff,
    most: 95,
    read,
    parts: None,
};

fn sniff(head: &Head<'_>) -> u8 {
    let text = head.text.trim_start();
    let namespace = text.contains("schemas.microsoft.com/win/2004/08/events/event");
    match text.get(..1) {
        Some("<") if namespace && next_open(text.as_bytes(), 0).is_some() => 95,
        Some("<") if next_open(text.as_bytes(), 0).is_some() && text.contains("<EventID") => 80,
        // A damaged start: the first event is lost, the next is not.
        _ if namespace && text.contains("</Event>") && text.contains("<EventID") => 70,
        _ => 0,
    }
}

/// The next `<Event` that is the whole name of an element.
fn next_open(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += FIND_OPEN.find(bytes.get(at..)?)?;
        match bytes.get(at + OPEN.len()) {
            Some(b' ' | b'>' | b'\t' | b'\r' | b'\n' | b'/') => return Some(at),
            _ => at += OPEN.len(),
        }
    }
}

fn read(job: &Job<'_>, sink: &mut dyn Sink) -> io::Result<()> {
    let mut out = Out::new(job, sink);
    let mut chunks = Chunks::new(job.source)?;
    let mut more = true;
    while more || !chunks.bytes().is_empty() {
        match find_event(chunks.bytes()) {
            Found::Event { start, end } => {
                between(&mut chunks, start, &mut out);
                let (line, offset) = chunks.place();
                hand_over(&decode(&chunks.bytes()[..end - start]), line, offset, job, &mut out);
                chunks.consume(end - start);
            }
            Found::Broken { start, end } => {
                between(&mut chunks, start, &mut out);
                out.bad(chunks.place().0, "record", "the event has no end");
                chunks.consume(end - start);
            }
            Found::NoEvent { end } => between(&mut chunks, end, &mut out),
            Found::More if more => more = chunks.fill()?,
            Found::More => {
                let length = chunks.bytes().len();
                match next_open(chunks.bytes(), 0) {
                    Some(start) => {
                        between(&mut chunks, start, &mut out);
                        out.bad(chunks.place().0, "record", "the file ends within an event");
                        chunks.consume(length - start);
                    }
                    None => between(&mut chunks, length, &mut out),
                }
            }
        }
    }
    out.finish();
    Ok(())
}

enum Found {
    Event { start: usize, end: usize },
    Broken { start: usize, end: usize },
    NoEvent { end: usize },
    More,
}

fn find_event(bytes: &[u8]) -> Found {
    let Some(start) = next_open(bytes, 0) else {
        // Text without events is passed over in pieces.
        let end = bytes.len().saturating_sub(OPEN.len());
        return if bytes.len() > MAX_EVENT { Found::NoEvent { end } } else { Found::More };
    };
    let next = next_open(bytes, start + OPEN.len());
    // The end is looked for up to the next start only: many starts without an end must not each
    // search all that is there.
    let close = FIND_CLOSE.find(&bytes[start..next.unwrap_or(bytes.len())]);
    match (close, next) {
        (Some(at), _) => Found::Event { start, end: start + at + CLOSE.len() },
        (None, Some(next)) => Found::Broken { start, end: next },
        (None, None) if bytes.len() - start > MAX_EVENT => Found::Broken { start, end: bytes.len() - 8 },
        (None, None) => Found::More,
    }
}

/// Passes over the text before an event. Anything but declarations and the root's tags is reported:
/// an event whose first tag is damaged, for example.
fn between(chunks: &mut Chunks<'_>, length: usize, out: &mut Out<'_>) {
    let (line, from) = chunks.place();
    let text = decode(&chunks.bytes()[..length]).into_owned();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let known = ["<?", "<Events", "</Events", "<!--"].iter().any(|tag| rest.starts_with(tag));
        match rest.find('>') {
            Some(end) if known => rest = rest[end + 1..].trim_start(),
            _ => break,
        }
    }
    chunks.consume(length);
    if !rest.is_empty() {
        let ahead = text[..text.len() - rest.len()].matches('\n').count() as u64;
        out.junk(line + ahead, from..chunks.place().1, "text between events is no event");
    }
}

/// What an event's XML says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Parsed<'a> {
    pub(super) provider: Cow<'a, str>,
    pub(super) event_id: Cow<'a, str>,
    pub(super) record_id: Cow<'a, str>,
    pub(super) time: Cow<'a, str>,
    pub(super) channel: Cow<'a, str>,
    pub(super) computer: Cow<'a, str>,
    pub(super) message: Cow<'a, str>,
    /// Names and values; of an event that is not wanted there may be none.
    pub(super) data: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

fn hand_over(text: &str, line: u64, offset: u64, job: &Job<'_>, out: &mut Out<'_>) {
    let parsed = match plain_xml::parse(text).map_or_else(|| parse(text), Ok) {
        Ok(parsed) => parsed,
        Err(why) => return out.bad(line, "record", &format!("damaged XML: {why}")),
    };
    // Get-WinEvent and old providers write the id with its qualifiers.
    let Some(id) = parsed.event_id.trim().parse::<u32>().ok().map(|id| (id & 0xffff) as u16) else {
        return out.bad(line, "record", "no EventID");
    };
    let Some((time, digits)) = stamp::iso(&parsed.time, job.options.time_zone) else {
        return out.bad(line, "record", "no time, or none that can be read");
    };
    if parsed.provider.is_empty() {
        return out.bad(line, "record", "no provider");
    }
    let mut event = event_at(id, line, offset);
    (event.time, event.time_digits) = (time, digits);
    event.record_id = parsed.record_id.trim().parse().ok();
    event.provider = Text::Utf8(&parsed.provider);
    event.channel = Text::Utf8(parsed.channel.trim());
    event.computer = Text::Utf8(parsed.computer.trim());
    out.record(event, &mut |event| fill(event, &parsed));
}

fn fill<'a>(event: &mut RawEvent<'a>, parsed: &'a Parsed<'_>) -> bool {
    let values = match ids::wanted(event.event_id).map(|row| row.shape) {
        Some(Shape::Classic) => {
            let strings: Vec<Text<'a>> = parsed.data.iter().map(|(_, value)| Text::Utf8(value)).collect();
            classic::fill(event, &strings)
        }
        _ if parsed.data.is_empty() => modern::names(event.event_id).is_some_and(<[_]>::is_empty),
        _ => modern::fill(event, &mut |name| {
            let value = parsed.data.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref())?;
            Some(Value::Text(Text::Utf8(value)))
        }),
    };
    values || (!parsed.message.is_empty() && description::fill(event, &parsed.message))
}

pub(super) fn parse(text: &str) -> Result<Parsed<'static>, String> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut parsed = Parsed::default();
    let mut path: Vec<String> = Vec::new();
    let mut value = String::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Part::Start(tag) => {
                value.clear();
                path.push(tag.local_name().into_inner().to_owned());
                start(&path, &tag, &mut parsed)?;
            }
            Part::Empty(tag) => {
                path.push(tag.local_name().into_inner().to_owned());
                start(&path, &tag, &mut parsed)?;
                path.pop();
            }
            Part::Text(text) => value.push_str(&text.xml10_content()),
            Part::CData(text) => value.push_str(&text.xml10_content()),
            Part::GeneralRef(reference) => {
                let name = reference.into_inner();
                let text =
                    quick_xml::escape::unescape(&format!("&{name};")).map_err(|error| error.to_string())?.into_owned();
                value.push_str(&text);
            }
            Part::End(_) => {
                end(&path, &mut value, &mut parsed);
                path.pop();
                if path.is_empty() {
                    return Ok(parsed);
                }
            }
            Part::Eof => return Err("the event is not closed".to_owned()),
            Part::Comment(_) | Part::Decl(_) | Part::PI(_) | Part::DocType(_) => {}
        }
    }
}

fn start(path: &[String], tag: &BytesStart<'_>, parsed: &mut Parsed<'_>) -> Result<(), String> {
    let attribute = |name: &str| -> Result<String, String> {
        let found = tag.try_get_attribute(name).map_err(|error| error.to_string())?;
        let value = found.map(|found| quick_xml::escape::unescape(&found.value).map(Cow::into_owned)).transpose();
        Ok(value.map_err(|error| error.to_string())?.unwrap_or_default())
    };
    match path {
        [_, system, name] if system == "System" && name == "Provider" => parsed.provider = attribute("Name")?.into(),
        [_, system, name] if system == "System" && name == "TimeCreated" => {
            parsed.time = attribute("SystemTime")?.into()
        }
        [_, data, name] if data == "EventData" && name == "Data" => {
            parsed.data.push((attribute("Name")?.into(), Cow::default()));
        }
        _ => {}
    }
    Ok(())
}

fn end(path: &[String], value: &mut String, parsed: &mut Parsed<'_>) {
    let value = Cow::Owned(std::mem::take(value));
    match path {
        [_, system, name] if system == "System" => match name.as_str() {
            "EventID" => parsed.event_id = value,
            "EventRecordID" => parsed.record_id = value,
            "Channel" => parsed.channel = value,
            "Computer" => parsed.computer = value,
            _ => {}
        },
        [_, data, name] if data == "EventData" && name == "Data" => {
            if let Some(last) = parsed.data.last_mut() {
                last.1 = value;
            }
        }
        [_, rendering, name] if rendering == "RenderingInfo" && name == "Message" => parsed.message = value,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use memchr::memmem;

    use super::super::testing::{check_damage, check_fixture, sure, told, wide};
    use super::*;

    const EVENTS: [&str; 3] = [
        "2015-07-25T04:38:11.0031631Z 4776 Failure #165437 on DC01.contoso.local: \\dadmin from WIN81  0xC0000234 type -",
        "2015-09-08T22:54:54.9625117Z 4625 Failure #229977 on DC01.contoso.local: CONTOSO\\Auditor from DC01 127.0.0.1 \
         0xC0000234 type 2",
        "2002-08-06T12:00:00.0000000Z 681 Failure #1 on HANSR1: \\jsmith & \"son\" from \\\\WKS0042  0xC0000072 type -",
    ];

    #[test]
    fn wevtutil_output_is_read() {
        check_fixture(&FORMAT, &EVENTS);
    }

    #[test]
    fn event_viewer_puts_all_events_on_one_line() {
        let lines = String::from_utf8(super::super::testing::fixture(&FORMAT)).unwrap();
        let one = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<Events>{}</Events>",
            lines.replace(['\r', '\n'], "").replace('\'', "\"")
        );
        for bytes in [one.as_bytes().to_vec(), wide(one.as_bytes())] {
            let told = told(&FORMAT, &bytes);
            assert_eq!(told.events, EVENTS);
            assert_eq!((told.skipped, told.records), (Vec::new(), 4));
            assert!(sure(&FORMAT, &bytes) > 90);
        }
    }

    #[test]
    fn a_4625_of_eventsystem_is_counted_but_no_failure() {
        let told = told(
            &FORMAT,
            b"<Event><System><Provider Name='EventSystem'/><EventID Qualifiers='16384'>4625</EventID><TimeCreated \
              SystemTime='2020-01-01T00:00:00Z'/><EventRecordID>1</EventRecordID><Channel>Application</Channel>\
              <Computer>A</Computer></System><EventData><Data>86400</Data></EventData></Event>",
        );
        assert_eq!((told.events.len(), told.records, told.skipped.len()), (0, 1, 0));
    }

    #[test]
    fn damage_is_reported_with_its_line_and_the_rest_is_read() {
        check_damage(&FORMAT);
        let mut bytes = super::super::testing::fixture(&FORMAT);
        let second = memmem::find_iter(&bytes, b"<Event xmlns").nth(1).unwrap();
        bytes[second + 3] = b'#';
        let told = told(&FORMAT, &bytes);
        assert_eq!(told.events, [EVENTS[0], EVENTS[2]]);
        assert_eq!(told.skipped, ["line 2: text: text between events is no event"]);
    }

    #[test]
    fn a_huge_event_and_gigabytes_of_other_text_end() {
        let junk = [b"<Event ".to_vec(), vec![b'x'; 3 << 20], b"</Event><Event/>".to_vec()].concat();
        assert!(told(&FORMAT, &junk).skipped.len() >= 2);
        assert_eq!(told(&FORMAT, &vec![b'<'; 3 << 20]).events.len(), 0);
    }

    #[test]
    fn other_xml_is_not_taken() {
        assert_eq!(sure(&FORMAT, b"<?xml version='1.0'?><Task xmlns='x'><EventTrigger/></Task>"), 0);
        assert_eq!(sure(&FORMAT, b"<html><Events></Events></html>"), 0);
    }
}
