//! What is remembered between nights, and its arithmetic: what is new, ongoing, ended, quiet.
//!
//! [`state`] is the noun, [`format`] its versioned bytes, [`columns`] how events and client logs are
//! laid out so that a storm costs little, [`join`] adds a reading to it, [`since`] compares two nights. Nothing here opens a file.

mod client_rows;
pub mod columns;
pub mod format;
pub mod join;
mod rows;
pub mod since;
pub mod state;

#[cfg(test)]
mod tests;
