//! JSON that is safe to print: what acts or hides in a string is written as a `\u` escape, which every
//! reader decodes to the same text.

use std::io;

use serde_json::ser::{Formatter, PrettyFormatter};

use super::visible::{acts, hides};

/// serde_json's compact or pretty form, with safe strings.
#[derive(Default)]
pub struct SafeStrings<F>(F);

/// Writes `value` in one line, without a line end.
pub fn compact<T: serde::Serialize>(value: &T, out: &mut dyn io::Write) -> io::Result<()> {
    write(value, SafeStrings(serde_json::ser::CompactFormatter), out)
}

/// Writes `value` indented by two spaces, without a line end behind it.
pub fn pretty<T: serde::Serialize>(value: &T, out: &mut dyn io::Write) -> io::Result<()> {
    write(value, SafeStrings(PrettyFormatter::new()), out)
}

fn write<T: serde::Serialize, F: Formatter>(
    value: &T,
    formatter: SafeStrings<F>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(out, formatter);
    value.serialize(&mut serializer).map_err(io::Error::from)
}

impl<F: Formatter> Formatter for SafeStrings<F> {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|c| acts(c) || hides(c)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let c = rest[at..].chars().next().unwrap_or_default();
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_acts_and_nothing_is_lost() {
        let hostile = "\u{9b}31m\u{202e}\u{200b}\x1b\n<script>\u{e0041}\"\\ é";
        let mut bytes = Vec::new();
        compact(&[hostile], &mut bytes).expect("a Vec takes everything");
        let text = String::from_utf8(bytes).expect("JSON is UTF-8");
        assert!(!text.chars().any(|c| acts(c) || hides(c)), "{text}");
        let back: Vec<String> = serde_json::from_str(&text).expect("valid JSON");
        assert_eq!(back, [hostile]);
    }

    #[test]
    fn pretty_is_indented_by_two() {
        let mut bytes = Vec::new();
        pretty(&std::collections::BTreeMap::from([("a", [1, 2])]), &mut bytes).expect("a Vec takes everything");
        assert_eq!(String::from_utf8_lossy(&bytes), "{\n  \"a\": [\n    1,\n    2\n  ]\n}");
    }
}
