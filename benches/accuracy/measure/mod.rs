//! Runs the whole program over simulated fleets and counts what it got right.
//!
//! [`measure`] makes one fleet, writes it to a temporary folder, reads it back and scores the rows
//! against the fleet's truth. [`Counts`] adds up over fleets; [`share`] turns counts into figures.

pub mod baselines;
pub mod counts;
pub mod pairs;
pub mod run;
pub mod share;
pub mod storms;

pub use counts::Counts;
pub use run::measure;
