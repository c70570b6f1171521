//! The Prometheus textfile of a night.

use std::path::Path;

use super::Done;
use super::batch::Batch;
use crate::report::metrics::{Run, text};
use crate::run::Failure;

/// Replaces the textfile as a whole: its reader may come at any moment. The temporary file's name
/// does not end in `.prom`. `ended` is Unix time, `seconds` what the run took.
pub fn write_textfile(path: &Path, done: &Done, ended: i64, seconds: i64) -> Result<(), Failure> {
    let run = Run { ended, seconds, files: done.files, bytes: done.bytes };
    let mut file = Batch::new(&());
    file.write(path, text(&done.analysis, &run).as_bytes())?;
    file.place()
}
