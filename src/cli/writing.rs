//! Results to standard output and to files.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::fsio::replace::Replacement;
use crate::run::Failure;

/// A result that can be written more than once.
pub(super) type Content<'a> = &'a dyn Fn(&mut dyn Write) -> io::Result<()>;

/// Writes to standard output.
pub(super) fn stdout(content: Content<'_>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    content(&mut out)?;
    out.flush()
}

/// Files that were opened before the work began, so that a name that cannot be written is told at
/// once and not after an hour.
pub(super) fn open(paths: &[PathBuf], force: bool) -> Result<Vec<Replacement>, Failure> {
    let mut opened: Vec<Replacement> = Vec::with_capacity(paths.len());
    for path in paths {
        let file = open_one(path, force)?;
        if opened.iter().any(|other| other.target() == file.target()) {
            return Err(Failure::Usage(format!("-o {} is given twice", path.display())));
        }
        opened.push(file);
    }
    Ok(opened)
}

/// One file, opened before the work begins.
pub(super) fn open_one(path: &Path, force: bool) -> Result<Replacement, Failure> {
    Replacement::create(path, force).map_err(|error| failure(path, error))
}

/// Puts a file that was written in its place.
pub(super) fn commit(path: &Path, file: Replacement) -> Result<(), Failure> {
    file.commit().map_err(|error| failure(path, error))
}

/// Writes one file and puts it in its place.
pub(super) fn file(path: &Path, mut file: Replacement, content: Content<'_>) -> Result<(), Failure> {
    content(&mut file).and_then(|()| file.commit()).map_err(|error| failure(path, error))
}

fn failure(path: &Path, error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::AlreadyExists {
        Failure::Usage(format!("{} exists already; --force replaces it", path.display()))
    } else {
        Failure::Output { path: path.to_owned(), source: error }
    }
}
