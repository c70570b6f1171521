//! Readings joined in any order, against what a person would count.

use std::collections::{BTreeMap, BTreeSet};

use logonstorm::model::config::Thresholds;
use logonstorm::model::event::{Event, EventKind, FileId, Who, WhoId};
use logonstorm::model::gathered::{Coverage, FileCounts, FileInfo, Gathered};
use logonstorm::model::names::NameId;
use logonstorm::model::status::Status;
use logonstorm::nightly::format::{decode, encode};
use logonstorm::nightly::join::{Looks, Tonight, Walked, join, settle};
use logonstorm::nightly::state::State;
use logonstorm::timeline::{build, compact};
use proptest::prelude::*;

/// What one file holds: per event a second (of a few) and, in numbered files, a record number.
type Content = Vec<(u32, u64)>;

/// One file read: the second sort of files has record numbers.
fn reading(files: &BTreeMap<String, Content>) -> Gathered {
    let mut read = Gathered::default();
    let names = ["DC01", "WS1", "user4"].map(|name| read.names.intern(name));
    for numbered in [false, true] {
        read.whos.push(Who {
            kind: EventKind::Failure,
            event_id: 681,
            numbered,
            recovered: false,
            logon_type: 0,
            reason: Status::Nt(0xC000_0072),
            server: names[0],
            channel: NameId::EMPTY,
            workstation: names[1],
            account: names[2],
            domain: NameId::EMPTY,
            ip: NameId::EMPTY,
            process: NameId::EMPTY,
            relay: NameId::EMPTY,
        });
    }
    for (path, content) in files {
        let file = FileId(read.files.len() as u32);
        let numbered = path.ends_with(".evt");
        read.files.push(FileInfo { path: path.clone(), bytes: 100, format: "any" });
        let wanted = content.len() as u64;
        read.counts.push(FileCounts { wanted, ..FileCounts::default() });
        read.events.extend(content.iter().enumerate().map(|(at, (sec, record))| Event {
            record: if numbered { *record } else { at as u64 },
            sec: 1_000_000_000 + sec,
            who: WhoId(u32::from(numbered)),
            file,
            size: 0,
        }));
        read.coverage.push(Coverage { file, server: names[0], records: wanted, ..Coverage::default() });
    }
    read.count();
    read
}

/// Failures by hand: numbered records once, and per second as many more as the file with most unnumbered
/// ones has.
fn by_hand(versions: &[(String, Content)]) -> u64 {
    let mut numbered: BTreeSet<(u32, u64)> = BTreeSet::new();
    let mut most: BTreeMap<u32, u64> = BTreeMap::new();
    for (path, content) in versions {
        if path.ends_with(".evt") {
            numbered.extend(content);
            continue;
        }
        let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
        content.iter().for_each(|(sec, _)| *counts.entry(*sec).or_insert(0) += 1);
        for (sec, n) in counts {
            let known = most.entry(sec).or_insert(0);
            *known = n.max(*known);
        }
    }
    let mut all: BTreeMap<u32, u64> = BTreeMap::new();
    numbered.iter().for_each(|(sec, _)| *all.entry(*sec).or_insert(0) += 1);
    most.iter().for_each(|(sec, n)| {
        let known = all.entry(*sec).or_insert(0);
        *known = (*n).max(*known);
    });
    all.values().sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_nights_count_what_all_contents_as_files_of_their_own_count(
        nights in prop::collection::vec(
            prop::collection::btree_map(
                prop::sample::select(vec!["a.csv", "b.csv", "c.evt", "d.evt"]).prop_map(str::to_owned),
                prop::collection::vec((0u32..4, 1u64..6), 0..8),
                1..3,
            ),
            1..6,
        )
    ) {
        let mut state = State::default();
        let mut versions: Vec<(String, Content)> = Vec::new();
        let mut now: BTreeMap<String, Content> = BTreeMap::new();
        for night in nights {
            join(&mut state, reading(&night), &Tonight { looks: &|_| Looks::There, walked: &Walked::default(), days: 1 });
            compact(&mut state.seen);
            settle(&mut state);
            state = decode(&encode(&state).unwrap()).unwrap();
            versions.extend(night.clone());
            now.extend(night);
        }
        let timeline = build(state.seen.clone(), false, &Thresholds::default());
        prop_assert_eq!(timeline.failures, by_hand(&versions));
        prop_assert_eq!(timeline.inputs.files, now.len() as u64);
        prop_assert_eq!(timeline.inputs.records, now.values().map(|content| content.len() as u64).sum::<u64>());
        prop_assert!(state.seen.files.len() <= 2 * now.len());
    }
}
