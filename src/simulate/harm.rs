//! What can happen to a server's log besides losing single records: it is cleared and its numbers
//! start again, it is full and drops the newest or overwrites the oldest, records stand out of
//! order, and somebody exports it a second time without record numbers.

use super::event::{CLASSIC, Data, WrittenEvent};
use super::retry::DAY;
use super::world::{Made, World};
use crate::model::time::Ticks;

/// Records of 248 bytes that the default log of Windows NT 4.0 to 2003 holds, 512 KB (KB Q131605).
const DEFAULT_LOG: usize = 2_114;
/// Every so many records two neighbours change places, if they are this close in seconds.
const DISORDER: (usize, f64) = (7, 5.0);

/// What a full log does (KB Q131605).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Full {
    /// It is never full.
    #[default]
    Never,
    /// Overwrites as needed: so many of the newest records are left each night.
    KeepsNewest(usize),
    /// Does not overwrite: so many records are kept and the newer ones are not written.
    KeepsOldest(usize),
}

/// What happened to one server's log.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Harm {
    /// When it was cleared, in seconds since the start of the span.
    pub(super) cleared: Option<f64>,
    pub(super) full: Full,
    pub(super) out_of_order: bool,
    /// The second night's export exists a second time, as text without record numbers.
    pub(super) copied: bool,
}

impl Harm {
    /// What the damaged fleet's servers suffer, in their order: all there is, on one or the other.
    pub(super) fn of_server(index: usize, span: f64) -> Self {
        match index {
            0 => Self { cleared: Some((0.55 * span).floor()), copied: true, ..Self::default() },
            1 => Self { full: Full::KeepsOldest(DEFAULT_LOG), out_of_order: true, ..Self::default() },
            _ => Self { full: Full::KeepsNewest(DEFAULT_LOG), ..Self::default() },
        }
    }

    /// In words, for `truth.json`.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if self.cleared.is_some() {
            words.push("cleared, record numbers start again");
        }
        match self.full {
            Full::Never => {}
            Full::KeepsNewest(_) => words.push("full: the oldest records are overwritten"),
            Full::KeepsOldest(_) => words.push("full: the newest records are dropped"),
        }
        if self.out_of_order {
            words.push("records out of order");
        }
        if self.copied {
            words.push("one export twice, the copy without record numbers");
        }
        words.into_iter().map(str::to_owned).collect()
    }
}

/// Takes out of the world what no export will hold. Events are sorted by server and time.
pub(super) fn lose(world: &mut World) {
    let harms: Vec<Harm> = world.servers.iter().map(|server| server.harm).collect();
    let times = |server: usize| world.events.iter().filter(move |made| made.server == server).map(|made| made.at);
    let logs: Vec<Vec<f64>> = (0..harms.len()).map(|server| times(server).collect()).collect();
    let mut seen = vec![0; harms.len()];
    world.events.retain(|made| {
        let at = seen[made.server];
        seen[made.server] += 1;
        survives(&harms[made.server], &logs[made.server], at)
    });
}

/// True if an export holds event `at` of a log with these times.
fn survives(harm: &Harm, log: &[f64], at: usize) -> bool {
    let time = log[at];
    // cleared before the next export
    let gone = harm.cleared.is_some_and(|cleared| time < cleared && time >= (cleared / DAY).floor() * DAY);
    let fits = match harm.full {
        Full::Never => true,
        Full::KeepsOldest(most) => at < most,
        Full::KeepsNewest(most) => {
            let night = ((time / DAY).floor() + 1.0) * DAY;
            log.partition_point(|other| *other < night) - at <= most
        }
    };
    fits && !gone
}

/// A server's events as they stand in its log, with their record numbers.
pub(super) struct Numbered<'a> {
    pub(super) events: Vec<&'a Made>,
    /// Position of the first event behind the clearing, and when that was.
    cleared: Option<(usize, f64)>,
    full: Full,
}

impl<'a> Numbered<'a> {
    /// `events` are in order of time.
    pub(super) fn new(mut events: Vec<&'a Made>, harm: &Harm) -> Self {
        if harm.out_of_order {
            let (every, close) = DISORDER;
            for at in (0..events.len().saturating_sub(1)).step_by(every) {
                let (a, b) = (events[at].at, events[at + 1].at);
                if b - a < close && (a / DAY).floor() == (b / DAY).floor() {
                    events.swap(at, at + 1);
                }
            }
        }
        let cleared = harm.cleared.map(|cleared| (events.partition_point(|made| made.at < cleared), cleared));
        Self { events, cleared, full: harm.full }
    }

    /// The part of `first..last` that the log still holds at `to`.
    pub(super) fn held(&self, first: usize, last: usize, to: f64) -> std::ops::Range<usize> {
        let first = match self.cleared {
            Some((at, cleared)) if to > cleared => first.max(at),
            _ => first,
        };
        let first = match self.full {
            Full::KeepsNewest(most) => first.max(last.saturating_sub(most)),
            // the log that never changes again is exported whole every night
            Full::KeepsOldest(_) => 0,
            Full::Never => first,
        };
        first..last.max(first)
    }

    /// Record number of the event at a position: behind the clearing, whose own record is the first,
    /// they start again.
    pub(super) fn id(&self, at: usize) -> u64 {
        match self.cleared {
            Some((from, _)) if at >= from => (at - from) as u64 + 2,
            _ => at as u64 + 1,
        }
    }

    /// When the log was cleared, if an export of `from..to` begins with the record that tells it.
    pub(super) fn cleared_in(&self, from: f64, to: f64) -> Option<f64> {
        self.cleared.map(|(_, cleared)| cleared).filter(|cleared| (from..to).contains(cleared))
    }
}

/// The first record of a cleared log, event 517 (KB Q174074).
pub(super) fn clearing(computer: &str, time: Ticks) -> WrittenEvent<'_> {
    let strings = ["SYSTEM", "NT AUTHORITY", "(0x0,0x3E7)", "admin", "CORP", "(0x0,0x1A2B3)"];
    let data = Data::Strings(strings.map(Into::into).to_vec());
    WrittenEvent { record_id: 1, time, event_id: 517, failure: false, computer, provider: CLASSIC, data }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(harm: Harm, log: &[f64]) -> Vec<usize> {
        (0..log.len()).filter(|at| survives(&harm, log, *at)).collect()
    }

    #[test]
    fn a_cleared_log_loses_the_day_before_and_full_logs_one_end() {
        let log = [100.0, DAY + 100.0, DAY + 200.0, DAY + 5000.0, 2.0 * DAY + 1.0];
        let cleared = Harm { cleared: Some(DAY + 3000.0), ..Harm::default() };
        assert_eq!(kept(cleared, &log), [0, 3, 4]);
        assert_eq!(kept(Harm { full: Full::KeepsOldest(2), ..Harm::default() }, &log), [0, 1]);
        assert_eq!(kept(Harm { full: Full::KeepsNewest(2), ..Harm::default() }, &log), [0, 2, 3, 4]);
    }
}
