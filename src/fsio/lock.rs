//! One writer at a time: the operating system's lock on a file, which ends with its holder.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

/// A lock that is held. Dropping it, or the end of the process in any way, frees it; the file stays
/// and blocks nobody.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// Why there is no lock.
#[derive(Debug)]
pub enum NoLock {
    /// Another process holds it. The text is what the holder wrote; empty where it cannot be read, as
    /// on Windows, whose locks keep readers out.
    Held(String),
    /// The file cannot be made or locked.
    Io(io::Error),
}

/// Longest text of a holder that is shown.
const MOST: u64 = 300;

impl Lock {
    /// Takes the lock on the file at `path`, without waiting, and writes `holder` into it for the
    /// message of whoever comes next.
    pub fn take(path: &Path, holder: &str) -> Result<Lock, NoLock> {
        let mut file =
            File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(NoLock::Io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = Vec::new();
                // Without the holder's text the message is shorter, and still true.
                let _ = file.take(MOST).read_to_end(&mut text);
                return Err(NoLock::Held(String::from_utf8_lossy(&text).trim().to_owned()));
            }
            Err(TryLockError::Error(error)) => return Err(NoLock::Io(error)),
        }
        let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{holder}"));
        written.map_err(NoLock::Io)?;
        Ok(Lock { file })
    }
}

impl Drop for Lock {
    /// Closing alone would not do: a process that is just being started holds copies of all open files
    /// for a moment, and the lock lasts as long as the last copy.
    fn drop(&mut self) {
        // Where it cannot be given back, closing the file still does it.
        let _ = self.file.unlock();
    }
}

/// The machine's name, for a message; `this machine` where it cannot be read.
#[cfg(unix)]
pub fn machine() -> String {
    let name =
        ["/proc/sys/kernel/hostname", "/etc/hostname"].iter().find_map(|path| std::fs::read_to_string(path).ok());
    name.map_or_else(|| "this machine".to_owned(), |name| name.trim().to_owned())
}

/// The machine's name, for a message; `this machine` where it cannot be read.
#[cfg(windows)]
pub fn machine() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_else(|_| "this machine".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_lock_names_its_holder_and_a_stale_file_blocks_nobody() {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let path = folder.path().join("lock");
        std::fs::write(&path, "pid 1, long dead, and a longer text than the next one").expect("writable");
        let held = Lock::take(&path, "pid 2 on HOST").expect("a stale file does not block");
        match Lock::take(&path, "pid 3") {
            Err(NoLock::Held(text)) if cfg!(unix) => assert_eq!(text, "pid 2 on HOST"),
            Err(NoLock::Held(_)) => {}
            other => panic!("{other:?}"),
        }
        drop(held);
        Lock::take(&path, "pid 3").expect("free again");
    }

    #[test]
    fn a_copy_of_the_open_file_in_a_child_does_not_keep_the_lock() {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let path = folder.path().join("lock");
        let held = Lock::take(&path, "pid 2").expect("free");
        let copy = held.file.try_clone().expect("an open file");
        drop(held);
        Lock::take(&path, "pid 3").expect("free again");
        drop(copy);
    }
}
