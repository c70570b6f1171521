//! How often the whole program is right on three fleets that never change, so that a change shows.
//! The figures with their intervals, over many fleets, are the work of `cargo bench --bench accuracy`.

#[expect(
    dead_code,
    reason = "intervals, F1, the median and the logs that are no fleets are for the bench, which prints them"
)]
#[path = "../../benches/accuracy/measure/mod.rs"]
mod measure;

use measure::{Counts, measure};

/// Two clients more or fewer are no reason to look: rounding on another platform can move them.
const TOLERANCE: u64 = 2;

/// What the three fleets gave: figure, hits, trials.
const EXPECTED: &[(&str, u64, u64)] = &[
    ("20 in 1 h precision", 140, 151),
    ("20 in 1 h recall", 140, 171),
    ("5 in 10 min precision", 145, 303),
    ("5 in 10 min recall", 145, 171),
    ("5 lines within 5 min precision", 53, 77),
    ("5 lines within 5 min recall", 53, 64),
    ("900 s sessions precision", 148, 158),
    ("900 s sessions recall", 148, 171),
    ("900 s sessions, few accounts precision", 148, 149),
    ("900 s sessions, few accounts recall", 148, 171),
    ("CUSUM precision", 152, 176),
    ("CUSUM recall", 152, 171),
    ("Kleinberg precision", 149, 177),
    ("Kleinberg recall", 149, 171),
    ("compared negatives with p <= .05", 1, 34),
    ("confirmed or likely precision", 62, 62),
    ("confirmed or likely recall", 62, 64),
    ("confirmed precision", 59, 59),
    ("confirmed recall", 59, 64),
    ("confirmed, 20 lines precision", 55, 55),
    ("confirmed, 20 lines recall", 55, 58),
    ("half the lines within 5 min precision", 36, 60),
    ("half the lines within 5 min recall", 36, 64),
    ("hard negatives confirmed", 0, 24),
    ("logs without a step told to have one", 0, 50),
    ("names only precision", 62, 86),
    ("names only recall", 62, 64),
    ("negatives first by the decoy rule", 0, 34),
    ("negatives with p <= .05", 1, 60),
    ("offset within 15 s", 49, 50),
    ("offset within 15 s or flagged", 50, 50),
    ("offset within 3 s", 40, 50),
    ("own workstation first", 64, 64),
    ("people called storm", 0, 596),
    ("set clocks confirmed", 11, 14),
    ("sprays and scanners called storm", 0, 9),
    ("steps told within one window", 4, 4),
    ("storm and confirmed precision", 58, 58),
    ("storm and confirmed recall", 58, 64),
    ("storm and confirmed, 20 lines precision", 55, 55),
    ("storm and confirmed, 20 lines recall", 55, 58),
    ("storm precision", 167, 167),
    ("storm recall", 167, 171),
    ("true pairs contradicted", 0, 64),
    ("visible steps told", 4, 5),
];

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without optimisation")]
fn three_fleets_are_judged_as_before() {
    let mut counts = Counts::default();
    for (scenario, seed) in [("default", 1), ("no-loss", 2), ("loss-50", 3)] {
        counts.absorb(measure(scenario, seed, false).unwrap());
    }
    let listing: Vec<String> =
        counts.shares.iter().map(|(name, share)| format!("    ({name:?}, {}, {}),", share.hits, share.of)).collect();
    let moved: Vec<&str> = EXPECTED
        .iter()
        .filter(|(name, hits, of)| {
            let share = counts.share(name);
            share.hits.abs_diff(*hits) > TOLERANCE || share.of.abs_diff(*of) > TOLERANCE
        })
        .map(|(name, ..)| *name)
        .collect();
    assert!(
        moved.is_empty() && EXPECTED.len() == counts.shares.len(),
        "moved: {moved:?}\n{}\n{}",
        listing.join("\n"),
        counts.notes.join("\n")
    );
}
