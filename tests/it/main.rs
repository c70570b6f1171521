//! All integration tests, in one binary: one module per room.

mod evtx;
mod evtx_damage;
mod input;
mod tidy;
mod timeline;
