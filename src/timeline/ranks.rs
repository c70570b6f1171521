//! Strings as small numbers whose order is the strings' byte order.

/// Distinct strings, sorted: a string's number is its place, so numbers sort like the strings.
#[derive(Debug, Default)]
pub(super) struct Ranks {
    texts: Vec<String>,
}

impl Ranks {
    /// Ranks of all `texts`, repeats allowed.
    pub(super) fn new(mut texts: Vec<String>) -> Self {
        texts.sort_unstable();
        texts.dedup();
        Self { texts }
    }

    /// The number of a string that was among the texts; the place where it would stand otherwise.
    pub(super) fn of(&self, text: &str) -> u32 {
        let at = self.texts.binary_search_by(|other| other.as_str().cmp(text)).unwrap_or_else(|at| at);
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// The string of a number; empty for a number that was never given.
    pub(super) fn text(&self, rank: u32) -> &str {
        self.texts.get(rank as usize).map_or("", String::as_str)
    }
}
