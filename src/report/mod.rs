//! `Analysis` to bytes: one file per output, all equal in rank.
//!
//! * [`output`], [`style`]: what an output is, and what the person may say about its looks.
//! * [`words`], [`sentence`], [`headline`]: numbers, times and findings as people say them.
//! * [`threads`]: many rows at once.
//! * [`pairs`], [`gaps`], [`facts`], [`place`]: both sides on one clock, the rhythm, what the comparison
//!   gave, and where to look it up.
//! * [`data`]: the serialisable twins behind JSON and CSV, where every number is rounded once.
//! * [`changes`], [`metrics`]: what a night adds.
//! * [`table`], [`csv`], [`json`], [`html`], `xlsx`, [`siem`]: the outputs. [`sigma`]: the rate rule for others.
//! * [`explain`]: everything about one row. [`remedy`]: what would stop the storms, as files.

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
pub mod remedy;
pub mod sentence;
pub mod siem;
pub mod sigma;
pub mod style;
pub mod table;
pub mod text;
pub mod threads;
pub mod words;
#[cfg(feature = "xlsx")]
pub mod xlsx;

#[cfg(test)]
pub(crate) mod tests;

/// Every output, in the order in which help lists them.
pub const OUTPUTS: &[output::Output] = &[
    table::OUTPUT,
    csv::OUTPUT,
    json::OUTPUT,
    json::LINES,
    html::OUTPUT,
    siem::ecs::OUTPUT,
    siem::ocsf::OUTPUT,
    #[cfg(feature = "xlsx")]
    xlsx::OUTPUT,
];
