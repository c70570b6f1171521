//! What was typed, made valid: files of the person are read, names resolved, times computed.
//! Everything here fails with exit code 2 and a message that says what is allowed.

pub(super) mod events;
pub(super) mod globs;
pub(super) mod nightly;
pub(super) mod options;
pub(super) mod outputs;
pub(super) mod size;
pub(super) mod thresholds;
pub(super) mod when;
