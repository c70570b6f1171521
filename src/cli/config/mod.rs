//! The configuration file of the nightly job, and its merging with flags.
//!
//! [`file`] is what may stand in the file, [`origin`] where a value came from, [`settings`] the
//! merged values, [`show`] their text with origins. Whether a value makes sense is checked in
//! [`super::lower`], in one place for file and flags.

pub(super) mod file;
pub(super) mod origin;
pub(super) mod settings;
pub(super) mod show;
