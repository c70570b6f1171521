//! Something that can be read at any place: a file on disk, or an unpacked archive member.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// An input that can be read at any place, from any thread.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path as reports print it: as typed plus what lies below, with `/`; a member of an archive
    /// is `archive.zip!DC01.evtx`.
    pub path: String,
    /// Length in bytes when it was opened. A file that grows later is read up to here.
    pub len: u64,
    /// Modification time, Unix seconds, where known.
    pub modified: Option<i64>,
    /// The same in nanoseconds, of a file on disk.
    pub modified_ns: Option<i64>,
    bytes: Bytes,
    /// Bytes read from the file, by this source and its clones.
    read: Arc<AtomicU64>,
}

#[derive(Clone, Debug)]
enum Bytes {
    File(Arc<File>),
    /// `Source::len` bytes of a file, from this offset.
    Part(Arc<File>, u64),
    Memory(Arc<[u8]>),
}

impl Source {
    /// Opens a file for reading. Live Windows logs refuse this.
    pub fn open(path: &Path, shown: String) -> io::Result<Source> {
        let file = File::open(path)?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        let since = meta.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let modified = since.and_then(|since| i64::try_from(since.as_secs()).ok());
        let modified_ns = since.and_then(|since| i64::try_from(since.as_nanos()).ok());
        let bytes = Bytes::File(Arc::new(file));
        Ok(Source { path: shown, len: meta.len(), modified, modified_ns, bytes, read: Arc::default() })
    }

    /// Bytes in memory: an archive's member, or a test.
    pub fn memory(path: impl Into<String>, bytes: impl Into<Arc<[u8]>>, modified: Option<i64>) -> Source {
        let bytes: Arc<[u8]> = bytes.into();
        Source {
            path: path.into(),
            len: bytes.len() as u64,
            modified,
            modified_ns: None,
            bytes: Bytes::Memory(bytes),
            read: Arc::default(),
        }
    }

    /// `len` bytes of an open file from `start`: an archive's member in a spool file.
    pub fn part(path: String, file: Arc<File>, start: u64, len: u64, modified: Option<i64>) -> Source {
        Source { path, len, modified, modified_ns: None, bytes: Bytes::Part(file, start), read: Arc::default() }
    }

    /// How many bytes were read from the file so far, by this source and its clones; what was read
    /// twice counts twice. 0 for bytes in memory.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Fills `buffer` from `offset` as far as the source reaches; returns how many bytes were read,
    /// which is less than asked only at the end. Nothing beyond [`Source::len`] is asked of the system:
    /// it calls places that no file reaches invalid, and a log may grow while it is read.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        let buffer = &mut buffer[..wanted];
        let (file, start) = match &self.bytes {
            Bytes::File(file) => (file, 0),
            Bytes::Part(file, start) => (file, *start),
            Bytes::Memory(all) => {
                let from = usize::try_from(offset).unwrap_or(usize::MAX).min(all.len());
                buffer.copy_from_slice(&all[from..from + wanted]);
                return Ok(wanted);
            }
        };
        let mut done = 0;
        while done < wanted {
            match positioned(file, start.saturating_add(offset + done as u64), &mut buffer[done..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) => break,
                other => done += other?,
            }
        }
        self.read.fetch_add(done as u64, Ordering::Relaxed);
        Ok(done)
    }
}

#[cfg(unix)]
fn positioned(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn positioned(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_file_is_read_as_a_source_of_its_own() {
        use std::io::Write as _;
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"before|inside|after").unwrap();
        let source = Source::part("a.zip!x".into(), Arc::new(file), 7, 6, None);
        let mut buffer = [0; 10];
        assert_eq!(source.read_at(0, &mut buffer).unwrap(), 6);
        assert_eq!(&buffer[..6], b"inside");
        assert_eq!(source.read_at(4, &mut buffer).unwrap(), 2);
        assert_eq!(source.read_at(u64::MAX, &mut buffer).unwrap(), 0);
    }

    #[test]
    fn an_offset_that_no_file_reaches_is_past_the_end_and_no_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, b"abcdef").unwrap();
        let source = Source::open(&path, "x".to_owned()).unwrap();
        for offset in [6, i64::MAX as u64 - 1, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX - 1, u64::MAX] {
            assert_eq!(source.read_at(offset, &mut [0; 4]).unwrap(), 0, "{offset}");
        }
    }

    #[test]
    fn a_file_that_grows_while_it_is_read_is_read_as_long_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, b"abcdef").unwrap();
        let source = Source::open(&path, "x".to_owned()).unwrap();
        std::fs::write(&path, b"abcdefghi").unwrap();
        let mut buffer = [0; 8];
        assert_eq!(source.read_at(4, &mut buffer).unwrap(), 2);
        assert_eq!(source.read_at(7, &mut buffer).unwrap(), 0);
    }

    #[test]
    fn reads_stop_at_the_end_and_never_past_it() {
        let source = Source::memory("x", *b"abcdef", None);
        let mut buffer = [0; 4];
        assert_eq!(source.read_at(4, &mut buffer).unwrap(), 2);
        assert_eq!(&buffer[..2], b"ef");
        assert_eq!(source.read_at(u64::MAX, &mut buffer).unwrap(), 0);
    }
}
