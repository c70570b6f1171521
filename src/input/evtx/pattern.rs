//! Where the wanted bytes lie in a record that has size, template and descriptors of an earlier one.
//!
//! Records of one template mostly differ in their values alone. Then every sum that was done for the
//! earlier one holds for the later one too.

use std::collections::HashMap;
use std::ops::Range;

use super::header::{u32_at, u64_at};
use super::plans::Plans;
use super::values::{Values, is_filetime};
use crate::input::memo::Key;
use crate::model::time::Ticks;

/// Sets in which patterns are kept; names of different lengths make records of different sizes.
const SETS: usize = 128;
/// Patterns of one set: records of one size may have names of different lengths.
const WAYS: usize = 8;
/// Forms that are numbered at most.
const FORMS: usize = 4096;
/// Bytes of provider, channel and what lies between them in a record that has a pattern: more is no ordinary
/// record.
const EQUAL: usize = 512;
/// Bytes of a template instance before its count of values, where the definition stands elsewhere.
const INSTANCE: usize = 10;

/// What records of one pattern have in common before anything of their values is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Bytes of the record.
    pub size: u32,
    /// Bytes of its last value, in which the names mostly are.
    pub last: u32,
    /// Number of the template's plan.
    pub plan: u32,
    /// Event id.
    pub event_id: u32,
}

impl Sort {
    #[inline]
    fn set(&self) -> usize {
        (self.size / 8 + self.last + self.plan * 37 + self.event_id) as usize % SETS
    }
}

/// The values of one fragment; offsets count from the start of the record.
#[derive(Debug)]
struct Part {
    /// Where the template instance starts.
    at: usize,
    /// Count and descriptors of its values.
    descriptors: Box<[u8]>,
    /// What must be 0, unless the values end with the fragment.
    zero: Option<usize>,
}

impl Part {
    /// The part of an instance that starts at `at` in the chunk; `None` where its definition follows at
    /// once, so that the values of others lie elsewhere.
    fn of(chunk: &[u8], values: &Values<'_, '_>, record: &Range<usize>, at: usize, end: usize) -> Option<Part> {
        let place = values.place();
        let count = at + INSTANCE;
        let stands_alone = count + 4 + values.descriptors().len() == place.start;
        let zero = (place.end != end).then_some(place.end - record.start);
        stands_alone.then(|| Part { at: at - record.start, descriptors: chunk[count..place.start].into(), zero })
    }

    /// The definition of an instance with these descriptors, so that its values lie where those of the part
    /// do; `record` starts at `start` in the chunk.
    #[inline]
    fn definition(&self, record: &[u8], start: usize) -> Option<u32> {
        let count = self.at + INSTANCE;
        let head = record.get(self.at..)?.first_chunk::<INSTANCE>()?;
        let definition = u32_at(head, 6)?;
        let same = head[0] == 0x0c
            && definition as usize != start + count
            && record.get(count..count + self.descriptors.len()) == Some(&*self.descriptors)
            && self.zero.is_none_or(|at| record.get(at) == Some(&0));
        same.then_some(definition)
    }
}

/// The fragment with the event's own data.
#[derive(Debug)]
struct Nested {
    plan: u32,
    /// Where it starts, and with which byte: with or without a fragment header.
    start: (usize, u8),
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
    /// Bytes that must be the same, and where they lie.
    equal: (usize, Box<[u8]>),
    /// The number of the form.
    pub form: u32,
    wanted: Range<usize>,
}

/// A record whose values were added up.
#[derive(Debug)]
pub struct Sample<'v> {
    /// Where the record starts in the chunk, and where its fragment ends.
    pub place: Range<usize>,
    /// Where its template instance starts in the chunk.
    pub at: usize,
    /// Its values.
    pub root: &'v Values<'v, 'v>,
    /// The fragment with its data, where that is not the record's own: plan, place and values.
    pub nested: Option<(usize, Range<usize>, &'v Values<'v, 'v>)>,
    /// Indexes of TimeCreated and EventRecordID.
    pub moment: [usize; 2],
    /// Indexes of values that must be the same in all records of the pattern.
    pub equal: Range<usize>,
    /// The number of its form.
    pub form: u32,
    /// Where the wanted values lie in the chunk.
    pub wanted: Range<usize>,
}

impl Pattern {
    /// The pattern of a record; `None` where no other record can have it.
    pub fn of(sort: Sort, chunk: &[u8], sample: Sample<'_>) -> Option<Pattern> {
        let record = &sample.place;
        let start = record.start;
        let nested = match sample.nested {
            None => None,
            Some((plan, place, values)) => {
                let first = chunk[place.start];
                let at = place.start + if first == 0x0f { 4 } else { 0 };
                let part = Part::of(chunk, values, record, at, place.end)?;
                Some(Nested { plan: plan as u32, start: (place.start - start, first), part })
            }
        };
        let [time, record_id] = sample.moment.map(|index| sample.root.start(index) - start);
        let from_start = |range: &Range<usize>| range.start - start..range.end - start;
        let [_, equal] = sample.root.range(&sample.equal)?;
        let differs = sample.moment.iter().any(|index| sample.equal.contains(index));
        (equal.len() <= EQUAL && !differs).then_some(())?;
        Some(Pattern {
            sort,
            root: Part::of(chunk, sample.root, record, sample.at, record.end)?,
            nested,
            time,
            record_id,
            equal: (equal.start - start, chunk[equal].into()),
            form: sample.form,
            wanted: from_start(&sample.wanted),
        })
    }

    /// True for a record of this pattern, which starts at `start` in its chunk.
    #[inline]
    fn fits(&self, record: &[u8], start: usize, plans: &Plans) -> bool {
        let (at, bytes) = &self.equal;
        let is_nested = |nested: &Nested| {
            let (at, first) = nested.start;
            let definition = nested.part.definition(record, start);
            record.get(at) == Some(&first)
                && definition.is_some_and(|definition| plans.plan_at(definition) == Some(nested.plan))
        };
        self.root.definition(record, start).is_some()
            && self.nested.as_ref().is_none_or(is_nested)
            && (bytes.is_empty() || record.get(*at..at + bytes.len()) == Some(bytes))
    }

    /// When a record of this pattern was generated; `None` for what is no time.
    #[inline]
    pub fn time(&self, record: &[u8]) -> Option<Ticks> {
        u64_at(record, self.time).filter(|time| is_filetime(*time)).map(Ticks::from_filetime)
    }

    /// EventRecordID of a record of this pattern.
    #[inline]
    pub fn record_id(&self, record: &[u8]) -> Option<u64> {
        u64_at(record, self.record_id)
    }

    /// What a record of this pattern says.
    #[inline]
    pub fn key<'a>(&self, record: &'a [u8]) -> Option<Key<'a>> {
        Some(Key { form: self.form, parts: [record.get(self.wanted.clone())?, &[]] })
    }
}

/// Patterns by the sort of their records.
#[derive(Debug, Default)]
pub struct Patterns {
    /// Sets behind each other, in each the newest first.
    kept: Vec<Option<Pattern>>,
    forms: HashMap<Box<[u8]>, u32>,
    /// Where the bytes of a form are put together.
    room: Vec<u8>,
}

impl Patterns {
    /// Forgets everything: there are too many forms, or numbers of plans mean something else now.
    pub fn clear(&mut self) {
        *self = Patterns::default();
    }

    /// True when so many forms are numbered that everything should be forgotten.
    pub fn is_full(&self) -> bool {
        self.forms.len() >= FORMS
    }

    /// The number of a form: what two events of one description have in common besides their wanted values,
    /// and the descriptors of these.
    pub fn form(&mut self, common: [u32; 3], descriptors: &[u8]) -> u32 {
        self.room.clear();
        common.iter().for_each(|number| self.room.extend_from_slice(&number.to_le_bytes()));
        self.room.extend_from_slice(descriptors);
        if let Some(known) = self.forms.get(&*self.room) {
            return *known;
        }
        let number = self.forms.len() as u32;
        self.forms.insert(self.room.as_slice().into(), number);
        number
    }

    /// The pattern of a record, which starts at `start` in its chunk; `None` when none fits.
    #[inline]
    pub fn find(&self, sort: &Sort, record: &[u8], start: usize, plans: &Plans) -> Option<&Pattern> {
        let first = sort.set() * WAYS;
        let set = self.kept.get(first..first + WAYS)?;
        let kept = set.iter().map_while(Option::as_ref);
        kept.filter(|pattern| pattern.sort == *sort).find(|pattern| pattern.fits(record, start, plans))
    }

    /// Keeps a pattern, in place of an old one where there are many.
    pub fn keep(&mut self, pattern: Pattern) {
        if self.kept.is_empty() {
            self.kept.resize_with(SETS * WAYS, || None);
        }
        let first = pattern.sort.set() * WAYS;
        let set = &mut self.kept[first..first + WAYS];
        set.rotate_right(1);
        set[0] = Some(pattern);
    }
}
