//! All integration tests, in one binary: one module per room.

mod clients;
mod cli;
mod evt;
mod evtx;
mod evtx_damage;
mod formats;
mod input;
mod tidy;
mod timeline;
mod writers;
