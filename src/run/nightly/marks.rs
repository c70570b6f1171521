//! Which files need no reading.

use std::collections::BTreeMap;
use std::io;

use crate::fsio::source::Source;
use crate::input::walk::{Found, Input};
use crate::model::names::fnv1a;
use crate::nightly::state::FileMark;

/// Bytes at either end of a file that its mark tells of.
const END: u64 = 64 * 1024;

/// What is to be read, and what the files look like tonight.
pub(super) struct Sorted {
    /// The files that are new or changed, and what the walk could not read.
    pub(super) found: Found,
    /// The marks of all files that could be opened.
    pub(super) marks: BTreeMap<String, FileMark>,
}

/// Leaves out what looks unchanged, unless everything is to be verified. Marks are taken before the
/// reading: a file that grows meanwhile differs from its mark the next night.
pub(super) fn sort(found: Found, known: &BTreeMap<String, FileMark>, verify: bool) -> Sorted {
    let mut sorted = Sorted {
        found: Found { files: Vec::new(), skipped: found.skipped, passed: found.passed },
        marks: BTreeMap::new(),
    };
    for input in found.files {
        match mark(&input) {
            Ok(mark) if !verify && known.get(&input.shown) == Some(&mark) => {
                sorted.marks.insert(input.shown, mark);
            }
            Ok(mark) => {
                sorted.marks.insert(input.shown.clone(), mark);
                sorted.found.files.push(input);
            }
            // The reader says why it cannot be opened.
            Err(_) => sorted.found.files.push(input),
        }
    }
    sorted
}

fn mark(input: &Input) -> io::Result<FileMark> {
    let source = Source::open(&input.path, input.shown.clone())?;
    let mut ends = vec![0; source.len.min(2 * END) as usize];
    if source.len <= 2 * END {
        source.read_at(0, &mut ends)?;
    } else {
        let (first, last) = ends.split_at_mut(END as usize);
        source.read_at(0, first)?;
        source.read_at(source.len - END, last)?;
    }
    Ok(FileMark { size: source.len, modified: source.modified.unwrap_or(0), ends: fnv1a(&ends) })
}
