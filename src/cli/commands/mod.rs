//! One file per command.

pub(super) mod explain;
pub(super) mod export;
pub(super) mod formats;
pub(super) mod packaging;
pub(super) mod remedy;
pub(super) mod scan;
pub(super) mod simulate;
pub(super) mod thresholds;
