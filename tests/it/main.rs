//! All integration tests, in one binary: one module per room.

#![allow(clippy::disallowed_methods, reason = "tests write throw-away files")]

mod cli;
mod clients;
mod evt;
mod evtx;
mod evtx_damage;
mod formats;
mod input;
mod tidy;
mod timeline;
mod writers;
