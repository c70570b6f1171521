//! Decides from two logs whose clocks disagree, drift and jump whether this client makes these failures.
//!
//! The client's failed attempts (ticks) are laid over the server's bursts (marks). In reading order:
//!
//! * `client`, `side`, `view`: the two trains in whole seconds.
//! * `lags`, `peaks`, `coarse`, `local`: candidate offsets, from the envelopes and from single lags.
//! * `refine`, `vote`, `score`, `fit`: offset and drift, one-to-one matching, the best fit.
//! * `alias`, `choice`: offsets that are as good, whole periods away, and which of them to believe.
//! * `rhythm`: whether two trains of one rhythm are one loop or two.
//! * `surrogate`, `null`, `decoys`: how well shuffled copies and other workstations fit.
//! * `track`, `rest`, `pieces`, `log`: the whole log, through drift and clock steps.
//! * `undated`: logs without stamps.
//! * `together`: all steps in order.
//! * `wide`: loops for the widest vectors of the processor.
//!
//! Two perfectly regular loops say nothing about the offset (modulo their period) and nothing about
//! belonging together. All evidence lies in the irregularities: starts, stops, pauses, jitter.

mod alias;
mod choice;
mod client;
mod coarse;
mod decoys;
mod fit;
mod lags;
mod local;
mod log;
mod null;
mod peaks;
mod pieces;
mod refine;
mod rest;
mod rhythm;
mod rng;
#[cfg(test)]
mod room_tests;
mod score;
mod settings;
mod side;
mod surrogate;
mod together;
mod track;
mod undated;
mod view;
mod vote;
mod wide;

pub use client::{Client, prepare, prepare_by_server};
pub use decoys::suggest;
pub use settings::Settings;
pub use side::{Side, side};
pub use together::correlate;
