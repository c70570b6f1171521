//! The steps in which something on disk changes, told to whoever watches before each of them.
//!
//! A run that promises to leave no half-done work has to be tested at every step: a watcher may refuse
//! one, as a full disk or a missing right would, or end the process there.

use std::io;
use std::path::Path;

/// What changes on disk next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A folder is made.
    Folder,
    /// A temporary file is made.
    Create,
    /// Some bytes are written to it.
    Write,
    /// Its bytes are made durable.
    Sync,
    /// It takes the place of its target.
    Rename,
    /// The folder of a renamed file is made durable.
    SyncFolder,
    /// A file or an empty folder is removed.
    Remove,
}

/// Watches the steps.
pub trait Steps: Sync {
    /// The step is about to be taken on `path`. An error refuses it, as the system could have done.
    fn before(&self, step: Step, path: &Path) -> io::Result<()>;
}

/// Nobody watches.
impl Steps for () {
    fn before(&self, _step: Step, _path: &Path) -> io::Result<()> {
        Ok(())
    }
}
