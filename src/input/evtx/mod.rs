//! `.evtx`: event logs since Vista (MS-EVEN6 2.2.12 and the libevtx documentation).
//!
//! [`read`] goes over a file chunk by chunk and believes its size, not its header. For each chunk
//! [`records`] finds the records and every damaged place between them. A record whose template has a
//! [`plan`] is read by [`scan`] without being rendered; [`likeness`] knows a template again in another chunk.
//! Where a [`pattern`] tells where its bytes lie and [`super::memo`] knows a record of equal bytes, it is not
//! even taken apart. Records of any other shape go to [`general`], which stands on the `evtx` crate and is the
//! scan's judge in tests. [`chunk`] ties the two together.

pub mod chunk;
pub mod definition;
pub mod general;
pub mod header;
pub mod likeness;
pub mod pattern;
pub mod plan;
pub mod plans;
pub mod read;
pub mod records;
pub mod scan;
pub mod values;
pub mod wanted;

use super::door::{Format, Head, Parts};
use crate::model::layout::{CHUNK_MAGIC, EVTX_HEADER, EVTX_MAGIC};

/// The format's row of the register.
pub const FORMAT: Format = Format {
    name: "evtx",
    summary: "Windows event log since Vista (.evtx), Security log",
    sample: "fixtures/demo/security/DC01-2008-09-01.evtx",
    verified: true,
    sniff,
    most: 100,
    read: read::read,
    parts: Some(Parts { count: read::count_parts, read: read::read_part }),
};

/// The magic at the start; or a first chunk behind a damaged file header.
fn sniff(head: &Head<'_>) -> u8 {
    let chunk = head.bytes.get(EVTX_HEADER..EVTX_HEADER + CHUNK_MAGIC.len());
    if head.bytes.starts_with(&EVTX_MAGIC) {
        100
    } else if chunk == Some(CHUNK_MAGIC.as_slice()) {
        90
    } else {
        0
    }
}
