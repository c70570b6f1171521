//! Merges exports so that nothing is counted twice, and groups events per workstation.
//!
//! Reading order: [`build`](mod@build) (the way through), `keys` (what each description means),
//! `unnamed` (exports that do not say which server they are of),
//! `numbered` and `unnumbered` (what is a copy of what), `shift` (exports in another time zone),
//! `resolve` (blank names that a netlogon.log knows), `pairs` (an address and a name are one),
//! `trains`, `servers`, and `clients` with `stamps` and `ticks` for the clients' own logs.
//!
//! Everything is integer sorts over vectors that run parallel to the events or to their
//! descriptions; no result depends on the order of a hash map.

pub mod build;
mod clients;
mod keys;
mod numbered;
mod pairs;
mod ranks;
mod resolve;
mod servers;
mod shift;
mod stamps;
mod tally;
mod ticks;
mod trains;
mod unnamed;
mod unnumbered;

pub use build::{build, compact};
pub use servers::{distinct_records, spans};

#[cfg(test)]
mod tests;
