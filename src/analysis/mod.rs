//! Ties the pure rooms together: a timeline in, an `Analysis` out. Cannot fail, does no I/O.
//!
//! Reading order: [`analyse()`], `decoys` and `subject` (what is compared), `joins` (client logs laid
//! over failures), `renamed`, `rows` and `scans` (one row per workstation and scan), `tally`, `words`,
//! `evidence`, `cycle`, `context`, `servers`, `rank`.

mod analyse;
mod clock;
mod context;
mod cycle;
mod decoys;
mod evidence;
mod joins;
mod rank;
mod renamed;
mod rows;
mod scans;
mod servers;
mod settings;
mod subject;
mod tally;
mod words;

pub use analyse::analyse;
pub use rank::{rank, stronger};
pub use settings::Settings;

#[cfg(test)]
mod fleet;
#[cfg(test)]
mod tests;
