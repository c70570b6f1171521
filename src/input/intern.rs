//! Raw text to numbers: hashed as it lies in the log, decoded once for each distinct spelling.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use crate::model::event::{Who, WhoId};
use crate::model::names::{NameId, Names, Text};
use crate::model::slots::Slots;
use crate::model::texts::Texts;

/// Longer raw text is decoded each time instead of being kept: hostile names must not fill memory.
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

/// Interned names by their raw bytes.
#[derive(Debug, Default)]
pub struct RawNames {
    names: Names,
    arena: Vec<u8>,
    entries: Vec<Entry>,
    table: Slots,
    hasher: DefaultHashBuilder,
    last: [Last; 8],
    /// Names that were told before, the empty one included.
    told: usize,
    /// Where names are decoded.
    room: String,
}

impl RawNames {
    /// Appends the names that are new since the last call to `texts`.
    pub fn tell(&mut self, texts: &mut Texts) {
        for id in self.told.max(1)..self.names.len() {
            texts.push(self.names.text(NameId(id as u32)));
        }
        self.told = self.names.len();
    }

    /// Forgets every name; what was told counts for nothing. The room is kept.
    pub fn clear(&mut self) {
        self.names.clear();
        self.arena.clear();
        self.entries.clear();
        self.table.clear();
        self.last = Default::default();
        self.told = 0;
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
        if raw.len() > KEPT {
            return self.names.intern(&text.trimmed());
        }
        let id = self.look_up(raw, utf16, text);
        let last = &mut self.last[field];
        last.raw.clear();
        last.raw.extend_from_slice(raw);
        (last.utf16, last.id) = (utf16, id);
        id
    }

    fn look_up(&mut self, raw: &[u8], utf16: bool, text: Text<'_>) -> NameId {
        let hash = self.hasher.hash_one(raw);
        let (entries, arena) = (&self.entries, &self.arena);
        let is_it = |at: u32| {
            let entry = &entries[at as usize];
            entry.utf16 == utf16 && &arena[entry.start..entry.start + usize::from(entry.len)] == raw
        };
        if let Some(at) = self.table.find(hash, is_it) {
            return self.entries[at as usize].id;
        }
        let id = self.names.intern(text.trimmed_in(&mut self.room));
        let at = self.entries.len() as u32;
        self.entries.push(Entry { start: self.arena.len(), len: raw.len() as u16, utf16, id });
        self.arena.extend_from_slice(raw);
        self.table.insert(hash, at);
        id
    }

    /// The names themselves.
    pub fn names(&self) -> &Names {
        &self.names
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
        let hash = self.hasher.hash_one(who.packed());
        let whos = &self.whos;
        self.last = match self.table.find(hash, |at| whos[at as usize] == who) {
            Some(at) => at,
            None => {
                let at = self.whos.len() as u32;
                self.whos.push(who);
                self.table.insert(hash, at);
                at
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

    #[test]
    fn spellings_of_one_name_share_a_number_whatever_their_bytes() {
        let mut names = RawNames::default();
        let a = names.intern(0, Text::Utf16(b"W\x001\0"));
        assert_eq!(names.intern(1, Text::Utf8("W1")), a);
        assert_eq!(names.intern(2, Text::Utf8(" W1\0")), a);
        assert_eq!(names.intern(0, Text::Utf16(b"W\x001\0")), a);
        assert_ne!(names.intern(0, Text::Utf16(b"W\x002\0")), a);
        // The same bytes in the other encoding are another name.
        assert_ne!(names.intern(0, Text::Utf8("W\u{0}1\u{0}")), a);
        assert_eq!(names.names().text(a), "W1");
    }

    #[test]
    fn very_long_names_are_not_kept_raw() {
        let mut names = RawNames::default();
        let long = "x".repeat(30_000);
        let a = names.intern(0, Text::Utf8(&long));
        assert_eq!(names.intern(0, Text::Utf8(&long)), a);
        assert!(names.arena.is_empty());
    }
}
