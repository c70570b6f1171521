//! Several files of our own, of which none is touched before all are written.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::store::output;
use crate::fsio::replace::{Replacement, sync_folder};
use crate::fsio::steps::{Step, Steps};
use crate::run::Failure;

/// Bytes that are written in one step.
const CHUNK: usize = 64 * 1024;

/// Files that stand beside their targets, whole and durable. Dropped without [`Batch::place`] it leaves
/// nothing behind, not even the folders it made.
pub(super) struct Batch<'a> {
    steps: &'a dyn Steps,
    files: Vec<(PathBuf, Replacement)>,
    /// Folders that were made, in that order.
    made: Vec<PathBuf>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(steps: &'a dyn Steps) -> Batch<'a> {
        Batch { steps, files: Vec::new(), made: Vec::new() }
    }

    /// Makes a folder, and those above it, where it is missing.
    pub(super) fn folder(&mut self, folder: &Path) -> Result<(), Failure> {
        let missing: Vec<&Path> = folder.ancestors().take_while(|path| !path.exists()).collect();
        for path in missing.into_iter().rev().filter(|path| !path.as_os_str().is_empty()) {
            let made = self.steps.before(Step::Folder, path).and_then(|()| fs::create_dir(path));
            match made {
                Ok(()) => self.made.push(path.to_owned()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(output(path, source)),
            }
        }
        Ok(())
    }

    /// Writes a file beside its target.
    pub(super) fn write(&mut self, target: &Path, bytes: &[u8]) -> Result<(), Failure> {
        let written = || -> io::Result<Replacement> {
            self.steps.before(Step::Create, target)?;
            // A pipe would hold the night, and its lock, until somebody reads it.
            if fs::metadata(target).is_ok_and(|meta| !meta.is_file() && !meta.is_dir()) {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a pipe or device; remove it"));
            }
            let mut file = Replacement::create(target, true)?;
            for chunk in bytes.chunks(CHUNK) {
                self.steps.before(Step::Write, target)?;
                file.write_all(chunk)?;
            }
            self.steps.before(Step::Sync, target)?;
            file.ready()?;
            Ok(file)
        };
        let file = written().map_err(|source| output(target, source))?;
        self.files.push((target.to_owned(), file));
        Ok(())
    }

    /// Puts every file in its place, in the order in which they were written, and makes that durable.
    pub(super) fn place(mut self) -> Result<(), Failure> {
        // The names of new folders are to last as well.
        let parents = self.made.iter().filter_map(|made| made.parent());
        let mut folders: Vec<PathBuf> = parents.filter(|path| path.is_dir()).map(Path::to_owned).collect();
        folders.dedup();
        for (target, file) in std::mem::take(&mut self.files) {
            let placed = self.steps.before(Step::Rename, &target).and_then(|()| file.place());
            let folder = placed.map_err(|source| output(&target, source))?;
            if !folders.contains(&folder) {
                folders.push(folder);
            }
            // From here on its folder is no longer one that nothing stands in.
            self.made.clear();
        }
        for folder in folders {
            let synced = self.steps.before(Step::SyncFolder, &folder).and_then(|()| sync_folder(&folder));
            synced.map_err(|source| output(&folder, source))?;
        }
        Ok(())
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        self.files.clear();
        for folder in self.made.drain(..).rev() {
            // A folder in which something stands meanwhile stays.
            let _ = fs::remove_dir(folder);
        }
    }
}
