//! Bytes to events: the register of formats, and the door that every reader hands its events
//! through.

pub mod door;
pub mod lines;
pub mod options;
pub mod windows;

/// Every format that can be read. The surest wins; ties go to the first.
pub const FORMATS: &[door::Format] = &[];
