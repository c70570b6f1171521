//! From lines to entries: messages with their stamps, out of plain lines, SMS trailers and CMTrace
//! records.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::trailers::Trailers;
use crate::input::lines::Line;
use crate::input::stamp::Clock;
use crate::model::client::Stamp;

/// Most lines that one CMTrace message may span before it is taken as never ended.
const MAX_SPAN: usize = 256;
/// Most bytes of text that one CMTrace message may have, over all its lines.
const MAX_MESSAGE: usize = 64 << 10;
const OPEN: &str = "<![LOG[";
const CLOSE: &str = "]LOG]!>";

static FIND_OPEN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(OPEN));

/// One line of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Line number, from 1.
    pub number: u64,
    /// Bytes from the start of the source to the line.
    pub offset: u64,
    /// The message, without trailer, `~` marks and outer blanks; never empty.
    pub text: &'a str,
    /// The stamp of its record; [`Stamp::None`] for a plain line.
    pub stamp: Stamp,
}

/// Puts the lines of records together.
#[derive(Debug, Default)]
pub struct Entries {
    clock: Clock,
    trailers: Trailers,
    /// Lines of a CMTrace message that has not ended.
    open: Vec<(u64, u64, String)>,
    /// Bytes of text in `open`.
    size: usize,
    /// It is known that no line so far has an exclamation mark, which every record has; false where nobody looked.
    pub(super) unmarked: bool,
}

impl Entries {
    /// For a file without lines yet.
    pub fn new(clock: Clock) -> Self {
        Entries { clock, trailers: Trailers::new(clock), ..Entries::default() }
    }

    /// Takes one line and hands over every entry that is complete with it.
    pub fn line(&mut self, line: Line<'_>, out: &mut dyn FnMut(Entry<'_>)) {
        let mut rest = line.text;
        // Most lines are text and a trailer like the one before, which has no mark of a record.
        if self.open.is_empty()
            && let Some((text, stamp)) = self.trailers.split_usual(rest)
            && (self.unmarked || memchr::memchr(b'!', text.as_bytes()).is_none())
        {
            return emit(line.number, line.offset, text, stamp, out);
        }
        if !self.open.is_empty() {
            if rest.trim_start().starts_with(OPEN) || self.open.len() >= MAX_SPAN || self.size > MAX_MESSAGE {
                self.flush(Stamp::None, out);
            } else {
                match rest.split_once(CLOSE) {
                    None => return self.keep(line, rest),
                    Some((message, behind)) => {
                        self.keep(line, message);
                        let (attributes, next) = split_attributes(behind);
                        self.flush(self.clock.cmtrace(attributes), out);
                        rest = next;
                    }
                }
            }
        }
        while let Some(at) = find_open(rest) {
            let (before, behind) = (&rest[..at], &rest[at + OPEN.len()..]);
            emit(line.number, line.offset, before, Stamp::None, out);
            let Some((message, behind)) = behind.split_once(CLOSE) else {
                return self.keep(line, behind);
            };
            let (attributes, next) = split_attributes(behind);
            emit(line.number, line.offset, message, self.clock.cmtrace(attributes), out);
            rest = next;
        }
        match self.trailers.split(rest) {
            Some((text, stamp)) => emit(line.number, line.offset, text, stamp, out),
            None => emit(line.number, line.offset, rest, Stamp::None, out),
        }
    }

    /// Hands over what is left at the end of the file.
    pub fn end(&mut self, out: &mut dyn FnMut(Entry<'_>)) {
        self.flush(Stamp::None, out);
    }

    fn keep(&mut self, line: Line<'_>, text: &str) {
        self.size += text.len();
        self.open.push((line.number, line.offset, text.to_owned()));
    }

    fn flush(&mut self, stamp: Stamp, out: &mut dyn FnMut(Entry<'_>)) {
        for (number, offset, text) in self.open.drain(..) {
            emit(number, offset, &text, stamp, out);
        }
        self.size = 0;
    }
}

/// Where a CMTrace record starts. Hardly another line has an exclamation mark.
fn find_open(text: &str) -> Option<usize> {
    memchr::memchr(b'!', text.as_bytes())?;
    FIND_OPEN.find(text.as_bytes())
}

/// The attributes of a record and what stands behind them in the line.
fn split_attributes(behind: &str) -> (&str, &str) {
    behind.split_at(behind.find(OPEN).unwrap_or(behind.len()))
}

/// A message without what stands around it: blanks, `~`, the line-break mark of the SMS logger, and zero
/// bytes, which a crash leaves in a file.
#[inline]
fn bare(text: &str) -> &str {
    let is_around = |byte: &u8| matches!(byte, b'\t'..=b'\r' | b' ' | b'~' | b'\0');
    let bytes = text.as_bytes();
    let first = bytes.iter().position(|byte| !is_around(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_around(byte)).map_or(first, |last| last + 1);
    match bytes.get(first..end) {
        Some([first, .., last]) if !(first.is_ascii() && last.is_ascii()) => {
            text.trim_matches(|c: char| c.is_whitespace() || c == '~' || c == '\0')
        }
        _ => &text[first..end],
    }
}

fn emit(number: u64, offset: u64, text: &str, stamp: Stamp, out: &mut dyn FnMut(Entry<'_>)) {
    let text = bare(text);
    if !text.is_empty() {
        out(Entry { number, offset, text, stamp });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[(u64, &str, bool)]) {
        let mut entries = Entries::new(Clock::default());
        let mut got = Vec::new();
        let mut out = |entry: Entry<'_>| got.push((entry.number, entry.text.to_owned(), entry.stamp != Stamp::None));
        for (index, text) in text.split('\n').enumerate() {
            entries.line(Line { number: index as u64 + 1, offset: 0, text, cut: false }, &mut out);
        }
        entries.end(&mut out);
        let got: Vec<(u64, &str, bool)> = got.iter().map(|(n, text, stamp)| (*n, text.as_str(), *stamp)).collect();
        assert_eq!(got, expect, "{text}");
    }

    const AT: &str = "<time=\"13:28:46.510+480\" date=\"01-13-2023\" component=\"c\" file=\"c.cpp:1\">";

    #[test]
    fn plain_lines_and_trailers_may_be_mixed() {
        check(
            "  a~ \n\n\tb~  $$<X><Tue Jan 04 15:19:28.663 2000><thread=1>\n\0\0c",
            &[(1, "a", false), (3, "b", true), (4, "c", false)],
        );
    }

    #[test]
    fn a_cmtrace_message_may_span_lines() {
        check(
            &format!("<![LOG[==[ one ]==]LOG]!>{AT}\n<![LOG[two\nthree\n]LOG]!>{AT}\nfour"),
            &[(1, "==[ one ]==", true), (2, "two", true), (3, "three", true), (5, "four", false)],
        );
        check(&format!("<![LOG[a]LOG]!>{AT}<![LOG[b]LOG]!>{AT}"), &[(1, "a", true), (1, "b", true)]);
    }

    #[test]
    fn a_message_that_never_ends_is_handed_over_without_stamp() {
        check(
            &format!("<![LOG[a\nb\n<![LOG[c]LOG]!>{AT}\n<![LOG[d"),
            &[(1, "a", false), (2, "b", false), (3, "c", true), (4, "d", false)],
        );
        let long = format!("<![LOG[a\n{}", "x\n".repeat(2 * MAX_SPAN));
        let mut expect = vec![(1, "a", false)];
        expect.extend((0..2 * MAX_SPAN as u64).map(|n| (n + 2, "x", false)));
        check(&long, &expect);
    }
}
