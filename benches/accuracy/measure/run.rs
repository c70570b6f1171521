//! One fleet: simulated, written, read, concluded, scored.

use std::io;

use logonstorm::model::detail::Detail;
use logonstorm::run::options::Options;
use logonstorm::run::scan;
use logonstorm::simulate::{self, Plan};

use super::counts::Counts;
use super::{pairs, storms};

/// Scores one fleet; `again`: also compares what one and what many threads make of it. Fails when
/// the fleet cannot be written or read.
pub(crate) fn measure(scenario: &str, seed: u64, again: bool) -> io::Result<Counts> {
    let folder = tempfile::tempdir()?;
    let plan = Plan { seed, scenario: scenario.to_owned(), ..Plan::default() };
    let truth = simulate::run(&plan, folder.path())?.truth;
    let below = |name: &str| folder.path().join(name);
    let options = Options {
        paths: vec![below("security"), below("clients")],
        detail: Detail::Records,
        all: true,
        ..Options::default()
    };
    let analysis = scan(&options, &()).map_err(io::Error::other)?;
    let mut counts = Counts::default();
    if again {
        let told = |threads: usize| {
            let options = Options { threads: Some(threads), ..options.clone() };
            scan(&options, &()).map(|analysis| format!("{:?}", analysis.rows)).map_err(io::Error::other)
        };
        counts.add("same for 1 and 16 threads", told(1)? == told(16)?);
    }
    storms::score(&truth, &analysis, &mut counts);
    pairs::score(&truth, &analysis, &mut counts);
    for note in &mut counts.notes {
        *note = format!("{scenario}, seed {seed}: {note}");
    }
    Ok(counts)
}
