//! What would stop each storm, as files that an administrator can use. Nothing here runs anything.
//!
//! * [`files`]: every file of a folder, by name and bytes.
//! * [`overview()`], [`client()`], `what_if`, `logs`: the texts.
//! * `reg`, `script`: the two registry values of the metering client (KB Q287626), for one client and
//!   for many.

mod client;
mod files;
mod logs;
mod overview;
mod page;
mod reg;
mod script;
mod values;
mod what_if;

#[cfg(test)]
mod tests;

pub use client::client;
pub use files::{FIXED, Made, files};
pub use overview::overview;
pub use values::{LEAST_RETRIES, MOST_RETRIES, Values};
