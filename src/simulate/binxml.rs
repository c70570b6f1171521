//! BinXML: elements, names and templates inside one chunk (MS-EVEN6 2.2.12).

use crate::model::layout::{CHUNK_HEADER, name_hash};

/// Dependency id of an element that is always there.
pub(super) const ALWAYS: u16 = 0xffff;
const NAME_BUCKETS: usize = 64;
const TEMPLATE_BUCKETS: usize = 32;
/// Chunk-relative places of the two tables in the chunk's header.
const NAME_TABLE: usize = 128;
const TEMPLATE_TABLE: usize = 384;

/// An element of a template definition.
pub(super) struct Element<'a> {
    pub(super) name: &'static str,
    /// Index of the value without which the element vanishes, or [`ALWAYS`].
    pub(super) dependency: u16,
    pub(super) attributes: Vec<(&'static str, Content<'a>)>,
    pub(super) content: Vec<Content<'a>>,
}

/// What stands in an element or an attribute.
pub(super) enum Content<'a> {
    /// Literal text.
    Text(&'a str),
    /// Optional substitution: index and type of the value.
    Optional(u16, u8),
    /// Normal substitution: printed empty where the value is null.
    Normal(u16, u8),
    /// A nested element.
    Element(Element<'a>),
}

impl<'a> Element<'a> {
    pub(super) fn new(name: &'static str, dependency: u16) -> Self {
        Self { name, dependency, attributes: Vec::new(), content: Vec::new() }
    }

    pub(super) fn with(mut self, content: Content<'a>) -> Self {
        self.content.push(content);
        self
    }

    pub(super) fn attribute(mut self, name: &'static str, value: Content<'a>) -> Self {
        self.attributes.push((name, value));
        self
    }
}

/// The bytes of a chunk under construction with its name and template tables.
pub(super) struct Space {
    pub(super) bytes: Vec<u8>,
    names: Vec<(&'static str, u32)>,
    name_heads: [u32; NAME_BUCKETS],
    template_heads: [u32; TEMPLATE_BUCKETS],
}

/// A place to return to when a record does not fit.
pub(super) struct Mark {
    bytes: usize,
    names: usize,
    name_heads: [u32; NAME_BUCKETS],
    template_heads: [u32; TEMPLATE_BUCKETS],
}

impl Space {
    pub(super) fn new() -> Self {
        let mut bytes = Vec::with_capacity(2 * crate::model::layout::CHUNK);
        bytes.resize(CHUNK_HEADER, 0);
        Self { bytes, names: Vec::new(), name_heads: [0; NAME_BUCKETS], template_heads: [0; TEMPLATE_BUCKETS] }
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.resize(CHUNK_HEADER, 0);
        self.names.clear();
        self.name_heads = [0; NAME_BUCKETS];
        self.template_heads = [0; TEMPLATE_BUCKETS];
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            bytes: self.bytes.len(),
            names: self.names.len(),
            name_heads: self.name_heads,
            template_heads: self.template_heads,
        }
    }

    pub(super) fn rewind(&mut self, mark: &Mark) {
        self.bytes.truncate(mark.bytes);
        self.names.truncate(mark.names);
        self.name_heads = mark.name_heads;
        self.template_heads = mark.template_heads;
    }

    /// Copies the bucket heads into the chunk's header.
    pub(super) fn put_tables(&mut self) {
        for (i, head) in self.name_heads.iter().enumerate() {
            self.bytes[NAME_TABLE + 4 * i..][..4].copy_from_slice(&head.to_le_bytes());
        }
        for (i, head) in self.template_heads.iter().enumerate() {
            self.bytes[TEMPLATE_TABLE + 4 * i..][..4].copy_from_slice(&head.to_le_bytes());
        }
    }

    pub(super) fn here(&self) -> u32 {
        self.bytes.len() as u32
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Leaves room for a size and returns its place.
    fn size(&mut self) -> usize {
        self.u32(0);
        self.bytes.len()
    }

    /// Fills in the size of everything after the size field.
    fn sized(&mut self, after: usize) {
        let size = (self.bytes.len() - after) as u32;
        self.bytes[after - 4..after].copy_from_slice(&size.to_le_bytes());
    }

    pub(super) fn fragment(&mut self) {
        self.bytes.extend_from_slice(&[0x0f, 1, 1, 0]);
    }

    /// A template instance whose definition is already in this chunk, at `place`.
    pub(super) fn reference(&mut self, guid: [u8; 16], place: u32) {
        self.bytes.extend_from_slice(&[0x0c, 1]);
        self.bytes.extend_from_slice(&guid[..4]);
        self.u32(place);
    }

    /// A template instance with its definition; returns the place of the definition.
    pub(super) fn define(&mut self, guid: [u8; 16], root: &Element) -> u32 {
        let place = self.here() + 10;
        self.reference(guid, place);
        let head = &mut self.template_heads[guid_bucket(guid)];
        let next = std::mem::replace(head, place);
        self.u32(next);
        self.bytes.extend_from_slice(&guid);
        let body = self.size();
        self.fragment();
        self.element(root);
        self.bytes.push(0);
        self.sized(body);
        place
    }

    fn element(&mut self, element: &Element) {
        self.bytes.push(if element.attributes.is_empty() { 0x01 } else { 0x41 });
        self.u16(element.dependency);
        let body = self.size();
        self.name(element.name);
        if !element.attributes.is_empty() {
            let list = self.size();
            for (i, (name, value)) in element.attributes.iter().enumerate() {
                self.bytes.push(if i + 1 < element.attributes.len() { 0x46 } else { 0x06 });
                self.name(name);
                self.content(value);
            }
            self.sized(list);
        }
        if element.content.is_empty() {
            self.bytes.push(0x03);
        } else {
            self.bytes.push(0x02);
            for content in &element.content {
                self.content(content);
            }
            self.bytes.push(0x04);
        }
        self.sized(body);
    }

    fn content(&mut self, content: &Content) {
        match content {
            Content::Text(text) => {
                self.bytes.extend_from_slice(&[0x05, 0x01]);
                self.u16(text.encode_utf16().count() as u16);
                put_utf16(&mut self.bytes, text);
            }
            Content::Optional(index, kind) => self.substitution(0x0e, *index, *kind),
            Content::Normal(index, kind) => self.substitution(0x0d, *index, *kind),
            Content::Element(element) => self.element(element),
        }
    }

    fn substitution(&mut self, token: u8, index: u16, kind: u8) {
        self.bytes.push(token);
        self.u16(index);
        self.bytes.push(kind);
    }

    /// The offset of a name; the name itself follows where the chunk does not have it yet, and
    /// becomes the head of its bucket.
    fn name(&mut self, name: &'static str) {
        if let Some((_, place)) = self.names.iter().find(|known| known.0 == name) {
            return self.u32(*place);
        }
        let place = self.here() + 4;
        self.u32(place);
        let hash = name_hash(name.encode_utf16()) & 0xffff;
        let next = std::mem::replace(&mut self.name_heads[hash as usize % NAME_BUCKETS], place);
        self.u32(next);
        self.u16(hash as u16);
        self.u16(name.encode_utf16().count() as u16);
        put_utf16(&mut self.bytes, name);
        self.u16(0);
        self.names.push((name, place));
    }
}

/// The bucket of a template in files of version 3.1: the name hash over the GUID's eight 16-bit
/// units, modulo 32.
fn guid_bucket(guid: [u8; 16]) -> usize {
    let units = guid.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    name_hash(units) as usize % TEMPLATE_BUCKETS
}

/// Appends text as UTF-16 little-endian.
pub(super) fn put_utf16(out: &mut Vec<u8>, text: &str) {
    if text.is_ascii() {
        out.extend(text.bytes().flat_map(|byte| [byte, 0]));
    } else {
        out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn template_bucket_is_that_of_real_logs() {
        let guid = [0x77, 0xd8, 0x29, 0x43, 0xd5, 0xd8, 0x2d, 0x51, 0xec, 0x99, 0x20, 0x1a, 0x0f, 0xd9, 0x2f, 0xc7];
        assert_eq!(guid_bucket(guid), 30);
    }

    #[test]
    fn names_of_one_bucket_form_a_chain() {
        let mut space = Space::new();
        space.name("TimeCreated");
        let first = space.names[0].1;
        space.name("Computer");
        let second = space.names[1].1 as usize;
        assert_eq!(space.bytes[second..second + 4], first.to_le_bytes());
        let mark = space.mark();
        space.name("Channel");
        space.rewind(&mark);
        assert_eq!((space.names.len(), space.name_heads[3]), (2, 0), "a rewound name must leave no trace");
    }
}
