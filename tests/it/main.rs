//! All integration tests, in one binary: one module per room.

#![allow(clippy::disallowed_methods, reason = "tests write throw-away files")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests say what they skipped and counted")]

mod accuracy;
mod browser;
mod cli;
mod clients;
mod evt;
mod evtx;
mod evtx_damage;
mod export;
mod formats;
mod hostile;
mod input;
mod scan;
mod tidy;
mod timeline;
mod writers;
