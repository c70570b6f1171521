//! The only room where rooms with I/O meet.

pub mod failure;
mod filter;
pub mod nightly;
pub mod options;
pub mod scan;

pub use crate::input::drive::Progress;
pub use failure::Failure;
pub use scan::scan;
