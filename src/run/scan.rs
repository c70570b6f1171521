//! Logs in, `Analysis` out.

use super::filter::filter;
use super::options::Options;
use super::{Failure, Progress};
use crate::model::analysis::Analysis;
use crate::{analysis, input, timeline};

/// Reads the paths and concludes.
pub fn scan(options: &Options, progress: &dyn Progress) -> Result<Analysis, Failure> {
    let mut gathered = input::gather(&options.paths, &options.input, options.threads, &mut (), progress)
        .map_err(|source| Failure::System { what: "cannot start threads", source })?;
    filter(&mut gathered, options);
    let timeline = timeline::build(gathered, options.keep_records, &options.thresholds);
    Ok(analysis::analyse(timeline, &settings(options)))
}

/// What the conclusions depend on besides the logs.
pub(super) fn settings(options: &Options) -> analysis::Settings {
    analysis::Settings { thresholds: options.thresholds.clone(), old_clocks: options.old_clocks, all: options.all }
}
