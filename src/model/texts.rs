//! Many texts in two allocations, and texts as numbers whose order is their byte order.

/// Texts behind each other: millions of names must not be millions of allocations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    arena: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Appends one text.
    pub fn push(&mut self, text: &str) {
        self.arena.push_str(text);
        self.ends.push(self.arena.len());
    }

    /// Appends all texts of another list.
    pub fn append(&mut self, more: &Texts) {
        (0..more.ends.len()).for_each(|at| self.push(more.get(at)));
    }

    /// The text at a place; empty where there is none.
    pub fn get(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end);
        self.ends.get(at).and_then(|end| self.arena.get(start..*end)).unwrap_or("")
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True without any.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// Distinct texts, sorted: a text's number is its place, so numbers sort like the texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranks(Texts);

impl Ranks {
    /// The ranks of all `texts`, repeats allowed, and the number of each.
    pub fn number<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> (Self, Vec<u32>) {
        let mut all = Texts::default();
        texts.into_iter().for_each(|text| all.push(text.as_ref()));
        let mut order: Vec<u32> = (0..u32::try_from(all.len()).unwrap_or(u32::MAX)).collect();
        order.sort_unstable_by(|a, b| all.get(*a as usize).cmp(all.get(*b as usize)));
        let mut sorted = Texts::default();
        let mut numbers = vec![0; all.len()];
        let mut last = None;
        for at in order {
            let text = all.get(at as usize);
            if last != Some(text) {
                sorted.push(text);
                last = Some(text);
            }
            numbers[at as usize] = sorted.len() as u32 - 1;
        }
        (Self(sorted), numbers)
    }

    /// The text of a number; empty for a number that was never given.
    pub fn text(&self, rank: u32) -> &str {
        self.0.get(rank as usize)
    }

    /// How many distinct texts there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True without any.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_like_their_texts_and_equal_texts_share_one() {
        let (ranks, numbers) = Ranks::number(["b", "", "a", "b"]);
        assert_eq!(numbers, [2, 0, 1, 2]);
        assert_eq!((0..4).map(|rank| ranks.text(rank)).collect::<Vec<_>>(), ["", "a", "b", ""]);
    }
}
