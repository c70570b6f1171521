//! Where the wanted bytes lie in a record that has size, template and descriptors of an earlier one.
//!
//! Records of one template mostly differ in their values alone. Then every sum that was done for the
//! earlier one holds for the later one too.

use std::ops::Range;

use super::header::u64_at;
use super::plans::Plans;
use super::values::{Instance, Values, is_filetime};
use crate::input::memo::Key;
use crate::model::time::Ticks;

/// Patterns that are kept. Names of different lengths make records of different sizes.
const SLOTS: usize = 64;

/// What records of one pattern have in common before anything of their values is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Bytes of the record.
    pub size: usize,
    /// Number of the template's plan.
    pub plan: u32,
    /// Event id.
    pub event_id: u16,
}

impl Sort {
    fn slot(&self) -> usize {
        (self.size / 8 + self.plan as usize * 7 + usize::from(self.event_id)) % SLOTS
    }
}

/// The values of one fragment; offsets count from the start of the record.
#[derive(Debug)]
struct Part {
    descriptors: Box<[u8]>,
    values: Range<usize>,
    /// End of the fragment.
    end: usize,
}

impl Part {
    fn of(values: &Values<'_, '_>, start: usize, end: usize) -> Part {
        let place = values.place();
        let descriptors = values.descriptors().into();
        Part { descriptors, values: place.start - start..place.end - start, end: end - start }
    }

    /// True when the instance has these descriptors, so that its values lie where those of the part do.
    #[inline]
    fn fits(&self, chunk: &[u8], start: usize, instance: &Instance) -> bool {
        let ends = self.values.end == self.end || chunk.get(start + self.values.end) == Some(&0);
        ends && instance.values() == start + self.values.start
            && instance.descriptors(chunk) == Some(&*self.descriptors)
    }
}

/// The fragment with the event's own data.
#[derive(Debug)]
struct Nested {
    plan: u32,
    /// Where it starts.
    at: usize,
    part: Part,
}

/// Where everything lies; offsets count from the start of the record.
#[derive(Debug)]
pub struct Pattern {
    sort: Sort,
    root: Part,
    nested: Option<Nested>,
    time: usize,
    record_id: usize,
    /// Values that must be the same.
    equal: Vec<(Range<usize>, Box<[u8]>)>,
    head: [u32; 3],
    parts: [Range<usize>; 2],
}

/// What a pattern finds in a record.
#[derive(Debug)]
pub struct Seen<'a> {
    /// When it was generated.
    pub time: Ticks,
    /// EventRecordID.
    pub record_id: u64,
    /// Its wanted values.
    pub key: Key<'a>,
}

/// A record whose values were added up.
#[derive(Debug)]
pub struct Sample<'v> {
    /// Where the record starts in the chunk, and where its fragment ends.
    pub place: Range<usize>,
    /// Its values.
    pub root: &'v Values<'v, 'v>,
    /// The fragment with its data, where that is not the record's own: plan, place and values.
    pub nested: Option<(usize, Range<usize>, &'v Values<'v, 'v>)>,
    /// Indexes of TimeCreated and EventRecordID.
    pub moment: [usize; 2],
    /// Indexes of values that must be the same in all records of the pattern.
    pub equal: Vec<usize>,
    /// What two events of one description have in common besides their values.
    pub head: [u32; 3],
    /// Where descriptors and bytes of the wanted values lie in the chunk.
    pub parts: [Range<usize>; 2],
}

impl Pattern {
    /// The pattern of a record.
    pub fn of(sort: Sort, chunk: &[u8], sample: Sample<'_>) -> Pattern {
        let Range { start, end } = sample.place;
        let nested = sample.nested.map(|(plan, place, values)| Nested {
            plan: plan as u32,
            at: place.start - start,
            part: Part::of(values, start, place.end),
        });
        let [time, record_id] = sample.moment.map(|index| sample.root.start(index) - start);
        let from_start = |range: &Range<usize>| range.start - start..range.end - start;
        let equal = sample.equal.iter().filter_map(|index| sample.root.range(&(*index..index + 1)));
        Pattern {
            sort,
            root: Part::of(sample.root, start, end),
            nested,
            time,
            record_id,
            equal: equal.map(|[_, value]| (from_start(&value), chunk[value].into())).collect(),
            head: sample.head,
            parts: sample.parts.each_ref().map(from_start),
        }
    }

    #[inline]
    fn see<'a>(&self, chunk: &'a [u8], start: usize, instance: &Instance, plans: &mut Plans) -> Option<Seen<'a>> {
        self.root.fits(chunk, start, instance).then_some(())?;
        if let Some(Nested { plan, at, part }) = &self.nested {
            let instance = Instance::read_nested(chunk, start + at, start + part.end)?;
            part.fits(chunk, start, &instance).then_some(())?;
            (plans.find(chunk, instance.definition)? == *plan as usize).then_some(())?;
        }
        let time = u64_at(chunk, start + self.time).filter(|time| is_filetime(*time))?;
        let part = |range: &Range<usize>| chunk.get(start + range.start..start + range.end);
        self.equal.iter().all(|(range, bytes)| part(range) == Some(bytes)).then_some(())?;
        Some(Seen {
            time: Ticks::from_filetime(time),
            record_id: u64_at(chunk, start + self.record_id)?,
            key: Key { head: self.head, parts: [part(&self.parts[0])?, part(&self.parts[1])?] },
        })
    }
}

/// Patterns by the sort of their records.
#[derive(Debug, Default)]
pub struct Patterns {
    slots: Vec<Option<Pattern>>,
}

impl Patterns {
    /// Forgets everything: numbers of plans mean something else now.
    pub fn clear(&mut self) {
        self.slots.clear();
    }

    /// Takes the bytes of a record, which starts at `start`, by the pattern of an earlier one; `None` when
    /// there is none that fits.
    #[inline]
    pub fn find<'a>(
        &self,
        sort: &Sort,
        chunk: &'a [u8],
        start: usize,
        instance: &Instance,
        plans: &mut Plans,
    ) -> Option<Seen<'a>> {
        let pattern = self.slots.get(sort.slot())?.as_ref()?;
        if pattern.sort == *sort { pattern.see(chunk, start, instance, plans) } else { None }
    }

    /// Keeps a pattern, in place of another.
    pub fn keep(&mut self, pattern: Pattern) {
        if self.slots.is_empty() {
            self.slots.resize_with(SLOTS, || None);
        }
        let slot = pattern.sort.slot();
        self.slots[slot] = Some(pattern);
    }
}
