//! What the values of a record mean, learnt once from the definition of its template.

use std::ops::Range;

use super::definition::{self, DEFINITION_HEADER, Definition, Element, Node};
use super::likeness::{Likeness, Room};
use crate::input::windows::field::Field;
use crate::input::windows::{ids, modern};

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

impl System {
    /// Indexes of the values by which provider and channel are told, from the first to behind the last; empty
    /// where both stand in the template.
    pub fn variable(&self) -> Range<usize> {
        let index = |place: &Place| if let Place::Value(index) = place { Some(*index) } else { None };
        match (index(&self.provider), index(&self.channel)) {
            (Some(a), Some(b)) => a.min(b)..a.max(b) + 1,
            (Some(one), None) | (None, Some(one)) => one..one + 1,
            (None, None) => 0..0,
        }
    }
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

/// What is wanted of the data of an event of one id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    event_id: u16,
    /// Fields of a modern event and where they stand; none for a classic one, which has strings.
    pub fields: Vec<(Field, Place)>,
    /// Indexes of values, from the first that is wanted to behind the last: equal values there make equal
    /// events.
    pub range: Range<usize>,
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
    likeness: Likeness,
    /// The meaning.
    pub meaning: Meaning,
    /// What is wanted, by event id, resolved when first asked for.
    resolved: Vec<Wanted>,
}

/// GUID and size of a definition: equal where definitions are equal.
pub type Mark = [u8; DEFINITION_HEADER - 4];

/// The mark of the definition at `at`; `None` past the end of the chunk.
pub fn mark(chunk: &[u8], at: usize) -> Option<Mark> {
    chunk.get(at.checked_add(4)?..at.checked_add(DEFINITION_HEADER)?)?.try_into().ok()
}

impl Plan {
    /// Learns the definition at `at`; `None` when it is none of a known shape.
    pub fn learn(chunk: &[u8], at: usize) -> Option<Plan> {
        let end = definition::end(chunk, at)?;
        let Definition { root, names } = definition::read(chunk, at)?;
        let meaning = match root.name.as_str() {
            "Event" => event(&root)?,
            _ => Meaning::Data(data(&root)?),
        };
        Some(Plan { likeness: Likeness::of(&chunk[at..end], names), meaning, resolved: Vec::new() })
    }

    /// True when the definition at `at` of another chunk means the same.
    pub fn fits(&self, chunk: &[u8], at: usize, room: &mut Room) -> bool {
        self.likeness.fits(chunk, at, room)
    }

    /// The `System` part; `None` for a nested fragment.
    pub fn system(&self) -> Option<&System> {
        match &self.meaning {
            Meaning::Event(system, _) => Some(system),
            Meaning::Data(_) => None,
        }
    }

    /// What is wanted of an event: its place for [`Plan::wanted`]. `None` when the template tells nothing
    /// of such an event.
    #[inline]
    pub fn resolve(&mut self, event_id: u16, shape: ids::Shape) -> Option<usize> {
        let known = self.resolved.iter().position(|known| known.event_id == event_id);
        known.or_else(|| self.look_up(event_id, shape))
    }

    fn look_up(&mut self, event_id: u16, shape: ids::Shape) -> Option<usize> {
        let data = match &self.meaning {
            Meaning::Data(data) | Meaning::Event(_, Content::Here(data)) => data,
            Meaning::Event(..) => return None,
        };
        let fields = match shape {
            ids::Shape::Classic => Vec::new(),
            ids::Shape::Modern => data.fields(event_id)?,
        };
        let fields: Vec<(Field, Place)> = fields.into_iter().map(|(field, place)| (field, place.clone())).collect();
        let places = fields.iter().map(|(_, place)| place).chain(data.unnamed.iter().map(|unnamed| &unnamed.place));
        let values = places.filter_map(|place| if let Place::Value(index) = place { Some(*index) } else { None });
        let first_and_last = values.map(|index| (index, index)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let range = first_and_last.map_or(0..0, |(first, last)| first..last + 1);
        self.resolved.push(Wanted { event_id, fields, range });
        Some(self.resolved.len() - 1)
    }

    /// What is wanted of an event, after [`Plan::resolve`].
    pub fn wanted(&self, at: usize) -> &Wanted {
        &self.resolved[at]
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
