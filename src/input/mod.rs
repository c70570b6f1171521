//! Bytes to events: the register of formats, and the door that every reader hands its events
//! through.

pub mod archive;
pub mod door;
pub mod evt;
mod hand;
pub mod lines;
pub mod options;
pub mod text;
pub mod windows;
