//! What the program is compared with.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use logonstorm::fsio::aligned::Buffer;
use logonstorm::fsio::source::Source;

/// First argument of this bench's own child that only computes a checksum.
pub(crate) const CRC_MARK: &str = "--crc-pass";
/// How to get the peer.
pub(crate) const INSTALL: &str = "cargo install evtx --version 0.15.1";
/// Bytes of one read.
const BLOCK: usize = 256 * 1024;

/// A child that reads the bytes of a file, or of all files of a folder, and computes their CRC-32.
pub(crate) fn crc_command(path: &Path) -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(CRC_MARK).arg(path);
    Ok(command)
}

/// What that child does.
pub(crate) fn crc_pass(path: &Path) -> io::Result<u32> {
    let mut crc = crc32fast::Hasher::new();
    let mut buffer = Buffer::new(BLOCK);
    let mut waiting = vec![path.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            for entry in std::fs::read_dir(&path)? {
                waiting.push(entry?.path());
            }
            continue;
        }
        let source = Source::open(&path, String::new())?;
        let mut at = 0;
        loop {
            let have = source.read_at(at, buffer.bytes_mut())?;
            if have == 0 {
                break;
            }
            crc.update(&buffer.bytes()[..have]);
            at += have as u64;
        }
    }
    Ok(crc.finalize())
}

/// The `evtx_dump` of the `evtx` crate, version 0.15, in `$EVTX_DUMP` or in PATH. Other tools have the
/// same name.
pub(crate) fn evtx_dump() -> Option<PathBuf> {
    let told = std::env::var_os("EVTX_DUMP").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("evtx_dump"));
    told.into_iter().chain(found).find(|tool| {
        let said = Command::new(tool).arg("--version").output();
        said.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).starts_with("EVTX Parser 0.15"))
    })
}
