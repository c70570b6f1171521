//! Events that came before, by their bytes: a storm says the same thousands of times.
//!
//! Two events whose wanted values are equal byte for byte have one description, so the second is not
//! taken apart again. The table has a fixed size; what finds no room is taken apart as if it were new.

use std::hash::{BuildHasher, Hasher};

use hashbrown::DefaultHashBuilder;

use crate::model::gathered::Audits;

/// Events that are kept; a power of two.
const SLOTS: usize = 8192;
/// Longest bytes of an event that are kept.
const WIDTH: usize = 256;

/// What two events of one description have in common.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// Numbers of the plans of the record and of its data, and of what id, provider and channel say.
    pub head: [u32; 3],
    /// Descriptors and bytes of the wanted values.
    pub parts: [&'a [u8]; 2],
}

/// What is known of such events.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// The sink's number of the description.
    pub description: u32,
    /// Categories that it shows.
    pub audits: Audits,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    head: [u32; 3],
    /// Lengths of the two parts; both 0 in an empty slot.
    lens: [u16; 2],
    known: Known,
}

/// The table.
#[derive(Debug, Default)]
pub struct Memo {
    slots: Vec<Slot>,
    bytes: Vec<u8>,
    hasher: DefaultHashBuilder,
    last: usize,
}

impl Memo {
    /// Forgets everything: numbers of plans mean something else now.
    pub fn clear(&mut self) {
        self.slots.clear();
    }

    /// What is known of an event with this key.
    pub fn find(&mut self, key: &Key<'_>) -> Option<Known> {
        if !self.holds(self.last, key) {
            let at = self.place(key);
            if !self.holds(at, key) {
                return None;
            }
            self.last = at;
        }
        Some(self.slots[self.last].known)
    }

    /// Keeps an event, in place of another one where there is no room.
    pub fn keep(&mut self, key: &Key<'_>, known: Known) {
        let lens = key.parts.map(<[u8]>::len);
        if lens[0] == 0 || lens[0] + lens[1] > WIDTH {
            return;
        }
        if self.slots.is_empty() {
            self.slots = vec![Slot::default(); SLOTS];
            self.bytes.resize(SLOTS * WIDTH, 0);
        }
        let at = self.place(key);
        let room = &mut self.bytes[at * WIDTH..][..lens[0] + lens[1]];
        room[..lens[0]].copy_from_slice(key.parts[0]);
        room[lens[0]..].copy_from_slice(key.parts[1]);
        self.slots[at] = Slot { head: key.head, lens: lens.map(|len| len as u16), known };
        self.last = at;
    }

    fn place(&self, key: &Key<'_>) -> usize {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(key.parts[1]);
        hasher.write(key.parts[0]);
        hasher.finish() as usize % SLOTS
    }

    fn holds(&self, at: usize, key: &Key<'_>) -> bool {
        let Some(slot) = self.slots.get(at) else { return false };
        let lens = slot.lens.map(usize::from);
        slot.head == key.head && lens == key.parts.map(<[u8]>::len) && lens[0] > 0 && {
            let bytes = &self.bytes[at * WIDTH..][..lens[0] + lens[1]];
            bytes[lens[0]..] == *key.parts[1] && bytes[..lens[0]] == *key.parts[0]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key<'a>(head: u32, descriptors: &'a [u8], bytes: &'a [u8]) -> Key<'a> {
        Key { head: [head, 0, 0], parts: [descriptors, bytes] }
    }

    fn found(memo: &mut Memo, key: &Key<'_>) -> Option<u32> {
        memo.find(key).map(|known| known.description)
    }

    #[test]
    fn only_an_event_with_equal_plans_types_and_bytes_is_found() {
        let mut memo = Memo::default();
        let first = key(1, b"ab", b"value");
        assert_eq!(found(&mut memo, &first), None);
        memo.keep(&first, Known { description: 7, audits: Audits::LOGON_FAILURE });
        assert_eq!(found(&mut memo, &first), Some(7));
        for other in
            [key(2, b"ab", b"value"), key(1, b"ax", b"value"), key(1, b"ab", b"valuE"), key(1, b"abv", b"alue")]
        {
            assert_eq!(found(&mut memo, &other), None, "{other:?}");
        }
        memo.clear();
        assert_eq!(found(&mut memo, &first), None);
    }

    #[test]
    fn many_and_long_events_take_no_more_room_than_there_is() {
        let mut memo = Memo::default();
        let names: Vec<[u8; 4]> = (0..3 * SLOTS as u32).map(u32::to_le_bytes).collect();
        for (number, name) in names.iter().enumerate() {
            memo.keep(&key(1, b"a", name), Known { description: number as u32, audits: Audits::default() });
        }
        assert_eq!(memo.bytes.len(), SLOTS * WIDTH);
        let kept = names.iter().enumerate().filter(|(number, name)| {
            let found = found(&mut memo, &key(1, b"a", *name));
            assert!(found.is_none_or(|found| found == *number as u32));
            found.is_some()
        });
        assert!(kept.count() > SLOTS / 4);
        memo.keep(&key(1, b"a", &[1; WIDTH]), Known::default());
        assert_eq!(found(&mut memo, &key(1, b"a", &[1; WIDTH])), None);
    }
}
