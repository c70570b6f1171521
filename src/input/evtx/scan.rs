//! One record by the plan of its template: nothing rendered, nothing allocated.
//!
//! Whatever is not exactly as expected is handed back as [`Outcome::Unknown`].

use super::header::u16_at;
use super::memo::{self, Memo};
use super::plan::{self, Content, Mark, Meaning, Place, Plan, System, Wanted};
use super::records::Span;
use super::values::{Instance, MOST_STRINGS, Sums, Values, kind};
use super::wanted::{Asked, is_looked_at, is_success};
use crate::input::door::{Moment, Sink};
use crate::input::runs::Runs;
use crate::input::windows::{classic, field, ids};
use crate::model::event::{EventKind, RawEvent};
use crate::model::gathered::Audits;
use crate::model::layout::RECORD_HEADER;
use crate::model::names::Text;
use crate::model::time::Ticks;

/// Most plans that are kept; a log has some dozens of templates.
const MOST_PLANS: usize = 512;

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
    /// The mark of each plan, side by side: most are told apart by it.
    marks: Vec<Mark>,
    /// Templates of the chunk at hand: offset of the definition and index of its plan.
    here: Vec<(u32, Option<u32>)>,
}

impl Plans {
    #[inline]
    fn find(&mut self, chunk: &[u8], at: u32) -> Option<usize> {
        if let Some(known) = self.here.iter().find(|known| known.0 == at) {
            return known.1.map(|index| index as usize);
        }
        let index = self.find_or_learn(chunk, at as usize);
        self.here.push((at, index.map(|index| index as u32)));
        index
    }

    fn find_or_learn(&mut self, chunk: &[u8], at: usize) -> Option<usize> {
        let mark = plan::mark(chunk, at)?;
        let mut known = self.marks.iter().zip(&self.plans);
        if let Some(index) = known.position(|(other, plan)| *other == mark && plan.fits(chunk, at)) {
            return Some(index);
        }
        self.plans.push(Plan::learn(chunk, at)?);
        self.marks.push(mark);
        Some(self.plans.len() - 1)
    }
}

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
    scratch: Scratch,
    asked: Asked,
    memo: Memo,
}

impl Scan {
    /// Call before the first record of each chunk: offsets mean another template now.
    pub fn next_chunk(&mut self) {
        self.plans.here.clear();
        if self.plans.plans.len() > MOST_PLANS {
            self.plans = Plans::default();
            self.memo.clear();
        }
    }

    /// Reads one record and hands a wanted event over; `base` is the chunk's offset in the file. What `runs`
    /// shows already is not looked up again.
    #[inline]
    pub fn record<'a>(
        &'a mut self,
        chunk: &'a [u8],
        span: &Span,
        base: u64,
        runs: &Runs,
        sink: &mut dyn Sink,
    ) -> Outcome<'a> {
        self.try_record(chunk, span, base, runs, sink).unwrap_or(Outcome::Unknown)
    }

    #[inline]
    fn try_record<'a>(
        &'a mut self,
        chunk: &'a [u8],
        span: &Span,
        base: u64,
        runs: &Runs,
        sink: &mut dyn Sink,
    ) -> Option<Outcome<'a>> {
        if span.doubtful {
            return None;
        }
        let end = span.end() - 4;
        let instance = Instance::read(chunk, span.start + RECORD_HEADER, end)?;
        let index = self.plans.find(chunk, instance.definition)?;
        let system = self.plans.plans[index].system()?;
        let event_id = match instance.value(chunk, system.event_id, end)? {
            (kind::U16, bytes) if bytes.len() == 2 => u16_at(bytes, 0)?,
            _ => return None,
        };
        if let Place::Fixed(computer) = &system.computer {
            let sec = || Ticks::from_filetime(span.written).secs();
            let known = || is_success(event_id) && runs.shows(computer, sec(), Audits::LOGON_SUCCESS);
            if !is_looked_at(event_id) || known() {
                let Place::Fixed(computer) = &self.plans.plans[index].system()?.computer else { return None };
                return Some(Outcome::Plain(Text::Utf16(computer), Audits::default()));
            }
        }
        let record = Found { index, instance, event_id, span, base };
        self.look_at(chunk, &record, sink)
    }

    /// A record of an id that matters, or of a template with a variable computer.
    #[inline]
    fn look_at<'a>(&'a mut self, chunk: &'a [u8], record: &Found<'_>, sink: &mut dyn Sink) -> Option<Outcome<'a>> {
        let Found { index, event_id, span, .. } = *record;
        let plans = &mut self.plans;
        let values = Values::read(chunk, record.instance, span.end() - 4, &mut self.scratch.root)?;
        let Meaning::Event(system, content) = &plans.plans[index].meaning else { return None };
        let (known, answer) = self.asked.known(event_id, &values, system)?;
        let Some(row) = known.row else {
            return Some(Outcome::Plain(values.text(&plans.plans[index].system()?.computer)?, known.audits));
        };
        let nested = match content {
            Content::Nested(at) if known.has_data => nested(chunk, plans, &values, *at, &mut self.scratch.nested)?,
            _ => None,
        };
        let (data_plan, data) = nested.unwrap_or((index, values));
        let wanted = plans.plans[data_plan].resolve(event_id, row.shape);
        let plans = &plans.plans;
        let system = plans[index].system()?;
        let moment = Moment {
            time: values.time(system.time)?,
            record_id: values.long(system.record_id)?,
            offset: record.base + span.start as u64,
            size: span.size as u32,
        };
        let wanted = wanted.map(|at| plans[data_plan].wanted(at));
        let mut key = None;
        if let (Some(wanted), Some(answer), Place::Fixed(computer)) = (wanted, answer, &system.computer)
            && let Some(parts) = data.range(&wanted.range)
        {
            let key = key.insert(memo::Key { head: [index as u32, data_plan as u32, answer], parts });
            if let Some(known) = self.memo.find(key)
                && sink.again(known.description, &moment)
            {
                return Some(Outcome::Event(Text::Utf16(computer), known.audits));
            }
        }
        let data = EventData { plan: known.has_data.then_some(&plans[data_plan]), wanted, values: data };
        let outcome = whole(row, event_id, system, &moment, &values, &data, sink)?;
        if let (Some(key), Outcome::Event(_, audits), Some(description)) = (key, &outcome, sink.description()) {
            self.memo.keep(&key, memo::Known { description, audits: *audits });
        }
        Some(outcome)
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
) -> Option<Option<(usize, Values<'a, 's>)>> {
    match values.get(index)? {
        (kind::BINXML, bytes) => {
            let start = values.start(index);
            let end = start + bytes.len();
            let instance = Instance::read_nested(chunk, start, end)?;
            let plan = plans.find(chunk, instance.definition)?;
            Some(Some((plan, Values::read(chunk, instance, end, sums)?)))
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
