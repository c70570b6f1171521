//! The templates that were met, and which of them stand where in the chunk at hand.

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
}

impl Plans {
    /// Call before the first record of each chunk: offsets mean another template now. True when all plans
    /// were forgotten, because there are too many: then numbers of plans and computers mean others too.
    pub fn next_chunk(&mut self) -> bool {
        self.here.clear();
        let many = self.plans.len() > MOST;
        if many {
            *self = Plans::default();
        }
        many
    }

    /// The plan of the template whose definition stands at `at`; `None` when it has no known shape.
    #[inline]
    pub fn find(&mut self, chunk: &[u8], at: u32) -> Option<usize> {
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

fn number(computers: &mut Vec<Box<[u8]>>, name: &[u8]) -> u32 {
    let known = computers.iter().position(|known| **known == *name);
    known.unwrap_or_else(|| {
        computers.push(name.into());
        computers.len() - 1
    }) as u32
}
