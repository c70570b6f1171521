//! The nightly job: reads what is new, remembers, reports.
//!
//! [`job`] is the way through; [`marks`] tells files that need no reading, [`attribute`] to whom the
//! client logs belong, [`store`] keeps the state and its lock, [`place`] the dated reports, [`batch`] both
//! at once, [`changes`] what is new since the last night, [`history`] what is too old to be judged,
//! [`metrics`] the Prometheus textfile. [`inspect`] shows, checks and forgets a state.

mod attribute;
mod batch;
mod changes;
mod history;
pub mod inspect;
pub mod job;
mod marks;
mod metrics;
mod place;
mod store;

pub use changes::{Ignore, date};
pub use inspect::{StateSummary, state_check, state_reset, state_show};
pub use job::{Done, Job, nightly, nightly_in_steps};
pub use metrics::write_textfile;
