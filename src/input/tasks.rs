//! The inputs as units of work: a big file is read in parts, by several threads.

use std::sync::atomic::{AtomicU64, Ordering};

use super::door::Format;
use super::options::Options;
use super::sniff::{Kind, sniff};
use super::walk::Input;
use crate::fsio::source::Source;

/// One unit of work.
pub(super) struct Task<'a> {
    /// The input.
    pub(super) input: &'a Input,
    /// Part and number of parts.
    pub(super) part: (u64, u64),
    /// What the input is, where that was found out to cut it.
    pub(super) kind: Option<Kind>,
}

/// Files in order; big ones of a format with parts are cut.
pub(super) fn tasks<'a>(files: &'a [Input], options: &Options, bytes_read: &AtomicU64) -> Vec<Task<'a>> {
    let mut tasks = Vec::with_capacity(files.len());
    for input in files {
        let (kind, parts) = parts(input, options, bytes_read);
        tasks.extend((0..parts).map(|part| Task { input, part: (part, parts), kind }));
    }
    tasks
}

/// What a big file is, if it can be read, and in how many parts.
fn parts(input: &Input, options: &Options, bytes_read: &AtomicU64) -> (Option<Kind>, u64) {
    const BIG: u64 = 4 << 20;
    if input.len < BIG {
        return (None, 1);
    }
    let kind = Source::open(&input.path, input.shown.clone()).and_then(|source| {
        let kind = sniff(&source, options);
        bytes_read.fetch_add(source.bytes_read(), Ordering::Relaxed);
        kind
    });
    let parts = match kind {
        Ok(Kind::Known(Format { parts: Some(parts), .. })) => (parts.count)(input.len).max(1),
        _ => 1,
    };
    (kind.ok(), parts)
}
