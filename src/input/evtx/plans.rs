//! The templates that were met, and which of them stand where in the chunk at hand.

use super::likeness::Room;
use super::plan::{self, Mark, Place, Plan};
use crate::input::runs::Logger;

/// Most plans that are kept; a log has some dozens of templates.
const MOST: usize = 512;

/// What every record of a template is asked.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Index of EventID.
    pub event_id: usize,
    /// Number of the computer's name; `None` when it is not in the template.
    pub computer: Option<u32>,
}

/// Sets of places in which a template of the chunk at hand is found at once; a power of two.
const SETS: usize = 64;
/// Places of one set: a template and the one nested in it must not drive each other out.
const WAYS: usize = 2;
/// Stands for no computer and for no index.
pub const NONE: u32 = u32::MAX;

/// Count of values, and the descriptors of the first four: mostly these tell where EventID lies.
pub type Start = [u8; 20];

/// A template of the chunk at hand, as far as one look at a record needs it.
#[derive(Clone, Copy, Debug)]
pub struct Here {
    /// Which chunk this is about, and the offset of its definition there; see [`place`].
    place: u64,
    /// Number of its plan.
    pub plan: u32,
    /// Number of the computer's name; [`NONE`] when it is not in the template.
    pub computer: u32,
    /// Index of EventID; [`NONE`] for a nested fragment.
    pub event_id: u32,
    /// How the values of a record started.
    pub start: Start,
    /// Where that record's EventID was, from its start; [`NONE`] before the first one.
    pub event_id_at: u32,
}

const NOWHERE: Here = Here { place: 0, plan: NONE, computer: NONE, event_id: NONE, start: [0; 20], event_id_at: NONE };

/// A definition's place among those of all chunks, which are counted from 1: 0 is none.
#[inline]
fn place(chunk: u64, at: u32) -> u64 {
    chunk << 32 | u64::from(at)
}

/// The plans of all templates seen.
#[derive(Debug, Default)]
pub struct Plans {
    plans: Vec<Plan>,
    /// Parallel to `plans`: most templates are told apart by their marks.
    marks: Vec<Mark>,
    /// Parallel to `plans`; `None` for nested fragments.
    heads: Vec<Option<Head>>,
    /// Names of computers in templates, each once.
    computers: Vec<Box<[u8]>>,
    /// Templates of the chunk at hand: offset of the definition and index of its plan.
    here: Vec<(u32, Option<u32>)>,
    /// Those that were met last, in sets by their offset, the newest first.
    places: Vec<[Here; WAYS]>,
    /// Counts chunks.
    chunk: u64,
    /// Where definitions are compared.
    room: Room,
}

impl Plans {
    /// Call before the first record of each chunk: offsets mean another template now. True when all plans
    /// were forgotten, because there are too many: then numbers of plans and computers mean others too.
    pub fn next_chunk(&mut self) -> bool {
        self.here.clear();
        self.places.resize(SETS, [NOWHERE; WAYS]);
        self.chunk += 1;
        let many = self.plans.len() > MOST;
        if many {
            *self = Plans::default();
        }
        many
    }

    /// The plan of the template whose definition stands at `at`; `None` when it has no known shape.
    pub fn find(&mut self, chunk: &[u8], at: u32) -> Option<usize> {
        let known = self.here.iter().find(|known| known.0 == at);
        let index = match known {
            Some(known) => known.1.map(|index| index as usize),
            None => {
                let index = self.find_or_learn(chunk, at as usize);
                self.here.push((at, index.map(|index| index as u32)));
                index
            }
        };
        if let Some(index) = index {
            self.put(at, index);
        }
        index
    }

    /// Makes a template one that is found at once.
    fn put(&mut self, at: u32, index: usize) {
        if self.at(at).is_some() {
            return;
        }
        let head = self.heads[index];
        let computer = head.and_then(|head| head.computer).unwrap_or(NONE);
        let event_id = head.map_or(NONE, |head| head.event_id as u32);
        if let Some(set) = self.places.get_mut(set(at)) {
            set.rotate_right(1);
            set[0] = Here { place: place(self.chunk, at), plan: index as u32, computer, event_id, ..NOWHERE };
        }
    }

    /// The template whose definition stands at `at`, if it was met lately.
    #[inline]
    pub fn at(&mut self, at: u32) -> Option<&mut Here> {
        let place = place(self.chunk, at);
        self.places.get_mut(set(at))?.iter_mut().find(|here| here.place == place)
    }

    /// The plan of the template whose definition stands at `at`, if it was met lately.
    #[inline]
    pub fn plan_at(&self, at: u32) -> Option<u32> {
        let place = place(self.chunk, at);
        self.places.get(set(at))?.iter().find(|here| here.place == place).map(|here| here.plan)
    }

    fn find_or_learn(&mut self, chunk: &[u8], at: usize) -> Option<usize> {
        let mark = plan::mark(chunk, at)?;
        let mut known = self.marks.iter().zip(&self.plans);
        if let Some(index) = known.position(|(other, plan)| *other == mark && plan.fits(chunk, at, &mut self.room)) {
            return Some(index);
        }
        let plan = Plan::learn(chunk, at)?;
        let head = plan.system().map(|system| Head {
            event_id: system.event_id,
            computer: match &system.computer {
                Place::Fixed(name) => Some(number(&mut self.computers, name)),
                Place::Value(_) => None,
            },
        });
        self.plans.push(plan);
        self.marks.push(mark);
        self.heads.push(head);
        Some(self.plans.len() - 1)
    }

    /// What every record of a template is asked; `None` for a nested fragment.
    #[inline]
    pub fn head(&self, index: usize) -> Option<Head> {
        self.heads[index]
    }

    /// The computer with this number.
    #[inline]
    pub fn computer(&self, number: u32) -> Logger<'_> {
        Logger::Fixed(number, &self.computers[number as usize])
    }

    /// A plan.
    #[inline]
    pub fn get(&self, index: usize) -> &Plan {
        &self.plans[index]
    }

    /// A plan, to resolve what is wanted.
    pub fn get_mut(&mut self, index: usize) -> &mut Plan {
        &mut self.plans[index]
    }
}

/// The set of places in which a template is found at once.
#[inline]
fn set(at: u32) -> usize {
    (at.wrapping_mul(0x9e37_79b9) >> (32 - SETS.trailing_zeros())) as usize
}

fn number(computers: &mut Vec<Box<[u8]>>, name: &[u8]) -> u32 {
    let known = computers.iter().position(|known| **known == *name);
    known.unwrap_or_else(|| {
        computers.push(name.into());
        computers.len() - 1
    }) as u32
}
