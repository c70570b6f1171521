//! The nightly room.
