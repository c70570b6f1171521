//! Trains to findings: storms, sprays, scans with random names, people.
//!
//! Every detector is a pure function of integer trains and named thresholds. Reading order:
//! [`bursts`], [`period`], [`binomial`], [`cv`] and [`persistence`] (the numbers), `subject` (all
//! of them for one workstation on one server), `classes` (the rules in order), `scanner`,
//! `episodes`, and `findings`, which goes through the timeline.

pub mod binomial;
pub mod bursts;
mod classes;
pub mod cv;
mod episodes;
mod findings;
pub mod period;
pub mod persistence;
mod scanner;
mod subject;
mod tries;

pub use classes::{DETECTORS, Detector};
pub use findings::{detect, detect_in_zone};

#[cfg(test)]
mod tests;
