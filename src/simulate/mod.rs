//! A fleet with known answers, and writers of every log format.
//!
//! [`EvtxWriter`] and [`EvtWriter`] write event logs, [`ClientLogWriter`] a client's own log;
//! [`WrittenEvent`] is what they take.

mod binxml;
mod client_log;
mod event;
mod evt_record;
mod evt_writer;
#[cfg(test)]
mod evtx_annotated;
mod evtx_chunk;
mod evtx_writer;
pub mod schema;
mod sid;
mod templates;

pub use client_log::{CLIENT_LOG_CAP, ClientLogWriter};
pub use event::{CLASSIC, Data, SECURITY_AUDITING, Value, WrittenEvent};
pub use evt_writer::{EVT_STEP, EvtWriter, Retention, evt};
pub use evtx_writer::{EvtxWriter, evtx};
pub use sid::Sid;
