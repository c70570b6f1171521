//! The Prometheus textfile of a night.

use std::fs;
use std::path::Path;

use super::batch::Batch;
use super::{Done, Job, store};
use crate::report::metrics::{Run, text};
use crate::run::Failure;

/// Replaces the textfile as a whole: its reader may come at any moment. The temporary file's name
/// does not end in `.prom`. `ended` is Unix time, `seconds` what the run took. What a killed run left
/// half-written beside it goes.
///
/// The state's lock is held meanwhile. When another run has it already, nothing is written: that run
/// writes a newer textfile.
pub fn write_textfile(path: &Path, job: &Job, done: &Done, ended: i64, seconds: i64) -> Result<(), Failure> {
    let _lock = match store::lock(&job.state, &job.started, &()) {
        Err(Failure::Locked(_)) => return Ok(()),
        lock => lock?,
    };
    sweep(path);
    let run = Run { ended, seconds, files: done.files, bytes: done.bytes };
    let mut batch = Batch::new(&());
    batch.write(path, text(&done.analysis, &run).as_bytes())?;
    batch.place()
}

/// Removes `.logonstorm.prom.RANDOM.tmp` beside `logonstorm.prom`. What cannot be removed does no harm.
fn sweep(path: &Path) {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let lead = format!(".{}.", name.to_string_lossy());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let random = name.strip_prefix(&lead).and_then(|rest| rest.strip_suffix(".tmp"));
        if random.is_some_and(|random| !random.contains('.')) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
