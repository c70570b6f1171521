//! Findings in the words of others, as JSON lines: [`ecs`] (Elastic Common Schema) and [`ocsf`] (Open
//! Cybersecurity Schema Framework). What they have no word for stands below a name of our own.
//!
//! Rows without a failure on any server are left out: both schemas want a time on the server's clock.

pub mod ecs;
pub mod ocsf;

mod finding;

#[cfg(test)]
mod tests;
