//! Where a value came from, so that every message and `config show` can name the place.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Origin {
    /// Nobody said anything.
    Default,
    /// A place in the configuration file.
    File(Place),
    /// The flag of that name, `PATH...` for the paths without one.
    Flag(&'static str),
}

/// A place in the configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Place {
    /// The file as typed.
    pub(in crate::cli) file: Arc<str>,
    /// Line, from 1.
    pub(in crate::cli) line: usize,
    /// Column in characters, from 1.
    pub(in crate::cli) column: usize,
}

impl Place {
    /// The place of a span of bytes in the text of a file.
    pub(in crate::cli) fn of(file: &Path, text: &str, span: Range<usize>) -> Place {
        let start = span.start.min(text.len());
        let at = (0..=start).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let before = &text[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            file: file.display().to_string().into(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}, column {}", self.file, self.line, self.column)
    }
}

/// A value and where it came from.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Setting<T> {
    /// The value in use.
    pub(in crate::cli) value: T,
    /// Where it came from.
    pub(in crate::cli) origin: Origin,
}

impl<T> Setting<T> {
    /// How a message names the value: the flag, or the place in the file and the key.
    pub(in crate::cli) fn label(&self, key: &str) -> String {
        match &self.origin {
            Origin::Flag(flag) => (*flag).to_owned(),
            Origin::File(place) => format!("{place}: {key}"),
            Origin::Default => key.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, at: usize, expect: &str) {
        assert_eq!(Place::of(Path::new("n.toml"), text, at..at).to_string(), format!("n.toml, {expect}"));
    }

    #[test]
    fn places_count_lines_and_characters_from_one() {
        check("", 0, "line 1, column 1");
        check("a\nbc\n", 3, "line 2, column 2");
        check("é = 1", 3, "line 1, column 3");
        check("a\n", 99, "line 2, column 1");
        check("é", 1, "line 1, column 1");
    }
}
