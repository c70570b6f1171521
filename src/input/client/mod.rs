//! Logs that clients write themselves: the metering client's and, by a profile, any other agent's.
//!
//! Reading order: [`profile`] (which line means what), [`entries`] (lines and their stamps out of
//! SMS and CMTrace records), `said` (messages taken apart once), [`reader`] (entries to attempts), [`formats`] (the descriptors of the
//! register).

pub mod entries;
pub mod formats;
pub mod profile;
pub mod reader;
mod said;
mod trailers;

#[cfg(test)]
mod tests;
