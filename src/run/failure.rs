//! Why a run ended without a result. Damaged and unreadable inputs are not among the reasons: they
//! are data (`Skipped`).

use std::io;
use std::path::PathBuf;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The person's mistake: usage, client map, profile, configuration.
    #[error("{0}")]
    Usage(String),
    /// An output could not be written.
    #[error("cannot write {}", path.display())]
    Output {
        /// Where it should have gone.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another run holds the state's lock.
    #[error("{0}")]
    Locked(String),
    /// The nightly state cannot be used.
    #[error("the state {} cannot be used: {why}; nothing was changed", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Anything else of the system: no threads, no memory.
    #[error("{what}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

impl Failure {
    /// Threads could not be started.
    pub(super) fn no_threads(source: io::Error) -> Failure {
        Failure::System { what: "cannot start threads", source }
    }
}
