//! Logs in, `Analysis` out.

use super::filter::filter;
use super::options::Options;
use super::{Failure, Progress};
use crate::model::analysis::Analysis;
use crate::model::client::ClientLog;
use crate::model::gathered::{Gathered, Severity, Skipped};
use crate::{analysis, input, timeline};

/// Reads the paths and concludes.
pub fn scan(options: &Options, progress: &dyn Progress) -> Result<Analysis, Failure> {
    let mut gathered = input::gather(&options.paths, &options.input, options.threads, progress)
        .map_err(|source| Failure::System { what: "cannot start threads", source })?;
    gathered.skipped.splice(0..0, idle_map(&gathered, options));
    filter(&mut gathered, options);
    let timeline = timeline::build(gathered, options.keep_records, &options.thresholds);
    Ok(analysis::analyse(timeline, &settings(options)))
}

/// A client map of which no row fits any client log: most likely its paths are wrong.
fn idle_map(gathered: &Gathered, options: &Options) -> Option<Skipped> {
    let map = &options.input.client_map;
    let fits = |log: &ClientLog| map.find(gathered.path(log.file)).is_some();
    let idle = !map.is_empty() && !gathered.clients.is_empty() && !gathered.clients.iter().any(fits);
    idle.then(|| Skipped {
        file: "--client-map".to_owned(),
        at: String::new(),
        what: "rows".to_owned(),
        why: "none of them fits the path of a client log".to_owned(),
        severity: Severity::Note,
    })
}

/// What the conclusions depend on besides the logs.
fn settings(options: &Options) -> analysis::Settings {
    analysis::Settings { thresholds: options.thresholds.clone(), old_clocks: options.old_clocks, all: options.all }
}
