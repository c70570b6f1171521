//! Files: positioned reads, atomic replacement, locks. The only room with `cfg(unix)` and
//! `cfg(windows)`, always both.

pub mod aligned;
pub mod lock;
pub mod replace;
pub mod source;
pub mod steps;
