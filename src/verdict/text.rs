//! Numbers as people read them: counts, durations, offsets.

use std::borrow::Borrow;

pub use crate::model::count::count;

/// A count with its noun: `1 failure`, `9,114 failures`. The noun is given in the singular and
/// takes an `s`.
pub fn counted(n: u64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{} {noun}s", count(n)) }
}

/// A small count as a word: `one account`, `3 accounts`.
pub fn few(n: u64, noun: &str) -> String {
    if n == 1 { format!("one {noun}") } else { counted(n, noun) }
}

/// A duration in its natural unit, one digit behind the point where that helps: `45 s`, `12 min`,
/// `5.2 h`, `3.1 days`. Negative durations read as 0 s.
pub fn duration(seconds: f64) -> String {
    let seconds = if seconds.is_finite() { seconds.max(0.0) } else { 0.0 };
    match seconds {
        s if s < 120.0 => format!("{s:.0} s"),
        s if s < 7200.0 => format!("{:.0} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.1} h", s / 3600.0),
        s => format!("{:.1} days", s / 86_400.0),
    }
}

/// A period in seconds: `62 s`, `61.5 s`.
pub fn period(seconds: f64) -> String {
    if (seconds - seconds.round()).abs() < 0.05 { format!("{seconds:.0} s") } else { format!("{seconds:.1} s") }
}

/// The size of a clock offset, without its sign: `6 h 13 min 42 s`, `59 min 53 s`, `0 s`.
pub fn offset(seconds: f64) -> String {
    let total = if seconds.is_finite() { seconds.abs().round() as u64 } else { 0 };
    let parts = [(total / 86_400, "days"), (total / 3600 % 24, "h"), (total / 60 % 60, "min"), (total % 60, "s")];
    let words: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{} {unit}", count(*n))).collect();
    if words.is_empty() { "0 s".to_owned() } else { words.join(" ") }
}

/// Items as a sentence lists them: `a`, `a and b`, `a, b and c`; more than `most` items end with
/// `and N more`.
pub fn list<T: Borrow<str>>(items: &[T], most: usize) -> String {
    let shown = if items.len() > most { &items[..most.max(1)] } else { items };
    let rest = items.len() - shown.len();
    match (shown, rest) {
        ([], _) => String::new(),
        ([only], 0) => only.borrow().to_owned(),
        ([head @ .., last], 0) => format!("{} and {}", head.join(", "), last.borrow()),
        (all, rest) => format!("{} and {} more", all.join(", "), count(rest as u64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_separators_and_nouns_a_plural() {
        assert_eq!([count(0), count(999), count(1000), count(1_234_567)].join(" "), "0 999 1,000 1,234,567");
        assert_eq!(counted(1, "failure"), "1 failure");
        assert_eq!(counted(9114, "failure"), "9,114 failures");
        assert_eq!(few(1, "account"), "one account");
    }

    #[test]
    fn durations_take_the_unit_a_person_would_take() {
        let got: Vec<String> = [-5.0, 45.2, 720.0, 18_720.0, 267_840.0, f64::NAN].map(duration).to_vec();
        assert_eq!(got.join(" | "), "0 s | 45 s | 12 min | 5.2 h | 3.1 days | 0 s");
        assert_eq!([period(62.0), period(61.5)].join(" "), "62 s 61.5 s");
    }

    #[test]
    fn offsets_name_every_unit_that_is_not_zero() {
        assert_eq!(offset(22_422.3), "6 h 13 min 42 s");
        assert_eq!(offset(-3593.0), "59 min 53 s");
        assert_eq!(offset(0.4), "0 s");
        assert_eq!(offset(86_400.0 * 2.0 + 1.0), "2 days 1 s");
    }

    #[test]
    fn lists_read_as_sentences_and_are_cut() {
        let items: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        assert_eq!(list(&items[..1], 3), "a");
        assert_eq!(list(&items[..3], 3), "a, b and c");
        assert_eq!(list(&items, 2), "a, b and 2 more");
        assert_eq!(list::<String>(&[], 2), "");
    }
}
