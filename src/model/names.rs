//! Text at the door, and interned names behind it.

use std::borrow::Cow;
use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use super::slots::Slots;

/// Names longer than this many characters keep a prefix and a hash of the rest: names are
/// chosen by whoever logs on.
pub const NAME_CAP: usize = 64;

/// Text as it lies in a source. It is decoded only when somebody looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text<'a> {
    /// UTF-16 little-endian bytes; may hold NULs and lone surrogates, may have an odd length.
    Utf16(&'a [u8]),
    /// Decoded text.
    Utf8(&'a str),
}

impl Default for Text<'_> {
    fn default() -> Self {
        Text::Utf8("")
    }
}

impl<'a> Text<'a> {
    /// No bytes at all. Blank text is not empty in this sense; see [`Text::trimmed`].
    pub fn is_empty(&self) -> bool {
        match self {
            Text::Utf16(bytes) => bytes.is_empty(),
            Text::Utf8(text) => text.is_empty(),
        }
    }

    /// The decoded text. Lone surrogates become U+FFFD.
    pub fn decode(&self) -> Cow<'a, str> {
        match self {
            Text::Utf8(text) => Cow::Borrowed(text),
            Text::Utf16(bytes) => {
                Cow::Owned(char::decode_utf16(units(bytes)).map(|c| c.unwrap_or('\u{FFFD}')).collect())
            }
        }
    }

    /// True if the text is `ascii`, ignoring ASCII case.
    pub fn is_ascii_word(&self, ascii: &str) -> bool {
        match self {
            Text::Utf8(text) => text.eq_ignore_ascii_case(ascii),
            Text::Utf16(bytes) => {
                bytes.len() == ascii.len() * 2
                    && bytes
                        .chunks_exact(2)
                        .zip(ascii.bytes())
                        .all(|(unit, byte)| unit[1] == 0 && unit[0].eq_ignore_ascii_case(&byte))
            }
        }
    }

    /// The decoded text without white space and NULs at its ends: how every name is kept.
    pub fn trimmed(&self) -> String {
        self.trimmed_in(&mut String::new()).to_owned()
    }

    /// The same, written where it does not cost an allocation.
    pub fn trimmed_in<'r>(&self, room: &'r mut String) -> &'r str {
        room.clear();
        match self {
            Text::Utf8(text) => room.push_str(text),
            Text::Utf16(bytes) if is_ascii(bytes) => {
                // Bytes in one go: to put characters one by one is several times slower.
                let mut ascii = std::mem::take(room).into_bytes();
                ascii.extend(bytes.chunks_exact(2).map(|unit| unit[0]));
                *room = String::from_utf8(ascii).unwrap_or_default();
            }
            Text::Utf16(_) => room.push_str(&self.decode()),
        }
        room.trim_matches(|c: char| c.is_whitespace() || c == '\0')
    }
}

fn units(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
}

/// True for UTF-16 text that is ASCII, as most names are.
fn is_ascii(bytes: &[u8]) -> bool {
    bytes.len().is_multiple_of(2) && units(bytes).fold(0, |all, unit| all | unit) < 0x80
}

/// The number of an interned name. 0 is always the empty name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

impl NameId {
    /// The empty name.
    pub const EMPTY: NameId = NameId(0);

    /// True for the empty name.
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }
}

/// Interned text. Equal text has equal numbers; numbers carry no order.
#[derive(Clone, Debug)]
pub struct Names {
    /// All texts behind each other: millions of names must not be millions of allocations.
    arena: String,
    /// Where each text ends.
    ends: Vec<usize>,
    table: Slots,
    hasher: DefaultHashBuilder,
}

impl Default for Names {
    fn default() -> Self {
        let (arena, ends, table) = (String::new(), Vec::new(), Slots::default());
        let mut names = Self { arena, ends, table, hasher: DefaultHashBuilder::default() };
        names.intern("");
        names
    }
}

impl Names {
    /// Forgets every name but the empty one. The room is kept.
    pub fn clear(&mut self) {
        self.arena.clear();
        self.ends.clear();
        self.table.clear();
        self.intern("");
    }

    /// The number of `text`, which is capped first (see [`cap`]).
    pub fn intern(&mut self, text: &str) -> NameId {
        let text = cap(text);
        self.intern_stored(&text)
    }

    /// The number of a text that comes from another table of names: it was capped there.
    pub fn intern_stored(&mut self, text: &str) -> NameId {
        self.number(self.hasher.hash_one(text), text)
    }

    /// Hands out the numbers of many such texts with their places among them. This is faster where most of them
    /// are new.
    pub fn intern_many<'t>(
        &mut self,
        texts: impl Iterator<Item = &'t str> + Clone,
        mut then: impl FnMut(usize, NameId),
    ) {
        let hashes: Vec<u64> = texts.clone().map(|text| self.hasher.hash_one(text)).collect();
        self.table.reserve(hashes.len());
        self.table.look_ahead(&hashes);
        for (at, (hash, text)) in hashes.into_iter().zip(texts).enumerate() {
            then(at, self.number(hash, text));
        }
    }

    fn number(&mut self, hash: u64, text: &str) -> NameId {
        let id = u32::try_from(self.ends.len()).expect("fewer than 2^32 names: each takes memory");
        let (arena, ends) = (&self.arena, &self.ends);
        if let Some(known) = self.table.find_or_insert(hash, id, |other| slice(arena, ends, other) == text) {
            return NameId(known);
        }
        self.arena.push_str(text);
        self.ends.push(self.arena.len());
        NameId(id)
    }

    fn find(&self, hash: u64, text: &str) -> Option<NameId> {
        self.table.find(hash, |id| slice(&self.arena, &self.ends, id) == text).map(NameId)
    }

    /// The number of `text` if it was interned before.
    pub fn get(&self, text: &str) -> Option<NameId> {
        let text = cap(text);
        self.find(self.hasher.hash_one(text.as_ref()), &text)
    }

    /// The same for a text that comes from another table of names.
    pub fn get_stored(&self, text: &str) -> Option<NameId> {
        self.find(self.hasher.hash_one(text), text)
    }

    /// Bytes of their texts.
    pub fn text_bytes(&self) -> usize {
        self.arena.len()
    }

    /// Bytes of what finds a text by its number, and a number by its text.
    pub fn index_bytes(&self) -> usize {
        self.ends.len() * size_of::<usize>() + self.table.bytes()
    }

    /// The text of a number; empty for a number of another table.
    pub fn text(&self, id: NameId) -> &str {
        slice(&self.arena, &self.ends, id.0)
    }

    /// How many names there are, the empty one included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Never true: the empty name is always there.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// The text with this number; empty for a number that has none.
fn slice<'a>(arena: &'a str, ends: &[usize], id: u32) -> &'a str {
    let at = id as usize;
    let start = at.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied());
    start.zip(ends.get(at)).and_then(|(start, end)| arena.get(start..*end)).unwrap_or("")
}

/// Text of at most [`NAME_CAP`] characters stays itself; longer text becomes its first
/// `NAME_CAP` characters, `~` and 16 hex digits of the FNV-1a hash of the whole.
pub fn cap(text: &str) -> Cow<'_, str> {
    if text.len() <= NAME_CAP {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(NAME_CAP) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}~{:016x}", &text[..end], fnv1a(text.as_bytes()))),
    }
}

/// FNV-1a, 64 bit: a fixed, unkeyed hash for values that enter results.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_capped_but_stay_apart() {
        let (a, b) = ("x".repeat(30_000), "x".repeat(29_999));
        assert_eq!(cap(&a).chars().count(), NAME_CAP + 17);
        assert_ne!(cap(&a), cap(&b));
        assert_eq!(cap("WS042"), "WS042");
    }

    #[test]
    fn utf16_with_a_lone_surrogate_and_an_odd_byte_is_decoded() {
        assert_eq!(Text::Utf16(b"A\0\x7f\0\0\0B\0C").trimmed(), "A\x7f\0B");
        assert_eq!(Text::Utf16(b" \0A\0\x80\0A\0").trimmed(), "A\u{80}A");
        assert_eq!(Text::Utf16(&[0x41, 0, 0, 0xD8, 0x42]).decode(), "A\u{FFFD}");
        assert_eq!(Text::Utf16(b" \0N\0T\0 \0\0\0").trimmed(), "NT");
    }

    #[test]
    fn equal_names_share_a_number_and_empty_is_zero() {
        let mut names = Names::default();
        assert_eq!(names.intern(""), NameId::EMPTY);
        let a = names.intern("DC01");
        assert_eq!(names.intern("DC01"), a);
        assert_eq!(names.text(a), "DC01");
    }
}
