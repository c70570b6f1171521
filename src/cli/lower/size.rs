//! `--memory`: a number of bytes with a unit.

/// Bytes that `text` means: `512MiB`, `1GiB`, `800MB`, `64M` (binary), plain bytes. `None` for
/// anything else.
pub(in crate::cli) fn parse(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "t" | "tib" => 1 << 40,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_and_decimal_units() {
        assert_eq!(parse("512MiB"), Some(512 << 20));
        assert_eq!(parse("1 g"), Some(1 << 30));
        assert_eq!(parse("800MB"), Some(800_000_000));
        assert_eq!(parse("4096"), Some(4096));
        for text in ["", "MiB", "-1", "1.5GiB", "1XiB", "99999999TiB"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
