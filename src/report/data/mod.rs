//! The serialisable twins of the JSON report, and the one rounding that JSON and CSV share.

pub mod report;
pub mod round;
pub mod row;
