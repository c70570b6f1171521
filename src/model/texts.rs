//! Many texts in two allocations, and texts as numbers whose order is their byte order.

use std::cmp::Ordering;

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

    /// Forgets all of them. The room is kept.
    pub fn clear(&mut self) {
        self.arena.clear();
        self.ends.clear();
    }

    /// Appends all texts of another list.
    pub fn append(&mut self, more: &Texts) {
        let start = self.arena.len();
        self.arena.push_str(&more.arena);
        self.ends.extend(more.ends.iter().map(|end| start + end));
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

impl Texts {
    /// The places in byte order of their texts.
    fn order(&self) -> Vec<u32> {
        // Names of one scheme begin alike; what follows tells most of them apart by one comparison.
        let text = |at: u32| self.get(at as usize).as_bytes();
        let places = || 0..self.len() as u32;
        let alike = places().map(text).reduce(|a, b| &a[..a.iter().zip(b).take_while(|(a, b)| a == b).count()]);
        let alike = alike.map_or(0, <[u8]>::len);
        let start = |at: u32| {
            let mut start = [0; 8];
            start.iter_mut().zip(&text(at)[alike..]).for_each(|(to, byte)| *to = *byte);
            u64::from_be_bytes(start)
        };
        let mut order: Vec<(u64, u32)> = places().map(|at| (start(at), at)).collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| text(a.1).cmp(text(b.1))));
        order.into_iter().map(|(_, at)| at).collect()
    }
}

/// Distinct texts, sorted: a text's number is its place, so numbers sort like the texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranks(Texts);

impl Ranks {
    /// The ranks of all `texts`, repeats allowed, and the number of each.
    pub fn number<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> (Self, Vec<u32>) {
        Self::number_written(texts, |text, to| to.push_str(text.as_ref()))
    }

    /// The same where `write` appends the text of each thing: no text needs an allocation of its own.
    pub fn number_written<T>(things: impl IntoIterator<Item = T>, write: impl Fn(T, &mut String)) -> (Self, Vec<u32>) {
        // Texts that follow each other are often equal: they count as one.
        let mut all = Texts::default();
        let things = things.into_iter();
        let mut numbers: Vec<u32> = Vec::with_capacity(things.size_hint().0);
        let mut ascending = true;
        let mut last = 0..0;
        for thing in things {
            let start = all.arena.len();
            write(thing, &mut all.arena);
            let after = if all.is_empty() { Ordering::Less } else { all.arena[last.clone()].cmp(&all.arena[start..]) };
            if after == Ordering::Equal {
                all.arena.truncate(start);
            } else {
                all.ends.push(all.arena.len());
                last = start..all.arena.len();
                ascending &= after == Ordering::Less;
            }
            numbers.push(all.len() as u32 - 1);
        }
        if ascending {
            return (Self(all), numbers);
        }
        let mut sorted = Texts::default();
        let mut ranks = vec![0; all.len()];
        for at in all.order() {
            let text = all.get(at as usize);
            if sorted.is_empty() || sorted.get(sorted.len() - 1) != text {
                sorted.push(text);
            }
            ranks[at as usize] = sorted.len() as u32 - 1;
        }
        numbers.iter_mut().for_each(|number| *number = ranks[*number as usize]);
        (Self(sorted), numbers)
    }

    /// The text of a number; empty for a number that was never given.
    pub fn text(&self, rank: u32) -> &str {
        self.0.get(rank as usize)
    }

    /// The number of a text; `None` where it is none of them.
    pub fn find(&self, text: &str) -> Option<u32> {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = from + (to - from) / 2;
            match self.0.get(middle).cmp(text) {
                Ordering::Less => from = middle + 1,
                Ordering::Greater => to = middle,
                Ordering::Equal => return Some(middle as u32),
            }
        }
        None
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
    use proptest::prelude::*;

    #[test]
    fn numbers_sort_like_their_texts_and_equal_texts_share_one() {
        let (ranks, numbers) = Ranks::number(["b", "", "a", "b"]);
        assert_eq!(numbers, [2, 0, 1, 2]);
        assert_eq!((0..4).map(|rank| ranks.text(rank)).collect::<Vec<_>>(), ["", "a", "b", ""]);
        assert_eq!(["", "a", "b", "aa", "c"].map(|text| ranks.find(text)), [Some(0), Some(1), Some(2), None, None]);
        let (ranks, numbers) = Ranks::number(["a", "a", "b"]);
        assert_eq!((ranks.len(), numbers), (2, vec![0, 0, 1]));
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_the_bytes(
            texts in prop::collection::vec("(USER0000)?[\\x00ab\u{e9}]{0,12}", 0..40)
        ) {
            let (ranks, numbers) = Ranks::number(&texts);
            let expect: Vec<&str> = std::collections::BTreeSet::from_iter(texts.iter().map(String::as_str)).into_iter().collect();
            prop_assert_eq!((0..ranks.len() as u32).map(|rank| ranks.text(rank)).collect::<Vec<_>>(), expect);
            prop_assert!(numbers.iter().zip(&texts).all(|(rank, text)| ranks.text(*rank) == text));
        }
    }
}
