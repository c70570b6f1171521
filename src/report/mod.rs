//! `Analysis` to bytes: one file per output, all equal in rank.
//!
//! * [`output`], [`style`]: what an output is, and what the person may say about its looks.
//! * [`words`], [`sentence`], [`headline`]: numbers, times and findings as people say them.
//! * [`pairs`], [`gaps`], [`facts`], [`place`]: both sides on one clock, the rhythm, what the comparison
//!   gave, and where to look it up.
//! * [`data`]: the serialisable twins behind JSON and CSV, where every number is rounded once.
//! * [`table`], [`csv`], [`json`]: the outputs. [`explain`]: everything about one row.
//! * [`changes`], [`metrics`]: what a night adds.

pub mod changes;
pub mod csv;
pub mod data;
pub mod explain;
pub mod facts;
pub mod gaps;
pub mod headline;
pub mod html;
pub mod json;
pub mod metrics;
pub mod output;
pub mod pairs;
pub mod place;
pub mod sentence;
pub mod style;
pub mod table;
pub mod text;
pub mod words;

#[cfg(test)]
mod tests;

/// Every output, in the order in which help lists them.
pub const OUTPUTS: &[output::Output] = &[table::OUTPUT, csv::OUTPUT, json::OUTPUT, json::LINES, html::OUTPUT];
