//! Events in order of their trains, in place: those of trains that cannot grow in the order of the files.
//!
//! Each is brought to a place that counting tells; a train is sorted only where that leaves it out of order.

use super::counts::key;
use crate::model::event::Event;

/// The events of one train, among those that [`by_train`] has put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The train.
    pub(super) train: u32,
    /// Its first event.
    pub(super) first: usize,
    /// How many events it has, at least one.
    pub(super) len: usize,
}

impl Stretch {
    /// The events.
    pub(super) fn of<'e>(&self, events: &'e [Event]) -> &'e [Event] {
        &events[self.first..][..self.len]
    }
}

/// Sorts events by (train, second, file, record, description, size), and tells where each train stands.
/// `train` tells the train of each description. Takes 4 bytes for each event meanwhile, and room for a copy
/// where `copy` allows it: with many trains that is faster.
pub(super) fn by_train(events: Vec<Event>, train: &[u32], copy: bool) -> (Vec<Event>, Vec<Stretch>) {
    let of = |event: &Event| train[event.who.0 as usize];
    let mut events = events;
    if u32::try_from(events.len()).is_err() {
        events.sort_unstable_by_key(|event| (of(event), event.sec, key(event)));
        let stretches = stretches(events.chunk_by(|a, b| of(a) == of(b)).map(|one| (of(&one[0]), one.len())));
        return (events, stretches);
    }
    let mut next = vec![0_u32; train.iter().max().map_or(0, |most| *most as usize + 1)];
    events.iter().for_each(|event| next[of(event) as usize] += 1);
    let stretches = stretches((0..).zip(&next).map(|(train, count)| (train, *count as usize)));
    let mut before = 0;
    for count in &mut next {
        (*count, before) = (before, before + *count);
    }
    let mut place = |event: &Event| {
        let next = &mut next[of(event) as usize];
        *next += 1;
        *next - 1
    };
    if copy {
        let before = events.clone();
        before.iter().for_each(|event| events[place(event) as usize] = *event);
    } else {
        let places = events.iter().map(place).collect();
        permute(&mut events, places);
    }
    for stretch in &stretches {
        let of_one = &mut events[stretch.first..][..stretch.len];
        if !of_one.is_sorted_by(|a, b| a.sec < b.sec || (a.sec == b.sec && key(a) <= key(b))) {
            of_one.sort_unstable_by_key(|event| (event.sec, key(event)));
        }
    }
    (events, stretches)
}

/// Where trains stand that have so many events; those without any stand nowhere.
fn stretches(counts: impl Iterator<Item = (u32, usize)>) -> Vec<Stretch> {
    let mut first = 0;
    let all = counts.map(|(train, len)| {
        let stretch = Stretch { train, first, len };
        first += len;
        stretch
    });
    all.filter(|stretch| stretch.len > 0).collect()
}

/// Brings each event to its place.
fn permute(events: &mut [Event], mut places: Vec<u32>) {
    for at in 0..events.len() {
        while places[at] as usize != at {
            let to = places[at] as usize;
            events.swap(at, to);
            places.swap(at, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::{FileId, WhoId};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_order_is_that_of_a_sort_of_everything(
            rows in prop::collection::vec((0_u32..6, 0_u32..9, 0_u32..3, 0_u64..9), 0..60),
            train in prop::collection::vec(0_u32..4, 6),
        ) {
            let event = |(who, sec, file, record)| Event { record, sec, who: WhoId(who), file: FileId(file), size: 0 };
            let events: Vec<Event> = rows.into_iter().map(event).collect();
            let mut sorted = events.clone();
            sorted.sort_by_key(|event| {
                (train[event.who.0 as usize], event.sec, event.file, event.record, event.who, event.size)
            });
            for copy in [false, true] {
                let (ordered, stretches) = by_train(events.clone(), &train, copy);
                prop_assert_eq!(&ordered, &sorted);
                let of = |event: &Event| train[event.who.0 as usize];
                let lens: Vec<(u32, usize)> =
                    sorted.chunk_by(|a, b| of(a) == of(b)).map(|one| (of(&one[0]), one.len())).collect();
                let told: Vec<(u32, usize)> =
                    stretches.iter().map(|stretch| (of(&stretch.of(&ordered)[0]), stretch.len)).collect();
                prop_assert_eq!(told, lens);
            }
        }
    }
}
