//! The visible form `\u{XX}` of characters that act instead of showing, and the way back.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Characters that move the cursor, end a line or turn the direction of text: C0, DEL, C1, line and
/// paragraph separator, and the bidi controls of Unicode Standard Annex 9.
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{061C}' | '\u{200E}' | '\u{200F}')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters without any width or mark, with which two different names can look the same.
pub fn hides(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2065}' | '\u{FEFF}')
        || matches!(c, '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// True for printable ASCII without a backslash: most names.
fn is_printable(text: &str) -> bool {
    // Without an early end: so many bytes are looked at in one step.
    text.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'[' | b']'..=b'~'))
}

/// True where [`escape`] has nothing to do: no bad character, and nothing that looks like an escape.
fn is_clear(text: &str, bad: impl Fn(char) -> bool) -> bool {
    let printable = |c: char| matches!(c, ' '..='~') || !bad(c);
    text.chars().all(printable) && !text.split('\\').skip(1).any(|tail| tail.starts_with("u{"))
}

/// `text` with every character for which `bad` holds written as `\u{XX}` (upper-case hexadecimal,
/// at least two digits); it must not hold for printable ASCII. Backslashes that stand before `u{`, or before such an escape, are doubled,
/// so that [`unescape`] gives the text back.
pub fn escape(text: &str, bad: impl Fn(char) -> bool) -> Cow<'_, str> {
    if is_printable(text) || is_clear(text, &bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut backslashes = 0;
    for (at, c) in text.char_indices() {
        let doubled = bad(c) || text[at..].starts_with("u{");
        if doubled {
            out.extend(std::iter::repeat_n('\\', backslashes));
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        if bad(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{{{:02X}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// The text that [`escape`] was given. Text that `escape` cannot have written stays as it is.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('\\') {
        out.push_str(&rest[..start]);
        let run = rest[start..].bytes().take_while(|byte| *byte == b'\\').count();
        let tail = &rest[start + run..];
        rest = tail;
        if !tail.starts_with("u{") {
            out.extend(std::iter::repeat_n('\\', run));
            continue;
        }
        let end = tail.find('}').unwrap_or(tail.len());
        let code = u32::from_str_radix(&tail[2..end], 16).ok().and_then(char::from_u32);
        out.extend(std::iter::repeat_n('\\', run / 2));
        match (run % 2, code) {
            (1, Some(c)) => {
                out.push(c);
                rest = &tail[(end + 1).min(tail.len())..];
            }
            (1, None) => out.push('\\'),
            _ => {}
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(escape(text, acts), expect);
        assert_eq!(unescape(expect), text);
    }

    #[test]
    fn controls_show_and_literal_escapes_stay_apart_from_them() {
        check("plain", "plain");
        check("a\x1b[2J", "a\\u{1B}[2J");
        check("a\r\nb\0", "a\\u{0D}\\u{0A}b\\u{00}");
        check("\\u{1B}", "\\\\u{1B}");
        check("\\\x1b", "\\\\\\u{1B}");
        check("C:\\users\\u", "C:\\users\\u");
        check("\u{202e}gpj", "\\u{202E}gpj");
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in r"([\\u{}0-9A-F\n\x1b\u{202e}=]|\PC){0,24}") {
            let escaped = escape(&text, acts).into_owned();
            prop_assert!(!escaped.chars().any(acts));
            prop_assert_eq!(unescape(&escaped), text);
        }
    }
}
