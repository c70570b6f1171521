//! Foreign text on its way into the page: cut to a length that a page can bear, then escaped.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::escape::html::isolated;

/// Longest name, in characters; reports for programs have the whole.
const NAME: usize = 100;
/// Longest word of running text, and longest running text.
const WORD: usize = 80;
const PROSE: usize = 1000;
/// Longest path with a record's or line's number.
const PLACE: usize = 4000;

/// Text that is escaped already: the template writes it as it stands.
pub(super) struct Text(String);

impl Text {
    /// A name: one word or a few.
    pub(super) fn name(text: &str) -> Self {
        Self(isolated(&cut(text, NAME)))
    }

    /// A sentence or a list of names.
    pub(super) fn prose(text: &str) -> Self {
        let words: Vec<String> = text.split(' ').map(|word| cut(word, WORD)).collect();
        Self(isolated(&cut(&words.join(" "), PROSE)))
    }

    /// Nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where something can be looked up.
    pub(super) fn place(text: &str) -> Self {
        Self(isolated(&cut(text, PLACE)))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Text {}

/// The first `most` characters, with `…` where there are more.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_long_words_are_cut() {
        assert_eq!(Text::name("<b>").to_string(), "&lt;b&gt;");
        let long = "é".repeat(200);
        assert_eq!(Text::name(&long).to_string().chars().count(), NAME + 1);
        assert_eq!(Text::prose(&format!("a {long} b")).to_string(), format!("a {}… b", "é".repeat(WORD)));
    }
}
