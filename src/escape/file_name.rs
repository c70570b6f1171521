//! Names of files made from foreign names.

use std::fmt::Write as _;

/// Longest name in bytes before the hash: file systems and Windows paths have limits.
const LONGEST: usize = 80;

/// A file name, without its extension, for a foreign name: no two names give the same, none leaves
/// its folder, hides, or is a device of DOS. Letters, digits, `-`, `_` and inner dots stay; every
/// other byte becomes `~XX`. A long name is cut and ends in `~~` and a hash of the whole.
pub fn file_name(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let device = is_device(text);
    for (at, byte) in text.bytes().enumerate() {
        let edge = at == 0 || at + 1 == text.len();
        let plain = byte.is_ascii_alphanumeric() || byte == b'_' || (!edge && matches!(byte, b'-' | b'.'));
        if plain && !(device && at == 0) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "~{byte:02X}");
        }
    }
    if out.is_empty() {
        return "~".to_owned();
    }
    if out.len() > LONGEST {
        out.truncate(LONGEST);
        let _ = write!(out, "~~{:016x}", fnv1a(text.as_bytes()));
    }
    out
}

/// CON, NUL, COM1 and the like, with or without an extension (Microsoft, "Naming Files, Paths, and
/// Namespaces").
fn is_device(text: &str) -> bool {
    let stem = text.split('.').next().unwrap_or(text).to_ascii_uppercase();
    let numbered =
        |prefix: &str| stem.strip_prefix(prefix).is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit());
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

/// FNV-1a, 64 bits: fixed, so that the same name gives the same file on every machine.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(file_name(text), expect);
    }

    #[test]
    fn plain_names_stay() {
        check("WS042", "WS042");
        check("PC-1_a.corp", "PC-1_a.corp");
        check("10.0.0.5", "10.0.0.5");
    }

    #[test]
    fn way_out_of_the_folder_is_closed() {
        check("..\\..\\evil", "~2E.~5C..~5Cevil");
        check("../x", "~2E.~2Fx");
        check("C:x", "C~3Ax");
        check("", "~");
        check(".hidden", "~2Ehidden");
        check("dot.", "dot~2E");
        check("-o", "~2Do");
    }

    #[test]
    fn devices_of_dos_are_no_devices() {
        check("CON", "~43ON");
        check("nul.txt", "~6Eul.txt");
        check("COM1", "~43OM1");
        check("COM10", "COM10");
        check("CONSOLE", "CONSOLE");
    }

    #[test]
    fn control_characters_and_bidi_are_bytes() {
        check("a\0\u{202e}", "a~00~E2~80~AE");
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let (one, two) = (file_name(&"W".repeat(10_000)), file_name(&"W".repeat(10_001)));
        assert!(one.len() < 100 && two.len() < 100);
        assert_ne!(one, two);
    }

    proptest! {
        #[test]
        fn names_are_safe_and_two_names_never_give_one(a in r"(\PC|[./\\~A-F0-9]){0,30}", b in r"(\PC|[./\\~A-F0-9]){0,30}") {
            let (one, two) = (file_name(&a), file_name(&b));
            prop_assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)));
            prop_assert!(!one.starts_with(['.', '-']) && !one.ends_with('.'));
            prop_assert_eq!(a == b, one == two);
        }
    }
}
