//! The memory budget. Everything is kept as long as it fits. Then the events are counted per
//! workstation only, and a second reading keeps those of the workstations with most failures.

use std::collections::{HashMap, HashSet};
use std::io;

use super::Progress;
use super::accounts::beyond;
use super::filter::lets_through;
use super::options::Options;
use super::sieved::sieve;
use crate::input::collect::{Kept, PIECE, REMEMBERED, Sieve};
use crate::input::gather as read;
use crate::model::config::Param;
use crate::model::count::count as thousands;
use crate::model::event::{Event, EventKind, Who};
use crate::model::gathered::Gathered;
use crate::model::names::{NameId, Names};
use crate::model::timeline::Timeline;
use crate::model::workstation::{address, canonical};
use crate::timeline::Room;
use crate::timeline::survey::{Survey, row_name};

/// Bytes that one event takes until it is part of a train.
const EVENT: u64 = 40;
/// The same for one distinct description with its keys, without its names. Measured, as the two below, with
/// netlogon.log of a million failures: new names of 8 to 60 characters in one or two fields, 160 to 201.
const WHO: u64 = 225;
/// The same on top for a train of a workstation with many accounts: its sums, and its line in the row. 940 to
/// 1,040.
const TRAIN: u64 = 1050;
/// How often a byte of a name's text is there: as logged, as key, and as name of a row.
const TEXTS: u64 = 3;
/// The same for one attempt of a client, from the line to the report. The attempts themselves take a tenth of
/// what they took when this was measured: it is on the safe side.
const ATTEMPT: u64 = 340;
/// Of the events that are kept one in so many may be of workstations that have more than their share:
/// thinly, but to the end.
const SPARSE: u64 = 4;
/// Such events are at least so many seconds apart: closer than two waits of 60 s (KB Q287626), so that a
/// storm that goes on is seen to.
const SHORTEST_STEP: u64 = 60;
/// Taken whatever is read: the program, its readers' buffers.
const FIXED: u64 = 16 << 20;
/// How many times over a night holds what was seen: the state, the state as the next night reads it, what
/// is analysed, its trains and the reports. Measured with a million failures.
const NIGHT: u64 = 5;
/// Bytes on top for each workstation of a night: its row, and what is remembered of it. Measured with a million
/// workstations.
const ROW: u64 = 2700;
/// Distinct descriptions that each workstation may have at least in the second reading, more where few
/// workstations share the room: a machine that tries more accounts than that is a spray after the first
/// few.
const DESCRIPTIONS: u64 = 4096;

/// The budget of a run, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    whole: u64,
    usable: u64,
}

impl Budget {
    /// The budget that the options give; without one there is no limit.
    pub(super) fn new(options: &Options) -> Self {
        let whole = if options.memory == 0 { u64::MAX } else { options.memory };
        Self { whole, usable: whole.saturating_sub(FIXED).max(whole / 2) / 8 * 7 }
    }

    /// What the timeline may keep of what was read.
    pub(super) fn room(&self, gathered: &Gathered, options: &Options) -> Room {
        let room = match options.listed_only {
            true => Room::listed(options.keep_records(), &options.thresholds),
            false => Room::unlimited(options.keep_records()),
        };
        let taken = cost(gathered.events.len(), gathered.whos.len(), &gathered.names);
        let bytes = self.usable.saturating_sub(taken).max(self.usable / 8);
        Room { bytes: Some(bytes), names: options.names.clone(), ..room }
    }

    fn remembered(&self) -> usize {
        usize::try_from(self.whole / 16 / WHO).unwrap_or(usize::MAX).min(REMEMBERED)
    }

    fn piece(&self) -> usize {
        usize::try_from(self.whole / 32).unwrap_or(usize::MAX).min(PIECE)
    }

    fn attempts(&self) -> usize {
        usize::try_from(self.whole / 4 / ATTEMPT).unwrap_or(usize::MAX)
    }

    fn counters(&self, options: &Options) -> usize {
        usize::try_from(self.whole / 16 / 128).unwrap_or(usize::MAX).min(options.thresholds[Param::Counters] as usize)
    }
}

/// Seconds that the servers' logs span together.
fn span_s(gathered: &Gathered) -> u64 {
    let spans = || gathered.coverage.iter().filter(|coverage| coverage.first > 0);
    let first = spans().map(|coverage| coverage.first).min();
    let last = spans().map(|coverage| coverage.last).max();
    first.zip(last).map_or(0, |(first, last)| last.saturating_sub(first).unsigned_abs())
}

fn cost(events: usize, whos: usize, names: &Names) -> u64 {
    let names = names.text_bytes() as u64 * TEXTS + names.index_bytes() as u64;
    events as u64 * EVENT + whos as u64 * WHO + names
}

/// About how many bytes a night takes that has seen this, of so many workstations: nothing of it is left out for
/// any budget, as what is not kept would count again.
pub(super) fn of_night(seen: &Gathered, workstations: usize) -> u64 {
    let attempts: usize = seen.clients.iter().map(|log| log.attempts.len()).sum();
    let rows = workstations as u64 * ROW;
    FIXED + NIGHT * cost(seen.events.len(), seen.whos.len(), &seen.names) + rows + attempts as u64 * ATTEMPT
}

/// What the budget did not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lost {
    budget: u64,
    /// No workstation with more failures than this was left out.
    bound: u64,
    /// Failures of workstations that were left out.
    others: u64,
    /// Most failures that were kept of one workstation, and how many were not.
    most: u64,
    beyond: u64,
    /// Failures with more descriptions than one workstation may have.
    descriptions: u64,
    /// Lockouts and other context events.
    context: u64,
    /// The inputs changed from the first reading to the second.
    changed: bool,
}

/// Reads the paths within the budget.
pub(super) fn gather(options: &Options, budget: &Budget, progress: &dyn Progress) -> io::Result<(Gathered, Lost)> {
    let mut first = First { options, budget, survey: None };
    let mut gathered = read(&options.paths, &options.input, options.threads, &mut first, progress)?;
    let Some(mut survey) = first.survey else {
        let lost = within(&mut gathered, options, budget);
        return Ok((gathered, lost));
    };
    survey.add(&gathered.events, &gathered.whos, &|id| gathered.names.text(id));
    let before = (gathered.files.clone(), gathered.records);
    let mut second = Second::new(options, budget, &survey, &gathered);
    // What was read goes before it is read again.
    drop((survey, gathered));
    let gathered = read(&options.paths, &options.input, options.threads, &mut second, &Again(progress))?;
    second.lost.changed = before != (gathered.files.clone(), gathered.records);
    Ok((gathered, second.lost))
}

/// Where what was read fits and only the trains to be made of it do not: keeps what a second reading would.
fn within(gathered: &mut Gathered, options: &Options, budget: &Budget) -> Lost {
    let read = cost(gathered.events.len(), gathered.whos.len(), &gathered.names);
    let fit = |trains: u64| read + trains * TRAIN <= budget.usable;
    if fit(gathered.whos.len() as u64) || fit(beyond(&gathered.whos, &gathered.names)) {
        return Lost::default();
    }
    let mut survey = Survey::new(budget.counters(options));
    survey.add(&gathered.events, &gathered.whos, &|id| gathered.names.text(id));
    let mut second = Second::new(options, budget, &survey, gathered);
    sieve(gathered, &mut second);
    second.lost
}

/// The progress of the second reading: what is to be told was told by the first.
struct Again<'a>(&'a dyn Progress);

impl Progress for Again<'_> {
    fn at(&self, done: u64, total: u64) {
        self.0.at(done, total);
    }
}

/// Number of events that are wanted, and of those that are not.
const WANTED: u32 = 0;
const UNWANTED: u32 = 1;

fn is_wanted<'t>(options: &Options, who: &Who, text: &dyn Fn(NameId) -> &'t str) -> bool {
    lets_through(&options.filters, text, who)
}

fn in_span(options: &Options, event: &Event) -> bool {
    let sec = i64::from(event.sec);
    options.from.is_none_or(|from| from <= sec) && options.to.is_none_or(|to| sec < to)
}

/// The first reading: everything, or the counts of everything.
struct First<'o> {
    options: &'o Options,
    budget: &'o Budget,
    survey: Option<Survey>,
}

impl Sieve for First<'_> {
    fn piece(&self) -> usize {
        self.budget.piece()
    }

    fn attempts(&self) -> usize {
        self.budget.attempts()
    }

    fn judge<'t>(&mut self, who: &Who, text: &dyn Fn(NameId) -> &'t str) -> u32 {
        if is_wanted(self.options, who, text) { WANTED } else { UNWANTED }
    }

    fn admit(&mut self, number: u32, event: &Event, _known: &dyn Fn() -> bool) -> bool {
        number == WANTED && in_span(self.options, event)
    }

    fn keeps_all(&self, number: u32) -> bool {
        number == WANTED && self.options.from.is_none() && self.options.to.is_none()
    }

    fn after_piece(&mut self, kept: &Kept<'_>) -> bool {
        let limit = if self.survey.is_none() { self.budget.usable } else { self.budget.usable / 8 };
        if cost(kept.events.len(), kept.whos.len(), kept.names) <= limit {
            return false;
        }
        let counters = self.budget.counters(self.options);
        let survey = self.survey.get_or_insert_with(|| Survey::new(counters));
        survey.add(kept.events, kept.whos, &|id| kept.names.text(id));
        true
    }

    fn remembered(&self) -> usize {
        self.budget.remembered()
    }
}

/// The second reading: the workstations with most failures, and of the others as many as fit.
struct Second<'o> {
    options: &'o Options,
    budget: &'o Budget,
    /// Numbers from 3 on.
    heavy: HashMap<String, u32>,
    /// Computers' names, as logged, whose number was asked for last: one that tries many accounts has many
    /// descriptions.
    recent: [(String, u32); 4],
    /// Events and descriptions kept, per heavy workstation.
    kept: Vec<OfOne>,
    /// The same of all of them, the most events, and how many were kept beyond.
    events: u64,
    descriptions: u64,
    most: u64,
    sparse: u64,
    /// Seconds of which one event is kept beyond.
    step: u32,
    /// Most descriptions of one heavy workstation.
    each: u32,
    /// Bytes of the others.
    light: u64,
    context: u64,
    lost: Lost,
}

/// What is kept of one workstation.
#[derive(Clone, Copy, Debug, Default)]
struct OfOne {
    events: u64,
    descriptions: u32,
    /// Of the event kept last: in which step of time.
    step: u32,
}

/// Number of the events of workstations with few failures, and of events that are no failures.
const LIGHT: u32 = 0;
const CONTEXT: u32 = 2;
const HEAVY: u32 = 3;

impl<'o> Second<'o> {
    fn new(options: &'o Options, budget: &'o Budget, survey: &Survey, gathered: &Gathered) -> Self {
        let clients = gathered.clients.iter().filter_map(|log| log.workstation.as_ref()).map(|(name, _)| name.clone());
        let wanted: HashSet<String> = clients.chain(options.names.iter().map(|name| name.to_uppercase())).collect();
        let span_s = span_s(gathered);
        let fewest = options.thresholds[Param::SecondPassCount] as u64;
        let names = survey.names(fewest);
        let most = budget.usable / 2 / EVENT;
        let counts: Vec<u64> = names.iter().map(|(_, count)| *count).collect();
        let mut heavy: HashMap<String, u32> = HashMap::new();
        let mut wanted: Vec<String> = wanted.into_iter().collect();
        wanted.sort_unstable();
        for name in names.into_iter().map(|(name, _)| name).chain(wanted) {
            let next = HEAVY + heavy.len() as u32;
            heavy.entry(name).or_insert(next);
        }
        let each_most = level(&counts, most).min(most);
        let lost = Lost { budget: budget.whole, bound: survey.bound(fewest), most: each_most, ..Lost::default() };
        let cut = counts.iter().filter(|count| **count > each_most).count() as u64;
        let step = (span_s * cut).div_ceil((most / SPARSE).max(1)).max(SHORTEST_STEP);
        let step = u32::try_from(step).unwrap_or(u32::MAX);
        let kept = vec![OfOne::default(); heavy.len()];
        let each = budget.usable / 4 / (WHO + TRAIN) / (heavy.len() as u64).max(1);
        let each = u32::try_from(each.max(DESCRIPTIONS)).unwrap_or(u32::MAX);
        Self {
            options,
            budget,
            heavy,
            recent: Default::default(),
            kept,
            events: 0,
            descriptions: 0,
            most,
            sparse: 0,
            step,
            each,
            light: 0,
            context: 0,
            lost,
        }
    }

    fn admit_heavy(&mut self, at: usize, event: &Event, known: &dyn Fn() -> bool) -> bool {
        let OfOne { events, descriptions, step } = &mut self.kept[at];
        if *events >= self.lost.most || self.events >= self.most {
            // A few still tell how long it goes on.
            if event.sec / self.step == *step || self.sparse >= self.most / SPARSE {
                self.lost.beyond += 1;
                return false;
            }
            self.sparse += 1;
        }
        *step = event.sec / self.step;
        if !known() {
            if *descriptions >= self.each || self.descriptions * 2 * WHO >= self.budget.usable / 4 {
                self.lost.descriptions += 1;
                return false;
            }
            *descriptions += 1;
            self.descriptions += 1;
        }
        *events += 1;
        self.events += 1;
        true
    }
}

/// The most that each may have so that all together have at most `all`: of those with less, what they
/// have.
fn level(counts: &[u64], all: u64) -> u64 {
    let mut counts = counts.to_vec();
    counts.sort_unstable();
    let mut left = all;
    for (at, count) in counts.iter().enumerate() {
        let share = left / (counts.len() - at) as u64;
        if *count > share {
            return share.max(1);
        }
        left -= count;
    }
    u64::MAX
}

impl Sieve for Second<'_> {
    fn piece(&self) -> usize {
        self.budget.piece()
    }

    fn attempts(&self) -> usize {
        self.budget.attempts()
    }

    fn judge<'t>(&mut self, who: &Who, text: &dyn Fn(NameId) -> &'t str) -> u32 {
        if !is_wanted(self.options, who, text) {
            return UNWANTED;
        }
        if who.kind != EventKind::Failure || who.recovered {
            return CONTEXT;
        }
        let name = text(who.workstation);
        if let Some((_, number)) = self.recent.iter().find(|(recent, _)| recent == name)
            && !name.is_empty()
        {
            return *number;
        }
        // A name may be one with its address.
        let of_address = || self.heavy.get(&address(text(who.ip))?.to_string()).copied();
        let Some(number) = self.heavy.get(&row_name(who, text)).copied() else { return of_address().unwrap_or(LIGHT) };
        if matches!(canonical(name), Some(Ok(_))) {
            self.recent.rotate_right(1);
            self.recent[0] = (name.to_owned(), number);
        }
        number
    }

    fn admit(&mut self, number: u32, event: &Event, known: &dyn Fn() -> bool) -> bool {
        if number == UNWANTED || !in_span(self.options, event) {
            return false;
        }
        if number >= HEAVY {
            return self.admit_heavy((number - HEAVY) as usize, event, known);
        }
        let bytes = EVENT + if known() { 0 } else { 2 * WHO };
        let (taken, limit, lost) = match number {
            CONTEXT => (&mut self.context, self.budget.usable / 16, &mut self.lost.context),
            _ => (&mut self.light, self.budget.usable / 8, &mut self.lost.others),
        };
        if *taken + bytes > limit {
            *lost += 1;
            return false;
        }
        *taken += bytes;
        true
    }

    fn after_piece(&mut self, _kept: &Kept<'_>) -> bool {
        false
    }

    fn remembered(&self) -> usize {
        self.budget.remembered()
    }
}

impl Lost {
    /// Says in the timeline what is missing there.
    pub(super) fn tell(&self, timeline: &mut Timeline) {
        if self.budget == 0 {
            return;
        }
        timeline.exact = false;
        timeline.failures += self.others + self.beyond + self.descriptions;
        let mib = self.budget >> 20;
        let mut say = |lost: u64, text: &dyn Fn(String) -> String| {
            if lost > 0 {
                timeline.warnings.push(text(thousands(lost)));
            }
        };
        say(self.others, &|_| {
            let bound = thousands(self.bound);
            format!("there are more names than {mib} MiB hold: workstations with up to {bound} failures may be missing")
        });
        say(self.others, &|lost| {
            format!("{lost} failures of names with few of them are counted in the totals only, copies included")
        });
        say(self.beyond, &|lost| {
            let most = thousands(self.most);
            format!(
                "{lost} failures of workstations with very many (over {most}) are counted in the totals only, copies \
                 included: there are more than {mib} MiB hold, and of what comes later only a few are looked at"
            )
        });
        say(self.descriptions, &|lost| {
            format!(
                "{lost} failures of workstations with very many accounts are counted in the totals only, copies included"
            )
        });
        say(self.context, &|lost| format!("{lost} lockouts and other events that are no failures were left out"));
        say(u64::from(self.changed), &|_| "the inputs changed while they were read a second time".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_leave_their_share_to_large_ones() {
        assert_eq!(level(&[], 10), u64::MAX);
        assert_eq!(level(&[3, 4, 3], 10), u64::MAX);
        assert_eq!(level(&[100, 2, 50], 12), 5);
        assert_eq!(level(&[100; 20], 10), 1);
    }

    #[test]
    fn a_budget_leaves_room_for_the_program_itself() {
        let usable = |memory: u64| Budget::new(&Options { memory, ..Options::default() }).usable;
        assert_eq!(usable(512 << 20), 434 << 20);
        assert_eq!(usable(16 << 20), 7 << 20);
        assert!(usable(0) > 1 << 60);
    }
}
