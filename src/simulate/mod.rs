//! A fleet with known answers, and writers of every log format.
//!
//! [`EvtxWriter`] writes `.evtx` files; [`WrittenEvent`] is what it takes.

mod binxml;
mod event;
#[cfg(test)]
mod evtx_annotated;
mod evtx_chunk;
mod evtx_writer;
pub mod schema;
mod sid;
mod templates;

pub use event::{CLASSIC, Data, SECURITY_AUDITING, Value, WrittenEvent};
pub use evtx_writer::{EvtxWriter, evtx};
pub use sid::Sid;
