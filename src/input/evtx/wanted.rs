//! Which records are looked at, and what provider, channel and id say together.

use super::plan::System;
use super::values::Values;
use crate::input::windows::{ids, modern};
use crate::model::event::EventKind;
use crate::model::gathered::Audits;
use crate::model::names::Text;

/// Most answers that are kept; a log has some dozens of combinations.
const MOST: usize = 64;

/// A set of event ids, a bit for each.
#[derive(Debug)]
pub struct Ids([u64; 1024]);

impl Ids {
    /// With the ids of these rows too.
    const fn with(mut self, rows: &[ids::Id]) -> Ids {
        let mut at = 0;
        while at < rows.len() {
            let id = rows[at].id as usize;
            self.0[id / 64] |= 1 << (id % 64);
            at += 1;
        }
        self
    }

    /// True for an id of the set.
    #[inline]
    pub fn has(&self, event_id: u16) -> bool {
        self.0[usize::from(event_id) / 64] & (1 << (event_id % 64)) != 0
    }
}

/// Ids of wanted events.
static WANTED: Ids = Ids([0; 1024]).with(ids::IDS);
/// Ids of wanted events and of those that show an audit category.
static LOOKED_AT: Ids = Ids([0; 1024]).with(ids::IDS).with(&SUCCESSES);

/// Ids that matter where it is known, or not, that successful logons are audited.
#[inline]
pub fn that_matter(successes_shown: bool) -> &'static Ids {
    if successes_shown { &WANTED } else { &LOOKED_AT }
}

/// Successful logons: not wanted, but they show that successes are audited.
const SUCCESSES: [ids::Id; 3] = [
    ids::Id { id: 528, shape: ids::Shape::Classic, kind: EventKind::Success, audits: Audits::LOGON_SUCCESS },
    ids::Id { id: 540, shape: ids::Shape::Classic, kind: EventKind::Success, audits: Audits::LOGON_SUCCESS },
    ids::Id { id: 4624, shape: ids::Shape::Modern, kind: EventKind::Success, audits: Audits::LOGON_SUCCESS },
];

/// The category that a successful logon of this id, provider and channel shows.
fn success_audits(event_id: u16, provider: Text<'_>, channel: Text<'_>) -> Audits {
    match SUCCESSES.iter().find(|row| row.id == event_id) {
        Some(row) if ids::is_audit(row, provider, channel) => row.audits,
        _ => Audits::default(),
    }
}

/// True for the ids of wanted events and of those that show an audit category.
#[inline]
pub fn is_looked_at(event_id: u16) -> bool {
    LOOKED_AT.has(event_id)
}

/// True for the ids of successful logons, which show nothing but [`Audits::LOGON_SUCCESS`].
#[inline]
pub fn is_success(event_id: u16) -> bool {
    SUCCESSES.iter().any(|row| row.id == event_id)
}

/// What provider, channel and id say together.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The row of a wanted event; `None` when the event is not wanted.
    pub row: Option<&'static ids::Id>,
    /// The category that an event that is not wanted shows.
    pub audits: Audits,
    /// False for events of which it is enough to know that they are there.
    pub has_data: bool,
}

impl Known {
    /// Looks it up.
    pub fn of(event_id: u16, provider: Text<'_>, channel: Text<'_>) -> Known {
        let row = ids::wanted(event_id).filter(|row| ids::is_audit(row, provider, channel));
        let has_data = modern::names(event_id).is_none_or(|names| !names.is_empty());
        Known { row, audits: success_audits(event_id, provider, channel), has_data }
    }
}

/// Answers given before, by the raw bytes of provider and channel: a storm asks the same each time.
#[derive(Debug, Default)]
pub struct Asked {
    answers: Vec<Answer>,
}

#[derive(Debug)]
struct Answer {
    event_id: u16,
    /// Types and bytes.
    provider: (u8, Box<[u8]>),
    channel: (u8, Box<[u8]>),
    known: Known,
}

impl Asked {
    /// The same as [`Known::of`], and the number of the answer: equal numbers are equal ids, providers and
    /// channels. No number when the answer is not kept; `None` when provider or channel is no text.
    #[inline]
    pub fn known(&mut self, event_id: u16, values: &Values<'_, '_>, system: &System) -> Option<(Known, Option<u32>)> {
        let (provider, channel) = (values.raw(&system.provider)?, values.raw(&system.channel)?);
        let before = self.answers.iter().position(|answer| {
            let is = |kept: &(u8, Box<[u8]>), raw: (u8, &[u8])| kept.0 == raw.0 && *kept.1 == *raw.1;
            answer.event_id == event_id && is(&answer.provider, provider) && is(&answer.channel, channel)
        });
        match before {
            Some(number) => Some((self.answers[number].known, Some(number as u32))),
            None => self.ask(event_id, values, system),
        }
    }

    fn ask(&mut self, event_id: u16, values: &Values<'_, '_>, system: &System) -> Option<(Known, Option<u32>)> {
        let known = Known::of(event_id, values.text(&system.provider)?, values.text(&system.channel)?);
        if self.answers.len() == MOST {
            return Some((known, None));
        }
        let kept = |raw: (u8, &[u8])| (raw.0, raw.1.into());
        let (provider, channel) = (kept(values.raw(&system.provider)?), kept(values.raw(&system.channel)?));
        self.answers.push(Answer { event_id, provider, channel, known });
        Some((known, Some(self.answers.len() as u32 - 1)))
    }
}
