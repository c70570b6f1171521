//! Arguments, terminal, clock, environment, exit codes.
//!
//! What was typed ([`args`]) is lowered to what is valid ([`lower`]) before anything is read; then
//! one of [`commands`] runs. Results go to standard output, everything else to standard error.

mod args;
mod commands;
mod config;
mod entry;
mod exit;
mod hints;
mod lower;
mod messages;
mod progress;
mod terminal;
mod writing;

pub use entry::main;
