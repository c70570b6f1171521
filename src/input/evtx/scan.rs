//! One record by the plan of its template: nothing rendered, nothing allocated.
//!
//! Whatever is not exactly as expected is handed back as [`Outcome::Unknown`].

use super::definition;
use super::header::{u16_at, u32_at, u64_at};
use super::plan::{Content, Data, Meaning, Place, Plan, Unnamed};
use super::records::Span;
use super::wanted::{Asked, is_looked_at};
use crate::input::door::Sink;
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

/// What a record is.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// A record that is not wanted: the computer, and the categories it shows.
    Plain(Text<'a>, Audits),
    /// A wanted event, which was handed over: the computer, and the categories it shows.
    Event(Text<'a>, Audits),
    /// A record of a wanted id whose strings cannot be those of such an event.
    Odd(Text<'a>, u16),
    /// Not of an expected shape.
    Unknown,
}

/// The plans of all templates seen.
#[derive(Debug, Default)]
struct Plans {
    plans: Vec<Plan>,
    /// Templates of the chunk at hand: offset of the definition and index of its plan.
    here: Vec<(u32, Option<u32>)>,
}

impl Plans {
    fn next_chunk(&mut self) {
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

/// Where each value of an instance starts.
type Starts = [u32; MOST_VALUES + 1];

/// Room for the starts of a record's values and of a nested fragment's, so that it is not cleared for
/// every record.
#[derive(Debug)]
struct Scratch {
    root: Starts,
    nested: Starts,
}

impl Default for Scratch {
    fn default() -> Self {
        Self { root: [0; MOST_VALUES + 1], nested: [0; MOST_VALUES + 1] }
    }
}

/// All values of an instance.
#[derive(Clone, Copy)]
struct Values<'a, 's> {
    chunk: &'a [u8],
    instance: Instance,
    starts: &'s Starts,
}

impl<'a, 's> Values<'a, 's> {
    /// Adds up the sizes; `None` when the values do not end with the fragment, which ends by `end`.
    fn read(chunk: &'a [u8], instance: Instance, end: usize, starts: &'s mut Starts) -> Option<Values<'a, 's>> {
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
        if !bytes.len().is_multiple_of(2) {
            return None;
        }
        bytes = shorter;
    }
    let plain = bytes.len().is_multiple_of(2) && !bytes.chunks_exact(2).any(|unit| unit == [0, 0]);
    plain.then_some(Text::Utf16(bytes))
}

/// What a scan needs besides the record.
#[derive(Debug, Default)]
pub struct Scan {
    plans: Plans,
    scratch: Scratch,
    asked: Asked,
}

impl Scan {
    /// Call before the first record of each chunk: offsets mean another template now.
    pub fn next_chunk(&mut self) {
        self.plans.next_chunk();
    }

    /// Reads one record and hands a wanted event over; `base` is the chunk's offset in the file.
    pub fn record<'a>(&'a mut self, chunk: &'a [u8], span: &Span, base: u64, sink: &mut dyn Sink) -> Outcome<'a> {
        self.try_record(chunk, span, base, sink).unwrap_or(Outcome::Unknown)
    }

    fn try_record<'a>(
        &'a mut self,
        chunk: &'a [u8],
        span: &Span,
        base: u64,
        sink: &mut dyn Sink,
    ) -> Option<Outcome<'a>> {
        if span.doubtful {
            return None;
        }
        let end = span.end() - 4;
        let instance = Instance::read(chunk, span.start + RECORD_HEADER, end)?;
        let index = self.plans.find(chunk, instance.definition)?;
        let plan = &self.plans.plans[index];
        let event_id = match instance.value(chunk, plan.system()?.event_id, end)? {
            (kind::U16, bytes) if bytes.len() == 2 => u16_at(bytes, 0)?,
            _ => return None,
        };
        if !is_looked_at(event_id) && matches!(plan.system()?.computer, Place::Fixed(_)) {
            let plan = &self.plans.plans[index];
            let Place::Fixed(computer) = &plan.system()?.computer else { return None };
            return Some(Outcome::Plain(Text::Utf16(computer), Audits::default()));
        }
        let record = Found { index, instance, event_id, span, base };
        self.look_at(chunk, &record, sink)
    }

    /// A record of an id that matters, or of a template with a variable computer.
    fn look_at<'a>(&'a mut self, chunk: &'a [u8], record: &Found<'_>, sink: &mut dyn Sink) -> Option<Outcome<'a>> {
        let Found { index, event_id, span, .. } = *record;
        let plans = &mut self.plans;
        let values = Values::read(chunk, record.instance, span.end() - 4, &mut self.scratch.root)?;
        let plan = &plans.plans[index];
        let Meaning::Event(system, content) = &plan.meaning else { return None };
        let known = self.asked.known(event_id, values.text(&system.provider)?, values.text(&system.channel)?);
        let nested = match content {
            Content::Nested(at) if known.row.is_some() => nested(plans, &values, *at, &mut self.scratch.nested)?,
            _ => None,
        };
        let (data_plan, data) = nested.unwrap_or((index, values));
        if known.row.is_some() {
            plans.plans[data_plan].resolve(event_id);
        }
        let plans = &*plans;
        let system = plans.plans[index].system()?;
        let computer = values.text(&system.computer)?;
        let Some(row) = known.row else { return Some(Outcome::Plain(computer, known.audits)) };
        let mut event = RawEvent::new(row.kind, event_id);
        event.computer = computer;
        (event.provider, event.channel) = (values.text(&system.provider)?, values.text(&system.channel)?);
        (event.time, event.time_digits) = match values.get(system.time)? {
            (kind::FILETIME, bytes) => (filetime(bytes)?, 7),
            _ => return None,
        };
        event.record_id = match values.get(system.record_id)? {
            (kind::U64, bytes) => Some(u64_at(bytes, 0)?),
            _ => return None,
        };
        event.offset = record.base + span.start as u64;
        event.size = span.size as u32;
        let filled = fill(&mut event, row, &plans.plans[data_plan], &data)?;
        Some(finish(&mut event, filled, row, sink))
    }
}

/// A record whose template and id are known.
struct Found<'s> {
    index: usize,
    instance: Instance,
    event_id: u16,
    span: &'s Span,
    base: u64,
}

/// The fragment in a value: its plan, if it has one, and its values. `Some(None)`: there is none.
fn nested<'a, 's>(
    plans: &mut Plans,
    values: &Values<'a, '_>,
    index: usize,
    starts: &'s mut Starts,
) -> Option<Option<(usize, Values<'a, 's>)>> {
    match values.get(index)? {
        (kind::BINXML, bytes) => {
            let start = values.starts[index] as usize;
            let end = start + bytes.len();
            let instance = Instance::read(values.chunk, start, end)?;
            let plan = plans.find(values.chunk, instance.definition)?;
            Some(Some((plan, Values::read(values.chunk, instance, end, starts)?)))
        }
        (kind::NULL, _) => Some(None),
        _ => None,
    }
}

/// Settles what a filled event tells and hands it over.
pub fn finish<'a>(event: &mut RawEvent<'a>, filled: bool, row: &ids::Id, sink: &mut dyn Sink) -> Outcome<'a> {
    if !filled {
        return Outcome::Odd(event.computer, event.event_id);
    }
    if !field::finish(event) {
        return Outcome::Plain(event.computer, Audits::default());
    }
    sink.event(event);
    let success = event.kind == EventKind::Success && row.audits == Audits::ACCOUNT_LOGON_FAILURE;
    Outcome::Event(event.computer, if success { Audits::ACCOUNT_LOGON_SUCCESS } else { row.audits })
}

/// Sets the fields of an event. `Some(false)`: its strings cannot be those of such an event.
fn fill<'a>(event: &mut RawEvent<'a>, row: &ids::Id, plan: &'a Plan, values: &Values<'a, '_>) -> Option<bool> {
    let data: &'a Data = match &plan.meaning {
        Meaning::Data(data) | Meaning::Event(_, Content::Here(data)) => data,
        Meaning::Event(_, Content::Nested(_)) if row.shape == ids::Shape::Modern => return Some(true),
        Meaning::Event(_, Content::Nested(_)) => return Some(classic::fill(event, &[])),
        Meaning::Event(_, Content::Strange) => return None,
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
