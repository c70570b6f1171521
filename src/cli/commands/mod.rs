//! One file per command.

pub(super) mod config;
pub(super) mod explain;
pub(super) mod export;
pub(super) mod formats;
pub(super) mod nightly;
pub(super) mod packaging;
pub(super) mod remedy;
pub(super) mod scan;
pub(super) mod schedule;
pub(super) mod simulate;
pub(super) mod state;
pub(super) mod thresholds;
