//! Text cells of CSV files: single-line, and never a formula.

use std::borrow::Cow;
use std::io;

use super::visible::{acts, escape, hides, unescape};

/// A text cell: the guard against formulas, then the visible form of control characters. Numbers of
/// our own must not be sent through here.
pub fn cell(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(escape(&format!("'{text}"), acts).into_owned()) } else { escape(text, acts) }
}

/// The text that [`cell`] was given.
pub fn uncell(cell: &str) -> String {
    let text = unescape(cell);
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest.to_owned(),
        _ => text,
    }
}

/// The I/O error behind an error of the CSV writer, with its kind: `From` would hide a closed pipe.
pub fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// True when a spreadsheet could take the text for a formula: its first character is `= + - @` or a
/// full-width form of these, white space, invisible characters and quotes passed over (OWASP, CSV
/// injection; CWE-1236).
pub fn is_formula(text: &str) -> bool {
    let first = text.trim_start_matches(|c: char| c.is_whitespace() || acts(c) || hides(c) || c == '\'' || c == '"');
    first.starts_with(['=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}', '\u{2212}'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(cell(text), expect);
        assert_eq!(uncell(expect), text);
    }

    #[test]
    fn dde_command_does_not_run() {
        check("=cmd|'/c calc'!A0", "'=cmd|'/c calc'!A0");
        check("@SUM(1)", "'@SUM(1)");
        check("-1+1", "'-1+1");
        check("+1", "'+1");
    }

    #[test]
    fn full_width_equals_sign_is_a_formula_too() {
        check("\u{FF1D}1+1", "'\u{FF1D}1+1");
        check("\u{FF20}x", "'\u{FF20}x");
    }

    #[test]
    fn tab_or_quote_before_the_formula_does_not_help_it() {
        check("\t=1", "'\\u{09}=1");
        check("  =1", "'  =1");
        check("\"=1", "'\"=1");
        check("\r\n=1", "'\\u{0D}\\u{0A}=1");
        check("\u{feff}=1", "'\u{feff}=1");
    }

    #[test]
    fn a_name_that_starts_with_a_quote_of_its_own_comes_back() {
        check("'=1", "''=1");
        check("'plain", "'plain");
        check("O'Brien, \"x\"", "O'Brien, \"x\"");
    }

    #[test]
    fn names_that_look_like_dates_and_numbers_are_not_touched() {
        for name in ["MAR1", "5E10", "0012", "1-2"] {
            check(name, name);
        }
    }

    #[test]
    fn newline_cannot_start_a_row_and_bidi_cannot_turn_it() {
        check("a\nb", "a\\u{0A}b");
        check("\u{2028}\u{202e}", "\\u{2028}\\u{202E}");
    }

    proptest! {
        #[test]
        fn every_cell_comes_back(text in r#"([\\u{}'"=@+ \t\n-]|\PC){0,16}"#) {
            let cell = cell(&text).into_owned();
            prop_assert!(!cell.contains(['\n', '\r', '\t', '\0']));
            prop_assert_eq!(uncell(&cell), text);
        }
    }
}
