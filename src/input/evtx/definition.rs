//! A BinXML template definition as a small tree (MS-EVEN6 2.2.12, BinXML grammar).
//!
//! Only the shapes that audit events have are taken; for any other token there is no tree, and the
//! records of the template go the general way.

use super::header::{u16_at, u32_at};

/// Bytes of a definition before its BinXML: next definition, GUID, size.
pub const DEFINITION_HEADER: usize = 24;
/// Deepest nesting that is taken; audit events have 4.
const DEEPEST: usize = 16;
/// Most elements that are taken; audit events have fewer than 60.
const MOST: usize = 1024;

/// What stands in an element or an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A child element.
    Element(Element),
    /// Literal text, UTF-16.
    Text(Box<[u8]>),
    /// A value of the record: its index. Whether it is optional makes no difference to a reader.
    Value(u16),
}

/// One element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// The value on which it depends: without that value the element is left out.
    pub needs: Option<u16>,
    /// Attributes: name and content.
    pub attributes: Vec<(String, Vec<Node>)>,
    /// Content.
    pub children: Vec<Node>,
}

impl Element {
    /// The child elements of that name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements().filter(move |element| element.name == name)
    }

    /// The child elements.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            _ => None,
        })
    }
}

/// A name of a definition. The definition refers to it by its offset in the chunk, so equal definitions
/// in two chunks differ there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Where the reference stands, from the start of the definition.
    pub reference: usize,
    /// Where the name stands, from the start of the definition; `None` when it lies outside.
    pub inside: Option<usize>,
    /// The number of characters and the characters, as they lie in the chunk.
    pub bytes: Box<[u8]>,
}

impl Name {
    /// True when the name follows its reference.
    pub fn is_inline(&self) -> bool {
        self.inside == Some(self.reference + 4)
    }
}

/// A definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The outermost element.
    pub root: Element,
    /// The names it refers to, in order of the references.
    pub names: Vec<Name>,
}

/// Where the definition at `at` ends; `None` when that lies outside the chunk.
pub fn end(chunk: &[u8], at: usize) -> Option<usize> {
    let size = u32_at(chunk, at.checked_add(20)?)? as usize;
    let end = at.checked_add(DEFINITION_HEADER)?.checked_add(size)?;
    (end <= chunk.len()).then_some(end)
}

/// Reads the definition at `at`; `None` when it has a shape that is not taken, or is damaged.
pub fn read(chunk: &[u8], at: usize) -> Option<Definition> {
    let end = end(chunk, at)?;
    let mut reader = Reader { chunk, at: at + DEFINITION_HEADER, range: (at, end), names: Vec::new(), elements: 0 };
    if reader.byte()? != 0x0f {
        return None;
    }
    reader.at += 3;
    let token = reader.byte()?;
    let root = reader.element(token, 0)?;
    (reader.byte()? == 0).then_some(Definition { root, names: reader.names })
}

struct Reader<'a> {
    chunk: &'a [u8],
    at: usize,
    range: (usize, usize),
    names: Vec<Name>,
    elements: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = self.inside(1)?[0];
        self.at += 1;
        Some(byte)
    }

    fn short(&mut self) -> Option<u16> {
        let value = u16_at(self.inside(2)?, 0)?;
        self.at += 2;
        Some(value)
    }

    fn long(&mut self) -> Option<u32> {
        let value = u32_at(self.inside(4)?, 0)?;
        self.at += 4;
        Some(value)
    }

    /// The next `len` bytes of the definition.
    fn inside(&self, len: usize) -> Option<&[u8]> {
        let end = self.at.checked_add(len)?;
        if end > self.range.1 { None } else { self.chunk.get(self.at..end) }
    }

    fn element(&mut self, token: u8, depth: usize) -> Option<Element> {
        self.elements += 1;
        if !matches!(token, 0x01 | 0x41) || depth > DEEPEST || self.elements > MOST {
            return None;
        }
        let needs = self.short()?;
        let _size = self.long()?;
        let name = self.name()?;
        let mut element =
            Element { name, needs: (needs != 0xffff).then_some(needs), attributes: Vec::new(), children: Vec::new() };
        if token == 0x41 {
            let _size = self.long()?;
        }
        let mut token = self.byte()?;
        while matches!(token, 0x06 | 0x46) {
            let name = self.name()?;
            let mut content = Vec::new();
            token = self.content(&mut content)?;
            element.attributes.push((name, content));
        }
        match token {
            0x03 => return Some(element),
            0x02 => {}
            _ => return None,
        }
        loop {
            match self.content(&mut element.children)? {
                0x04 => return Some(element),
                token => {
                    let child = self.element(token, depth + 1)?;
                    element.children.push(Node::Element(child));
                }
            }
        }
    }

    /// Literal text and values up to another token, which is returned.
    fn content(&mut self, into: &mut Vec<Node>) -> Option<u8> {
        loop {
            match self.byte()? {
                0x05 | 0x45 => {
                    if self.byte()? != 0x01 {
                        return None;
                    }
                    let bytes = usize::from(self.short()?) * 2;
                    into.push(Node::Text(self.inside(bytes)?.into()));
                    self.at += bytes;
                }
                0x0d | 0x0e => {
                    let index = self.short()?;
                    let _type = self.byte()?;
                    into.push(Node::Value(index));
                }
                token => return Some(token),
            }
        }
    }

    /// A name by its offset: next in bucket, hash, characters, UTF-16, NUL.
    fn name(&mut self) -> Option<String> {
        let reference = self.at - self.range.0;
        let at = self.long()? as usize;
        let characters = usize::from(u16_at(self.chunk, at.checked_add(6)?)?);
        let bytes = self.chunk.get(at + 6..at + 8 + characters * 2)?;
        if at == self.at {
            self.at = at + 8 + characters * 2 + 2;
        }
        let inside = at >= self.range.0 && at + 8 + characters * 2 <= self.range.1;
        self.names.push(Name { reference, inside: inside.then(|| at - self.range.0), bytes: bytes.into() });
        let units = bytes[2..].chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
        String::from_utf16(&units.collect::<Vec<_>>()).ok()
    }
}
