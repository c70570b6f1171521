//! Merges exports so that nothing is counted twice, and groups events per workstation.
//!
//! Reading order: [`build`](mod@build) (the way through), `keys` (what each description means),
//! `unnamed` (exports that do not say which server they are of),
//! `numbered` and `unnumbered` (what is a copy of what), `shift` (exports in another time zone),
//! `resolve` (blank names that a netlogon.log knows), `pairs` (an address and a name are one),
//! `rows` and `counts` (who has enough failures to be looked at, and whose come in order), `workshop` with
//! `growing`, `order` and `trains` (the failures of one name on one server against one account), `servers`,
//! and `clients` with `stamps` and `ticks` for the clients' own logs.
//!
//! Everything is passes and integer sorts over vectors that run parallel to the events or to their
//! descriptions; no result depends on the order of a hash map.

pub mod build;
mod clients;
mod counts;
mod growing;
mod keys;
mod numbered;
mod order;
mod pairs;
mod resolve;
pub mod room;
mod rows;
mod servers;
mod shift;
mod space_saving;
mod stamps;
pub mod survey;
mod tally;
mod ticks;
mod trains;
mod unnamed;
mod unnumbered;
mod workshop;

pub use build::{build, build_within, compact};
pub use room::Room;
pub use servers::{distinct_records, spans};
pub use trains::whole;
pub use unnamed::servers_of_unnamed;

#[cfg(test)]
mod tests;
