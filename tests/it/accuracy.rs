//! How often the whole program is right on three fleets that never change, so that a change shows.
//! The figures with their intervals, over many fleets, are the work of `cargo bench --bench accuracy`.

#[path = "../../benches/accuracy/measure/mod.rs"]
mod measure;

use measure::{Counts, measure};

/// Two clients more or fewer are no reason to look: rounding on another platform can move them.
const TOLERANCE: u64 = 2;

/// What the three fleets gave: figure, hits, trials.
const EXPECTED: &[(&str, u64, u64)] = &[];

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without optimisation")]
fn three_fleets_are_judged_as_before() {
    let mut counts = Counts::default();
    for (scenario, seed) in [("default", 1), ("no-loss", 2), ("loss-50", 3)] {
        counts.absorb(measure(scenario, seed).unwrap());
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
