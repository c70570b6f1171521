//! Text for a terminal or a log of messages.

use std::borrow::Cow;

use super::visible::{acts, escape, hides};

/// `text` on one line, without anything a terminal acts on: no escape sequences, no C1 controls, no
/// line ends, no direction changes, no invisible characters.
pub fn terminal(text: &str) -> Cow<'_, str> {
    escape(text, |c| acts(c) || hides(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ansi_escape_cannot_clear_the_screen() {
        assert_eq!(terminal("\x1b[2J\x1b[1;31mroot"), "\\u{1B}[2J\\u{1B}[1;31mroot");
    }

    #[test]
    fn c1_csi_cannot_start_a_sequence() {
        assert_eq!(terminal("\u{9b}31m"), "\\u{9B}31m");
    }

    #[test]
    fn osc_title_and_bell_do_nothing() {
        assert_eq!(terminal("\x1b]0;owned\x07"), "\\u{1B}]0;owned\\u{07}");
    }

    #[test]
    fn carriage_return_cannot_overwrite_the_line() {
        assert_eq!(terminal("WS1\rWS2\u{8}"), "WS1\\u{0D}WS2\\u{08}");
    }

    #[test]
    fn bidi_override_cannot_turn_a_name_around() {
        assert_eq!(terminal("\u{202e}10CD\u{2066}"), "\\u{202E}10CD\\u{2066}");
    }

    #[test]
    fn zero_width_twin_of_a_name_looks_different() {
        assert_eq!(terminal("WS\u{200b}1\u{feff}"), "WS\\u{200B}1\\u{FEFF}");
    }
}
