//! A fleet with known answers, and writers of every log format.
//!
//! [`run`] writes a fleet to a folder, [`fleet`] makes one in memory, [`SCENARIOS`] lists what there
//! is. [`EvtxWriter`] and [`EvtWriter`] write event logs, [`ClientLogWriter`] a client's own log;
//! [`WrittenEvent`] is what they take.

mod binxml;
mod client_log;
mod clock;
pub mod demo;
mod event;
mod evt_record;
mod evt_writer;
#[cfg(test)]
mod evtx_annotated;
mod evtx_chunk;
mod evtx_writer;
mod exports;
mod fleet;
#[cfg(test)]
mod fleet_tests;
mod harm;
mod machines;
mod people;
mod plan;
mod present;
mod retry;
mod rng;
mod scenario;
pub mod schema;
mod sid;
mod storms;
mod stress;
mod templates;
mod text_export;
mod truth;
mod world;

pub use client_log::{CLIENT_LOG_CAP, ClientFiles, ClientLogWriter, Stamps};
pub use event::{CLASSIC, Data, SECURITY_AUDITING, Value, WrittenEvent};
pub use evt_writer::{EVT_STEP, EvtWriter, Retention, evt};
pub use evtx_writer::{EvtxWriter, evtx};
pub use exports::{Format, log};
pub use fleet::Fleet;
pub use plan::{Plan, Summary, fleet, run};
pub use scenario::{SCENARIOS, Scenario};
pub use sid::Sid;
pub use truth::{ClientTruth, EntityTruth, ServerTruth, TRUTH_SCHEMA, Truth};
