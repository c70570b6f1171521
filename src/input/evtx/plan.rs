//! What the values of a record mean, learnt once from the definition of its template.

use super::definition::{self, Definition, Element, Node, Outside};
use crate::input::windows::field::Field;
use crate::input::windows::modern;

/// Where a text or number stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Always this text, UTF-16; empty when the template does not have it.
    Fixed(Box<[u8]>),
    /// The value of this index.
    Value(usize),
}

/// The `System` part of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// Index of EventID.
    pub event_id: usize,
    /// Index of EventRecordID.
    pub record_id: usize,
    /// Index of TimeCreated.
    pub time: usize,
    /// Provider's name.
    pub provider: Place,
    /// Channel.
    pub channel: Place,
    /// Computer.
    pub computer: Place,
}

/// One unnamed `Data` element: an insertion string, or an array of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unnamed {
    /// Where it stands.
    pub place: Place,
    /// Without the value the element is left out; else it is an empty string.
    pub optional: bool,
}

/// The event's own data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    /// Name and place of named values; of equal names the first counts.
    pub named: Vec<(String, Place)>,
    /// Unnamed values in order.
    pub unnamed: Vec<Unnamed>,
}

impl Data {
    /// Which of the named values are which fields of an event of this id; `None` when the id is no
    /// modern event.
    pub fn fields(&self, event_id: u16) -> Option<Vec<(Field, &Place)>> {
        let find = |name: &str| self.named.iter().find(|named| named.0 == name).map(|named| &named.1);
        let names = modern::names(event_id)?;
        Some(names.iter().filter_map(|(name, field)| find(name).map(|place| (*field, place))).collect())
    }
}

/// Where an event's own data stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// In the template itself.
    Here(Data),
    /// In a fragment of its own: the value of this index.
    Nested(usize),
    /// In a form that is not taken; records that are not wanted are known all the same.
    Strange,
}

/// What a template says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A whole event.
    Event(System, Content),
    /// `EventData` or `UserData`, nested in an event.
    Data(Data),
}

/// A template's meaning, and the bytes on which it depends.
#[derive(Debug)]
pub struct Plan {
    at: usize,
    bytes: Box<[u8]>,
    outside: Vec<Outside>,
    /// The meaning.
    pub meaning: Meaning,
    /// Fields of a nested modern event by id, resolved when first asked for.
    resolved: Vec<(u16, Vec<(Field, Place)>)>,
}

impl Plan {
    /// Learns the definition at `at`; `None` when it is none of a known shape.
    pub fn learn(chunk: &[u8], at: usize) -> Option<Plan> {
        let end = definition::end(chunk, at)?;
        let Definition { root, outside } = definition::read(chunk, at)?;
        let meaning = match root.name.as_str() {
            "Event" => event(&root)?,
            _ => Meaning::Data(data(&root)?),
        };
        Some(Plan { at, bytes: chunk[at..end].into(), outside, meaning, resolved: Vec::new() })
    }

    /// True when the definition at `at` of another chunk means the same: its bytes are equal, and so is
    /// every name that it refers to outside of them. The GUID says too little: computer and channel are
    /// literal text in the template.
    pub fn fits(&self, chunk: &[u8], at: usize) -> bool {
        at == self.at
            && chunk.get(at..at + self.bytes.len()) == Some(&self.bytes[..])
            && self.outside.iter().all(|name| chunk.get(name.at..name.at + name.bytes.len()) == Some(&name.bytes[..]))
    }

    /// The `System` part; `None` for a nested fragment.
    pub fn system(&self) -> Option<&System> {
        match &self.meaning {
            Meaning::Event(system, _) => Some(system),
            Meaning::Data(_) => None,
        }
    }

    /// Looks up the fields of a modern event, so that [`Plan::fields`] knows them.
    pub fn resolve(&mut self, event_id: u16) {
        let data = match &self.meaning {
            Meaning::Data(data) | Meaning::Event(_, Content::Here(data)) => data,
            Meaning::Event(..) => return,
        };
        if self.fields(event_id).is_none()
            && let Some(fields) = data.fields(event_id)
        {
            let fields = fields.into_iter().map(|(field, place)| (field, place.clone())).collect();
            self.resolved.push((event_id, fields));
        }
    }

    /// The fields of a modern event of this id, after [`Plan::resolve`].
    pub fn fields(&self, event_id: u16) -> Option<&[(Field, Place)]> {
        self.resolved.iter().find(|known| known.0 == event_id).map(|known| known.1.as_slice())
    }
}

fn event(root: &Element) -> Option<Meaning> {
    let system = only(root.named("System"))?;
    let child = |name| only(system.named(name));
    let system_part = System {
        event_id: value(&child("EventID")?.children)?,
        record_id: value(&child("EventRecordID")?.children)?,
        time: value(attribute(child("TimeCreated")?, "SystemTime")?)?,
        provider: place(attribute(child("Provider")?, "Name")?)?,
        channel: place(&child("Channel")?.children)?,
        computer: place(&child("Computer")?.children)?,
    };
    let mut rest = root.children.iter().filter(|node| !matches!(node, Node::Element(one) if one.name == "System"));
    let content = match (rest.next(), rest.next()) {
        (None, _) => Content::Here(Data::default()),
        (Some(Node::Value(index)), None) => Content::Nested(usize::from(*index)),
        (Some(Node::Element(element)), None) => data(element).map_or(Content::Strange, Content::Here),
        _ => Content::Strange,
    };
    Some(Meaning::Event(system_part, content))
}

/// `EventData` with `Data` elements, or `UserData` with one element whose children are the values.
fn data(element: &Element) -> Option<Data> {
    let mut data = Data::default();
    match element.name.as_str() {
        "EventData" => {
            for child in elements_only(element)? {
                let (name, optional) = match (child.name.as_str(), child.attributes.as_slice()) {
                    ("Data", []) => (None, child.needs.is_some()),
                    ("Data", [(name, content)]) if name == "Name" => (Some(text(content)?), false),
                    ("Binary", _) => continue,
                    _ => return None,
                };
                let place = place(&child.children)?;
                match name {
                    Some(name) => data.named.push((name, place)),
                    None => data.unnamed.push(Unnamed { place, optional }),
                }
            }
        }
        "UserData" => {
            let inner = only(elements_only(element)?.into_iter())?;
            for child in elements_only(inner)? {
                data.named.push((child.name.clone(), place(&child.children)?));
            }
        }
        _ => return None,
    }
    // Mixed forms are rendered in ways of their own.
    (data.named.is_empty() || data.unnamed.is_empty()).then_some(data)
}

fn elements_only(element: &Element) -> Option<Vec<&Element>> {
    let elements: Vec<&Element> = element.elements().collect();
    (elements.len() == element.children.len()).then_some(elements)
}

fn only<'a>(mut elements: impl Iterator<Item = &'a Element>) -> Option<&'a Element> {
    let first = elements.next()?;
    elements.next().is_none().then_some(first)
}

fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a [Node]> {
    element.attributes.iter().find(|attribute| attribute.0 == name).map(|attribute| attribute.1.as_slice())
}

fn value(nodes: &[Node]) -> Option<usize> {
    match nodes {
        [Node::Value(index)] => Some(usize::from(*index)),
        _ => None,
    }
}

fn place(nodes: &[Node]) -> Option<Place> {
    match nodes {
        [] => Some(Place::Fixed(Box::default())),
        [Node::Text(text)] => Some(Place::Fixed(text.clone())),
        [Node::Value(index)] => Some(Place::Value(usize::from(*index))),
        _ => None,
    }
}

fn text(nodes: &[Node]) -> Option<String> {
    let [Node::Text(bytes)] = nodes else { return None };
    let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    String::from_utf16(&units).ok()
}
