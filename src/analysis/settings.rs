//! What an analysis may be told.

use crate::model::config::Thresholds;
use crate::model::detail::Detail;

/// What an analysis may be told.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Thresholds in use.
    pub thresholds: Thresholds,
    /// Wide drift search, for clocks that lose minutes a day.
    pub old_clocks: bool,
    /// List also what is no storm: every row counts as listed.
    pub all: bool,
    /// Make no row for what is not listed; it is counted in [`crate::model::analysis::Analysis::others`].
    pub listed_only: bool,
    /// How much of each row is made.
    pub detail: Detail,
}
