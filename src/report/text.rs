//! Plain text for terminals: widths, wrapping, columns, colour.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style as Ansi};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::model::finding::Class;
use crate::model::verdict::Verdict;

/// Columns that the text takes on a terminal.
pub fn width(text: &str) -> usize {
    plain_width(text).unwrap_or_else(|| text.width())
}

/// The same for text of which every character takes one column, whatever stands beside it: ASCII, Latin
/// letters, and the marks that reports use. `None` for any other.
fn plain_width(text: &str) -> Option<usize> {
    // Without an early end: so many bytes are looked at in one step.
    if text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~')) {
        return Some(text.len());
    }
    text.chars().all(is_plain).then(|| text.chars().count())
}

fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{2AF}' | '…' | '→')
}

/// The text, cut to `most` columns with `…` at the end where it was longer.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if width(text) <= most {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > most {
            break;
        }
        out.push(c);
    }
    out.push('…');
    Cow::Owned(out)
}

/// The text, filled with blanks to `columns`, on the left or on the right.
pub fn pad(text: &str, columns: usize, right: bool) -> String {
    let blanks = columns.saturating_sub(width(text));
    let mut out = String::with_capacity(text.len() + blanks);
    let blanks = std::iter::repeat_n(' ', blanks);
    if right {
        out.extend(blanks);
        out.push_str(text);
    } else {
        out.push_str(text);
        out.extend(blanks);
    }
    out
}

/// Lines of at most `columns`, broken at blanks, words that are longer than a line also inside.
pub fn wrap(text: &str, columns: usize) -> Vec<Cow<'_, str>> {
    let columns = columns.max(8);
    plain_lines(text, columns).unwrap_or_else(|| any_lines(text, columns).into_iter().map(Cow::Owned).collect())
}

/// The lines of a text of plain words with one blank between them, as most are: parts of the text as it
/// stands. `None` for any other.
fn plain_lines(text: &str, columns: usize) -> Option<Vec<Cow<'_, str>>> {
    let is_ascii = plain_width(text)? == text.len();
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..)?);
    let doubled = pairs.fold(false, |doubled, (a, b)| doubled | ((*a == b' ') & (*b == b' ')));
    if doubled || text.starts_with(' ') || text.ends_with(' ') {
        return None;
    }
    let mut lines = Vec::new();
    let mut rest = text;
    loop {
        // The first character that is too much: where it is a blank, the line ends before it.
        let too_much = match is_ascii {
            true => (rest.len() > columns).then_some(columns),
            false => rest.char_indices().nth(columns).map(|(at, _)| at),
        };
        let Some(too_much) = too_much else { break };
        let end = memchr::memrchr(b' ', &rest.as_bytes()[..=too_much])?;
        lines.push(Cow::Borrowed(&rest[..end]));
        rest = &rest[end + 1..];
    }
    lines.push(Cow::Borrowed(rest));
    Some(lines)
}

fn any_lines(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    // The line at hand and its columns.
    let (mut line, mut used) = (String::new(), 0);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let plain = plain_width(word);
        let wide = plain.unwrap_or_else(|| word.width());
        if !line.is_empty() && used + 1 + wide > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if !line.is_empty() {
            line.push(' ');
            used += 1;
        }
        if used + wide <= columns && plain.is_some() {
            line.push_str(word);
            used += wide;
            continue;
        }
        for c in word.chars() {
            if width(&line) + c.width().unwrap_or(0) > columns {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
        used = width(&line);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Wrapped text with `first` before its first line and as many blanks before the others.
pub fn hang(first: &str, text: &str, columns: usize) -> String {
    let indent = width(first);
    let lines = wrap(text, columns.saturating_sub(indent));
    let mut out = String::with_capacity(first.len() + text.len() + lines.len() * (indent + 1));
    for (at, line) in lines.iter().enumerate() {
        match at {
            0 => out.push_str(first),
            _ => out.extend(std::iter::repeat_n(' ', indent)),
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// What a piece of text means, for colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Headings and names.
    Strong,
    /// Less important.
    Faint,
    /// Needs action.
    Alarm,
    /// Needs a look.
    Warn,
    /// Sure.
    Good,
    /// Nothing special.
    Plain,
}

impl Tone {
    /// The tone of a class.
    pub fn of_class(class: Class) -> Tone {
        match class {
            Class::Storm => Tone::Alarm,
            Class::PossibleStorm | Class::Spray | Class::Scanner => Tone::Warn,
            Class::Unclassified => Tone::Plain,
            Class::Human => Tone::Faint,
        }
    }

    /// The tone of a verdict.
    pub fn of_verdict(verdict: Verdict) -> Tone {
        match verdict {
            Verdict::Confirmed => Tone::Good,
            Verdict::Contradicted => Tone::Warn,
            Verdict::Likely | Verdict::Consistent | Verdict::ClientOnly => Tone::Plain,
            Verdict::ServerOnly => Tone::Faint,
        }
    }

    fn ansi(self) -> Ansi {
        match self {
            Tone::Strong => Ansi::new().bold(),
            Tone::Faint => Ansi::new().dimmed(),
            Tone::Alarm => Ansi::new().bold().fg_color(Some(AnsiColor::Red.into())),
            Tone::Warn => Ansi::new().fg_color(Some(AnsiColor::Yellow.into())),
            Tone::Good => Ansi::new().fg_color(Some(AnsiColor::Green.into())),
            Tone::Plain => Ansi::new(),
        }
    }
}

/// The text in its colour, where colour is wanted.
pub fn paint(text: &str, tone: Tone, color: bool) -> Cow<'_, str> {
    if !color || tone == Tone::Plain || text.is_empty() {
        return Cow::Borrowed(text);
    }
    let ansi = tone.ansi();
    Cow::Owned(format!("{ansi}{text}{ansi:#}"))
}

/// One row of block characters, one per value, scaled to the largest; blank for 0.
pub fn sparkline(values: &[u64]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let block = |value: u64| match value {
        0 => ' ',
        // The largest value has the full block, any other at least the lowest.
        value => BLOCKS[((u128::from(value) * 8).div_ceil(u128::from(most)) as usize).clamp(1, 8) - 1],
    };
    values.iter().map(|value| block(*value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(cut("端末端末端末", 7), "端末端…");
        assert_eq!(pad("端", 4, true), "  端");
    }

    #[test]
    fn lines_never_exceed_the_width_whatever_the_words() {
        let text = format!("a bb {} cc", "x".repeat(30));
        let lines = wrap(&text, 12);
        assert!(lines.iter().all(|line| width(line) <= 12), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', "").len(), 35);
        assert_eq!(hang("- ", "one two three", 10), "- one two\n  three\n");
    }

    proptest::proptest! {
        #[test]
        fn plain_lines_are_those_of_any_text(text in "[a-c·]{0,9}( {1,2}[a-c…]{1,12}){0,9}", columns in 8..20_usize) {
            if let Some(lines) = plain_lines(&text, columns) {
                proptest::prop_assert_eq!(lines, any_lines(&text, columns));
            }
        }
    }

    #[test]
    fn what_counts_as_one_column_takes_one_column() {
        let text = "A~ ¡¬®é→…ʯ";
        assert_eq!((plain_width(text), text.width()), (Some(10), 10));
        for text in ["端", "a\u{301}", "\u{AD}", "©\u{FE0F}", "\t"] {
            assert_eq!(plain_width(text), None, "{text:?}");
        }
    }

    #[test]
    fn sparklines_show_small_values_beside_large_ones() {
        assert_eq!(sparkline(&[0, 1, 500, 1000]), " ▁▄█");
        assert_eq!(sparkline(&[u64::MAX, 0]), "█ ");
        assert_eq!(sparkline(&[]), "");
    }
}
