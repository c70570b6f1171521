//! Text cells of XLSX files.

use std::borrow::Cow;

use super::visible::{acts, escape};

/// Longest text of a cell, in UTF-16 units (Microsoft, "Excel specifications and limits").
pub const LONGEST: usize = 32_767;
/// Room for the note that a text was cut.
const NOTE: usize = 40;

/// A text cell: what acts, and what XML 1.0 cannot hold, is written visibly; a text that is too long
/// for a cell is cut and says by how much. The type of the cell keeps it from being a formula.
pub fn cell(text: &str) -> Cow<'_, str> {
    let shown = escape(text, |c| acts(c) || matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    if shown.encode_utf16().count() <= LONGEST {
        return shown;
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= LONGEST - NOTE
    };
    let mut cut: String = shown.chars().take_while(fits).collect();
    let more = shown.chars().count() - cut.chars().count();
    cut.push_str(&format!("… (+{more} characters)"));
    Cow::Owned(cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escape::visible::unescape;

    #[test]
    fn control_characters_and_what_xml_forbids_show() {
        assert_eq!(cell("a\0\x1b\n\u{FFFF}\u{202e}"), "a\\u{00}\\u{1B}\\u{0A}\\u{FFFF}\\u{202E}");
        assert_eq!(unescape(&cell("a\0\x1b\n\u{FFFF}\u{202e}")), "a\0\x1b\n\u{FFFF}\u{202e}");
    }

    #[test]
    fn formulas_and_look_alikes_of_numbers_stay_as_they_are() {
        for text in ["=1+1", "MAR1", "5E10", "0012", "_x0041_", "http://x"] {
            assert_eq!(cell(text), text);
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_and_says_so() {
        let fits = "x".repeat(LONGEST);
        assert_eq!(cell(&fits), fits);
        for text in ["x".repeat(LONGEST + 1), "\u{1F601}".repeat(20_000)] {
            let cut = cell(&text).into_owned();
            assert!(cut.encode_utf16().count() <= LONGEST);
            let kept = cut.chars().take_while(|c| *c != '…').count();
            assert!(
                cut.ends_with(&format!("… (+{} characters)", text.chars().count() - kept)),
                "{}",
                &cut[cut.len() - 60..]
            );
        }
    }
}
