//! Events that came before, by their bytes: a storm says the same thousands of times.
//!
//! Two events whose wanted values are equal byte for byte have one description, so the second is not
//! taken apart again. There is room for so many of them; the oldest make place for new ones.

use std::hash::{BuildHasher, Hasher};

use hashbrown::DefaultHashBuilder;

use crate::input::door::Description;
use crate::model::gathered::Audits;

/// Events that are known at most; a power of two.
const SLOTS: usize = 1 << 15;
/// Slots at first: most logs have few different events, and room that is never touched costs time too.
const FEW: usize = 1 << 10;
/// Slots in which an event may stand; a power of two. Fewer would make many of some thousands of events
/// drive each other out.
const WAYS: usize = 4;
/// So many slots for each event, while there may be more: else some drive each other out, again and again.
const SPARSE: usize = 8;
/// Bytes of their values that are kept.
const ROOM: usize = 4 << 20;
/// Longest event that is kept, in bytes of its values.
const LONGEST: usize = 2048;

/// What two events of one description have in common.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// What the reader knows of their form, as a number of its own.
    pub form: u32,
    /// Bytes that say, in this form, what they are and mean.
    pub parts: [&'a [u8]; 2],
}

/// What is known of such events.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// The description that the sink keeps.
    pub description: Description,
    /// Categories that it shows.
    pub audits: Audits,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// Other events in the same slots mostly have another one; 0 in an empty slot.
    tag: u32,
    form: u32,
    /// Lengths of the two parts.
    lens: [u16; 2],
    /// Where the bytes were written, counted over all rounds through the room.
    written: u64,
    known: Known,
}

/// The table.
#[derive(Debug, Default)]
pub struct Memo {
    slots: Vec<Slot>,
    /// Events that were kept, gone ones included.
    kept: usize,
    bytes: Vec<u8>,
    /// Where the next bytes are written, counted over all rounds through the room.
    next: u64,
    hasher: DefaultHashBuilder,
}

impl Memo {
    /// Forgets everything: the reader's numbers mean something else now.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.kept = 0;
    }

    /// What is known of an event with this key.
    #[inline]
    pub fn find(&self, key: &Key<'_>) -> Option<Known> {
        let tag = self.tag(key);
        let first = self.first(tag);
        let slots = self.slots.get(first..first + WAYS)?;
        slots.iter().find(|slot| slot.tag == tag && self.holds(slot, key)).map(|slot| slot.known)
    }

    /// Keeps an event, in place of older ones where there is no room.
    pub fn keep(&mut self, key: &Key<'_>, known: Known) {
        let lens = key.parts.map(<[u8]>::len);
        let len = lens[0] + lens[1];
        if len > LONGEST {
            return;
        }
        self.make_room();
        let room = ROOM as u64;
        if self.next % room + len as u64 > room {
            self.next = self.next.next_multiple_of(room);
        }
        let written = self.next;
        self.next += len as u64;
        let start = (written % room) as usize;
        if self.bytes.len() < start + len {
            self.bytes.resize(start + len, 0);
        }
        let (first, second) = self.bytes[start..start + len].split_at_mut(lens[0]);
        first.copy_from_slice(key.parts[0]);
        second.copy_from_slice(key.parts[1]);
        let tag = self.tag(key);
        self.put(Slot { tag, form: key.form, lens: lens.map(|len| len as u16), written, known });
    }

    /// Four times the slots where many are taken.
    fn make_room(&mut self) {
        let slots = self.slots.len();
        if slots == 0 || (self.kept >= slots / SPARSE && slots < SLOTS) {
            let more = vec![Slot::default(); (slots * 4).clamp(FEW, SLOTS)];
            // The newest of each place stand in front.
            let before = std::mem::replace(&mut self.slots, more).into_iter().rev();
            before.filter(|slot| slot.tag != 0).for_each(|slot| self.put(slot));
        }
        self.kept += 1;
    }

    fn put(&mut self, slot: Slot) {
        let first = self.first(slot.tag);
        self.slots.copy_within(first..first + WAYS - 1, first + 1);
        self.slots[first] = slot;
    }

    #[inline]
    fn tag(&self, key: &Key<'_>) -> u32 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(key.parts[0]);
        if !key.parts[1].is_empty() {
            hasher.write(key.parts[1]);
        }
        (hasher.finish() >> 32) as u32 | 1
    }

    /// The first of the slots in which an event may stand. Without slots it is beyond them.
    #[inline]
    fn first(&self, tag: u32) -> usize {
        (tag >> 8) as usize & self.slots.len().wrapping_sub(WAYS)
    }

    #[inline]
    fn holds(&self, slot: &Slot, key: &Key<'_>) -> bool {
        let lens = slot.lens.map(usize::from);
        if slot.form != key.form || lens != key.parts.map(<[u8]>::len) {
            return false;
        }
        let start = (slot.written % ROOM as u64) as usize;
        let (first, second) = self.bytes[start..start + lens[0] + lens[1]].split_at(lens[0]);
        let is_there = slot.written + ROOM as u64 >= self.next;
        is_there && first == key.parts[0] && (second.is_empty() || second == key.parts[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key<'a>(form: u32, first: &'a [u8], second: &'a [u8]) -> Key<'a> {
        Key { form, parts: [first, second] }
    }

    fn known(number: u32) -> Known {
        Known { description: Description { number, age: 0 }, audits: Audits::LOGON_FAILURE }
    }

    fn found(memo: &Memo, key: &Key<'_>) -> Option<u32> {
        memo.find(key).map(|known| known.description.number)
    }

    #[test]
    fn only_an_event_of_equal_form_and_bytes_is_found() {
        let mut memo = Memo::default();
        let first = key(1, b"ab", b"value");
        assert_eq!(found(&memo, &first), None);
        memo.keep(&first, known(7));
        assert_eq!(found(&memo, &first), Some(7));
        for other in
            [key(2, b"ab", b"value"), key(1, b"ax", b"value"), key(1, b"ab", b"valuE"), key(1, b"abv", b"alue")]
        {
            assert_eq!(found(&memo, &other), None, "{other:?}");
        }
        memo.clear();
        assert_eq!(found(&memo, &first), None);
    }

    #[test]
    fn what_is_met_again_is_known_however_many_slots_there_are() {
        let mut memo = Memo::default();
        let name = |number: u32| number.to_le_bytes();
        for number in 0..4 * FEW as u32 {
            memo.keep(&key(1, b"a", &name(number)), known(number));
            assert_eq!(found(&memo, &key(1, b"a", &name(number))), Some(number));
        }
        assert!(memo.slots.len() > FEW);
        let kept = (0..4 * FEW as u32).filter(|number| found(&memo, &key(1, b"a", &name(*number))).is_some());
        assert!(kept.count() > FEW);
    }

    #[test]
    fn many_and_long_events_take_no_more_room_than_there_is() {
        let mut memo = Memo::default();
        for len in [4, 900] {
            let name = |number: u32| [number.to_le_bytes().to_vec(), vec![0; len]].concat();
            let names: Vec<Vec<u8>> = (0..2 * SLOTS as u32).map(name).collect();
            for (number, name) in (0..).zip(&names) {
                memo.keep(&key(1, b"a", name), known(number));
            }
            assert!((memo.slots.len(), memo.bytes.len()) <= (SLOTS, ROOM));
            let kept = (0..).zip(&names).filter(|(number, name)| {
                let found = found(&memo, &key(1, b"a", name));
                assert!(found.is_none_or(|found| found == *number));
                found.is_some()
            });
            let kept = kept.count();
            assert!((1000..=SLOTS).contains(&kept), "{kept} of {} bytes", len + 4);
        }
        memo.keep(&key(1, b"a", &[1; LONGEST]), known(1));
        assert_eq!(found(&memo, &key(1, b"a", &[1; LONGEST])), None);
    }
}
