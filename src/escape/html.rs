//! Text in HTML, in element content and in quoted attributes.

use super::visible::{acts, escape, hides};
use super::xml::markup;

/// `text` for HTML: markup characters as references, everything that acts or hides written visibly.
pub fn html(text: &str) -> String {
    markup(&escape(text, |c| acts(c) || hides(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
