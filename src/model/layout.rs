//! Byte constants, hashes and checksums that readers and writers of event logs share.
//!
//! Sources: MS-EVEN6 2.2.12 and the libevtx documentation for `.evtx`; ELF_LOGFILE_HEADER,
//! EVENTLOGRECORD and ELF_EOF_RECORD (Microsoft bb309024, bb309022) for `.evt`.

/// Magic of an `.evtx` file header.
pub const EVTX_MAGIC: [u8; 8] = *b"ElfFile\0";
/// Magic of an `.evtx` chunk.
pub const CHUNK_MAGIC: [u8; 8] = *b"ElfChnk\0";
/// Size of the `.evtx` file header block, in bytes.
pub const EVTX_HEADER: usize = 4096;
/// Size of a chunk, in bytes.
pub const CHUNK: usize = 65_536;
/// Size of a chunk's header; the first record stands behind it.
pub const CHUNK_HEADER: usize = 512;
/// Magic of a record in a chunk.
pub const RECORD_MAGIC: [u8; 4] = [0x2a, 0x2a, 0, 0];
/// Size of a record's header.
pub const RECORD_HEADER: usize = 24;

/// First bytes of an `.evt` file: header size 0x30 and `LfLe`.
pub const EVT_MAGIC: [u8; 8] = [0x30, 0, 0, 0, b'L', b'f', b'L', b'e'];

/// The hash of names in BinXML: h = h * 65599 + unit over UTF-16 units, wrapping (MS-EVEN6).
/// The low 16 bits are stored; the bucket is the hash modulo 64.
pub fn name_hash(units: impl IntoIterator<Item = u16>) -> u32 {
    units.into_iter().fold(0u32, |hash, unit| hash.wrapping_mul(65_599).wrapping_add(u32::from(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_hashes_are_those_of_real_logs() {
        for (name, hash, bucket) in [("Event", 0x0cba, 58), ("EventRecordID", 0x0346, 6), ("Data", 0x6f8a, 10)] {
            let got = name_hash(name.encode_utf16());
            assert_eq!((got & 0xffff, (got & 0xffff) % 64), (hash, bucket), "{name}");
        }
    }
}
