//! One record by the plan of its template: nothing rendered, nothing allocated.
//!
//! Whatever is not exactly as expected is handed back.

use std::ops::Range;

use super::header::{u16_at, u32_at};
use super::pattern::{Pattern, Patterns, Sample, Sort};
use super::plan::{Content, Meaning, Plan, System, Wanted};
use super::plans::{Here, NONE, Plans, Start};
use super::records::Span;
use super::values::{Instance, MOST_STRINGS, MOST_VALUES, Sums, Values, kind, size};
use super::wanted::{Asked, is_looked_at, is_success};
use crate::input::door::{Moment, Sink};
use crate::input::memo::{Key, Known, Memo};
use crate::input::runs::{Logger, Runs};
use crate::input::windows::{classic, field, ids};
use crate::model::event::{EventKind, RawEvent};
use crate::model::gathered::Audits;
use crate::model::layout::RECORD_HEADER;
use crate::model::names::Text;
use crate::model::time::Ticks;

/// What a record is.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// A record that is not wanted: the computer, and the categories it shows.
    Plain(Logger<'a>, Audits),
    /// A wanted event, which was handed over: the computer, and the categories it shows.
    Event(Logger<'a>, Audits),
    /// A record of a wanted id whose strings cannot be those of such an event.
    Odd(Logger<'a>, u16),
}

/// A record of a template that was met before in its chunk.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Its event id.
    pub event_id: u16,
    /// Number of the computer, for [`Scan::computer`].
    pub computer: u32,
    /// Number of the template's plan.
    plan: u32,
}

/// Where the descriptors of a record's values start, when its template's definition stands elsewhere:
/// behind the record's header, the fragment's header and the instance's 14 bytes.
const DESCRIPTORS: usize = RECORD_HEADER + 18;
/// Bytes up to behind the descriptors of the first four values.
const FRONT: usize = DESCRIPTORS + 16;

/// Room for the sums of a record's values and of a nested fragment's.
#[derive(Debug, Default)]
struct Scratch {
    root: Sums,
    nested: Sums,
}

/// What a scan needs besides the record.
#[derive(Debug, Default)]
pub struct Scan {
    plans: Plans,
    patterns: Patterns,
    scratch: Scratch,
    asked: Asked,
    memo: Memo,
}

impl Scan {
    /// Call before the first record of each chunk: offsets mean another template now.
    pub fn next_chunk(&mut self) {
        if self.plans.next_chunk() || self.patterns.is_full() {
            self.patterns.clear();
            self.memo.clear();
        }
    }

    /// The computer with this number.
    pub fn computer(&self, number: u32) -> Logger<'_> {
        self.plans.computer(number)
    }

    /// Looks at a record only as far as to tell its computer and id. `None`: it must be looked at by
    /// [`Scan::record`].
    #[inline(always)]
    pub fn see(&mut self, chunk: &[u8], span: &Span) -> Option<Seen> {
        let record = chunk.get(span.start..span.end() - 4)?;
        let front = record.first_chunk::<FRONT>()?;
        let definition = u32_at(front, DESCRIPTORS - 8)?;
        let here = self.plans.at(definition)?;
        let follows = definition as usize == span.start + DESCRIPTORS - 4;
        let strange = front[RECORD_HEADER] != 0x0f || front[RECORD_HEADER + 4] != 0x0c || follows;
        if strange || span.doubtful || here.computer == NONE {
            return None;
        }
        let start = front.last_chunk::<20>()?;
        let event_id = if *start == here.start {
            u16_at(record, here.event_id_at as usize)?
        } else {
            learn_event_id(record, here, start)?
        };
        Some(Seen { event_id, computer: here.computer, plan: here.plan })
    }

    /// Takes a record that was [seen](Scan::see) and has a wanted id, if an equal one came before: it is handed
    /// over again. Returns the categories that it shows. Else it must be looked at by [`Scan::record`], and its
    /// form is told, if a pattern has it.
    #[inline]
    pub fn again(
        &mut self,
        chunk: &[u8],
        span: &Span,
        base: u64,
        seen: Seen,
        sink: &mut dyn Sink,
    ) -> Result<Audits, Option<u32>> {
        let record = chunk.get(span.start..span.end() - 4).ok_or(None)?;
        let last = last_size(record).ok_or(None)?;
        let sort = Sort { size: span.size as u32, last, plan: seen.plan, event_id: seen.event_id.into() };
        let pattern = self.patterns.find(&sort, record, span.start, &self.plans).ok_or(None)?;
        let mut known = || {
            let known = self.memo.find(&pattern.key(record)?)?;
            let moment = moment(span, base, pattern.time(record)?, pattern.record_id(record)?);
            sink.again(known.description, &moment).then_some(known.audits)
        };
        known().ok_or(Some(pattern.form))
    }

    /// Reads one record and hands a wanted event over; `base` is the chunk's offset in the file. What `runs`
    /// shows already is not looked up again: here too, because which records end before they come here depends on what
    /// was read before, and the answer must not. `form` is what [`Scan::again`] told of it. `None` for a record
    /// that is not of an expected shape.
    pub fn record<'a>(
        &'a mut self,
        chunk: &'a [u8],
        (span, base): (&Span, u64),
        form: Option<u32>,
        runs: &Runs,
        sink: &mut dyn Sink,
    ) -> Option<Outcome<'a>> {
        if span.doubtful {
            return None;
        }
        let end = span.end() - 4;
        let instance = Instance::read(chunk, span.start + RECORD_HEADER, end)?;
        let index = self.plans.find(chunk, instance.definition)?;
        let head = self.plans.head(index)?;
        let event_id = match instance.value(chunk, head.event_id, end)? {
            (kind::U16, bytes) if bytes.len() == 2 => u16_at(bytes, 0)?,
            _ => return None,
        };
        if let Some(computer) = head.computer {
            let shown = || is_shown(runs, self.plans.computer(computer), span);
            if !is_looked_at(event_id) || (is_success(event_id) && shown()) {
                return Some(Outcome::Plain(self.plans.computer(computer), Audits::default()));
            }
        }
        self.look_at(chunk, &Found { index, instance, event_id, form, span, base }, sink)
    }

    /// A record of an id that matters, or of a template with a variable computer.
    fn look_at<'a>(&'a mut self, chunk: &'a [u8], record: &Found<'_>, sink: &mut dyn Sink) -> Option<Outcome<'a>> {
        let Found { index, event_id, span, base, .. } = *record;
        let end = span.end() - 4;
        let plans = &mut self.plans;
        let values = Values::read(chunk, record.instance, end, &mut self.scratch.root)?;
        let Meaning::Event(system, content) = &plans.get(index).meaning else { return None };
        let (known, answer) = self.asked.known(event_id, &values, system)?;
        let Some(row) = known.row else {
            let computer = values.text(&plans.get(index).system()?.computer)?;
            return Some(Outcome::Plain(Logger::Named(computer), known.audits));
        };
        let nested = match content {
            Content::Nested(at) if known.has_data => nested(chunk, plans, &values, *at, &mut self.scratch.nested)?,
            _ => None,
        };
        let (data_plan, data) = nested.as_ref().map_or((index, values), |nested| (nested.plan, nested.values));
        let wanted = plans.get_mut(data_plan).resolve(event_id, row.shape);
        let plans = &*plans;
        let system = plans.get(index).system()?;
        let moment = moment(span, base, values.time(system.time)?, values.long(system.record_id)?);
        let wanted = wanted.map(|at| plans.get(data_plan).wanted(at));
        let mut key = None;
        if let (Some(wanted), Some(answer)) = (wanted, answer)
            && let Some([descriptors, wanted]) = data.range(&wanted.range)
            && plans.head(index)?.computer.is_some()
        {
            let form = record
                .form
                .unwrap_or_else(|| self.patterns.form([index as u32, data_plan as u32, answer], &chunk[descriptors]));
            let key = key.insert(Key { form, parts: [&chunk[wanted.clone()], &[]] });
            if record.form.is_none()
                && let Some(pattern) = pattern_of(chunk, record, system, &values, nested.as_ref(), form, wanted)
            {
                self.patterns.keep(pattern);
            }
            // With a form `again` has looked already.
            if record.form.is_none()
                && let Some(known) = self.memo.find(key)
                && sink.again(known.description, &moment)
            {
                return Some(Outcome::Event(Logger::Named(values.text(&system.computer)?), known.audits));
            }
        }
        let data = EventData { plan: known.has_data.then_some(plans.get(data_plan)), wanted, values: data };
        let outcome = whole(row, event_id, system, &moment, &values, &data, sink)?;
        if let (Some(key), Outcome::Event(_, audits), Some(description)) = (key, &outcome, sink.description()) {
            self.memo.keep(&key, Known { description, audits: *audits });
        }
        Some(outcome)
    }
}

/// The pattern of a record whose values were added up; `None` where no other record can have it.
fn pattern_of(
    chunk: &[u8],
    record: &Found<'_>,
    system: &System,
    root: &Values<'_, '_>,
    nested: Option<&Nested<'_, '_>>,
    form: u32,
    wanted: Range<usize>,
) -> Option<Pattern> {
    let Found { index, event_id, span, .. } = *record;
    let place = span.start..span.end() - 4;
    let last = last_size(&chunk[place.clone()])?;
    let sort = Sort { size: span.size as u32, last, plan: index as u32, event_id: event_id.into() };
    let sample = Sample {
        place,
        at: span.start + RECORD_HEADER + 4,
        root,
        nested: nested.map(|nested| (nested.plan, nested.place.clone(), &nested.values)),
        moment: [system.time, system.record_id],
        equal: system.variable(),
        form,
        wanted,
    };
    Pattern::of(sort, chunk, sample)
}

/// A record whose template and id are known.
struct Found<'s> {
    index: usize,
    instance: Instance,
    event_id: u16,
    /// Its form, if a pattern told it.
    form: Option<u32>,
    span: &'s Span,
    base: u64,
}

/// True when a successful logon would show nothing new.
#[inline]
fn is_shown(runs: &Runs, logger: Logger<'_>, span: &Span) -> bool {
    runs.shows(logger, Ticks::from_filetime(span.written), Audits::LOGON_SUCCESS)
}

#[inline]
fn moment(span: &Span, base: u64, time: Ticks, record_id: u64) -> Moment {
    Moment { time, record_id, offset: base + span.start as u64, size: span.size as u32 }
}

/// The event id of a record of this template whose values start in another way than the last one's did.
#[inline(never)]
fn learn_event_id(record: &[u8], here: &mut Here, start: &Start) -> Option<u16> {
    let at = find_event_id(record, here.event_id as usize)?;
    // What is compared does not reach farther.
    if here.event_id <= 3 {
        (here.start, here.event_id_at) = (*start, at as u32);
    }
    u16_at(record, at)
}

/// Bytes of the last value, if the definition of the record's template stands elsewhere; `None` past the end.
#[inline]
fn last_size(record: &[u8]) -> Option<u32> {
    let count = u32_at(record, DESCRIPTORS - 4)? as usize;
    let last = DESCRIPTORS.checked_add(count.checked_mul(4)?)?.checked_sub(4)?;
    u16_at(record, last).map(u32::from)
}

/// Where the event id lies, by adding up the sizes of the values before it.
fn find_event_id(record: &[u8], index: usize) -> Option<usize> {
    let count = u32_at(record, DESCRIPTORS - 4)? as usize;
    if index >= count || count > MOST_VALUES {
        return None;
    }
    let descriptors = record.get(DESCRIPTORS..DESCRIPTORS + count * 4)?;
    let (before, own) = (descriptors.get(..index * 4)?, descriptors.get(index * 4..index * 4 + 4)?);
    let start: usize = before.chunks_exact(4).map(size).sum();
    (size(own) == 2 && own[2] == kind::U16).then_some(DESCRIPTORS + count * 4 + start)
}

/// A fragment in a value.
struct Nested<'a, 's> {
    plan: usize,
    /// Where it lies in the chunk.
    place: Range<usize>,
    values: Values<'a, 's>,
}

/// What an event says of itself.
struct EventData<'a, 's> {
    /// `None` when nothing of it matters.
    plan: Option<&'a Plan>,
    wanted: Option<&'a Wanted>,
    values: Values<'a, 's>,
}

/// The fragment in a value: its plan, if it has one, and its values. `Some(None)`: there is none.
#[inline]
fn nested<'a, 's>(
    chunk: &'a [u8],
    plans: &mut Plans,
    values: &Values<'a, '_>,
    index: usize,
    sums: &'s mut Sums,
) -> Option<Option<Nested<'a, 's>>> {
    match values.get(index)? {
        (kind::BINXML, bytes) => {
            let start = values.start(index);
            let end = start + bytes.len();
            let instance = Instance::read_nested(chunk, start, end)?;
            let plan = plans.find(chunk, instance.definition)?;
            let values = Values::read(chunk, instance, end, sums)?;
            Some(Some(Nested { plan, place: start..end, values }))
        }
        (kind::NULL, _) => Some(None),
        _ => None,
    }
}

/// Takes an event apart and hands it over.
#[inline(never)]
fn whole<'a>(
    row: &ids::Id,
    event_id: u16,
    system: &'a System,
    moment: &Moment,
    values: &Values<'a, '_>,
    data: &EventData<'a, '_>,
    sink: &mut dyn Sink,
) -> Option<Outcome<'a>> {
    let mut event = RawEvent::new(row.kind, event_id);
    event.computer = values.text(&system.computer)?;
    (event.provider, event.channel) = (values.text(&system.provider)?, values.text(&system.channel)?);
    (event.time, event.time_digits, event.record_id) = (moment.time, 7, Some(moment.record_id));
    (event.offset, event.size) = (moment.offset, moment.size);
    let filled = match data.plan {
        Some(plan) => fill(&mut event, row, plan, data.wanted, &data.values)?,
        None => true,
    };
    Some(finish(&mut event, filled, row, sink))
}

/// Settles what a filled event tells and hands it over.
pub fn finish<'a>(event: &mut RawEvent<'a>, filled: bool, row: &ids::Id, sink: &mut dyn Sink) -> Outcome<'a> {
    let computer = Logger::Named(event.computer);
    if !filled {
        return Outcome::Odd(computer, event.event_id);
    }
    if !field::finish(event) {
        return Outcome::Plain(computer, Audits::default());
    }
    sink.event(event);
    let success = event.kind == EventKind::Success && row.audits == Audits::ACCOUNT_LOGON_FAILURE;
    Outcome::Event(computer, if success { Audits::ACCOUNT_LOGON_SUCCESS } else { row.audits })
}

/// Sets the fields of an event. `Some(false)`: its strings cannot be those of such an event.
fn fill<'a>(
    event: &mut RawEvent<'a>,
    row: &ids::Id,
    plan: &'a Plan,
    wanted: Option<&'a Wanted>,
    values: &Values<'a, '_>,
) -> Option<bool> {
    let data = match &plan.meaning {
        Meaning::Data(data) | Meaning::Event(_, Content::Here(data)) => data,
        Meaning::Event(_, Content::Nested(_)) if row.shape == ids::Shape::Modern => return Some(true),
        Meaning::Event(_, Content::Nested(_)) => return Some(classic::fill(event, &[])),
        Meaning::Event(_, Content::Strange) => return None,
    };
    match row.shape {
        ids::Shape::Modern => {
            for (field, place) in &wanted?.fields {
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
