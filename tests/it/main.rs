//! All integration tests, in one binary: one module per room.

#![allow(clippy::disallowed_methods, reason = "tests write throw-away files")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests say what they skipped and counted")]

mod accuracy;
mod cli;
mod clients;
mod evt;
mod evtx;
mod evtx_damage;
mod export;
mod formats;
mod hostile;
mod input;
mod nightly;
mod nightly_cli;
mod nightly_history;
mod nightly_join;
mod nightly_kill;
mod nightly_thirty;
mod scan;
mod schedule;
mod site;
mod thresholds;
mod tidy;
mod timeline;
mod writers;
