//! Lines of text from bytes of unknown encoding, with bounded memory.
//!
//! Logs are appended to by different programs, so one file may change its encoding from one line to
//! the next (a UTF-16 export that `type >>` has added ANSI lines to). The encoding is therefore
//! decided anew at the start of every line, with that of the line before as the guess.

use std::borrow::Cow;
use std::io;
use std::ops::ControlFlow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::{memchr, memchr_iter, memrchr};

use crate::fsio::aligned::Buffer;
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
    each_line_and_block(source, &mut Room::default(), &mut |_| {}, visit)
}

/// Where bytes are read to. One that is used again spares small logs to make their own.
#[derive(Debug, Default)]
pub struct Room(Option<Buffer>);

/// The same; `block` is given all bytes of the source before the lines in them, unless `visit` breaks off.
pub fn each_line_and_block(
    source: &Source,
    room: &mut Room,
    block: &mut dyn FnMut(&[u8]),
    visit: &mut dyn FnMut(Line<'_>) -> ControlFlow<()>,
) -> io::Result<LineCount> {
    let mut window = Window::new(source, room, block);
    let count = walk(&mut window, visit);
    // A larger one was for a long line.
    room.0 = Some(window.buffer).filter(|buffer| buffer.bytes().len() <= BLOCK);
    count
}

fn walk(window: &mut Window<'_>, visit: &mut dyn FnMut(Line<'_>) -> ControlFlow<()>) -> io::Result<LineCount> {
    let mut count = LineCount::default();
    loop {
        let (base, plain) = window.plain();
        let mut at = 0;
        for feed in memchr_iter(b'\n', plain.as_bytes()) {
            count.lines += 1;
            let (offset, text) = (base + at as u64, bare(&plain[at..feed]));
            let line = Line { number: count.lines, offset, text, cut: false };
            if visit(line).is_break() {
                return Ok(count);
            }
            at = feed + 1;
        }
        window.start += at;
        let Some(found) = window.next_line()? else { return Ok(count) };
        count.lines += 1;
        if found.cut {
            count.cut += 1;
            count.first_cut = if count.cut == 1 { count.lines } else { count.first_cut };
        }
        let text = decode(found.bytes, found.encoding, found.cut);
        let line = Line { number: count.lines, offset: found.offset, text: bare(&text), cut: found.cut };
        if visit(line).is_break() {
            return Ok(count);
        }
    }
}

/// A line without byte order mark and carriage return.
#[inline]
fn bare(line: &str) -> &str {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    match line.strip_suffix('\r') {
        Some(more) if more.ends_with('\r') => more.trim_end_matches('\r'),
        Some(line) => line,
        None => line,
    }
}

/// The beginning of an input as text, for recognising its format: decoded line by line like
/// [`each_line`] does, lines joined with `\n`. Empty where it looks like no text at all: one byte in
/// twenty or more is a control character. The zero bytes that a crash leaves at the end or the start
/// of a line are not counted.
pub fn head_text(bytes: &[u8]) -> String {
    if let Some(text) = head_of_plain(bytes) {
        return text;
    }
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

/// The same of UTF-8 without zero bytes, in which no line is of another encoding; `None` for all else.
fn head_of_plain(bytes: &[u8]) -> Option<String> {
    if memchr(0, bytes).is_some() {
        return None;
    }
    let plain = std::str::from_utf8(bytes).ok()?;
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    for feed in memchr_iter(b'\n', bytes) {
        text.push_str(bare(&plain[at..feed]));
        text.push('\n');
        at = feed + 1;
    }
    text.push_str(bare(&plain[at..]));
    // So few at a time that a byte counts them, which is faster.
    let control = |byte: &u8| u8::from(byte.is_ascii_control() && !byte.is_ascii_whitespace());
    let controls: usize = text.as_bytes().chunks(255).map(|few| usize::from(few.iter().map(control).sum::<u8>())).sum();
    Some(if controls * 20 > text.len() { String::new() } else { text })
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
    /// Is given each block that is read.
    block: &'a mut dyn FnMut(&[u8]),
    buffer: Buffer,
    start: usize,
    end: usize,
    /// There is no zero byte from `start` up to here.
    no_zero: usize,
    /// Offset of `buffer[0]` in the source.
    base: u64,
    at_end: bool,
    encoding: Encoding,
    /// The last line was cut; its rest is passed over first.
    in_cut_line: bool,
}

impl<'a> Window<'a> {
    fn new(source: &'a Source, room: &mut Room, block: &'a mut dyn FnMut(&[u8])) -> Self {
        let size = usize::try_from(source.len).unwrap_or(BLOCK).min(BLOCK);
        let buffer = room.0.take().filter(|buffer| buffer.bytes().len() >= size);
        Window {
            source,
            block,
            buffer: buffer.unwrap_or_else(|| Buffer::new(size)),
            start: 0,
            end: 0,
            no_zero: 0,
            base: 0,
            at_end: false,
            encoding: Encoding::Narrow,
            in_cut_line: false,
        }
    }

    /// Whole lines that are UTF-8 and in which no line changes the encoding, and their offset: UTF-16 has
    /// zero bytes or a mark that no UTF-8 has. Empty where the next line must be looked at by itself.
    fn plain(&mut self) -> (u64, &str) {
        if self.encoding != Encoding::Narrow || self.in_cut_line {
            return (0, "");
        }
        let all = &self.buffer.bytes()[..self.end];
        let from = self.no_zero.max(self.start);
        if all.get(from) != Some(&0) {
            self.no_zero = from + memchr(0, &all[from..]).unwrap_or(self.end - from);
        }
        // An empty line before a zero byte may be one of UTF-16: the byte behind each line must be known.
        let known = self.at_end && self.no_zero == self.end;
        let limit = if known { self.end } else { self.no_zero.max(self.start + 1) - 1 };
        let rest = all.get(self.start..limit.min(self.start + MAX_LINE)).unwrap_or(&[]);
        let text = match std::str::from_utf8(rest) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or(""),
        };
        let whole = memrchr(b'\n', text.as_bytes()).map_or(0, |feed| feed + 1);
        (self.base + self.start as u64, &text[..whole])
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
        let peek = &self.buffer.bytes()[self.start..self.end.min(self.start + PEEK)];
        self.encoding = encoding_of(self.encoding, peek);
        let mut searched = 0;
        let (length, next) = loop {
            let pending = &self.buffer.bytes()[self.start..self.end];
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
            bytes: &self.buffer.bytes()[from..from + length.min(MAX_LINE)],
            encoding: self.encoding,
            cut: length > MAX_LINE,
        }))
    }

    /// Passes over the rest of a line that was cut. What is dropped is a whole number of UTF-16
    /// units, so the line end stays aligned.
    fn pass_over(&mut self) -> io::Result<()> {
        self.in_cut_line = false;
        loop {
            let pending = &self.buffer.bytes()[self.start..self.end];
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
        let pending = self.start..self.end;
        let left = usize::try_from(self.source.len - self.base - self.end as u64).unwrap_or(usize::MAX);
        let room = self.buffer.bytes().len() - pending.len();
        if room < left.min(BLOCK / 2) {
            let mut larger = Buffer::new(pending.len() + BLOCK);
            larger.bytes_mut()[..pending.len()].copy_from_slice(&self.buffer.bytes()[pending.clone()]);
            self.buffer = larger;
        } else {
            self.buffer.bytes_mut().copy_within(pending, 0);
        }
        self.base += self.start as u64;
        self.end -= self.start;
        self.no_zero = self.no_zero.max(self.start) - self.start;
        self.start = 0;
        let free = &mut self.buffer.bytes_mut()[self.end..];
        let read = self.source.read_at(self.base + self.end as u64, free)?;
        (self.block)(&free[..read]);
        self.at_end = read < free.len() || read >= left;
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
#[path = "lines_tests.rs"]
mod tests;
