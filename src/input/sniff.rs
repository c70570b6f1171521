//! Which format an input is, by its content alone.

use std::io;

use super::client::formats::{SMS, sureness};
use super::door::{Format, Head};
use super::lines::head_text;
use super::options::Options;
use super::{FORMATS, archive};
use crate::fsio::source::Source;

/// Bytes that are looked at.
pub const HEAD: usize = 64 << 10;
/// Bytes that are enough for a format that is certain of its magic.
const FIRST: usize = 8 << 10;
/// Bytes of them that are looked at as text before all of the head is.
const FIRST_TEXT: usize = 4 << 10;
/// A format is certain.
const CERTAIN: u8 = 100;
/// A format that is so sure of the first text is not doubted for what follows them.
const SURE: u8 = 80;

/// What an input is.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Nothing in it.
    Empty,
    /// A format of the register.
    Known(&'static Format),
    /// Written by this program: a report, an export, a state. Never an input.
    Ours,
    /// An archive, whose members are the inputs.
    Archive,
    /// No known format.
    Unknown,
}

/// Recognises a source by its first bytes. A text of no other format is an agent's log if the
/// person's log profile knows a line of it.
pub fn sniff(source: &Source, options: &Options) -> io::Result<Kind> {
    let mut bytes = vec![0; FIRST];
    let got = source.read_at(0, &mut bytes)?;
    bytes.truncate(got);
    if bytes.is_empty() {
        return Ok(Kind::Empty);
    }
    let first = Head { bytes: &bytes, text: "", path: &source.path };
    if let Some(format) = FORMATS.iter().find(|format| (format.sniff)(&first) >= CERTAIN) {
        return Ok(Kind::Known(format));
    }
    if got == FIRST {
        let text = head_text(&bytes[..FIRST_TEXT]);
        if let Some(format) = sure_of(&Head { bytes: &bytes, text: &text, path: &source.path }) {
            return Ok(Kind::Known(format));
        }
        bytes.resize(HEAD, 0);
        let more = source.read_at(FIRST as u64, &mut bytes[FIRST..])?;
        bytes.truncate(FIRST + more);
    }
    let text = head_text(&bytes);
    let kind = recognise(&Head { bytes: &bytes, text: &text, path: &source.path });
    match (kind, &options.log_profile) {
        (Kind::Unknown, Some(profile)) if sureness(&text, profile) > 0 => Ok(Kind::Known(&SMS)),
        (kind, _) => Ok(kind),
    }
}

fn recognise(head: &Head<'_>) -> Kind {
    if archive::is_archive(head) {
        return Kind::Archive;
    }
    if is_ours(head.text) {
        return Kind::Ours;
    }
    surest(head).map_or(Kind::Unknown, |(format, _)| Kind::Known(format))
}

/// The format that is sure enough of the first bytes alone.
fn sure_of(first: &Head<'_>) -> Option<&'static Format> {
    // What kind of zip it is tells the rest of the head.
    if archive::is_archive(first) || is_ours(first.text) {
        return None;
    }
    surest(first).filter(|(_, sure)| *sure >= SURE).map(|(format, _)| format)
}

/// The surest format, the first of several, and how sure it is.
fn surest(head: &Head<'_>) -> Option<(&'static Format, u8)> {
    let mut best: Option<(&'static Format, u8)> = None;
    for format in FORMATS {
        let least = best.map_or(1, |(_, sure)| sure + 1);
        if format.most < least {
            continue;
        }
        let sure = (format.sniff)(head).min(format.most);
        if sure >= least {
            best = Some((format, sure));
        }
    }
    best
}

/// Our own reports, exports, states and answers say who they are in their first line.
fn is_ours(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('{') {
        let end = start.char_indices().nth(400).map_or(start.len(), |(at, _)| at);
        let dense: String = start[..end].chars().filter(|c| !c.is_whitespace()).collect();
        // Lines of an export have no room for a schema.
        let export = dense.starts_with("{\"kind\":\"") && dense.contains("\"time_ms\":");
        return export || dense.contains("\"schema\":\"logonstorm.");
    }
    let line = start.lines().next().unwrap_or("");
    let fields: Vec<&str> = line.split([',', ';', '\t']).map(|field| field.trim_matches('"')).take(4).collect();
    matches!(fields.as_slice(), ["rank", "workstation", "class", "verdict"])
        || matches!(fields.as_slice(), ["kind", time, ..] if time.starts_with("time"))
        || (start.starts_with("<!") && start.contains("<meta name=\"generator\" content=\"logonstorm\">"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::input::client::profile::Profile;

    fn check(bytes: &[u8], expect: &str) {
        let kind = sniff(&Source::memory("x", bytes.to_vec(), None), &Options::default()).unwrap();
        let got = match kind {
            Kind::Empty => "empty",
            Kind::Known(format) => format.name,
            Kind::Ours => "ours",
            Kind::Archive => "archive",
            Kind::Unknown => "unknown",
        };
        assert_eq!(got, expect, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(40)]));
    }

    #[test]
    fn content_decides() {
        check(b"", "empty");
        check(b"ElfFile\0 and more", "evtx");
        check(&[0, 1, 2, 3, 0xff], "unknown");
        check(b"a shopping list", "unknown");
    }

    #[test]
    fn our_own_output_is_never_an_input() {
        check(b"{\n  \"schema\": \"logonstorm.report/1\",\n", "ours");
        check(b"{\"schema\":\"logonstorm.state/1\"}", "ours");
        check(b"rank,workstation,class,verdict,failures\r\n", "ours");
        check(b"\xef\xbb\xbfrank;workstation;class;verdict;failures\r\n", "ours");
        check(b"kind,time,time_ms,time_100ns,workstation\r\n", "ours");
        check(b"<!DOCTYPE html>\n<meta name=\"generator\" content=\"logonstorm\">\n", "ours");
        check(b"{\"kind\":\"failure\",\"time\":null,\"time_ms\":null,\"time_100ns\":null}", "ours");
        check(b"{\"schema\":\"other\"}", "unknown");
        check(b"{\"kind\":\"other\",\"time\":null}", "unknown");
    }

    #[test]
    fn an_agent_s_log_without_trailers_is_known_by_the_profile_alone() {
        let text = b"12:00:01 nothing\n12:00:02 gave up on \\\\SRV\\X\n".to_vec();
        check(&text, "unknown");
        let profile = "name = 'x'\nstamp = '^(?P<hour>..):(?P<minute>..):(?P<second>..) '\n\
            [[line]]\nkind = 'gave up'\nmeans = 'attempt'\npattern = '^gave up on'\n";
        let profile = Profile::parse(profile).unwrap();
        let options = Options { log_profile: Some(Arc::new(profile)), ..Options::default() };
        let kind = sniff(&Source::memory("x", text, None), &options).unwrap();
        assert!(matches!(kind, Kind::Known(format) if format.name == "sms-log"));
    }

    #[test]
    fn one_damaged_byte_does_not_hide_a_log() {
        for at in 0..40 {
            let mut bytes = b"+ON +: Server is unreachable.\r\n".repeat(3);
            bytes[at] = 0;
            check(&bytes, "sms-metering");
        }
    }
}
