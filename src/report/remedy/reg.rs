//! Registry files: the values, and their undoing.

use super::values::{INTERVAL, KEY, RETRIES, Values, WARNING};
use crate::report::text::wrap;

/// First line of a registry file for Windows 2000 and later.
const VERSION_5: &str = "Windows Registry Editor Version 5.00";
/// First line of a registry file for Windows 95, 98 and NT 4.0.
const VERSION_4: &str = "REGEDIT4";
/// Columns of the comments.
const COLUMNS: usize = 100;

/// Sets both values; UTF-16LE with byte order mark, for Windows 2000 and later.
pub(super) fn set(values: Values) -> Vec<u8> {
    utf16(&text(VERSION_5, "Sets two values of the licence metering client of SMS 2.0.", &lines(values)))
}

/// The same for Windows 95, 98 and NT 4.0, which read plain bytes only.
pub(super) fn set_nt4(values: Values) -> Vec<u8> {
    let purpose = "Sets two values of the licence metering client of SMS 2.0 (for Windows 95, 98 and NT 4.0).";
    text(VERSION_4, purpose, &lines(values)).into_bytes()
}

/// Removes both values again; UTF-16LE with byte order mark.
pub(super) fn undo() -> Vec<u8> {
    let purpose = "Removes the two values again. Where they were set before, restore the saved key instead: the values \
                   that stood there are not known here.";
    utf16(&text(VERSION_5, purpose, &format!("\"{RETRIES}\"=-\r\n\"{INTERVAL}\"=-\r\n")))
}

fn lines(values: Values) -> String {
    let Values { retries, interval_ms } = values;
    format!("\"{RETRIES}\"=dword:{retries:08x}\r\n\"{INTERVAL}\"=dword:{interval_ms:08x}\r\n")
}

fn text(version: &str, purpose: &str, lines: &str) -> String {
    let mut out = format!("{version}\r\n\r\n");
    for sentence in std::iter::once(purpose).chain(WARNING) {
        for line in wrap(sentence, COLUMNS) {
            out.push_str(&format!("; {line}\r\n"));
        }
    }
    out.push_str(&format!("\r\n[HKEY_LOCAL_MACHINE\\{KEY}]\r\n{lines}\r\n"));
    out
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}
