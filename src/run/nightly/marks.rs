//! Which files need no reading.

use std::collections::BTreeMap;
use std::io;

use crate::fsio::source::Source;
use crate::input::options::Options;
use crate::input::walk::{Found, Input};
use crate::model::names::fnv1a;
use crate::nightly::join::Looks;
use crate::nightly::state::{FileMark, State};

/// Bytes at either end of a file that its mark tells of: the headers of .evtx (128 bytes) and .evt
/// (48 bytes), which change with every record, lie in them, and a night looks at every file.
const END: u64 = 512;

/// What is to be read, and what the files look like tonight.
pub(super) struct Sorted {
    /// The files that are new or changed, and what the walk could not read.
    pub(super) found: Found,
    /// How the files look that were found.
    pub(super) looks: BTreeMap<String, Looks>,
    /// The marks of all files that could be opened.
    pub(super) marks: BTreeMap<String, FileMark>,
    /// Bytes that were read for the marks.
    pub(super) bytes_read: u64,
}

/// Leaves out what looks unchanged, unless everything is to be verified. Marks are taken before the
/// reading: a file that grows meanwhile differs from its mark the next night.
///
/// Under other options than before everything is read again, and what was told then is not wanted any
/// more: a text export read in another zone would count twice.
pub(super) fn sort(found: Found, state: &State, options: &Options, verify: bool) -> Sorted {
    let other_options = state.read_with != read_with(options);
    let mut sorted = Sorted {
        found: Found { files: Vec::new(), skipped: found.skipped, passed: found.passed },
        looks: BTreeMap::new(),
        marks: BTreeMap::new(),
        bytes_read: 0,
    };
    for input in found.files {
        let mark = mark(&input, &mut sorted.bytes_read);
        let known = mark.as_ref().is_ok_and(|mark| state.marks.get(&input.shown) == Some(mark));
        let looks = if other_options { Looks::Anew } else { Looks::There };
        sorted.looks.insert(input.shown.clone(), looks);
        // The reader says why one cannot be opened.
        if let Ok(mark) = mark {
            sorted.marks.insert(input.shown.clone(), mark);
        }
        if !known || verify || other_options {
            sorted.found.files.push(input);
        }
    }
    sorted
}

/// What decides what a reading gives, in words: the options and the version of the readers. The client
/// map is not among them: to whom a log belongs is asked anew each night.
pub(super) fn read_with(options: &Options) -> String {
    let zone = options.time_zone.map_or("none", |zone| zone.name());
    let profile = options.log_profile.as_ref().map_or(0, |profile| fnv1a(format!("{profile:?}").as_bytes()));
    let version = env!("CARGO_PKG_VERSION");
    format!("zone {zone}, CMTrace offsets {:?}, profile {profile:016x}, version {version}", options.cm_offset)
}

fn mark(input: &Input, bytes_read: &mut u64) -> io::Result<FileMark> {
    let source = Source::open(&input.path, input.shown.clone())?;
    let mut ends = vec![0; source.len.min(2 * END) as usize];
    let half = ends.len() / 2;
    let (first, last) = ends.split_at_mut(half);
    source.read_at(0, first)?;
    source.read_at(source.len - last.len() as u64, last)?;
    *bytes_read += source.bytes_read();
    Ok(FileMark { size: source.len, modified: source.modified_ns.unwrap_or(0), ends: fnv1a(&ends) })
}
