//! All integration tests, in one binary: one module per room.

#![allow(clippy::disallowed_methods, reason = "tests write throw-away files")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests say what they skipped and counted")]

mod accuracy;
#[cfg(feature = "xlsx")]
mod attacks;
mod browser;
mod causes;
mod cli;
mod clients;
mod corpus;
mod damaged;
mod evt;
mod evtx;
mod evtx_damage;
mod export;
mod formats;
mod hostile;
mod input;
mod memory;
mod nightly;
mod nightly_cli;
mod nightly_formats;
mod nightly_history;
mod nightly_join;
mod nightly_kill;
mod nightly_thirty;
mod remedy;
mod scan;
mod schedule;
#[cfg(feature = "xlsx")]
mod sheets;
mod sigma;
mod site;
mod thresholds;
mod tidy;
mod timeline;
mod writers;
