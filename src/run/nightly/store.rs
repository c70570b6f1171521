//! The state's folder: one file with everything that is remembered, and the lock.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::fsio::lock::{Lock, NoLock, machine};
use crate::fsio::steps::{Step, Steps};
use crate::nightly::format;
use crate::nightly::state::State;
use crate::run::Failure;

/// Name of the file in the state's folder.
const FILE: &str = "seen.state";

/// Takes the lock of the state's folder, which is made if it is missing. `started` is for the message.
pub(super) fn lock(folder: &Path, started: &str, steps: &dyn Steps) -> Result<Lock, Failure> {
    if fs::symlink_metadata(folder).is_ok() && !folder.is_dir() {
        let no_folder = io::Error::new(io::ErrorKind::NotADirectory, "it is no folder; name one for the state");
        return Err(output(folder, no_folder));
    }
    let made = || if folder.is_dir() { Ok(()) } else { steps.before(Step::Folder, folder) };
    made().and_then(|()| fs::create_dir_all(folder)).map_err(|source| output(folder, source))?;
    let path = folder.join("lock");
    let holder = format!("pid {} on {}, started {started}", std::process::id(), machine());
    Lock::take(&path, &holder).map_err(|error| match error {
        NoLock::Held(by) if by.is_empty() => Failure::Locked(format!("{} is in use by another run", folder.display())),
        NoLock::Held(by) => Failure::Locked(format!("{} is in use by another run: {by}", folder.display())),
        NoLock::Io(source) => output(&path, source),
    })
}

/// Where the state of a folder stands.
pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// Reads the state; a missing file is the state before the first night.
pub(super) fn load(folder: &Path) -> Result<State, Failure> {
    read(folder)?.map_or(Ok(State::default()), |bytes| decode(folder, &bytes))
}

/// The bytes of the state; `None` when there is none.
pub(super) fn read(folder: &Path) -> Result<Option<Vec<u8>>, Failure> {
    // Reading a pipe would wait for ever.
    if fs::metadata(path(folder)).is_ok_and(|meta| !meta.is_file()) {
        return Err(bad(&path(folder), "it is no file; remove it"));
    }
    match fs::read(path(folder)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(bad(&path(folder), &format!("{error}; it must be a file that the account of the nightly job can read")))
        }
    }
}

/// The state of its bytes.
pub(super) fn decode(folder: &Path, bytes: &[u8]) -> Result<State, Failure> {
    format::decode(bytes).map_err(|error| {
        let remedy = match error {
            format::BadState::Newer { .. } => "",
            _ => "; put a copy back, or forget it with `logonstorm state reset --force` and let the next night read all inputs again",
        };
        bad(&path(folder), &format!("{error}{remedy}"))
    })
}

/// The state as bytes, and as the next night will read it: a report is made from that, so that it
/// does not depend on whether a state was just joined or read.
pub(super) fn settle(folder: &Path, state: &State) -> Result<(Vec<u8>, State), Failure> {
    let bytes = encode(folder, state)?;
    let state = format::decode(&bytes).map_err(|error| bad(&path(folder), &error.to_string()))?;
    Ok((bytes, state))
}

/// The state as bytes.
pub(super) fn encode(folder: &Path, state: &State) -> Result<Vec<u8>, Failure> {
    format::encode(state).map_err(|error| bad(&path(folder), &error.to_string()))
}

pub(super) fn output(path: &Path, source: io::Error) -> Failure {
    Failure::Output { path: path.to_owned(), source }
}

pub(super) fn bad(path: &Path, why: &str) -> Failure {
    Failure::State { path: path.to_owned(), why: why.to_owned() }
}
