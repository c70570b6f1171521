//! Events in the form in which Windows writes XML, taken apart without a copy. Whatever else XML allows is
//! left to a parser: [`parse`] says `None`.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2};

use super::xml::Parsed;
use crate::input::windows::ids;

/// Elements within one another; an event has five.
const DEEPEST: usize = 8;

/// The entities that every XML has.
const ENTITIES: [&str; 5] = ["&lt;", "&gt;", "&amp;", "&quot;", "&apos;"];

/// What an event says; `None` for other entities, comments, sections and anything unusual or damaged.
pub(super) fn parse(text: &str) -> Option<Parsed<'_>> {
    let known = |at: usize| ENTITIES.iter().any(|entity| text[at..].starts_with(entity));
    if !memchr_iter(b'&', text.as_bytes()).all(known) {
        return None;
    }
    let mut path: [&str; DEEPEST] = [""; DEEPEST];
    let mut depth = 0;
    let mut parsed = Parsed::default();
    let mut wanted = true;
    let mut rest = text.strip_prefix('<')?;
    // The text in front of the tag, and whether an empty element stands in front of that.
    let (mut value, mut broken) = ("", false);
    loop {
        let (tag, behind) = rest.split_at_checked(memchr(b'>', rest.as_bytes())?)?;
        if let Some(name) = tag.strip_prefix('/') {
            if depth == 0 || path[depth - 1] != name {
                return None;
            }
            if is_value(&path[..depth]) {
                if broken {
                    return None;
                }
                keep(&path[..depth], value, wanted, &mut parsed)?;
            }
            depth -= 1;
            if depth == 0 {
                return Some(parsed);
            }
            broken = false;
        } else {
            let empty = tag.ends_with('/');
            let tag = tag.strip_suffix('/').unwrap_or(tag);
            let (name, attributes) = tag.split_at(tag.find([' ', '\t', '\r', '\n']).unwrap_or(tag.len()));
            if depth == DEEPEST || !is_name(name) {
                return None;
            }
            path[depth] = name;
            wanted &= depth != 2 || path[1] != "EventData" || !parsed.data.is_empty() || is_wanted(&parsed);
            open(&path[..=depth], attributes, wanted, &mut parsed)?;
            depth += usize::from(!empty);
            broken = empty;
        }
        rest = &behind[1..];
        let next = memchr(b'<', rest.as_bytes())?;
        (value, rest) = (&rest[..next], &rest[next + 1..]);
    }
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic()) && bytes.all(|byte| byte.is_ascii_alphanumeric())
}

/// The values of an event that is not wanted are not kept.
fn is_wanted(parsed: &Parsed<'_>) -> bool {
    let id = parsed.event_id.trim().parse::<u32>();
    id.map_or(true, |id| ids::wanted((id & 0xffff) as u16).is_some())
}

fn is_value(path: &[&str]) -> bool {
    matches!(path, [_, "System", "EventID" | "EventRecordID" | "Channel" | "Computer"])
        || matches!(path, [_, "EventData", "Data"] | [_, "RenderingInfo", "Message"])
}

/// An element begins.
fn open<'a>(path: &[&str], attributes: &'a str, wanted: bool, parsed: &mut Parsed<'a>) -> Option<()> {
    match path {
        [_, "System", name] => {
            // The values that follow were kept or not by what stood here.
            if !wanted {
                return None;
            }
            match *name {
                "Provider" => parsed.provider = attribute(attributes, "Name")?,
                "TimeCreated" => parsed.time = attribute(attributes, "SystemTime")?,
                _ => return attribute(attributes, "").map(drop),
            }
        }
        [_, "EventData", "Data"] if wanted => parsed.data.push((attribute(attributes, "Name")?, Cow::Borrowed(""))),
        _ => return attribute(attributes, "").map(drop),
    }
    Some(())
}

/// An element with a value ends.
fn keep<'a>(path: &[&str], value: &'a str, wanted: bool, parsed: &mut Parsed<'a>) -> Option<()> {
    let value = || content(value);
    match path[2] {
        "EventID" => parsed.event_id = value()?,
        "EventRecordID" => parsed.record_id = value()?,
        "Channel" => parsed.channel = value()?,
        "Computer" => parsed.computer = value()?,
        "Message" => parsed.message = value()?,
        _ if wanted => parsed.data.last_mut()?.1 = value()?,
        _ => {}
    }
    Some(())
}

/// A text with line ends as XML 1.0 (2.11) wants them, and without entities.
fn content(text: &str) -> Option<Cow<'_, str>> {
    if memchr2(b'\r', b'&', text.as_bytes()).is_none() {
        return Some(text.into());
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Some(quick_xml::escape::unescape(&text).ok()?.into_owned().into())
}

/// The value of an attribute, empty where it is not there; `None` where any attribute is unusual.
fn attribute<'a>(attributes: &'a str, wanted: &str) -> Option<Cow<'a, str>> {
    const MOST: usize = 4;
    let mut names = [""; MOST];
    let mut found = "";
    let mut rest = attributes;
    for at in 0.. {
        rest = rest.trim_start_matches(' ');
        if rest.is_empty() {
            break;
        }
        let (name, behind) = rest.split_at_checked(memchr(b'=', rest.as_bytes())?)?;
        if at == MOST || !is_name(name) || names.contains(&name) {
            return None;
        }
        names[at] = name;
        let quote = *behind.as_bytes().get(1)?;
        let behind = &behind[1..];
        if !matches!(quote, b'"' | b'\'') {
            return None;
        }
        let length = memchr(quote, &behind.as_bytes()[1..])?;
        let value = &behind[1..=length];
        if memchr(b'&', value.as_bytes()).is_some() {
            return None;
        }
        if name == wanted {
            found = value;
        }
        rest = &behind[length + 2..];
        if !(rest.is_empty() || rest.starts_with(' ')) {
            return None;
        }
    }
    Some(found.into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::fixture;
    use super::super::xml::{self, FORMAT};
    use super::*;
    use proptest::prelude::*;

    /// The event as both read it; false where only the parser does.
    fn check(text: &str) -> bool {
        let Some(plain) = parse(text) else { return false };
        let parsed = xml::parse(text).expect(text);
        let data = if plain.data.is_empty() && !is_wanted(&parsed) { Vec::new() } else { parsed.data.clone() };
        assert_eq!(plain, Parsed { data, ..parsed }, "{text}");
        true
    }

    fn events() -> Vec<String> {
        let text = String::from_utf8(fixture(&FORMAT)).unwrap();
        text.split_inclusive("</Event>")
            .map(|event| event.trim_start().to_owned())
            .filter(|event| !event.is_empty())
            .collect()
    }

    #[test]
    fn events_of_windows_are_plain() {
        let plain = events().iter().filter(|event| check(event)).count();
        assert!(plain >= 3, "{plain}");
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_parser() {
        let event = "<Event><System><Provider Name='a'/><EventID>4625</EventID></System><EventData><Data Name='x'>y\r\nz\r &lt;</Data>\
             <Data>w</Data></EventData></Event>";
        assert!(check(event));
        for (this, that) in [
            ("y", "&#38;"),
            ("Name='x'", "Name='&lt;'"),
            ("y", "<!-- y -->"),
            ("y", "<![CDATA[y]]>"),
            ("</Data></EventData>", "</EventData>"),
            ("Name='x'", "Name='x' Name='y'"),
            ("Name='x'", "Name=x"),
            ("Name='x'", "Name='x>'"),
            ("4625<", "4625<x/><"),
            ("</EventData>", "</EventData><System><EventID>1</EventID></System>"),
            ("<System>", "<a:System>"),
        ] {
            let other = event.replacen(this, that, 1);
            if check(&other) {
                assert!(other.contains("</EventData><System>"), "{other}");
            }
        }
    }

    proptest! {
        #[test]
        fn damage_is_read_as_the_parser_reads_it(
            event in 0usize..4,
            edits in proptest::collection::vec((0usize..2000, 0usize..18, 0usize..30), 0..4),
        ) {
            const PIECES: [&str; 18] = [
                "", " ", "<", ">", "/", "'", "\"", "=", "\r", "&gt;", "&", "<x/>", "<Data>", "</Data>", "</EventData>",
                "<System>", "<EventID>1</EventID>", "]]>",
            ];
            let events = events();
            let mut text = events[event % events.len()].clone();
            for (at, piece, gone) in edits {
                let at = at % (text.len() + 1);
                let end = (at + gone).min(text.len());
                if text.is_char_boundary(at) && text.is_char_boundary(end) {
                    text.replace_range(at..end, PIECES[piece]);
                }
            }
            check(&text);
        }
    }
}
