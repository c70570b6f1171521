//! Bytes to events: the register of formats, and the door that every reader hands its events
//! through.

pub mod attribution;
pub mod client;
pub mod client_map;
pub mod door;
#[cfg(test)]
mod kept;
pub mod lines;
pub mod netlogon;
pub mod options;
pub mod stamp;
pub mod windows;
