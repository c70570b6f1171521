//! Text in XML and SVG.

use super::visible::{acts, escape};

/// `text` for XML 1.0 content and quoted attributes. Characters that XML 1.0 does not allow at all
/// (section 2.2) are written visibly, as are line ends and bidi controls.
pub fn xml(text: &str) -> String {
    markup(&escape(text, |c| acts(c) || matches!(c, '\u{FFFE}' | '\u{FFFF}')))
}

/// `text` for XML 1.0 content in ASCII only, for files that may be saved in one encoding or another:
/// everything else is a reference. The text must not hold what XML 1.0 cannot (section 2.2).
pub fn ascii(text: &str) -> String {
    markup(text).chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("&#x{:X};", u32::from(c)) }).collect()
}

/// The five markup characters as references.
pub(super) fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cdata_end_and_tags_are_text() {
        assert_eq!(xml("]]><x y='1'/>"), "]]&gt;&lt;x y=&#39;1&#39;/&gt;");
    }

    #[test]
    fn characters_that_xml_forbids_show() {
        assert_eq!(xml("\u{1}\u{FFFF}\u{b}"), "\\u{01}\\u{FFFF}\\u{0B}");
    }
}
