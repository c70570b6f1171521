//! All integration tests, in one binary: one module per room.

mod evtx;
mod tidy;
mod writers;
