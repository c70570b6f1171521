//! One record by the plan of its template: nothing rendered, nothing allocated.
//!
//! Whatever is not exactly as expected is handed back as [`Outcome::Unknown`].

use super::definition;
use super::header::{u16_at, u32_at, u64_at};
use super::plan::{Content, Data, Meaning, Place, Plan, System, Unnamed};
use super::records::Span;
use crate::input::windows::field::{self, Field, Value};
use crate::input::windows::{classic, ids};
use crate::model::event::{EventKind, RawEvent};
use crate::model::gathered::Audits;
use crate::model::layout::RECORD_HEADER;
use crate::model::names::Text;
use crate::model::time::Ticks;

/// Most values of a template that are taken.
const MOST_VALUES: usize = 128;
/// Most insertion strings that are taken; audit events have up to 26.
const MOST_STRINGS: usize = 40;
/// Most plans that are kept; a log has some dozens of templates.
const MOST_PLANS: usize = 512;
/// The last FILETIME that every reader can render: 9999-12-30.
const LAST_FILETIME: u64 = 2_650_466_808_000_000_000;

/// Value types of BinXML (MS-EVEN6).
mod kind {
    pub(super) const NULL: u8 = 0x00;
    pub(super) const STRING: u8 = 0x01;
    pub(super) const U8: u8 = 0x04;
    pub(super) const U16: u8 = 0x06;
    pub(super) const U32: u8 = 0x08;
    pub(super) const U64: u8 = 0x0a;
    pub(super) const FILETIME: u8 = 0x11;
    pub(super) const HEX32: u8 = 0x14;
    pub(super) const HEX64: u8 = 0x15;
    pub(super) const BINXML: u8 = 0x21;
    pub(super) const STRINGS: u8 = 0x81;
}

/// Event ids that are looked at, as bits: wanted ones and those that show an audit category.
static LOOKED_AT: [u64; 1024] = {
    let mut bits = [0; 1024];
    let mut at = 0;
    while at < ids::IDS.len() {
        let id = ids::IDS[at].id as usize;
        bits[id / 64] |= 1 << (id % 64);
        at += 1;
    }
    at = 0;
    while at < SUCCESSES.len() {
        let id = SUCCESSES[at].id as usize;
        bits[id / 64] |= 1 << (id % 64);
        at += 1;
    }
    bits
};

/// Successful logons: not wanted, but they show that successes are audited.
const SUCCESSES: [ids::Id; 3] = [
    ids::Id { id: 528, shape: ids::Shape::Classic, kind: EventKind::Success, audits: Audits::LOGON_SUCCESS },
    ids::Id { id: 540, shape: ids::Shape::Classic, kind: EventKind::Success, audits: Audits::LOGON_SUCCESS },
    ids::Id { id: 4624, shape: ids::Shape::Modern, kind: EventKind::Success, audits: Audits::LOGON_SUCCESS },
];

/// The category that a successful logon of this id, provider and channel shows.
pub fn success_audits(event_id: u16, provider: Text<'_>, channel: Text<'_>) -> Audits {
    match SUCCESSES.iter().find(|row| row.id == event_id) {
        Some(row) if ids::is_audit(row, provider, channel) => row.audits,
        _ => Audits::default(),
    }
}

/// What a record is.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// A record that is not wanted: the computer, and the categories it shows.
    Plain(Text<'a>, Audits),
    /// A wanted event.
    Event(RawEvent<'a>),
    /// A record of a wanted id whose strings cannot be those of such an event.
    Odd(Text<'a>, u16),
    /// Not of an expected shape.
    Unknown,
}

/// The plans of all templates seen.
#[derive(Debug, Default)]
pub struct Plans {
    plans: Vec<Plan>,
    /// Templates of the chunk at hand: offset of the definition and index of its plan.
    here: Vec<(u32, Option<u32>)>,
}

impl Plans {
    /// Call before the first record of each chunk: offsets mean another template now.
    pub fn next_chunk(&mut self) {
        self.here.clear();
        if self.plans.len() > MOST_PLANS {
            self.plans.clear();
        }
    }

    fn find(&mut self, chunk: &[u8], at: u32) -> Option<usize> {
        if let Some(known) = self.here.iter().find(|known| known.0 == at) {
            return known.1.map(|index| index as usize);
        }
        let offset = at as usize;
        let index = self.plans.iter().position(|plan| plan.fits(chunk, offset)).or_else(|| {
            self.plans.push(Plan::learn(chunk, offset)?);
            Some(self.plans.len() - 1)
        });
        self.here.push((at, index.map(|index| index as u32)));
        index
    }
}

/// A template instance: its definition and where its values lie.
#[derive(Clone, Copy, Debug)]
struct Instance {
    definition: u32,
    count: usize,
    descriptors: usize,
    values: usize,
}

impl Instance {
    /// The fragment at `at`, which must be a single template instance and end before `end`.
    fn read(chunk: &[u8], at: usize, end: usize) -> Option<Instance> {
        let head = chunk.get(at..end)?.first_chunk::<14>()?;
        if head[0] != 0x0f || head[4] != 0x0c {
            return None;
        }
        let definition = u32::from_le_bytes([head[10], head[11], head[12], head[13]]);
        let mut at = at + 14;
        if definition as usize == at {
            at = definition::end(chunk, at)?;
        }
        let count = u32_at(chunk.get(..end)?, at)? as usize;
        let descriptors = at + 4;
        let values = descriptors + count.min(MOST_VALUES) * 4;
        (count <= MOST_VALUES && values <= end).then_some(Instance { definition, count, descriptors, values })
    }

    fn size(&self, chunk: &[u8], index: usize) -> usize {
        usize::from(u16_at(chunk, self.descriptors + index * 4).unwrap_or(0))
    }

    fn kind(&self, chunk: &[u8], index: usize) -> u8 {
        chunk.get(self.descriptors + index * 4 + 2).copied().unwrap_or(kind::NULL)
    }

    /// One value by adding up the sizes before it: for records of which one value is enough.
    fn value<'a>(&self, chunk: &'a [u8], index: usize, end: usize) -> Option<(u8, &'a [u8])> {
        if index >= self.count {
            return None;
        }
        let descriptors = chunk.get(self.descriptors..self.descriptors + index * 4)?;
        let before: usize =
            descriptors.chunks_exact(4).map(|one| usize::from(u16::from_le_bytes([one[0], one[1]]))).sum();
        let start = self.values + before;
        let bytes = chunk.get(..end)?.get(start..start + self.size(chunk, index))?;
        Some((self.kind(chunk, index), bytes))
    }
}

/// All values of an instance.
struct Values<'a> {
    chunk: &'a [u8],
    instance: Instance,
    starts: [u32; MOST_VALUES + 1],
}

impl<'a> Values<'a> {
    /// Adds up the sizes; `None` when the values do not end with the fragment, which ends by `end`.
    fn read(chunk: &'a [u8], instance: Instance, end: usize) -> Option<Values<'a>> {
        let mut starts = [0; MOST_VALUES + 1];
        let mut at = instance.values;
        for (index, start) in starts.iter_mut().enumerate().take(instance.count) {
            *start = at as u32;
            at += instance.size(chunk, index);
        }
        starts[instance.count] = at as u32;
        (at <= end && (at == end || chunk[at] == 0)).then_some(Values { chunk, instance, starts })
    }

    fn get(&self, index: usize) -> Option<(u8, &'a [u8])> {
        if index >= self.instance.count {
            return None;
        }
        let bytes = self.chunk.get(self.starts[index] as usize..self.starts[index + 1] as usize)?;
        Some((self.instance.kind(self.chunk, index), bytes))
    }

    fn text(&self, place: &'a Place) -> Option<Text<'a>> {
        match place {
            Place::Fixed(bytes) => Some(Text::Utf16(bytes)),
            Place::Value(index) => match self.get(*index)? {
                (kind::NULL, _) => Some(Text::Utf8("")),
                (kind::STRING, bytes) => string(bytes),
                _ => None,
            },
        }
    }

    /// The value of a field; `Some(None)` when the record does not have it.
    fn field(&self, field: Field, place: &'a Place) -> Option<Option<Value<'a>>> {
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
    fn strings(&self, unnamed: &'a [Unnamed], into: &mut [Text<'a>; MOST_STRINGS]) -> Option<usize> {
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
        if bytes.len() % 2 != 0 {
            return None;
        }
        bytes = shorter;
    }
    let plain = bytes.len() % 2 == 0 && !bytes.chunks_exact(2).any(|unit| unit == [0, 0]);
    plain.then_some(Text::Utf16(bytes))
}

/// Reads one record; `base` is the chunk's offset in the file.
pub fn record<'a>(plans: &'a mut Plans, chunk: &'a [u8], span: &Span, base: u64) -> Outcome<'a> {
    try_record(plans, chunk, span, base).unwrap_or(Outcome::Unknown)
}

fn try_record<'a>(plans: &'a mut Plans, chunk: &'a [u8], span: &Span, base: u64) -> Option<Outcome<'a>> {
    if span.doubtful {
        return None;
    }
    let end = span.end() - 4;
    let instance = Instance::read(chunk, span.start + RECORD_HEADER, end)?;
    let root = plans.find(chunk, instance.definition)?;
    let Meaning::Event(system, _) = &plans.plans[root].meaning else { return None };
    let event_id = match instance.value(chunk, system.event_id, end)? {
        (kind::U16, bytes) if bytes.len() == 2 => u16_at(bytes, 0)?,
        _ => return None,
    };
    let passed_over = LOOKED_AT[usize::from(event_id) / 64] & (1 << (event_id % 64)) == 0;
    if passed_over && matches!(system.computer, Place::Fixed(_)) {
        let plans = &*plans;
        let Place::Fixed(computer) = &plans.plans[root].system()?.computer else { return None };
        return Some(Outcome::Plain(Text::Utf16(computer), Audits::default()));
    }
    looked_at(plans, root, chunk, instance, span, base, event_id)
}

impl Plan {
    fn system(&self) -> Option<&System> {
        match &self.meaning {
            Meaning::Event(system, _) => Some(system),
            Meaning::Data(_) => None,
        }
    }
}

/// A record of an id that matters, or of a template with a variable computer.
fn looked_at<'a>(
    plans: &'a mut Plans,
    root: usize,
    chunk: &'a [u8],
    instance: Instance,
    span: &Span,
    base: u64,
    event_id: u16,
) -> Option<Outcome<'a>> {
    let end = span.end() - 4;
    let values = Values::read(chunk, instance, end)?;
    // A nested fragment has a template of its own.
    let nested = match &plans.plans[root].meaning {
        Meaning::Event(_, Content::Nested(index)) if ids::wanted(event_id).is_some() => match values.get(*index)? {
            (kind::BINXML, bytes) => {
                let start = values.starts[*index] as usize;
                let instance = Instance::read(chunk, start, start + bytes.len())?;
                let plan = plans.find(chunk, instance.definition)?;
                Some((plan, Values::read(chunk, instance, start + bytes.len())?))
            }
            (kind::NULL, _) => None,
            _ => return None,
        },
        _ => None,
    };
    plans.plans[nested.as_ref().map_or(root, |nested| nested.0)].resolve(event_id);
    let plans = &*plans;
    let system = plans.plans[root].system()?;
    let (provider, channel) = (values.text(&system.provider)?, values.text(&system.channel)?);
    let computer = values.text(&system.computer)?;
    let row = match ids::wanted(event_id) {
        Some(row) if ids::is_audit(row, provider, channel) => row,
        _ => return Some(Outcome::Plain(computer, success_audits(event_id, provider, channel))),
    };
    let mut event = RawEvent::new(row.kind, event_id);
    (event.provider, event.channel, event.computer) = (provider, channel, computer);
    event.time = match values.get(system.time)? {
        (kind::FILETIME, bytes) => filetime(bytes)?,
        _ => return None,
    };
    event.time_digits = 7;
    event.record_id = match values.get(system.record_id)? {
        (kind::U64, bytes) => Some(u64_at(bytes, 0)?),
        _ => return None,
    };
    event.offset = base + span.start as u64;
    event.size = span.size as u32;
    let (plan, values) = nested.as_ref().map_or((root, &values), |nested| (nested.0, &nested.1));
    let filled = fill(&mut event, row, &plans.plans[plan], values)?;
    Some(finished(event, filled))
}

/// What a filled event is in the end.
pub fn finished(mut event: RawEvent<'_>, filled: bool) -> Outcome<'_> {
    if !filled {
        return Outcome::Odd(event.computer, event.event_id);
    }
    if field::finish(&mut event) { Outcome::Event(event) } else { Outcome::Plain(event.computer, Audits::default()) }
}

/// Sets the fields of an event. `Some(false)`: its strings cannot be those of such an event.
fn fill<'a>(event: &mut RawEvent<'a>, row: &ids::Id, plan: &'a Plan, values: &Values<'a>) -> Option<bool> {
    let data: &'a Data = match &plan.meaning {
        Meaning::Data(data) | Meaning::Event(_, Content::Here(data)) => data,
        Meaning::Event(_, Content::Nested(_)) if row.shape == ids::Shape::Modern => return Some(true),
        Meaning::Event(..) => return Some(classic::fill(event, &[])),
    };
    match row.shape {
        ids::Shape::Modern => {
            for (field, place) in plan.fields(event.event_id)? {
                if let Some(value) = values.field(*field, place)? {
                    field::set(event, *field, value);
                }
            }
            Some(true)
        }
        ids::Shape::Classic => {
            let mut strings = [Text::Utf8(""); MOST_STRINGS];
            let count = values.strings(&data.unnamed, &mut strings)?;
            Some(classic::fill(event, &strings[..count]))
        }
    }
}

fn filetime(bytes: &[u8]) -> Option<Ticks> {
    let filetime = u64_at(bytes, 0)?;
    (bytes.len() == 8 && filetime < LAST_FILETIME).then_some(Ticks::from_filetime(filetime))
}
