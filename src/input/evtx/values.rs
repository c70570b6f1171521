//! The values of a template instance, as they lie in a record.

use std::ops::Range;

use super::definition;
use super::header::{u16_at, u32_at, u64_at};
use super::plan::{Place, Unnamed};
use crate::input::windows::field::{Field, Value};
use crate::model::names::Text;
use crate::model::time::Ticks;

/// Most values of a template that are taken.
pub const MOST_VALUES: usize = 128;
/// Most insertion strings that are taken; audit events have up to 26.
pub const MOST_STRINGS: usize = 40;
/// The last FILETIME that every reader can render: 9999-12-30.
const LAST_FILETIME: u64 = 2_650_466_808_000_000_000;

/// True for a time that every reader can render.
#[inline]
pub fn is_filetime(filetime: u64) -> bool {
    filetime < LAST_FILETIME
}

/// Value types of BinXML (MS-EVEN6).
pub mod kind {
    /// No value.
    pub const NULL: u8 = 0x00;
    /// UTF-16 text.
    pub const STRING: u8 = 0x01;
    /// One byte.
    pub const U8: u8 = 0x04;
    /// Two bytes.
    pub const U16: u8 = 0x06;
    /// Four bytes.
    pub const U32: u8 = 0x08;
    /// Eight bytes.
    pub const U64: u8 = 0x0a;
    /// A time.
    pub const FILETIME: u8 = 0x11;
    /// Four bytes, shown in hexadecimal.
    pub const HEX32: u8 = 0x14;
    /// Eight bytes, shown in hexadecimal.
    pub const HEX64: u8 = 0x15;
    /// A fragment.
    pub const BINXML: u8 = 0x21;
    /// UTF-16 texts, each with a NUL behind it.
    pub const STRINGS: u8 = 0x81;
}

/// A template instance: its definition and where its values lie.
#[derive(Clone, Copy, Debug)]
pub struct Instance {
    /// Offset of the definition in the chunk.
    pub definition: u32,
    count: usize,
    descriptors: usize,
    values: usize,
}

impl Instance {
    /// The fragment at `at`, which must be a single template instance and end before `end`.
    #[inline]
    pub fn read(chunk: &[u8], at: usize, end: usize) -> Option<Instance> {
        (chunk.get(at)? == &0x0f).then_some(())?;
        Self::without_header(chunk, at + 4, end)
    }

    /// The same for a fragment in a value, which may lack the fragment's header.
    #[inline]
    pub fn read_nested(chunk: &[u8], at: usize, end: usize) -> Option<Instance> {
        let header = if chunk.get(at)? == &0x0f { 4 } else { 0 };
        Self::without_header(chunk, at + header, end)
    }

    #[inline]
    fn without_header(chunk: &[u8], at: usize, end: usize) -> Option<Instance> {
        let head = chunk.get(at..end)?.first_chunk::<14>()?;
        if head[0] != 0x0c {
            return None;
        }
        let definition = u32::from_le_bytes([head[6], head[7], head[8], head[9]]);
        let (mut at, mut count) = (at + 10, u32::from_le_bytes([head[10], head[11], head[12], head[13]]) as usize);
        if definition as usize == at {
            at = definition::end(chunk, at)?;
            count = u32_at(chunk.get(..end)?, at)? as usize;
        }
        let descriptors = at + 4;
        let values = descriptors + count.min(MOST_VALUES) * 4;
        (count <= MOST_VALUES && values <= end).then_some(Instance { definition, count, descriptors, values })
    }

    /// The descriptors; `None` past the end of the chunk.
    #[inline]
    pub fn descriptors<'a>(&self, chunk: &'a [u8]) -> Option<&'a [u8]> {
        chunk.get(self.descriptors..self.values)
    }

    /// One value by adding up the sizes before it: for records of which one value is enough.
    #[inline]
    pub fn value<'a>(&self, chunk: &'a [u8], index: usize, end: usize) -> Option<(u8, &'a [u8])> {
        let descriptors = self.descriptors(chunk)?;
        let own = descriptors.get(index * 4..index * 4 + 4)?;
        let before: usize = descriptors.chunks_exact(4).take(index).map(size).sum();
        let start = self.values + before;
        Some((own[2], chunk.get(..end)?.get(start..start + size(own))?))
    }
}

/// The size of a value by its descriptor: size, type, and a byte without meaning.
#[inline]
pub fn size(descriptor: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([descriptor[0], descriptor[1]]))
}

/// Where each value starts, counted from the first.
#[derive(Debug)]
pub struct Sums {
    starts: [u32; MOST_VALUES + 1],
}

impl Default for Sums {
    fn default() -> Self {
        Self { starts: [0; MOST_VALUES + 1] }
    }
}

impl Sums {
    fn add_up(&mut self, descriptors: &[u8]) {
        let mut at = 0;
        for (descriptor, start) in descriptors.chunks_exact(4).zip(&mut self.starts[1..]) {
            at += size(descriptor) as u32;
            *start = at;
        }
    }
}

/// All values of an instance.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a, 's> {
    descriptors: &'a [u8],
    values: &'a [u8],
    starts: &'s [u32],
    /// Offset of the first value in the chunk.
    base: usize,
}

impl<'a, 's> Values<'a, 's> {
    /// Adds up the sizes; `None` when the values do not end with the fragment, which ends by `end`.
    #[inline]
    pub fn read(chunk: &'a [u8], instance: Instance, end: usize, sums: &'s mut Sums) -> Option<Values<'a, 's>> {
        let descriptors = instance.descriptors(chunk)?;
        sums.add_up(descriptors);
        let starts = &sums.starts[..=instance.count];
        let at = instance.values + starts[instance.count] as usize;
        let values = chunk.get(instance.values..at)?;
        (at <= end && (at == end || chunk[at] == 0)).then_some(Values {
            descriptors,
            values,
            starts,
            base: instance.values,
        })
    }

    /// Type and bytes of a value; `None` when there are fewer values.
    #[inline]
    pub fn get(&self, index: usize) -> Option<(u8, &'a [u8])> {
        let (start, end) = (*self.starts.get(index)?, *self.starts.get(index + 1)?);
        Some((self.descriptors[index * 4 + 2], &self.values[start as usize..end as usize]))
    }

    /// Offset of a value in the chunk.
    #[inline]
    pub fn start(&self, index: usize) -> usize {
        self.base + self.starts[index] as usize
    }

    /// All descriptors.
    pub fn descriptors(&self) -> &'a [u8] {
        self.descriptors
    }

    /// Where the values lie in the chunk.
    pub fn place(&self) -> Range<usize> {
        self.base..self.base + self.values.len()
    }

    /// Where descriptors and bytes of a range of values lie in the chunk; `None` when there are fewer.
    #[inline]
    pub fn range(&self, range: &Range<usize>) -> Option<[Range<usize>; 2]> {
        let (start, end) = (*self.starts.get(range.start)? as usize, *self.starts.get(range.end)? as usize);
        let descriptors = self.base - self.descriptors.len();
        Some([descriptors + range.start * 4..descriptors + range.end * 4, self.base + start..self.base + end])
    }

    /// A text as it lies in the record, not looked at: its type and bytes.
    #[inline]
    pub fn raw(&self, place: &'a Place) -> Option<(u8, &'a [u8])> {
        match place {
            Place::Fixed(bytes) => Some((kind::STRING, bytes)),
            Place::Value(index) => self.get(*index),
        }
    }

    /// A text.
    #[inline]
    pub fn text(&self, place: &'a Place) -> Option<Text<'a>> {
        match place {
            Place::Fixed(bytes) => Some(Text::Utf16(bytes)),
            Place::Value(index) => match self.get(*index)? {
                (kind::NULL, _) => Some(Text::Utf8("")),
                (kind::STRING, bytes) => string(bytes),
                _ => None,
            },
        }
    }

    /// A time.
    #[inline]
    pub fn time(&self, index: usize) -> Option<Ticks> {
        let (kind::FILETIME, bytes) = self.get(index)? else { return None };
        let filetime = u64_at(bytes, 0)?;
        (bytes.len() == 8 && is_filetime(filetime)).then_some(Ticks::from_filetime(filetime))
    }

    /// A number of eight bytes.
    #[inline]
    pub fn long(&self, index: usize) -> Option<u64> {
        let (kind::U64, bytes) = self.get(index)? else { return None };
        u64_at(bytes, 0)
    }

    /// The value of a field; `Some(None)` when the record does not have it.
    pub fn field(&self, field: Field, place: &'a Place) -> Option<Option<Value<'a>>> {
        let index = match place {
            Place::Fixed(bytes) => return Some(Some(Value::Text(Text::Utf16(bytes)))),
            Place::Value(index) => *index,
        };
        let (kind, bytes) = self.get(index)?;
        let int = match (kind, bytes.len()) {
            (kind::NULL, _) => return Some(None),
            (kind::STRING, _) => return Some(Some(Value::Text(string(bytes)?))),
            (kind::U8, 1) => u64::from(bytes[0]),
            (kind::U16, 2) => u64::from(u16_at(bytes, 0)?),
            (kind::U32 | kind::HEX32, 4) => u64::from(u32_at(bytes, 0)?),
            (kind::U64 | kind::HEX64, 8) => u64_at(bytes, 0)?,
            _ => return None,
        };
        let hex = matches!(kind, kind::HEX32 | kind::HEX64);
        match field {
            Field::Status | Field::SubStatus => Some(Some(Value::Int(int))),
            Field::LogonType if !hex => Some(Some(Value::Int(int))),
            _ => None,
        }
    }

    /// Insertion strings; `None` when there are too many or they have other types.
    pub fn strings(&self, unnamed: &'a [Unnamed], into: &mut [Text<'a>; MOST_STRINGS]) -> Option<usize> {
        let mut count = 0;
        let mut push = |text| {
            *into.get_mut(count)? = text;
            count += 1;
            Some(())
        };
        for Unnamed { place, optional } in unnamed {
            let Place::Value(index) = place else {
                push(self.text(place)?)?;
                continue;
            };
            match self.get(*index)? {
                (kind::NULL, _) if *optional => {}
                (kind::NULL, _) => push(Text::Utf8(""))?,
                (kind::STRING, bytes) => push(string(bytes)?)?,
                (kind::STRINGS, bytes) if bytes.ends_with(&[0, 0]) && bytes.len() % 2 == 0 => {
                    let mut rest = bytes;
                    while !rest.is_empty() {
                        let len = rest.chunks_exact(2).position(|unit| unit == [0, 0])? * 2;
                        push(Text::Utf16(&rest[..len]))?;
                        rest = &rest[len + 2..];
                    }
                }
                _ => return None,
            }
        }
        Some(count)
    }
}

/// A string value without NULs at its end; `None` when there is one inside, or half a character.
fn string(bytes: &[u8]) -> Option<Text<'_>> {
    let mut bytes = bytes;
    while let Some(shorter) = bytes.strip_suffix(&[0, 0]) {
        if !bytes.len().is_multiple_of(2) {
            return None;
        }
        bytes = shorter;
    }
    // All units are looked at, which is faster than to stop at the first.
    let nul = bytes.chunks_exact(2).fold(false, |nul, unit| nul | (u16::from_le_bytes([unit[0], unit[1]]) == 0));
    (bytes.len().is_multiple_of(2) && !nul).then_some(Text::Utf16(bytes))
}
