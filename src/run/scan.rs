//! Logs in, `Analysis` out.

use super::filter::filter;
use super::idle_map::idle_map;
use super::memory::{self, Budget};
use super::options::Options;
use super::{Failure, Progress};
use crate::model::analysis::Analysis;
use crate::{analysis, timeline};

/// Reads the paths and concludes. What the memory budget does not hold is counted, and said.
pub fn scan(options: &Options, progress: &dyn Progress) -> Result<Analysis, Failure> {
    let budget = Budget::new(options);
    let (mut gathered, lost) = memory::gather(options, &budget, progress).map_err(Failure::no_threads)?;
    gathered.skipped.splice(0..0, idle_map(&gathered, &options.input.client_map));
    filter(&mut gathered, options);
    let room = budget.room(&gathered, options);
    options.on_threads(|| {
        let mut timeline = timeline::build_within(gathered, &room, &options.thresholds);
        lost.tell(&mut timeline);
        analysis::analyse(timeline, &settings(options))
    })
}

/// What the conclusions depend on besides the logs.
pub(super) fn settings(options: &Options) -> analysis::Settings {
    analysis::Settings {
        thresholds: options.thresholds.clone(),
        old_clocks: options.old_clocks,
        all: options.all,
        listed_only: options.listed_only,
        detail: options.detail,
    }
}
