//! Valid options of a run: what the command line or a configuration file was lowered to.

use std::io;
use std::path::PathBuf;

use super::Failure;
use crate::input;
use crate::model::config::Thresholds;
use crate::model::detail::Detail;

/// Glob filters; an empty list lets everything through. Matching ignores case.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// `--workstation`.
    pub workstations: Vec<globset::GlobMatcher>,
    /// `--account`.
    pub accounts: Vec<globset::GlobMatcher>,
    /// `--server`.
    pub servers: Vec<globset::GlobMatcher>,
    /// `--status`: globs over codes (`0xC0000072`) and names (`STATUS_ACCOUNT_DISABLED`).
    pub statuses: Vec<globset::GlobMatcher>,
}

/// What `scan`, `explain`, `remedy` and `export` read and how.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Files and folders, as typed.
    pub paths: Vec<PathBuf>,
    /// Folder that relative paths start from, where a configuration file says them; empty: the
    /// current one.
    pub base: PathBuf,
    /// Only events at or after this Unix second.
    pub from: Option<i64>,
    /// Only events before this Unix second.
    pub to: Option<i64>,
    /// Name filters.
    pub filters: Filters,
    /// Zone, client map, profile.
    pub input: input::options::Options,
    /// Wide drift search.
    pub old_clocks: bool,
    /// Budget for keys and trains, in bytes.
    pub memory: u64,
    /// Threads; `None`: all cores.
    pub threads: Option<usize>,
    /// Thresholds in use.
    pub thresholds: Thresholds,
    /// How much of each row is made: as much as the outputs show.
    pub detail: Detail,
    /// Every row is listed and ranked, also what is no storm.
    pub all: bool,
    /// No row is made for what is not listed.
    pub listed_only: bool,
    /// Workstations that are kept in any case, as reported.
    pub names: Vec<String>,
}

impl Options {
    /// Whether one record per second of every train is kept.
    pub(super) fn keep_records(&self) -> bool {
        self.detail == Detail::Records
    }

    /// Does something on as many threads as were asked for.
    pub fn on_threads<R: Send>(&self, work: impl FnOnce() -> R + Send) -> Result<R, Failure> {
        let threads = self.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build();
        Ok(pool.map_err(|error| Failure::no_threads(io::Error::other(error)))?.install(work))
    }
}
