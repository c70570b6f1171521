//! All integration tests, in one binary: one module per room.

mod cli;
mod clients;
mod evt;
mod evtx;
mod evtx_damage;
mod formats;
mod input;
mod nightly;
mod tidy;
mod timeline;
mod writers;
