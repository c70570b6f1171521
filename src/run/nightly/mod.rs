//! The nightly job: reads what is new, remembers, reports.
//!
//! [`job`] is the way through; [`marks`] tells files that need no reading, [`store`] keeps the state
//! and its lock, [`place`] the dated reports, [`changes`] what is new since the last night, [`metrics`] the
//! Prometheus textfile.

mod changes;
pub mod job;
mod marks;
mod metrics;
mod place;
mod store;

pub use changes::{Ignore, date};
pub use job::{Done, Job, nightly};
pub use metrics::write_textfile;
