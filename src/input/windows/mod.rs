//! Event records to logon events: one small table per event id, shared by every reader of event
//! logs, binary or text.
//!
//! A table says which value of a record is which [`field::Field`]: by position for classic events
//! ([`classic`]), by name for events since Vista ([`modern`]). A reader asks [`ids::wanted`] first,
//! then [`ids::shape`] (provider and channel are tested, not the id alone), sets the fields and ends
//! with [`field::finish`].

pub mod classic;
pub mod description;
pub mod field;
pub mod ids;
pub mod modern;
