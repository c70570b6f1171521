//! Headers of the file and of a chunk, and their checksums.

use crate::model::layout::{CHUNK, CHUNK_HEADER, CHUNK_MAGIC, EVTX_MAGIC};

/// Flag of a file whose header was not brought up to date.
const FILE_FULL: u32 = 2;
/// Flag of a file or chunk that has no checksums.
const NO_CRC: u32 = 4;

/// Two bytes, little-endian; `None` past the end.
#[inline]
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Four bytes, little-endian; `None` past the end.
#[inline]
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Eight bytes, little-endian; `None` past the end.
#[inline]
pub fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// What the file header says, as far as it is of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileHeader {
    /// Magic and checksum are right.
    pub sound: bool,
    /// What is wrong with it; `None` when nothing is.
    pub wrong: Option<&'static str>,
    /// Number of chunks in use; a hint: it has 16 bits and dirty files say too few.
    pub chunks: u16,
    /// The log is full.
    pub full: bool,
}

impl FileHeader {
    /// Reads the first bytes of a file, which may be cut.
    pub fn read(bytes: &[u8]) -> FileHeader {
        let flags = u32_at(bytes, 120).unwrap_or(0);
        let wrong = if !bytes.starts_with(&EVTX_MAGIC) {
            Some("the magic is wrong")
        } else if bytes.len() < 128 {
            Some("cut")
        } else if flags & NO_CRC == 0 && u32_at(bytes, 124) != Some(crc32fast::hash(&bytes[..120])) {
            Some("the checksum is wrong")
        } else {
            None
        };
        let sound = wrong.is_none();
        FileHeader { sound, wrong, chunks: u16_at(bytes, 42).unwrap_or(0), full: sound && flags & FILE_FULL != 0 }
    }
}

/// What a chunk header says. Every value is a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkHeader {
    /// The magic is right.
    pub magic: bool,
    /// Magic and header checksum are right (or there are no checksums), so the values can be used.
    pub sound: bool,
    /// The records' checksum is right, or there is none.
    pub records_sound: bool,
    /// First and last record number.
    pub numbers: (u64, u64),
    /// First and last record identifier.
    pub ids: (u64, u64),
    /// Offset of the last record.
    pub last_record: usize,
    /// Offset behind the last record.
    pub free: usize,
}

impl ChunkHeader {
    /// Reads the header and checks both checksums. `chunk` has the size of a chunk.
    pub fn read(chunk: &[u8]) -> ChunkHeader {
        let long = |at| u64_at(chunk, at).unwrap_or(0);
        let short = |at| u32_at(chunk, at).unwrap_or(0);
        let magic = chunk.starts_with(&CHUNK_MAGIC);
        let unchecked = short(120) & NO_CRC != 0;
        let mut crc = crc32fast::Hasher::new();
        crc.update(chunk.get(..120).unwrap_or(&[]));
        crc.update(chunk.get(128..CHUNK_HEADER).unwrap_or(&[]));
        let sound = magic && (unchecked || crc.finalize() == short(124));
        let free = short(48) as usize;
        let records = chunk.get(CHUNK_HEADER..free.min(CHUNK));
        let records_sound =
            unchecked || (free <= CHUNK && records.is_some_and(|bytes| crc32fast::hash(bytes) == short(52)));
        ChunkHeader {
            magic,
            sound,
            records_sound,
            numbers: (long(8), long(16)),
            ids: (long(24), long(32)),
            last_record: short(44) as usize,
            free,
        }
    }

    /// Where the header says that the records end; `None` when it cannot be believed. An archived log
    /// may say the end of the chunk.
    pub fn end(&self) -> Option<usize> {
        (self.sound && (CHUNK_HEADER..=CHUNK).contains(&self.free)).then_some(self.free)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_is_cut_or_changed_is_not_sound() {
        let mut bytes = vec![0u8; 4096];
        bytes[..8].copy_from_slice(&EVTX_MAGIC);
        bytes[120] = 2;
        let crc = crc32fast::hash(&bytes[..120]);
        bytes[124..128].copy_from_slice(&crc.to_le_bytes());
        assert!(FileHeader::read(&bytes).full);
        assert_eq!(FileHeader::read(&bytes[..100]).wrong, Some("cut"));
        bytes[30] ^= 1;
        assert_eq!(FileHeader::read(&bytes).wrong, Some("the checksum is wrong"));
        assert!(!FileHeader::read(&bytes).full);
    }

    #[test]
    fn reads_past_the_end_are_none() {
        assert_eq!(u64_at(&[0; 10], 3), None);
        assert_eq!(u32_at(&[1, 0, 0, 0], 0), Some(1));
        assert_eq!(u16_at(&[0; 4], usize::MAX), None);
    }
}
