//! The only room where rooms with I/O meet.

pub mod options;
