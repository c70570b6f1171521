//! Events that came before, by their bytes: a storm says the same thousands of times.
//!
//! Two events whose wanted values are equal byte for byte have one description, so the second is not
//! taken apart again. There is room for so many of them; the oldest make place for new ones.

use std::cell::Cell;
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
/// Bytes of events that are kept.
const ROOM: usize = 4 << 20;
/// Longest event that is kept, in bytes of its values.
const LONGEST: usize = 2048;
/// Bytes of which the places in the room are multiples.
const STEP: usize = 8;
/// Bytes before those of an event's values: its form, the lengths of its parts, and what is known of it.
const HEAD: usize = 20;

/// Events after which it is seen whether enough of them were known: one in so many.
const TRIAL: u32 = 1 << 13;
const ENOUGH: u32 = 8;
/// Where they were not, so many events are not looked for. It costs more than it spares.
const PAUSE: u32 = 1 << 16;

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

/// Slots in which an event may stand, the newest first. They are as small as can be, and everything else
/// stands with the bytes of the event: to look at memory costs more than to compare.
#[derive(Clone, Copy, Debug, Default)]
struct Set {
    /// Other events in the same slots mostly have another one; 0 in an empty slot.
    tags: [u32; WAYS],
    /// Where the events were written, in steps, counted over all rounds through the room.
    places: [u32; WAYS],
}

/// The table.
#[derive(Debug, Default)]
pub struct Memo {
    sets: Vec<Set>,
    /// Events that were kept, gone ones included.
    kept: usize,
    bytes: Vec<u8>,
    /// Where the next event is written, in steps, counted over all rounds through the room.
    next: u32,
    /// The sink's numbering that descriptions belong to: older ones say nothing any more.
    age: u32,
    hasher: DefaultHashBuilder,
    trial: Cell<Trial>,
}

/// Whether it pays to look for events.
#[derive(Clone, Copy, Debug, Default)]
struct Trial {
    asked: u32,
    found: u32,
    /// Events that will not be looked for.
    pause: u32,
}

impl Memo {
    /// Forgets everything: the reader's numbers mean something else now.
    pub fn clear(&mut self) {
        self.sets.clear();
        (self.kept, self.next) = (0, 0);
    }

    /// What is known of an event with this key.
    #[inline]
    pub fn find(&self, key: &Key<'_>) -> Option<Known> {
        let mut trial = self.trial.get();
        let known = if trial.pause > 0 { None } else { self.look_for(key) };
        trial.count(known.is_some());
        self.trial.set(trial);
        known
    }

    #[inline]
    fn look_for(&self, key: &Key<'_>) -> Option<Known> {
        if key.parts[0].len() + key.parts[1].len() > LONGEST {
            return None;
        }
        let tag = self.tag(key);
        let set = self.sets.get(self.set(tag))?;
        (0..WAYS).filter(|way| set.tags[*way] == tag).find_map(|way| self.read(set.places[way], key))
    }

    /// Keeps an event, in place of older ones where there is no room.
    pub fn keep(&mut self, key: &Key<'_>, known: Known) {
        if self.trial.get().pause > 0 {
            return;
        }
        let lens = key.parts.map(<[u8]>::len);
        let len = HEAD + lens[0] + lens[1];
        if lens[0] + lens[1] > LONGEST {
            return;
        }
        let steps = len.div_ceil(STEP) as u32;
        let round = (ROOM / STEP) as u32;
        if self.next % round + steps > round {
            self.next = self.next.next_multiple_of(round);
        }
        if self.next > u32::MAX - 2 * round {
            // Places would mean two things.
            self.clear();
        }
        self.make_room();
        let place = self.next;
        self.next += steps;
        let start = (place % round) as usize * STEP;
        if self.bytes.len() < start + len {
            self.bytes.resize(start + len, 0);
        }
        let [first, second] = lens.map(|len| (len as u16).to_le_bytes());
        let numbers =
            [known.description.number, known.description.age, u32::from(known.audits.0)].map(u32::to_le_bytes);
        let form = key.form.to_le_bytes();
        let head = [form.as_slice(), &first, &second, numbers.as_flattened()];
        let mut to = &mut self.bytes[start..start + len];
        for part in head.into_iter().chain(key.parts) {
            let (here, rest) = to.split_at_mut(part.len());
            here.copy_from_slice(part);
            to = rest;
        }
        self.age = known.description.age;
        self.put(self.tag(key), place);
    }

    /// Four times the slots where many are taken.
    fn make_room(&mut self) {
        let slots = self.sets.len() * WAYS;
        if slots == 0 || (self.kept >= slots / SPARSE && slots < SLOTS) {
            let more = vec![Set::default(); (slots * 4).clamp(FEW, SLOTS) / WAYS];
            for set in std::mem::replace(&mut self.sets, more) {
                // The newest stand in front.
                let before = set.tags.into_iter().zip(set.places).rev();
                before.filter(|(tag, _)| *tag != 0).for_each(|(tag, place)| self.put(tag, place));
            }
        }
        self.kept += 1;
    }

    fn put(&mut self, tag: u32, place: u32) {
        let at = self.set(tag);
        let Set { tags, places } = &mut self.sets[at];
        tags.copy_within(..WAYS - 1, 1);
        places.copy_within(..WAYS - 1, 1);
        (tags[0], places[0]) = (tag, place);
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

    /// The set in which an event may stand. Without sets it is beyond them.
    #[inline]
    fn set(&self, tag: u32) -> usize {
        (tag >> 8) as usize & self.sets.len().wrapping_sub(1)
    }

    /// What is known of the event at this place, if it is still there and has this key.
    #[inline]
    fn read(&self, place: u32, key: &Key<'_>) -> Option<Known> {
        if self.next - place > (ROOM / STEP) as u32 {
            return None;
        }
        let event = self.bytes.get(place as usize * STEP % ROOM..)?;
        let (head, values) = event.split_first_chunk::<HEAD>()?;
        let long = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let [first, second] = key.parts;
        if long(12) != self.age || long(0) != key.form || long(4) != first.len() as u32 | (second.len() as u32) << 16 {
            return None;
        }
        let rest = values.strip_prefix(first)?;
        let is_it = second.is_empty() || rest.starts_with(second);
        let description = Description { number: long(8), age: long(12) };
        is_it.then_some(Known { description, audits: Audits(long(16) as u8) })
    }
}

impl Trial {
    #[inline]
    fn count(&mut self, found: bool) {
        if self.pause > 0 {
            self.pause -= 1;
            return;
        }
        self.asked += 1;
        self.found += u32::from(found);
        if self.asked == TRIAL {
            let pause = if self.found < TRIAL / ENOUGH { PAUSE } else { 0 };
            *self = Self { pause, ..Self::default() };
        }
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
        assert!(memo.sets.len() * WAYS > FEW);
        let kept = (0..4 * FEW as u32).filter(|number| found(&memo, &key(1, b"a", &name(*number))).is_some());
        assert!(kept.count() > FEW);
    }

    #[test]
    fn where_nothing_comes_again_nothing_is_looked_for_until_later() {
        let mut memo = Memo::default();
        let name = |number: u32| number.to_le_bytes();
        for number in 0..TRIAL {
            assert_eq!(found(&memo, &key(1, b"a", &name(number))), None);
            memo.keep(&key(1, b"a", &name(number)), known(number));
        }
        let last = name(TRIAL - 2);
        let first = (0..=PAUSE).find(|_| found(&memo, &key(1, b"a", &last)).is_some());
        assert_eq!(first, Some(PAUSE));
    }

    #[test]
    fn many_and_long_events_take_no_more_room_than_there_is() {
        for len in [4, 900] {
            let mut memo = Memo::default();
            let name = |number: u32| [number.to_le_bytes().to_vec(), vec![0; len]].concat();
            let names: Vec<Vec<u8>> = (0..2 * SLOTS as u32).map(name).collect();
            for (number, name) in (0..).zip(&names) {
                memo.keep(&key(1, b"a", name), known(number));
            }
            assert!(memo.sets.len() * WAYS <= SLOTS && memo.bytes.len() <= ROOM);
            // The newest first: it is not looked for what is found too seldom.
            let kept = (0..2 * SLOTS as u32).zip(&names).rev().filter(|(number, name)| {
                let found = found(&memo, &key(1, b"a", name));
                assert!(found.is_none_or(|found| found == *number));
                found.is_some()
            });
            let kept = kept.count();
            assert!((1000..=SLOTS).contains(&kept), "{kept} of {} bytes", len + 4);
        }
        let mut memo = Memo::default();
        memo.keep(&key(1, b"a", &[1; LONGEST]), known(1));
        assert_eq!(found(&memo, &key(1, b"a", &[1; LONGEST])), None);
    }
}
