//! A hash table of numbers, for things that are kept elsewhere.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// Numbers of things by their hash. Half of the hash stands beside each number: a table that grows looks
/// at none of the things again, and unequal ones are told apart without looking.
#[derive(Clone, Debug, Default)]
pub struct Slots(HashTable<(u32, u32)>);

impl Slots {
    /// The number of the thing that has this hash and of whose number `is_it` is true.
    pub fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let half = half(hash);
        self.0.find(spread(half), |slot| slot.0 == half && is_it(slot.1)).map(|slot| slot.1)
    }

    /// Adds the number of a thing that is not there yet.
    pub fn insert(&mut self, hash: u64, number: u32) {
        let half = half(hash);
        self.0.insert_unique(spread(half), (half, number), |slot| spread(slot.0));
    }

    /// [`Slots::find`]; `None` where there is no such thing, and `number` stands for it now.
    pub fn find_or_insert(&mut self, hash: u64, number: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let half = half(hash);
        match self.0.entry(spread(half), |slot| slot.0 == half && is_it(slot.1), |slot| spread(slot.0)) {
            Entry::Occupied(slot) => Some(slot.get().1),
            Entry::Vacant(place) => {
                place.insert((half, number));
                None
            }
        }
    }

    /// Forgets everything and keeps the room.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Bytes that the table takes: a slot and its mark of one byte for each number there is room for.
    pub fn bytes(&self) -> usize {
        self.0.capacity() * (size_of::<(u32, u32)>() + 1)
    }
}

fn half(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// A whole hash again: the table takes the place from its low bits and the mark from its high ones.
fn spread(half: u32) -> u64 {
    let product = u64::from(half).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ (product >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_one_hash_are_told_apart_and_survive_growth() {
        let mut slots = Slots::default();
        for number in 0..10_000_u32 {
            let hash = u64::from(number / 2) << 32;
            assert_eq!(slots.find_or_insert(hash, number, |other| other == number), None);
            assert_eq!(slots.find_or_insert(hash, number + 1, |other| other == number), Some(number));
        }
        for number in 0..10_000_u32 {
            assert_eq!(slots.find(u64::from(number / 2) << 32, |other| other == number), Some(number));
        }
        assert_eq!(slots.find(7 << 32, |_| false), None);
        assert_eq!(slots.find(5000 << 32, |_| true), None);
        slots.clear();
        assert_eq!(slots.find(0, |_| true), None);
    }
}
