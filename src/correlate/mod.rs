//! The correlate room.
