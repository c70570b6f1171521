//! Raw text to numbers: hashed as it lies in the log, decoded once for each distinct spelling.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use crate::model::event::{Who, WhoId};
use crate::model::names::{NameId, Text, cap};
use crate::model::slots::Slots;
use crate::model::texts::Texts;

/// Longer raw text has a new number each time that it is not the last one: hostile names must not fill memory.
const KEPT: usize = 512;

/// The text that stood last in one field of an event.
#[derive(Debug, Default)]
struct Last {
    raw: Vec<u8>,
    utf16: bool,
    id: NameId,
}

#[derive(Debug)]
struct Entry {
    start: usize,
    len: u16,
    utf16: bool,
    id: NameId,
}

/// How often the names in one field of events were looked for since the last time that all were forgotten.
#[derive(Clone, Copy, Debug, Default)]
struct Field {
    asked: u32,
    found: u32,
    /// Names come here that were not met before: they are not looked for.
    ever_new: bool,
}

/// So many times a field is asked about before it is judged, and one of so many names is found where it pays.
const JUDGED: u32 = 1 << 8;
const ENOUGH: u32 = 8;

/// Names by their raw bytes: each spelling has numbers of its own, mostly one; 0 is for what is blank. That
/// two numbers are one name is seen where the names of all readers come together.
#[derive(Debug, Default)]
pub struct RawNames {
    arena: Vec<u8>,
    entries: Vec<Entry>,
    table: Slots,
    hasher: DefaultHashBuilder,
    last: [Last; 8],
    fields: [Field; 8],
    /// The number given last.
    numbered: u32,
    /// Names that are new since they were told, decoded.
    new: Texts,
    /// Where names are decoded.
    room: String,
}

impl RawNames {
    /// The names that are new since the last call, in order of their numbers.
    pub fn tell(&mut self) -> Texts {
        std::mem::take(&mut self.new)
    }

    /// How many spellings are numbered.
    pub fn numbered(&self) -> usize {
        self.numbered as usize
    }

    /// Forgets every name; numbers begin anew. The room is kept. Where names come again `seldom`, those of fields in
    /// which hardly one did have a number of their own each time from now on, until they do not.
    pub fn clear(&mut self, seldom: bool) {
        self.arena.clear();
        self.entries.clear();
        self.table.clear();
        for field in &mut self.fields {
            let is_new = field.asked >= JUDGED && field.found < field.asked / ENOUGH;
            *field = Field { ever_new: seldom && (field.ever_new || is_new), ..Field::default() };
        }
        self.last = Default::default();
        self.numbered = 0;
        self.new = Texts::default();
    }

    /// The number of `text`, trimmed. `field` (0 to 7) says where in an event it stands: most often the
    /// text is the one that stood there last.
    pub fn intern(&mut self, field: usize, text: Text<'_>) -> NameId {
        let (raw, utf16) = match text {
            Text::Utf16(raw) => (raw, true),
            Text::Utf8(text) => (text.as_bytes(), false),
        };
        if raw.is_empty() {
            return NameId::EMPTY;
        }
        let last = &self.last[field];
        if last.utf16 == utf16 && last.raw == raw {
            return last.id;
        }
        let unkept = raw.len() > KEPT || self.fields[field].ever_new;
        let id = if unkept { self.number(text) } else { self.look_up(field, raw, utf16, text) };
        let last = &mut self.last[field];
        last.raw.clear();
        last.raw.extend_from_slice(raw);
        (last.utf16, last.id) = (utf16, id);
        id
    }

    fn look_up(&mut self, field: usize, raw: &[u8], utf16: bool, text: Text<'_>) -> NameId {
        let field = &mut self.fields[field];
        field.asked += 1;
        let hash = self.hasher.hash_one(raw);
        let (entries, arena) = (&self.entries, &self.arena);
        let is_it = |at: u32| {
            let entry = &entries[at as usize];
            entry.utf16 == utf16 && &arena[entry.start..entry.start + usize::from(entry.len)] == raw
        };
        if let Some(at) = self.table.find_or_insert(hash, entries.len() as u32, is_it) {
            field.found += 1;
            return entries[at as usize].id;
        }
        let id = self.number(text);
        self.entries.push(Entry { start: self.arena.len(), len: raw.len() as u16, utf16, id });
        self.arena.extend_from_slice(raw);
        id
    }

    /// A new number.
    fn number(&mut self, text: Text<'_>) -> NameId {
        let trimmed = text.trimmed_in(&mut self.room);
        if trimmed.is_empty() {
            return NameId::EMPTY;
        }
        self.new.push(&cap(trimmed));
        self.numbered = self.numbered.checked_add(1).expect("fewer than 2^32 names: each takes memory");
        NameId(self.numbered)
    }
}

/// Distinct descriptions of events.
#[derive(Debug, Default)]
pub struct Whos {
    whos: Vec<Who>,
    table: Slots,
    hasher: DefaultHashBuilder,
    last: u32,
    told: usize,
}

impl Whos {
    /// Forgets every description. The room is kept.
    pub fn clear(&mut self) {
        self.whos.clear();
        self.table.clear();
        (self.last, self.told) = (0, 0);
    }

    /// The number of `who`.
    pub fn intern(&mut self, who: Who) -> WhoId {
        if self.whos.get(self.last as usize) == Some(&who) {
            return WhoId(self.last);
        }
        self.number(self.hasher.hash_one(who.packed()), who)
    }

    /// Hands out the numbers of many with their places among them. This is faster where most of them are new.
    pub fn intern_many(&mut self, whos: &[Who], mut then: impl FnMut(usize, WhoId)) {
        let hashes: Vec<u64> = whos.iter().map(|who| self.hasher.hash_one(who.packed())).collect();
        self.table.reserve(hashes.len());
        self.table.look_ahead(&hashes);
        for (at, (hash, who)) in hashes.into_iter().zip(whos).enumerate() {
            then(at, self.number(hash, *who));
        }
    }

    fn number(&mut self, hash: u64, who: Who) -> WhoId {
        let (whos, new) = (&self.whos, self.whos.len() as u32);
        self.last = match self.table.find_or_insert(hash, new, |at| whos[at as usize] == who) {
            Some(at) => at,
            None => {
                self.whos.push(who);
                new
            }
        };
        WhoId(self.last)
    }

    /// The number of `who` if it was interned before.
    pub fn find(&self, who: &Who) -> Option<WhoId> {
        self.table.find(self.hasher.hash_one(who.packed()), |at| self.whos[at as usize] == *who).map(WhoId)
    }

    /// All of them, in order of first appearance.
    pub fn all(&self) -> &[Who] {
        &self.whos
    }

    /// Those that are new since the last call.
    pub fn tell(&mut self) -> Vec<Who> {
        let new = self.whos.get(self.told..).unwrap_or_default().to_vec();
        self.told = self.whos.len();
        new
    }

    /// All of them, in order of first appearance.
    pub fn into_all(self) -> Vec<Who> {
        self.whos
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(names: &mut RawNames) -> Vec<String> {
        let texts = names.tell();
        (0..texts.len()).map(|at| texts.get(at).to_owned()).collect()
    }

    #[test]
    fn each_spelling_has_a_number_and_what_is_blank_has_none() {
        let mut names = RawNames::default();
        let a = names.intern(0, Text::Utf16(b"W\x001\0"));
        assert_eq!(names.intern(0, Text::Utf16(b"W\x001\0")), a);
        assert_eq!(names.intern(1, Text::Utf16(b"W\x001\0")), a);
        assert_ne!(names.intern(0, Text::Utf16(b"W\x002\0")), a);
        // The same bytes in the other encoding are another name.
        assert_ne!(names.intern(0, Text::Utf8("W\u{0}1\u{0}")), a);
        assert_ne!(names.intern(2, Text::Utf8(" W1\0")), a);
        for _ in 0..2 {
            assert_eq!(names.intern(3, Text::Utf8(" \0")), NameId::EMPTY);
        }
        assert_eq!(told(&mut names), ["W1", "W2", "W\u{0}1", "W1"]);
        let b = names.intern(0, Text::Utf8("W3"));
        assert_eq!((b, names.numbered()), (NameId(5), 5));
        assert_eq!(told(&mut names), ["W3"]);
        names.clear(false);
        assert_eq!(names.intern(0, Text::Utf8("W3")), NameId(1));
    }

    #[test]
    fn in_a_field_of_ever_new_names_each_has_a_number_of_its_own() {
        let mut names = RawNames::default();
        let ids = |names: &mut RawNames| {
            let id = |at: u32| names.intern(0, Text::Utf8(&format!("W{}", at % (JUDGED - 1))));
            (0..2 * JUDGED).map(id).max()
        };
        assert_eq!(ids(&mut names), Some(NameId(JUDGED - 1)));
        // They came again: they are looked for.
        names.clear(true);
        assert_eq!(ids(&mut names), Some(NameId(JUDGED - 1)));
        names.clear(true);
        (0..JUDGED).for_each(|at| _ = names.intern(0, Text::Utf8(&format!("new{at}"))));
        names.clear(true);
        assert_eq!(ids(&mut names), Some(NameId(2 * JUDGED)));
        let other = names.intern(1, Text::Utf8("same"));
        names.intern(1, Text::Utf8("another"));
        assert_eq!(names.intern(1, Text::Utf8("same")), other);
        names.clear(false);
        assert_eq!(ids(&mut names), Some(NameId(JUDGED - 1)));
    }

    #[test]
    fn very_long_names_are_told_short_and_not_kept() {
        let mut names = RawNames::default();
        let long = "x".repeat(30_000);
        let a = names.intern(0, Text::Utf8(&long));
        assert_eq!(names.intern(0, Text::Utf8(&long)), a);
        assert_ne!(names.intern(1, Text::Utf8(&long)), a);
        assert!(names.arena.is_empty() && names.entries.is_empty());
        assert_eq!(told(&mut names), [cap(&long), cap(&long)]);
    }
}
