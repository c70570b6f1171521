//! Which records are looked at, and what provider, channel and id say together.

use crate::input::windows::ids;
use crate::model::event::EventKind;
use crate::model::gathered::Audits;
use crate::model::names::Text;

/// Most answers that are kept; a log has some dozens of combinations.
const MOST: usize = 64;

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
fn success_audits(event_id: u16, provider: Text<'_>, channel: Text<'_>) -> Audits {
    match SUCCESSES.iter().find(|row| row.id == event_id) {
        Some(row) if ids::is_audit(row, provider, channel) => row.audits,
        _ => Audits::default(),
    }
}

/// True for the ids of wanted events and of those that show an audit category.
pub fn is_looked_at(event_id: u16) -> bool {
    LOOKED_AT[usize::from(event_id) / 64] & (1 << (event_id % 64)) != 0
}

/// What provider, channel and id say together.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The row of a wanted event; `None` when the event is not wanted.
    pub row: Option<&'static ids::Id>,
    /// The category that an event that is not wanted shows.
    pub audits: Audits,
}

impl Known {
    /// Looks it up.
    pub fn of(event_id: u16, provider: Text<'_>, channel: Text<'_>) -> Known {
        let row = ids::wanted(event_id).filter(|row| ids::is_audit(row, provider, channel));
        Known { row, audits: success_audits(event_id, provider, channel) }
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
    provider: Box<[u8]>,
    channel: Box<[u8]>,
    known: Known,
}

impl Asked {
    /// The same as [`Known::of`], and the number of the answer: equal numbers are equal ids, providers and
    /// channels. `None` when the answer is not kept.
    pub fn known(&mut self, event_id: u16, provider: Text<'_>, channel: Text<'_>) -> (Known, Option<u32>) {
        let (Text::Utf16(raw_provider), Text::Utf16(raw_channel)) = (provider, channel) else {
            return (Known::of(event_id, provider, channel), None);
        };
        let before = self.answers.iter().position(|answer| {
            answer.event_id == event_id && *answer.provider == *raw_provider && *answer.channel == *raw_channel
        });
        if let Some(number) = before {
            return (self.answers[number].known, Some(number as u32));
        }
        let known = Known::of(event_id, provider, channel);
        if self.answers.len() == MOST {
            return (known, None);
        }
        self.answers.push(Answer { event_id, provider: raw_provider.into(), channel: raw_channel.into(), known });
        (known, Some(self.answers.len() as u32 - 1))
    }
}
