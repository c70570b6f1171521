//! One fleet: simulated, written, read, concluded, scored.

use std::io;

use logonstorm::run::options::Options;
use logonstorm::run::scan;
use logonstorm::simulate::{self, Plan};

use super::counts::Counts;
use super::{pairs, storms};

/// Scores one fleet. Fails when the fleet cannot be written or read.
pub(crate) fn measure(scenario: &str, seed: u64) -> io::Result<Counts> {
    let folder = tempfile::tempdir()?;
    let plan = Plan { seed, scenario: scenario.to_owned(), ..Plan::default() };
    let truth = simulate::run(&plan, folder.path())?.truth;
    let below = |name: &str| folder.path().join(name);
    let options = Options {
        paths: vec![below("security"), below("clients")],
        keep_records: true,
        all: true,
        ..Options::default()
    };
    let analysis = scan(&options, &()).map_err(io::Error::other)?;
    let mut counts = Counts::default();
    storms::score(&truth, &analysis, &mut counts);
    pairs::score(&truth, &analysis, &mut counts);
    for note in &mut counts.notes {
        *note = format!("{scenario}, seed {seed}: {note}");
    }
    Ok(counts)
}
