//! Lines of text from bytes of unknown encoding, with bounded memory.
//!
//! Logs are appended to by different programs, so one file may change its encoding from one line to
//! the next (a UTF-16 export that `type >>` has added ANSI lines to). The encoding is therefore
//! decided anew at the start of every line, with that of the line before as the guess.

use std::borrow::Cow;
use std::io;
use std::ops::ControlFlow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memchr;

use crate::fsio::source::Source;
use crate::input::door::Sink;
use crate::model::gathered::{Severity, Skipped};

/// Longest line that is handed over, in bytes of the source; the rest of a longer one is passed
/// over and counted in [`LineCount::cut`].
pub const MAX_LINE: usize = 1 << 20;
/// Bytes that are read at a time.
const BLOCK: usize = 256 << 10;
/// Bytes at the start of a line by which its encoding is told.
const PEEK: usize = 64;

/// One line, without its line end.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// From 1.
    pub number: u64,
    /// Bytes from the start of the source to the line.
    pub offset: u64,
    /// Decoded text: UTF-16 by BOM or by its zero bytes, else UTF-8 where valid, else Windows-1252.
    /// Without byte order mark and carriage return.
    pub text: &'a str,
    /// The line was longer than [`MAX_LINE`]; `text` is its beginning.
    pub cut: bool,
}

/// What the walk over the lines met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCount {
    /// Lines.
    pub lines: u64,
    /// Lines that were longer than [`MAX_LINE`].
    pub cut: u64,
    /// Number of the first of them; 0 if there was none.
    pub first_cut: u64,
}

impl LineCount {
    /// Tells the sink of lines that were not read whole, if there were any.
    pub fn report_cut(&self, path: &str, sink: &mut dyn Sink) {
        if self.cut == 0 {
            return;
        }
        let more = if self.cut > 1 { format!(" and {} more", self.cut - 1) } else { String::new() };
        sink.skipped(Skipped {
            file: path.to_owned(),
            at: format!("line {}{more}", self.first_cut),
            what: "line".into(),
            why: format!("longer than {} MiB; only its beginning was read", MAX_LINE >> 20),
            severity: Severity::Damage,
        });
    }
}

/// Calls `visit` for every line, in order, until it breaks off. A last line without line end is a
/// line; nothing behind the last line end is none.
///
/// Memory stays under `MAX_LINE` plus a block, however long a line is. Errors are I/O only.
pub fn each_line(source: &Source, visit: &mut dyn FnMut(Line<'_>) -> ControlFlow<()>) -> io::Result<LineCount> {
    let mut window = Window::new(source);
    let mut count = LineCount::default();
    while let Some(found) = window.next_line()? {
        count.lines += 1;
        if found.cut {
            count.cut += 1;
            count.first_cut = if count.cut == 1 { count.lines } else { count.first_cut };
        }
        let text = decode(found.bytes, found.encoding, found.cut);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).trim_end_matches('\r');
        let line = Line { number: count.lines, offset: found.offset, text, cut: found.cut };
        if visit(line).is_break() {
            break;
        }
    }
    Ok(count)
}

/// The beginning of an input as text, for recognising its format: decoded line by line like
/// [`each_line`] does, lines joined with `\n`. Empty where it looks like no text at all: one byte in
/// twenty or more is a control character. The zero bytes that a crash leaves at the end or the start
/// of a line are not counted.
pub fn head_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut encoding = Encoding::Narrow;
    let mut controls = 0;
    while !rest.is_empty() {
        encoding = encoding_of(encoding, &rest[..rest.len().min(PEEK)]);
        let end = line_end(rest, encoding, 0);
        let (length, next) = end.unwrap_or((rest.len(), rest.len()));
        // The head itself may end inside a character.
        let decoded = decode(&rest[..length], encoding, end.is_none());
        let line = decoded.strip_prefix('\u{feff}').unwrap_or(&decoded).trim_end_matches('\r').trim_matches('\0');
        controls += line.bytes().filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()).count();
        text.push_str(line);
        if end.is_some() {
            text.push('\n');
        }
        rest = &rest[next..];
    }
    if controls * 20 > text.len() { String::new() } else { text }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    /// UTF-8 or an ANSI code page.
    Narrow,
    Utf16Le,
    Utf16Be,
}

struct Found<'a> {
    offset: u64,
    bytes: &'a [u8],
    encoding: Encoding,
    cut: bool,
}

/// The part of the source that is in memory: `buffer[start..end]` is not yet handed over.
struct Window<'a> {
    source: &'a Source,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset of `buffer[0]` in the source.
    base: u64,
    at_end: bool,
    encoding: Encoding,
    /// The last line was cut; its rest is passed over first.
    in_cut_line: bool,
}

impl<'a> Window<'a> {
    fn new(source: &'a Source) -> Self {
        Window {
            source,
            buffer: vec![0; BLOCK],
            start: 0,
            end: 0,
            base: 0,
            at_end: false,
            encoding: Encoding::Narrow,
            in_cut_line: false,
        }
    }

    fn next_line(&mut self) -> io::Result<Option<Found<'_>>> {
        if self.in_cut_line {
            self.pass_over()?;
        }
        while self.end - self.start < PEEK && !self.at_end {
            self.fill()?;
        }
        if self.start == self.end {
            return Ok(None);
        }
        let peek = &self.buffer[self.start..self.end.min(self.start + PEEK)];
        self.encoding = encoding_of(self.encoding, peek);
        let mut searched = 0;
        let (length, next) = loop {
            let pending = &self.buffer[self.start..self.end];
            if let Some(end) = line_end(pending, self.encoding, searched) {
                break end;
            }
            if pending.len() > MAX_LINE {
                self.in_cut_line = true;
                break (pending.len(), MAX_LINE);
            }
            if self.at_end {
                break (pending.len(), pending.len());
            }
            searched = pending.len() & !1;
            self.fill()?;
        };
        let from = self.start;
        self.start += next;
        Ok(Some(Found {
            offset: self.base + from as u64,
            bytes: &self.buffer[from..from + length.min(MAX_LINE)],
            encoding: self.encoding,
            cut: length > MAX_LINE,
        }))
    }

    /// Passes over the rest of a line that was cut. What is dropped is a whole number of UTF-16
    /// units, so the line end stays aligned.
    fn pass_over(&mut self) -> io::Result<()> {
        self.in_cut_line = false;
        loop {
            let pending = &self.buffer[self.start..self.end];
            if let Some((_, next)) = line_end(pending, self.encoding, 0) {
                self.start += next;
                return Ok(());
            }
            if self.at_end {
                self.start = self.end;
                return Ok(());
            }
            self.start += pending.len() & !1;
            self.fill()?;
        }
    }

    /// Reads one block more behind what is pending.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.base += self.start as u64;
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() - self.end < BLOCK / 2 {
            self.buffer.resize(self.end + BLOCK, 0);
        }
        let read = self.source.read_at(self.base + self.end as u64, &mut self.buffer[self.end..])?;
        self.at_end = read < self.buffer.len() - self.end;
        self.end += read;
        Ok(())
    }
}

/// Length of the line and where the next one starts; `None` when no line end is in `bytes`.
/// Nothing before `from`, an even place, is searched.
fn line_end(bytes: &[u8], encoding: Encoding, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let feed = at + memchr(b'\n', bytes.get(at..)?)?;
        match encoding {
            Encoding::Narrow => return Some((feed, feed + 1)),
            Encoding::Utf16Le if feed.is_multiple_of(2) && bytes.get(feed + 1) == Some(&0) => {
                return Some((feed, feed + 2));
            }
            Encoding::Utf16Be if !feed.is_multiple_of(2) && bytes[feed - 1] == 0 => return Some((feed - 1, feed + 1)),
            Encoding::Utf16Le | Encoding::Utf16Be => at = feed + 1,
        }
    }
}

/// The encoding of a line that starts with `peek`, where the line before was in `before`.
fn encoding_of(before: Encoding, peek: &[u8]) -> Encoding {
    match peek {
        [0xff, 0xfe, ..] => return Encoding::Utf16Le,
        [0xfe, 0xff, ..] => return Encoding::Utf16Be,
        _ => {}
    }
    match before {
        Encoding::Narrow => match peek {
            [1..=255, 0, 1..=255, 0, ..] | [b'\n', 0, ..] => Encoding::Utf16Le,
            [0, 1..=255, 0, 1..=255, ..] | [0, b'\n', ..] => Encoding::Utf16Be,
            _ => Encoding::Narrow,
        },
        Encoding::Utf16Le | Encoding::Utf16Be if looks_narrow(peek) => Encoding::Narrow,
        wide => wide,
    }
}

/// True for the start of an ANSI or UTF-8 line in a UTF-16 file: four bytes or more without a control
/// character, up to a line end that is no UTF-16 one, and hardly a byte that is not ASCII. Latin
/// letters in UTF-16 have zero bytes, and of other scripts one byte in two is not ASCII.
fn looks_narrow(peek: &[u8]) -> bool {
    let plain = |bytes: &[u8]| {
        let control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\r' | b'\n');
        let foreign = bytes.iter().filter(|byte| !byte.is_ascii()).count();
        bytes.len() >= 4 && foreign <= bytes.len() / 6 && !bytes.iter().any(control)
    };
    plain(peek) || memchr(b'\n', peek).is_some_and(|feed| plain(&peek[..feed]) && peek.get(feed + 1) != Some(&0))
}

fn decode(bytes: &[u8], encoding: Encoding, cut: bool) -> Cow<'_, str> {
    match encoding {
        Encoding::Utf16Le => UTF_16LE.decode_without_bom_handling(bytes).0,
        Encoding::Utf16Be => UTF_16BE.decode_without_bom_handling(bytes).0,
        Encoding::Narrow => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            // A cut through a character leaves its first bytes at the end.
            Err(error) if cut && error.error_len().is_none() => String::from_utf8_lossy(&bytes[..error.valid_up_to()]),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines_of(bytes: &[u8]) -> (Vec<(u64, String)>, LineCount) {
        let mut lines = Vec::new();
        let source = Source::memory("x", bytes, None);
        let count = each_line(&source, &mut |line| {
            lines.push((line.offset, line.text.to_owned()));
            ControlFlow::Continue(())
        });
        (lines, count.unwrap())
    }

    fn check(bytes: &[u8], expect: &[&str]) {
        let (lines, count) = lines_of(bytes);
        let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, expect, "{bytes:x?}");
        assert_eq!(count, LineCount { lines: expect.len() as u64, ..LineCount::default() });
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_lines() {
        let text = "Grüße\r\n\r\nwho\nlast";
        let expect = ["Grüße", "", "who", "last"];
        let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        check(text.as_bytes(), &expect);
        check(&[b"\xef\xbb\xbf", text.as_bytes()].concat(), &expect);
        check(&[b"\xff\xfe".to_vec(), wide(text)].concat(), &expect);
        check(&[b"\xfe\xff".to_vec(), big(text)].concat(), &expect);
        check(&wide(text), &expect);
        check(&big(text), &expect);
        check(b"Gr\xfc\xdfe\r\n\r\nwho\nlast", &expect);
        check(b"", &[]);
        check(b"\n", &[""]);
    }

    #[test]
    fn a_file_that_changes_its_encoding_loses_no_line() {
        let ansi = b"caf\xe9 one\r\n".as_slice();
        check(
            &[b"\xff\xfe".to_vec(), wide("wide line\r\n"), b"plain line\r\n".to_vec(), ansi.to_vec()].concat(),
            &["wide line", "plain line", "café one"],
        );
        check(
            &[ansi.to_vec(), wide("wide\r\nmore\r\n"), b"utf-8 text \xc3\xa9\n".to_vec()].concat(),
            &["café one", "wide", "more", "utf-8 text é"],
        );
        // U+4E0A begins with the byte of a line feed.
        check(&[b"\xff\xfe".to_vec(), wide("\u{4e0a}\u{4e0a}a\n\u{4e0a}b\n")].concat(), &["上上a", "上b"]);
    }

    #[test]
    fn offsets_point_at_the_line_in_the_file() {
        let (lines, _) = lines_of(b"ab\r\n\r\ncd\n");
        assert_eq!(lines.iter().map(|line| line.0).collect::<Vec<_>>(), [0, 4, 6]);
        let (lines, _) = lines_of(&[b"\xff\xfe".to_vec(), wide("ab\nc")].concat());
        assert_eq!(lines.iter().map(|line| line.0).collect::<Vec<_>>(), [0, 8]);
    }

    #[test]
    fn lines_longer_than_the_limit_are_cut_and_the_next_line_is_whole() {
        for length in [MAX_LINE - 1, MAX_LINE, MAX_LINE + 1, 3 * MAX_LINE + 7] {
            let narrow = [&vec![b'x'; length][..], b"\nnext\n"].concat();
            let long = "x".repeat(length.div_ceil(2));
            for (bytes, size) in [(narrow, length), (wide(&format!("{long}\nnext\n")), long.len() * 2)] {
                let (lines, count) = lines_of(&bytes);
                assert_eq!(lines.len(), 2, "{length}");
                assert_eq!(lines[1].1, "next");
                assert_eq!(count.cut, u64::from(size > MAX_LINE), "{length} {size}");
                assert!(lines[0].1.len() <= MAX_LINE);
            }
        }
        // The cut falls into the middle of a character.
        let (lines, _) = lines_of("é".repeat(MAX_LINE).replacen('é', "x", 1).as_bytes());
        assert!(lines[0].1.ends_with('é') && lines[0].1.starts_with("xé"));
    }

    #[test]
    fn a_huge_line_is_read_in_bounded_memory() {
        let source = Source::memory("x", [vec![b'y'; 100 << 20], b"\nend".to_vec()].concat(), None);
        let mut window = Window::new(&source);
        let mut seen = 0;
        while let Some(found) = window.next_line().unwrap() {
            seen += 1;
            assert!(found.bytes.len() <= MAX_LINE);
        }
        assert_eq!(seen, 2);
        assert!(window.buffer.len() <= MAX_LINE + 2 * BLOCK, "{}", window.buffer.len());
    }

    #[test]
    fn heads_are_text_or_empty() {
        assert_eq!(head_text(b"a\r\nb"), "a\nb");
        assert_eq!(head_text(&[b"\xff\xfe".to_vec(), wide("a\r\nb\r\n")].concat()), "a\nb\n");
        assert_eq!(head_text(b"caf\xe9\nB\xc3\xbc\xc3"), "café\nBü");
        assert_eq!(
            head_text(&[b"a\n", &[0; 900][..], b"b\0c and a long line\n"].concat()),
            "a\nb\0c and a long line\n"
        );
        assert_eq!(head_text(b"ElfFile\0\x01\0\x03"), "");
    }

    proptest! {
        #[test]
        fn ascii_lines_come_back_wherever_the_blocks_end(
            lines in proptest::collection::vec("[ -~]{0,90}", 0..40), pad in 0usize..200
        ) {
            let pad = "p".repeat(BLOCK - pad);
            let text = lines.iter().fold(format!("{pad}\n"), |text, line| text + line + "\r\n");
            for bytes in [text.as_bytes().to_vec(), [b"\xff\xfe".to_vec(), wide(&text)].concat()] {
                let (read, _) = lines_of(&bytes);
                prop_assert_eq!(read.len(), lines.len() + 1);
                for (read, line) in read[1..].iter().zip(&lines) {
                    prop_assert_eq!(&read.1, line);
                }
            }
        }

        #[test]
        fn any_bytes_are_walked_to_the_end(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let (lines, count) = lines_of(&bytes);
            prop_assert_eq!(lines.len() as u64, count.lines);
            prop_assert!(lines.windows(2).all(|pair| pair[0].0 < pair[1].0));
            head_text(&bytes);
        }
    }
}
