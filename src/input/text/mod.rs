//! Text exports of event logs: one small file per export, over the shared field tables.
//!
//! Three ways to take a file apart serve them all: [`chunks`] for XML and JSON, `rows` for lines and
//! rows of many lines, `table` for rows under a header. [`out`] hands over what they find.

mod chunks;
mod out;
mod stamp;
pub mod xml;

#[cfg(test)]
mod testing;
