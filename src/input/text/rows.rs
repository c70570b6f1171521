//! Rows of one or more lines, and the fields of a row.

use std::borrow::Cow;
use std::io;
use std::ops::ControlFlow;

use memchr::{memchr, memchr_iter, memmem};

use crate::fsio::source::Source;
use crate::input::lines::each_line;

/// Longest row, in bytes: ten times the longest description. Lines that go past it are dropped, and
/// [`Row::cut`] tells.
pub(super) const MAX_ROW: usize = 64 << 10;

/// One row.
pub(super) struct Row<'a> {
    /// Its lines, joined with line feeds.
    pub(super) text: &'a str,
    /// Number of its first line.
    pub(super) line: u64,
    /// Offset of its first line.
    pub(super) offset: u64,
    /// The row is longer than its text.
    pub(super) cut: bool,
    /// False for lines before the first row start.
    pub(super) started: bool,
}

/// Calls `visit` for every row. `starts` is given a line and whether the line before ends with a quote; a
/// line that starts no row belongs to the row before it.
pub(super) fn each_row(
    source: &Source,
    starts: &dyn Fn(&str, bool) -> bool,
    visit: &mut dyn FnMut(Row<'_>),
) -> io::Result<()> {
    let mut text = String::new();
    let mut quoted = false;
    let (mut line, mut offset, mut cut, mut started) = (0, 0, false, false);
    each_line(source, &mut |next| {
        let start = starts(next.text, quoted);
        if start || !started {
            if line > 0 {
                visit(Row { text: &text, line, offset, cut, started });
            }
            text.clear();
            (line, offset, cut, started) = (next.number, next.offset, false, start || started);
        } else {
            text.push('\n');
        }
        let room = MAX_ROW.saturating_sub(text.len());
        let end = (0..=room.min(next.text.len())).rev().find(|end| next.text.is_char_boundary(*end)).unwrap_or(0);
        text.push_str(&next.text[..end]);
        cut |= end < next.text.len() || next.cut;
        // Of a line that no longer fits too.
        quoted = next.text.ends_with('"');
        ControlFlow::Continue(())
    })?;
    if line > 0 {
        visit(Row { text: &text, line, offset, cut, started });
    }
    Ok(())
}

/// True where so many of an ASCII delimiter stand in a line.
pub(super) fn has(line: &str, delimiter: char, count: usize) -> bool {
    memchr_iter(delimiter as u8, line.as_bytes()).take(count).count() == count
}

/// The lines of a row.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let ends = memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    let mut start = 0;
    ends.map(move |end| &text[std::mem::replace(&mut start, end + 1)..end])
}

/// The first `count - 1` fields behind an ASCII delimiter, and then the rest of the row as one. Fewer where the row has fewer.
pub(super) fn fields(text: &str, delimiter: char, count: usize) -> Vec<Cow<'_, str>> {
    let mut fields = Vec::with_capacity(count);
    let mut rest = text;
    while fields.len() + 1 < count {
        let (field, behind) = field(rest, delimiter);
        fields.push(field);
        match behind {
            Some(behind) => rest = behind,
            None => return fields,
        }
    }
    fields.push(unquoted(rest));
    fields
}

/// The same for a row that has all `N` fields; `None` where it has fewer.
pub(super) fn columns<const N: usize>(text: &str, delimiter: char) -> Option<[Cow<'_, str>; N]> {
    let mut columns = [const { Cow::Borrowed("") }; N];
    let (last, before) = columns.split_last_mut()?;
    let mut rest = text;
    for column in before {
        let (field, behind) = field(rest, delimiter);
        (*column, rest) = (field, behind?);
    }
    *last = unquoted(rest);
    Some(columns)
}

/// The field with this number, counted from 0, where the row goes on behind it.
pub(super) fn nth(text: &str, delimiter: char, number: usize) -> Option<Cow<'_, str>> {
    let mut rest = text;
    for _ in 0..number {
        rest = field(rest, delimiter).1?;
    }
    let (field, behind) = field(rest, delimiter);
    behind.map(|_| field)
}

/// One field and what follows its delimiter; `None` at the end of the row.
pub(super) fn field(text: &str, delimiter: char) -> (Cow<'_, str>, Option<&str>) {
    if let Some(body) = text.strip_prefix('"') {
        let mut from = 0;
        while let Some(quote) = memchr(b'"', &body.as_bytes()[from..]).map(|at| from + at) {
            let behind = &body[quote + 1..];
            if behind.is_empty() || behind.starts_with(delimiter) {
                let value = body[..quote].replace("\"\"", "\"");
                return (value.into(), behind.strip_prefix(delimiter));
            }
            from = quote + 1 + usize::from(behind.starts_with('"'));
        }
    }
    match memchr(delimiter as u8, text.as_bytes()) {
        Some(at) => (text[..at].into(), Some(&text[at + 1..])),
        None => (text.into(), None),
    }
}

/// The last field of a row without its quotes; doubled quotes become one.
pub(super) fn unquoted(text: &str) -> Cow<'_, str> {
    let inner = text.trim_end().strip_prefix('"').map(|body| body.strip_suffix('"').unwrap_or(body));
    match inner {
        Some(inner) if memmem::find(inner.as_bytes(), b"\"\"").is_some() => inner.replace("\"\"", "\"").into(),
        Some(inner) => inner.into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_delimiters_within_quotes_and_the_last_takes_the_rest() {
        assert_eq!(fields("a,\"b,\"\"c\"\"\",d,e", ',', 9), ["a", "b,\"c\"", "d", "e"]);
        assert_eq!(fields("a,b,\"c,\nd\"", ',', 3), ["a", "b", "c,\nd"]);
        assert_eq!(fields("a,b,c,d", ',', 3), ["a", "b", "c,d"]);
        assert_eq!(fields("\"a,b", ',', 3), ["\"a", "b"]);
        assert_eq!(fields("", ',', 3), [""]);
        for text in ["a,\"b,\"\"c\"\"\",d,e", "a,b,\"c,\nd\"", "a,b,c,d", "\"a,b", "", "a,b"] {
            assert_eq!(columns::<3>(text, ',').map(Vec::from), Some(fields(text, ',', 3)).filter(|all| all.len() == 3));
            for number in 0..3 {
                let all = fields(text, ',', 9);
                assert_eq!(nth(text, ',', number).as_ref(), all.get(number).filter(|_| number + 1 < all.len()));
            }
        }
    }

    #[test]
    fn rows_are_joined_and_bounded() {
        let long = "x".repeat(MAX_ROW);
        let text = format!("head\n#1\nmore\n#2 ä{long}\n{long}\n#3");
        let mut rows = Vec::new();
        each_row(&Source::memory("x", text.as_bytes(), None), &|line, _| line.starts_with('#'), &mut |row| {
            rows.push((row.text.chars().take(8).collect::<String>(), row.line, row.cut, row.started));
        })
        .unwrap();
        assert_eq!(
            rows,
            [
                ("head".to_owned(), 1, false, false),
                ("#1\nmore".to_owned(), 2, false, true),
                ("#2 äxxxx".to_owned(), 4, true, true),
                ("#3".to_owned(), 6, false, true)
            ]
        );
    }
}
