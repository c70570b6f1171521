//! Thresholds may be set by people: real trains under values from both ends of their ranges.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use logonstorm::model::config::{PARAMS, Thresholds};
use logonstorm::{analysis, input, timeline};

/// Mixed sets of values, besides the two that hold all of the least and all of the largest.
const MIXED: u64 = 4;

/// In a mixed set a third of the thresholds has its least value, a third its largest, by a fixed rule.
fn mixed(set: u64) -> Thresholds {
    let mut thresholds = Thresholds::default();
    for (at, info) in PARAMS.iter().enumerate() {
        let (least, most) = info.range();
        let drawn = (at as u64 + 1).wrapping_mul(set + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
        let value = [least, info.default, most][(drawn % 3) as usize];
        assert!(thresholds.set(info.name, value), "{}", info.name);
    }
    thresholds
}

fn all(value: impl Fn((f64, f64)) -> f64) -> Thresholds {
    let mut thresholds = Thresholds::default();
    for info in PARAMS {
        assert!(thresholds.set(info.name, value(info.range())), "{}", info.name);
    }
    thresholds
}

#[test]
fn no_allowed_values_of_thresholds_end_in_a_panic_or_without_rows() {
    let demo = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/demo"));
    let read = input::gather(&[demo], &input::options::Options::default(), Some(1), &mut (), &()).expect("threads");
    let rows = |thresholds: &Thresholds| {
        let timeline = timeline::build(read.clone(), false, thresholds);
        let settings =
            analysis::Settings { thresholds: thresholds.clone(), all: true, ..analysis::Settings::default() };
        analysis::analyse(timeline, &settings).rows.len()
    };
    assert!(rows(&Thresholds::default()) > 5);
    let mut sets = vec![all(|range| range.0), all(|range| range.1)];
    sets.extend((0..MIXED).map(mixed));
    for (set, thresholds) in sets.iter().enumerate() {
        match catch_unwind(AssertUnwindSafe(|| rows(thresholds))) {
            Ok(rows) => assert!(rows > 0, "set {set}"),
            Err(_) => panic!("set {set}: {thresholds:?}"),
        }
    }
}
