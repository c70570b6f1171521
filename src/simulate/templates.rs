//! The templates that Windows uses for Security events, and the values that go with them.
//!
//! Shapes as found in real logs: a root template with the System part, whose provider, channel and
//! computer are literal for classic events (modern ones carry provider and channel as values), and
//! a nested one with the EventData part.

use super::binxml::{ALWAYS, Content, Element};
use super::event::{Data, WrittenEvent};
use super::schema::Schema;

/// GUID of the EventData template of classic events, as stored: the same in all real logs.
pub(super) const CLASSIC_DATA: [u8; 16] =
    [0x77, 0xd8, 0x29, 0x43, 0xd5, 0xd8, 0x2d, 0x51, 0xec, 0x99, 0x20, 0x1a, 0x0f, 0xd9, 0x2f, 0xc7];
/// Provider GUID of Microsoft-Windows-Security-Auditing, {54849625-5478-4994-A5BA-3E3B0328C30D}.
pub(super) const AUDITING_GUID: [u8; 16] =
    [0x25, 0x96, 0x84, 0x54, 0x78, 0x54, 0x94, 0x49, 0xa5, 0xba, 0x3e, 0x3b, 0x03, 0x28, 0xc3, 0x0d];
const NAMESPACE: &str = "http://schemas.microsoft.com/win/2004/08/events/event";

/// Which EventData template an event needs.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum DataKey {
    Classic,
    Named(&'static Schema),
}

impl DataKey {
    pub(super) fn of(event: &WrittenEvent) -> Self {
        match &event.data {
            Data::Strings(_) => DataKey::Classic,
            Data::Named(schema, _) => DataKey::Named(schema),
        }
    }

    pub(super) fn guid(self) -> [u8; 16] {
        match self {
            DataKey::Classic => CLASSIC_DATA,
            DataKey::Named(schema) => {
                let id = schema.event_id.to_le_bytes();
                guid(std::iter::once(&id[..]).chain(schema.fields.iter().map(|field| field.0.as_bytes())))
            }
        }
    }

    pub(super) fn element(self) -> Element<'static> {
        match self {
            DataKey::Classic => Element::new("EventData", ALWAYS)
                .with(Content::Element(Element::new("Data", 0).with(Content::Optional(0, 0x81))))
                .with(Content::Element(Element::new("Binary", 2).with(Content::Optional(2, 0x0e)))),
            DataKey::Named(schema) => {
                let mut data = Element::new("EventData", ALWAYS);
                for (i, (name, kind)) in schema.fields.iter().enumerate() {
                    let field = Element::new("Data", ALWAYS)
                        .attribute("Name", Content::Text(name))
                        .with(Content::Normal(i as u16, kind.code()));
                    data = data.with(Content::Element(field));
                }
                data
            }
        }
    }
}

/// A GUID made from text, so that the same template has the same GUID in every file we write.
pub(super) fn guid<'b>(parts: impl Iterator<Item = &'b [u8]>) -> [u8; 16] {
    // FNV-1a, 64 bit, from two origins; parts are closed by a byte that no text has.
    let mut halves = [0xcbf2_9ce4_8422_2325u64, 0x6c62_272e_07bb_0142];
    for part in parts {
        for &byte in part.iter().chain(&[0xff]) {
            for half in &mut halves {
                *half = (*half ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    let mut out = [0; 16];
    out[..8].copy_from_slice(&halves[0].to_le_bytes());
    out[8..].copy_from_slice(&halves[1].to_le_bytes());
    out
}

/// The root template. `classic` is the literal provider; `None` for a modern event.
pub(super) fn root<'a>(classic: Option<&'a str>, channel: &'a str, computer: &'a str) -> Element<'a> {
    let (related, data) = if classic.is_some() { (18, 19) } else { (13, 17) };
    let provider = Element::new("Provider", ALWAYS);
    let provider = match classic {
        Some(name) => provider.attribute("Name", Content::Text(name)),
        None => provider.attribute("Name", Content::Optional(14, 0x01)).attribute("Guid", Content::Optional(15, 0x0f)),
    };
    let channel = match classic {
        Some(_) => Element::new("Channel", ALWAYS).with(Content::Text(channel)),
        None => Element::new("Channel", 16).with(Content::Optional(16, 0x01)),
    };
    let valued =
        |name, index: u16, kind| Content::Element(Element::new(name, index).with(Content::Optional(index, kind)));
    let id =
        Element::new("EventID", 3).attribute("Qualifiers", Content::Optional(4, 0x06)).with(Content::Optional(3, 0x06));
    let time = Element::new("TimeCreated", ALWAYS).attribute("SystemTime", Content::Optional(6, 0x11));
    let correlation = Element::new("Correlation", ALWAYS)
        .attribute("ActivityID", Content::Optional(7, 0x0f))
        .attribute("RelatedActivityID", Content::Optional(related, 0x0f));
    let execution = Element::new("Execution", ALWAYS)
        .attribute("ProcessID", Content::Optional(8, 0x08))
        .attribute("ThreadID", Content::Optional(9, 0x08));
    let system = Element::new("System", ALWAYS)
        .with(Content::Element(provider))
        .with(Content::Element(id))
        .with(valued("Version", 11, 0x04))
        .with(valued("Level", 0, 0x04))
        .with(valued("Task", 2, 0x06))
        .with(valued("Opcode", 1, 0x04))
        .with(valued("Keywords", 5, 0x15))
        .with(Content::Element(time))
        .with(valued("EventRecordID", 10, 0x0a))
        .with(Content::Element(correlation))
        .with(Content::Element(execution))
        .with(Content::Element(channel))
        .with(Content::Element(Element::new("Computer", ALWAYS).with(Content::Text(computer))))
        .with(Content::Element(Element::new("Security", ALWAYS).attribute("UserID", Content::Optional(12, 0x13))));
    Element::new("Event", data)
        .attribute("xmlns", Content::Text(NAMESPACE))
        .with(Content::Element(system))
        .with(Content::Optional(data, 0x21))
}

/// The keywords of an event: audit failure or success, in the form of its generation.
pub(super) fn keywords(event: &WrittenEvent) -> u64 {
    let audit = if event.failure { 0x10_0000_0000_0000 } else { 0x20_0000_0000_0000 };
    match event.data {
        Data::Strings(_) => 0x80_0000_0000_0000 | audit,
        Data::Named(..) => 0x8000_0000_0000_0000 | audit,
    }
}
