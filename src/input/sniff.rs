//! Which format an input is, by its content alone.

use std::borrow::Cow;
use std::io;

use super::door::{Format, Head};
use super::{FORMATS, archive};
use crate::fsio::source::Source;

/// Bytes that are looked at.
pub const HEAD: usize = 64 << 10;
/// Bytes that are enough for a format that is certain of its magic.
const FIRST: usize = 8 << 10;
/// A format is certain.
const CERTAIN: u8 = 100;

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

/// Recognises a source by its first bytes.
pub fn sniff(source: &Source) -> io::Result<Kind> {
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
        bytes.resize(HEAD, 0);
        let more = source.read_at(FIRST as u64, &mut bytes[FIRST..])?;
        bytes.truncate(FIRST + more);
    }
    let text = text(&bytes);
    Ok(recognise(&Head { bytes: &bytes, text: &text, path: &source.path }))
}

fn recognise(head: &Head<'_>) -> Kind {
    if archive::is_archive(head) {
        return Kind::Archive;
    }
    if is_ours(head.text) {
        return Kind::Ours;
    }
    let mut best: Option<(&'static Format, u8)> = None;
    for format in FORMATS {
        let sure = (format.sniff)(head);
        if sure > best.map_or(0, |(_, most)| most) {
            best = Some((format, sure));
        }
    }
    best.map_or(Kind::Unknown, |(format, _)| Kind::Known(format))
}

/// Our own reports, exports, states and answers say who they are in their first line.
fn is_ours(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('{') {
        let end = start.char_indices().nth(400).map_or(start.len(), |(at, _)| at);
        let dense: String = start[..end].chars().filter(|c| !c.is_whitespace()).collect();
        return dense.contains("\"schema\":\"logonstorm.");
    }
    let line = start.lines().next().unwrap_or("");
    let fields: Vec<&str> = line.split([',', ';', '\t']).map(|field| field.trim_matches('"')).take(4).collect();
    matches!(fields.as_slice(), ["rank", "workstation", "class", "verdict"])
        || matches!(fields.as_slice(), ["kind", time, ..] if time.starts_with("time"))
        || (start.starts_with("<!") && start.contains("name=\"generator\" content=\"logonstorm"))
}

/// The bytes as text where they look like text, else empty: UTF-16 by its byte order mark, else
/// UTF-8, else Windows-1252.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    let controls = bytes.iter().filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()).count();
    if bytes.contains(&0) || controls * 20 > bytes.len() {
        return Cow::Borrowed("");
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        // Cut inside the last character.
        Err(error) if error.error_len().is_none() => {
            Cow::Borrowed(std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or(""))
        }
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expect: &str) {
        let kind = sniff(&Source::memory("x", bytes.to_vec(), None)).unwrap();
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
        check(b"{\"schema\":\"other\"}", "unknown");
    }

    #[test]
    fn text_is_decoded_by_its_mark_and_binary_is_no_text() {
        assert_eq!(text(b"\xff\xfeA\0\xe4\0"), "A\u{e4}");
        assert_eq!(text(b"M\xfcller"), "M\u{fc}ller");
        assert_eq!(text("Mü".as_bytes()), "Mü");
        assert_eq!(text(&"Mü".as_bytes()[..2]), "M");
        assert_eq!(text(b"abc\0def"), "");
    }
}
