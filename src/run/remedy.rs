//! A folder of remedies.

use std::io::{self, Write};
use std::path::Path;

use super::Failure;
use crate::fsio::replace::Replacement;
use crate::report::remedy::{FIXED, Made};

/// Refuses a folder that cannot take the files, before anything is read: something that is no folder,
/// or without `force` a folder that holds remedies already.
pub fn check(dir: &Path, force: bool) -> Result<(), Failure> {
    match std::fs::metadata(dir) {
        Ok(meta) if !meta.is_dir() => Err(Failure::Usage(format!("-o {}: is no folder", dir.display()))),
        Ok(_) if !force => refuse(&dir.join("remedy.txt")),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(Failure::Output { path: dir.to_owned(), source }),
    }
}

/// Writes the files below `dir`, which is made where it is missing. Without `force` nothing is written
/// where one of them exists; each file appears whole or not at all. With `force`
/// scripts and registry files of an earlier run go that are not written again.
pub fn write(files: &[Made], dir: &Path, force: bool) -> Result<(), Failure> {
    if !force {
        files.iter().try_for_each(|file| refuse(&dir.join(&file.path)))?;
    }
    for file in files {
        let path = dir.join(&file.path);
        put(&path, &file.bytes, force).map_err(|source| Failure::Output { path: path.clone(), source })?;
    }
    // A script of an earlier run would change clients that no longer storm.
    let stale = FIXED.iter().filter(|name| force && files.iter().all(|file| file.path != **name));
    stale
        .map(|name| dir.join(name))
        .filter(|path| path.is_file())
        .try_for_each(|path| std::fs::remove_file(&path).map_err(|source| Failure::Output { path, source }))
}

fn put(path: &Path, bytes: &[u8], force: bool) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = Replacement::create(path, force)?;
    file.write_all(bytes)?;
    file.commit()
}

fn refuse(path: &Path) -> Result<(), Failure> {
    // A link counts as a file even where it leads nowhere.
    match path.symlink_metadata() {
        Ok(_) => Err(Failure::Usage(format!("{} exists already; --force replaces it", path.display()))),
        Err(_) => Ok(()),
    }
}
