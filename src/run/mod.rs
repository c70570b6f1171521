//! The only room where rooms with I/O meet.

mod accounts;
mod attempts;
pub mod export;
pub mod failure;
mod filter;
mod idle_map;
mod memory;
pub mod nightly;
pub mod options;
pub mod remedy;
pub mod scan;
mod sieved;
pub mod simulate;
mod written;

pub use crate::input::drive::Progress;
pub use failure::Failure;
pub use scan::scan;
pub use simulate::simulate;
