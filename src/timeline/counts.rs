//! How many events trains have, and whether they come in order.

use crate::model::event::{Event, FileId, WhoId};

/// What the order of the files tells of one train.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    /// Distinct seconds so far, or [`OUT_OF_ORDER`].
    seconds: u32,
    /// The second of its last event, and the place of that among all events.
    last: (u32, u32),
}

/// Stands for a train whose events do not come in order of (second, file, record, description, size).
const OUT_OF_ORDER: u32 = u32::MAX;

/// All trains and descriptions.
#[derive(Debug)]
pub(super) struct Counts {
    told: Vec<Told>,
    /// Events of each description.
    of_who: Vec<u64>,
    /// The descriptions of all trains behind each other, those of one train in order of their numbers.
    whos: Vec<u32>,
    /// Where in `whos` each train ends.
    ends: Vec<u32>,
}

impl Counts {
    /// Goes through all events once. `train` tells the train of each description.
    pub(super) fn new(events: &[Event], train: &[u32], trains: usize) -> Self {
        let mut told = vec![Told::default(); trains];
        let mut of_who = vec![0_u64; train.len()];
        if u32::try_from(events.len()).is_err() {
            told.fill(Told { seconds: OUT_OF_ORDER, ..Told::default() });
        }
        for (at, event) in events.iter().enumerate() {
            of_who[event.who.0 as usize] += 1;
            let told = &mut told[train[event.who.0 as usize] as usize];
            if told.seconds == OUT_OF_ORDER {
                continue;
            }
            if event.sec > told.last.0 || told.seconds == 0 {
                told.seconds += 1;
            } else if event.sec < told.last.0 || key(&events[told.last.1 as usize]) > key(event) {
                told.seconds = OUT_OF_ORDER;
            }
            told.last = (event.sec, at as u32);
        }
        let (whos, ends) = by_train(train, &of_who, trains);
        Self { told, of_who, whos, ends }
    }

    /// The events of a train.
    pub(super) fn events(&self, train: u32) -> u64 {
        self.whos(train).map(|(_, count)| count).sum()
    }

    /// Distinct seconds of a train whose events come in order; else `None`.
    pub(super) fn seconds(&self, train: u32) -> Option<usize> {
        let seconds = self.told[train as usize].seconds;
        (seconds != OUT_OF_ORDER).then_some(seconds as usize)
    }

    /// The descriptions of a train that have events, with their number.
    pub(super) fn whos(&self, train: u32) -> impl Iterator<Item = (u32, u64)> + Clone {
        let start = train.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        let of_one = &self.whos[start as usize..self.ends[train as usize] as usize];
        of_one.iter().map(|who| (*who, self.of_who[*who as usize]))
    }
}

/// What orders the events of one train within a second.
pub(super) fn key(event: &Event) -> (FileId, u64, WhoId, u32) {
    (event.file, event.record, event.who, event.size)
}

/// The descriptions that have events, those of one train together, and where each train ends.
fn by_train(train: &[u32], of_who: &[u64], trains: usize) -> (Vec<u32>, Vec<u32>) {
    let told = || (0_u32..).zip(train).filter(|(who, _)| of_who[*who as usize] > 0);
    let mut ends = vec![0_u32; trains];
    told().for_each(|(_, train)| ends[*train as usize] += 1);
    let mut before = 0;
    for end in &mut ends {
        (*end, before) = (before, before + *end);
    }
    let mut whos = vec![0; before as usize];
    for (who, train) in told() {
        let next = &mut ends[*train as usize];
        whos[*next as usize] = who;
        *next += 1;
    }
    (whos, ends)
}
