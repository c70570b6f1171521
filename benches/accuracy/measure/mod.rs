//! Runs the whole program over simulated fleets and counts what it got right.
//!
//! [`measure`] makes one fleet, writes it to a temporary folder, reads it back and scores the rows
//! against the fleet's truth. [`Counts`] adds up over fleets; [`share`] turns counts into figures.
//! [`scans`], [`whatif`] and [`names`] write logs of their own: what they measure is the same in every fleet.

pub(crate) mod baselines;
pub(crate) mod counts;
pub(crate) mod dice;
pub(crate) mod names;
pub(crate) mod pairs;
pub(crate) mod rivals;
pub(crate) mod run;
pub(crate) mod scans;
pub(crate) mod share;
pub(crate) mod steps;
pub(crate) mod storms;
pub(crate) mod whatif;

pub(crate) use counts::Counts;
pub(crate) use run::measure;
