//! The only room where rooms with I/O meet.

pub mod failure;
mod filter;
pub mod options;
pub mod progress;
pub mod scan;

pub use failure::Failure;
pub use progress::Progress;
pub use scan::scan;
