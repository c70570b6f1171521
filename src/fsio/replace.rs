//! Files that appear whole or not at all: written beside the target, then renamed.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// Temporary files that exist now: an interrupt removes them.
static LIVE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn live() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every temporary file of this process. Only for the way out after an interrupt: whoever
/// is still writing finds its file gone. Holds the lock for good, so that no new one appears.
pub fn remove_temporary_files() {
    let paths = live();
    for path in paths.iter() {
        // What cannot be removed now cannot be reported to anybody either.
        let _ = std::fs::remove_file(path);
    }
    std::mem::forget(paths);
}

/// True for a temporary file of this process: no input, even where it lies among the inputs.
pub fn is_temporary(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    hidden && path.canonicalize().is_ok_and(|path| live().contains(&path))
}

/// A file being written. Dropped without [`Replacement::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Replacement {
    target: PathBuf,
    force: bool,
    /// `None` only inside `place`.
    out: Option<Out>,
}

#[derive(Debug)]
enum Out {
    /// A temporary file in the target's folder.
    Beside(BufWriter<NamedTempFile>),
    /// A pipe or device, which cannot be replaced.
    Direct(BufWriter<File>),
}

impl Replacement {
    /// Starts a file that will stand at `target`. An existing file is refused without `force`
    /// (`AlreadyExists`); a link is followed, a pipe or device is written to as it is.
    pub fn create(target: &Path, force: bool) -> io::Result<Self> {
        let (target, kind) = match std::fs::metadata(target) {
            Ok(meta) => (target.canonicalize()?, Some(meta)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match std::fs::read_link(target) {
                // A chain of links that leads nowhere yet: the file is made where the last one points.
                Ok(link) => return Self::create(&folder(target).join(link), force),
                Err(_) => (new_target(target)?, None),
            },
            Err(error) => return Err(error),
        };
        let out = match kind {
            Some(meta) if meta.is_dir() => return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder")),
            Some(meta) if !meta.is_file() => Out::Direct(BufWriter::new(File::options().write(true).open(&target)?)),
            Some(_) if !force => return Err(exists()),
            _ => Out::Beside(BufWriter::new(temporary(folder(&target), &target)?)),
        };
        Ok(Self { target, force, out: Some(out) })
    }

    /// The file itself, whatever path led to it: two paths to one file give the same.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Flushes, syncs and renames to the target, then syncs the folder.
    pub fn commit(mut self) -> io::Result<()> {
        self.ready()?;
        sync_folder(&self.place()?)
    }

    /// Everything written so far is durable, and nothing that can be known now stands in the way of
    /// [`Replacement::place`].
    pub fn ready(&mut self) -> io::Result<()> {
        self.flush()?;
        if let Some(Out::Beside(file)) = &self.out {
            file.get_ref().as_file().sync_all()?;
            can_be_replaced(&self.target)?;
        }
        Ok(())
    }

    /// Renames to the target. Returns its folder, which is still to be synced. What was written after
    /// [`Replacement::ready`] may not outlive a power failure.
    pub fn place(mut self) -> io::Result<PathBuf> {
        self.flush()?;
        let there = folder(&self.target).to_owned();
        let Some(Out::Beside(file)) = self.out.take() else { return Ok(there) };
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let temporary = file.path().to_owned();
        let refused = !self.force && self.target.exists();
        let placed = if refused { Err(exists()) } else { rename(file, &self.target) };
        live().remove(&temporary);
        placed.map(|()| there)
    }

    fn out(&mut self) -> &mut dyn Write {
        match &mut self.out {
            Some(Out::Beside(file)) => file,
            Some(Out::Direct(file)) => file,
            None => unreachable!("only `place` takes the file, and it takes the whole value"),
        }
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out().flush()
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if let Some(Out::Beside(file)) = &self.out {
            live().remove(file.get_ref().path());
        }
    }
}

fn exists() -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, "exists already")
}

/// A file that does not exist yet, in a folder that does.
fn new_target(target: &Path) -> io::Result<PathBuf> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    Ok(folder(target).canonicalize()?.join(name))
}

fn folder(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn temporary(folder: &Path, target: &Path) -> io::Result<NamedTempFile> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".tmp");
    let mut paths = live();
    let file = with_usual_permissions(&mut builder).tempfile_in(folder).map_err(without_path)?;
    paths.insert(file.path().to_owned());
    Ok(file)
}

/// The common errors without the temporary file's name, which nobody typed.
fn without_path(error: io::Error) -> io::Error {
    use io::ErrorKind::{NotFound, PermissionDenied, ReadOnlyFilesystem, StorageFull};
    match error.kind() {
        kind @ (NotFound | PermissionDenied | ReadOnlyFilesystem | StorageFull) => kind.into(),
        _ => error,
    }
}

/// Reports are readable as the user's umask says, not by the owner alone.
#[cfg(unix)]
fn with_usual_permissions<'a, 'b, 'c>(builder: &'a mut tempfile::Builder<'b, 'c>) -> &'a mut tempfile::Builder<'b, 'c> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(0o666))
}

#[cfg(windows)]
fn with_usual_permissions<'a, 'b, 'c>(builder: &'a mut tempfile::Builder<'b, 'c>) -> &'a mut tempfile::Builder<'b, 'c> {
    builder
}

#[cfg(unix)]
fn rename(file: NamedTempFile, target: &Path) -> io::Result<()> {
    file.persist(target).map(drop).map_err(|error| error.error)
}

/// Virus scanners and indexers hold fresh files for a moment: ACCESS_DENIED (5) and
/// SHARING_VIOLATION (32) are tried again four times.
#[cfg(windows)]
fn rename(file: NamedTempFile, target: &Path) -> io::Result<()> {
    let mut file = file;
    for wait_ms in [10, 25, 50, 100] {
        match file.persist(target) {
            Ok(_) => return Ok(()),
            Err(error) if matches!(error.error.raw_os_error(), Some(5 | 32)) => file = error.file,
            Err(error) => return Err(error.error),
        }
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
    }
    file.persist(target).map(drop).map_err(|error| error.error)
}

/// A target that another program holds open is told before anything is replaced: a spreadsheet keeps
/// others from writing.
#[cfg(windows)]
fn can_be_replaced(target: &Path) -> io::Result<()> {
    match File::options().write(true).open(target) {
        Err(error) if error.raw_os_error() == Some(32) => Err(error),
        _ => Ok(()),
    }
}

/// Only the rename itself can tell: no program's open files stand in its way.
#[cfg(unix)]
fn can_be_replaced(_target: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes renames in a folder durable.
#[cfg(unix)]
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some network file systems cannot sync a folder; the file is there all the same.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        other => other,
    }
}

/// Nothing: Windows has no such call, and NTFS keeps renames in its journal.
#[cfg(windows)]
pub fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .expect("a folder of our own")
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_stands_at_the_target_before_the_commit_and_nothing_else_after_it() {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let target = folder.path().join("report.csv");
        let mut file = Replacement::create(&target, false).expect("a new file");
        file.write_all(b"whole").expect("room on the disk");
        assert!(!target.exists());
        file.commit().expect("renamed");
        assert_eq!(std::fs::read(&target).expect("readable"), b"whole");
        assert_eq!(names(folder.path()), ["report.csv"]);
    }

    #[test]
    fn a_file_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let mut file = Replacement::create(&folder.path().join("report.csv"), false).expect("a new file");
        file.write_all(b"half").expect("room on the disk");
        drop(file);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn an_existing_file_is_refused_without_force_even_when_it_comes_late() {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let target = folder.path().join("report.csv");
        let late = Replacement::create(&target, false).expect("a new file");
        std::fs::write(&target, "theirs").expect("writable");
        assert_eq!(late.commit().expect_err("refused").kind(), io::ErrorKind::AlreadyExists);
        let refused = Replacement::create(&target, false).expect_err("refused");
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&target).expect("readable"), b"theirs");
        Replacement::create(&target, true).expect("forced").commit().expect("renamed");
        assert_eq!(names(folder.path()), ["report.csv"]);
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_is_named_without_the_temporary_file() {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let missing = Replacement::create(&folder.path().join("no/report.csv"), false).expect_err("no folder");
        let not_one = temporary(&folder.path().join("no"), Path::new("report.csv")).expect_err("no folder");
        for error in [missing, not_one] {
            assert_eq!(error.kind(), io::ErrorKind::NotFound);
            assert!(!error.to_string().contains("report.csv"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_even_where_it_leads_to_no_file_yet() {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("reports")).expect("a folder of our own");
        std::os::unix::fs::symlink("second.csv", at("latest.csv")).expect("a link");
        std::os::unix::fs::symlink("reports/today.csv", at("second.csv")).expect("a link");
        for force in [false, true] {
            let mut file = Replacement::create(&at("latest.csv"), force).expect("a new file, then the same again");
            file.write_all(b"whole").expect("room on the disk");
            file.commit().expect("renamed");
            assert!(at("latest.csv").is_symlink() && at("second.csv").is_symlink());
            assert_eq!(names(&at("reports")), ["today.csv"]);
        }
        std::os::unix::fs::symlink("circle.csv", at("circle.csv")).expect("a link");
        assert!(Replacement::create(&at("circle.csv"), true).is_err());
    }

    #[test]
    fn a_folder_is_no_target() {
        let folder = tempfile::tempdir().expect("a folder of our own");
        assert!(Replacement::create(folder.path(), true).is_err());
    }
}
