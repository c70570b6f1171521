//! Events to CSV and JSON lines, one row per event, streaming.
//!
//! [`row`] is one row and where it comes from, [`columns`] the one list of columns; [`csv`]
//! and [`jsonl`] write rows in the order in which they are handed over.

pub mod columns;
pub mod csv;
pub mod jsonl;
pub mod row;
pub mod writer;

#[cfg(test)]
mod tests;

/// Every format that events are exported in, by extension.
pub const FORMATS: &[writer::Format] = &[csv::FORMAT, jsonl::FORMAT];
