//! Thresholds may be set by people: every one at both ends of its range, over real trains.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use logonstorm::model::config::{PARAMS, Thresholds};
use logonstorm::{analysis, input, timeline};

#[test]
fn no_allowed_value_of_a_threshold_ends_in_a_panic() {
    let demo = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/demo"));
    let read = input::gather(&[demo], &input::options::Options::default(), Some(1), &mut (), &()).expect("threads");
    let rows = |thresholds: &Thresholds| {
        let timeline = timeline::build(read.clone(), false, thresholds);
        analysis::analyse(
            timeline,
            &analysis::Settings { thresholds: thresholds.clone(), old_clocks: false, all: true, listed_only: false },
        )
        .rows
        .len()
    };
    let usual = rows(&Thresholds::default());
    assert!(usual >= 5, "{usual} rows");
    let mut wrong = Vec::new();
    for info in PARAMS {
        let (least, most) = info.range();
        for value in [least, most] {
            let mut thresholds = Thresholds::default();
            assert!(thresholds.set(info.name, value), "{}", info.name);
            match catch_unwind(AssertUnwindSafe(|| rows(&thresholds))) {
                Ok(rows) if rows > 0 => {}
                Ok(rows) => wrong.push(format!("{} = {value}: {rows} rows", info.name)),
                Err(_) => wrong.push(format!("{} = {value}: panic", info.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
