//! The event log of Windows NT 4 to Server 2003: a ring file of records.
//!
//! A header of 48 bytes is followed by a ring: records in order of their numbers, each with its
//! length in front and behind, then the EOF record, then whatever older records left. While a log
//! is open only the EOF record is current, so it decides and not the header. A record that does not
//! fit before the end of the file goes on behind the header.

mod header;
mod read;
mod record;
mod ring;
mod walk;

#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod tests;

pub use record::Record;
pub use walk::{Item, walk};

use super::door::Format;

/// The legacy event log.
pub const FORMAT: Format = Format {
    name: "evt",
    summary: "Windows event log of NT 4, 2000, XP and Server 2003 (.evt)",
    sample: "fixtures/formats/security.evt",
    verified: true,
    sniff: read::sniff,
    most: 100,
    read: read::read,
    parts: None,
};
