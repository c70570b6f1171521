//! A hash table of numbers, for things that are kept elsewhere.

/// Slots at first.
const FEW: usize = 16;

/// Numbers of things by their hash. Half of the hash stands beside each number: a table that grows looks
/// at none of the things again, and unequal ones are told apart without looking.
///
/// Each slot is one number, so that a thing is found, and a new one put, with one look into memory; and slots are
/// in order of their hashes, so that a table that grows is gone through from its start to its end.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    /// Half of a hash, and behind it a number plus one; 0 where nothing stands. Their number is a power of two.
    slots: Vec<u64>,
    taken: usize,
}

impl Slots {
    /// The number of the thing that has this hash and of whose number `is_it` is true.
    pub fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        self.place(half(hash), is_it)?.ok()
    }

    /// The same for many hashes: the processor waits for several places of the table at a time. What it looked at
    /// is near for a while, so that to look for one of them again costs little.
    pub fn look_ahead(&self, hashes: &[u64]) {
        let first = |hash: u64| self.slots.get(first(half(hash), self.slots.len())).copied().unwrap_or(0);
        std::hint::black_box(hashes.iter().fold(0, |all, hash| all ^ first(*hash)));
    }

    /// Adds the number of a thing that is not there yet.
    pub fn insert(&mut self, hash: u64, number: u32) {
        self.find_or_insert(hash, number, |_| false);
    }

    /// [`Slots::find`]; `None` where there is no such thing, and `number` stands for it now.
    pub fn find_or_insert(&mut self, hash: u64, number: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        self.reserve(1);
        let half = half(hash);
        match self.place(half, is_it)? {
            Ok(known) => Some(known),
            Err(place) => {
                self.slots[place] = slot(half, number);
                self.taken += 1;
                None
            }
        }
    }

    /// Makes room for so many more: three of four slots are taken at most.
    pub fn reserve(&mut self, more: usize) {
        let wanted = self.taken + more;
        if wanted > self.slots.len() / 4 * 3 {
            self.grow((wanted * 4).div_ceil(3).next_power_of_two().max(FEW));
        }
    }

    /// Grows in place, from the end to the start: a thing goes to about twice its place, where nothing stands yet
    /// that was not moved. The few of which that is not so are put last.
    #[cold]
    fn grow(&mut self, len: usize) {
        let before = self.slots.len();
        self.slots.resize(len, 0);
        let mut late: Vec<u64> = Vec::new();
        for at in (0..before).rev() {
            let slot = std::mem::take(&mut self.slots[at]);
            let first = first((slot >> 32) as u32, len);
            if slot == 0 {
                continue;
            }
            match self.slots[first..].iter().position(|slot| *slot == 0).filter(|_| first >= at) {
                Some(free) => self.slots[first + free] = slot,
                None => late.push(slot),
            }
        }
        for slot in late {
            let place = self.place((slot >> 32) as u32, |_| false).and_then(Result::err);
            self.slots[place.expect("a slot is free")] = slot;
        }
    }

    /// Where a thing stands: its number, or the slot in which it can be put. `None` without any slots.
    #[inline]
    fn place(&self, half: u32, is_it: impl Fn(u32) -> bool) -> Option<Result<u32, usize>> {
        let mut at = first(half, self.slots.len());
        loop {
            let slot = *self.slots.get(at)?;
            if slot == 0 {
                return Some(Err(at));
            }
            let number = (slot as u32).wrapping_sub(1);
            if (slot >> 32) as u32 == half && is_it(number) {
                return Some(Ok(number));
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// Forgets everything and keeps the room. A table in which little stood becomes smaller, so that what will
    /// stand there is near.
    pub fn clear(&mut self) {
        if self.taken * 4 < self.slots.len() {
            self.slots.truncate((self.taken * 4).div_ceil(3).next_power_of_two().max(FEW));
        }
        self.slots.fill(0);
        self.taken = 0;
    }

    /// Bytes that the table takes.
    pub fn bytes(&self) -> usize {
        size_of_val(self.slots.as_slice())
    }
}

fn half(hash: u64) -> u32 {
    (hash >> 32) as u32
}

fn slot(half: u32, number: u32) -> u64 {
    u64::from(half) << 32 | u64::from(number.checked_add(1).expect("fewer than 2^32 - 1 things: each takes memory"))
}

/// The first slot in which a thing may stand, of so many: they are in order of the spread halves.
#[inline]
fn first(half: u32, slots: usize) -> usize {
    let spread = half.wrapping_mul(0x9e37_79b1);
    ((u64::from(spread) * slots as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_stands_in_a_table_is_found_however_it_grew(
            halves in prop::collection::vec(prop_oneof![0_u32..4, u32::MAX - 3.., any::<u32>()], 0..300),
            room in 0_usize..100,
        ) {
            let mut slots = Slots::default();
            for _ in 0..2 {
                slots.reserve(room);
                let hash = |at: usize| u64::from(halves[at]) << 32;
                for at in 0..halves.len() {
                    prop_assert_eq!(slots.find_or_insert(hash(at), at as u32, |other| other == at as u32), None);
                }
                for at in 0..halves.len() {
                    prop_assert_eq!(slots.find(hash(at), |other| other == at as u32), Some(at as u32));
                }
                slots.clear();
                prop_assert!((0..halves.len()).all(|at| slots.find(hash(at), |_| true).is_none()));
            }
        }
    }

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
