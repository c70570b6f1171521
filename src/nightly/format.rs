//! The state as bytes: a header that every version can read, and a compressed body.
//!
//! | bytes | what |
//! |---|---|
//! | 0..8 | `LSSTATE\n` |
//! | 8..10 | format number of the body, little-endian |
//! | 10..14 | CRC-32 of the compressed body |
//! | 14..22 | length of the compressed body |
//! | 22.. | zstd of the body |
//!
//! Compatibility: a reader reads its own format number and every older one, and refuses a newer one
//! with the numbers in the message. An interrupted write cannot leave a short file under the state's
//! name (it is replaced as a whole); a short or changed file is refused all the same.
//!
//! | reader \ data | 1 | 2 and later |
//! |---|---|---|
//! | 1 | reads | refuses: "written by a newer version" |

use super::columns::Body;
use super::state::State;

/// First bytes of every state.
pub const MAGIC: [u8; 8] = *b"LSSTATE\n";
/// The format number that this version writes, and the newest that it reads.
pub const FORMAT: u16 = 1;
const HEADER: usize = 22;
/// Unpacked bodies above this are refused: 4 GiB is a thousand times a large site's state.
const MAX_BODY: usize = 1 << 32;
/// zstd level: the state is small and written once a night.
const LEVEL: i32 = 9;

/// Why bytes are no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadState {
    /// The file is shorter than its header says.
    #[error("it ends after {have} of {need} bytes")]
    Short {
        /// Bytes that are there.
        have: usize,
        /// Bytes that the header wants.
        need: usize,
    },
    /// The first bytes are not those of a state.
    #[error("it is not a state of logonstorm")]
    Magic,
    /// Written by a newer version.
    #[error("it has format {found}, and this version reads up to {FORMAT}: use the newer version that wrote it")]
    Newer {
        /// Format number of the file.
        found: u16,
    },
    /// The checksum does not fit.
    #[error("its checksum does not fit its content")]
    Checksum,
    /// The body cannot be read.
    #[error("its body cannot be read: {0}")]
    Body(String),
}

/// The state as bytes. Equal states give equal bytes.
pub fn encode(state: &State) -> Result<Vec<u8>, BadState> {
    let body = postcard::to_stdvec(&Body::of(state)).map_err(|error| BadState::Body(error.to_string()))?;
    let packed = zstd::bulk::compress(&body, LEVEL).map_err(|error| BadState::Body(error.to_string()))?;
    let mut bytes = Vec::with_capacity(HEADER + packed.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&packed).to_le_bytes());
    bytes.extend_from_slice(&(packed.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&packed);
    Ok(bytes)
}

/// The format number of a state's bytes; `None` when they are none.
pub fn number(bytes: &[u8]) -> Option<u16> {
    let rest = bytes.strip_prefix(&MAGIC)?;
    Some(u16::from_le_bytes([*rest.first()?, *rest.get(1)?]))
}

/// Reads a state of this or an older format.
pub fn decode(bytes: &[u8]) -> Result<State, BadState> {
    if bytes.len() < HEADER {
        let magic_fits = MAGIC.starts_with(&bytes[..bytes.len().min(8)]);
        return Err(if magic_fits { BadState::Short { have: bytes.len(), need: HEADER } } else { BadState::Magic });
    }
    if bytes[..8] != MAGIC {
        return Err(BadState::Magic);
    }
    let found = u16::from_le_bytes([bytes[8], bytes[9]]);
    if found > FORMAT {
        return Err(BadState::Newer { found });
    }
    let checksum = u32::from_le_bytes([bytes[10], bytes[11], bytes[12], bytes[13]]);
    let length = bytes[14..22].iter().rev().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    let packed = &bytes[HEADER..];
    if packed.len() as u64 != length {
        let need = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(HEADER);
        return Err(BadState::Short { have: bytes.len(), need });
    }
    if crc32fast::hash(packed) != checksum {
        return Err(BadState::Checksum);
    }
    let body = unpack(packed)?;
    let body: Body = postcard::from_bytes(&body).map_err(|error| BadState::Body(error.to_string()))?;
    body.state().ok_or_else(|| BadState::Body("a number points nowhere".to_owned()))
}

/// Unpacks with a bound, whatever the packed bytes promise.
fn unpack(packed: &[u8]) -> Result<Vec<u8>, BadState> {
    use std::io::Read;
    let bad = |error: std::io::Error| BadState::Body(error.to_string());
    let mut body = Vec::new();
    let mut reader = zstd::stream::read::Decoder::new(packed).map_err(bad)?.take(MAX_BODY as u64 + 1);
    reader.read_to_end(&mut body).map_err(bad)?;
    if body.len() > MAX_BODY {
        return Err(BadState::Body(format!("it is larger than {MAX_BODY} bytes")));
    }
    Ok(body)
}
