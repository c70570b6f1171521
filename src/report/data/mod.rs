//! The serialisable twins of the JSON report, and the one rounding that JSON, CSV and
//! XLSX share.

pub mod cells;
pub mod report;
pub mod round;
pub mod row;
