//! Text in HTML, in element content and in quoted attributes.

use super::visible::{acts, escape, hides};
use super::xml::markup;

/// `text` for HTML: markup characters as references, everything that acts or hides written visibly.
pub fn html(text: &str) -> String {
    markup(&escape(text, |c| acts(c) || hides(c)))
}

/// The same for running text: every run of right-to-left words is isolated in a `<bdi>` of its own, so
/// that a name cannot turn the words and numbers around it.
pub fn isolated(text: &str) -> String {
    if text.is_ascii() {
        return html(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut inside = false;
    for (at, word) in text.split(' ').enumerate() {
        let turns = word.chars().any(right_to_left);
        if inside && !turns {
            out.push_str("</bdi>");
            inside = false;
        }
        if at > 0 {
            out.push(' ');
        }
        if !turns {
            out.push_str(&html(word));
            continue;
        }
        if !inside {
            out.push_str("<bdi>");
        }
        let name = word.trim_end_matches([',', ';', ':', '.']);
        out.push_str(&html(name));
        inside = name.len() == word.len();
        if !inside {
            out.push_str("</bdi>");
            out.push_str(&word[name.len()..]);
        }
    }
    if inside {
        out.push_str("</bdi>");
    }
    out
}

/// Letters of the right-to-left scripts (Unicode Standard Annex 9: the blocks whose default bidi
/// class is R or AL).
fn right_to_left(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
        || matches!(c, '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hebrew_name_cannot_turn_the_sentence() {
        assert_eq!(isolated("\u{5d0}\u{5d1} \u{5d2}, 3 times"), "<bdi>\u{5d0}\u{5d1} \u{5d2}</bdi>, 3 times");
        assert_eq!(isolated("caf\u{e9} <b>"), "caf\u{e9} &lt;b&gt;");
        assert_eq!(isolated("\u{5d0}<\u{202e}"), "<bdi>\u{5d0}&lt;\\u{202E}</bdi>");
    }

    #[test]
    fn script_shows_and_does_not_run() {
        assert_eq!(html("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
    }

    #[test]
    fn quote_cannot_leave_an_attribute() {
        assert_eq!(html("\" onmouseover='x()"), "&quot; onmouseover=&#39;x()");
    }

    #[test]
    fn references_are_not_decoded_twice() {
        assert_eq!(html("&lt;b&gt;"), "&amp;lt;b&amp;gt;");
    }

    #[test]
    fn nul_and_bidi_override_show() {
        assert_eq!(html("a\0\u{202e}b"), "a\\u{00}\\u{202E}b");
    }
}
