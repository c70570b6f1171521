//! The way through a night.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::attribute::attribute_again;
use super::batch::Batch;
use super::{Ignore, changes, history, marks, place, store};
use crate::fsio::steps::Steps;
use crate::input::walk::{Found, walk_in};
use crate::model::analysis::{Analysis, Changes};
use crate::model::gathered::{Severity, Skipped};
use crate::nightly::join::{Looks, Tonight, Walked, join, settle};
use crate::nightly::since::remember;
use crate::nightly::state::State;
use crate::report::changes::counts;
use crate::report::output::Output;
use crate::report::style::Style;
use crate::run::filter::filter;
use crate::run::options::Options;
use crate::run::{Failure, Progress, memory, scan};
use crate::{analysis, input, timeline};

/// Everything a night is told.
pub struct Job {
    /// Inputs, thresholds and the span of what is reported; filters are not heeded.
    pub scan: Options,
    /// Folder of the state.
    pub state: PathBuf,
    /// Folder of the reports.
    pub reports: PathBuf,
    /// What is written; each has an extension.
    pub outputs: Vec<&'static Output>,
    /// Looks of the reports.
    pub style: Style,
    /// Dated folders that stay.
    pub keep: usize,
    /// Days for which events are kept in full, back from the newest; older ones are totals. `None`: all.
    pub history: Option<u32>,
    /// Rows that are not listed.
    pub ignore: Vec<Ignore>,
    /// The night, in days since 1970-01-01.
    pub night: i32,
    /// Reads again what looks unchanged.
    pub verify: bool,
    /// Writes nothing.
    pub dry_run: bool,
    /// When the run started, for the message of a second one.
    pub started: String,
}

/// What a night did.
pub struct Done {
    /// The conclusions, with what changed.
    pub analysis: Analysis,
    /// What changed, in words.
    pub changed: String,
    /// Bytes that were read, those that told unchanged files included, and bytes of all files found.
    pub bytes: (u64, u64),
    /// Files that were read, and all that were found.
    pub files: (u64, u64),
    /// About how many bytes of memory it takes to hold what was seen. The budget of the options does not
    /// bound it: what is not kept would count again.
    pub memory: u64,
    /// Dated folders that were removed.
    pub removed: Vec<String>,
}

/// Reads what is new, joins it to what was seen, writes the reports, and at last the state.
///
/// Errors: the lock is held, the state cannot be used, the night lies before the last one, or
/// something cannot be written. In every case the old state stands as it was.
pub fn nightly(job: &Job, progress: &dyn Progress) -> Result<Done, Failure> {
    nightly_in_steps(job, &(), progress)
}

/// The same, watched: `steps` is told of each change on disk before it is made, and may refuse it.
pub fn nightly_in_steps(job: &Job, steps: &dyn Steps, progress: &dyn Progress) -> Result<Done, Failure> {
    // A dry run writes nothing, not even a lock: it reads the state as it stands.
    let _lock = if job.dry_run { None } else { Some(store::lock(&job.state, &job.started, steps)?) };
    let mut state = store::load(&job.state)?;
    let days = state.current.day.map_or(0, |last| u32::try_from(job.night - last).unwrap_or(0));
    turn(&mut state, job)?;
    let found = walk_in(&job.scan.base, &job.scan.paths);
    let all = size(&found);
    let sorted = marks::sort(found, &state, &job.scan.input, job.verify);
    let read = sorted.found.files.len() as u64;
    let bytes_read = gather(&mut state, sorted, job, days, progress)?;

    let (_, seen) = store::settle(&job.state, &state)?;
    let records = timeline::distinct_records(&seen.seen);
    let mut analysis = job.scan.on_threads(|| conclude(&seen, job))?;
    changes::tell(&mut analysis, records, &state.baseline);
    state.current = remember(job.night, &analysis, records, &state.baseline);
    changes::identify(&mut analysis, &state.current);
    if job.scan.from.is_some() || job.scan.to.is_some() {
        let changes = analysis.changes;
        analysis = job.scan.on_threads(|| within(&seen, job, changes))?;
    }
    changes::ignore(&mut analysis, &job.ignore, job.night);
    let bytes = store::encode(&job.state, &state)?;

    let nothing = analysis.inputs.files == 0;
    let mut removed = Vec::new();
    if !job.dry_run && !nothing {
        place::sweep(&job.state, &job.reports, steps);
        let (mut of_reports, mut of_state) = (Batch::new(steps), Batch::new(steps));
        let (night, files) = (changes::date(job.night), reports(job, &analysis)?);
        place::write_all(&mut of_reports, &job.reports, &night, &files)?;
        of_state.write(&store::path(&job.state), &bytes)?;
        // Reports first, state last: whatever ends us between them, the next run starts from the old state.
        of_reports.place()?;
        of_state.place()?;
        place::drop_others(&job.reports, &night, &files, steps);
        removed = place::keep(&job.reports, &night, job.keep, steps);
    }
    let memory = memory::of_night(&state.seen, state.current.rows.len());
    let changed = analysis.changes.as_ref().map(counts).unwrap_or_default();
    Ok(Done { analysis, changed, bytes: (bytes_read, all.1), files: (read, all.0), memory, removed })
}

/// Starts the night: a new one compares with the last, the same one again with what it compared with.
fn turn(state: &mut State, job: &Job) -> Result<(), Failure> {
    let night = job.night;
    match state.current.day {
        Some(last) if night < last => Err(Failure::Usage(format!(
            "the night {} lies before the last one, {last}, of the state {}: set the clock right, give `--as-of {last}` \
             or later, or forget the state with `logonstorm state reset --force`",
            changes::date(night),
            store::path(&job.state).display(),
            last = changes::date(last)
        ))),
        Some(last) if night > last => {
            state.baseline = std::mem::take(&mut state.current);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Reads and joins; returns how many bytes were read.
fn gather(
    state: &mut State,
    sorted: marks::Sorted,
    job: &Job,
    days: u32,
    progress: &dyn Progress,
) -> Result<u64, Failure> {
    let found = sorted.found.files.iter().map(|file| &file.shown);
    let walked = Walked::new(found.chain(sorted.looks.keys()).chain(state.marks.keys()).cloned());
    let again: BTreeSet<String> = sorted.found.files.iter().map(|file| file.shown.clone()).collect();
    // Places in files that are read again, and in paths that are walked again, are told anew.
    state.seen.skipped.retain(|place| !told_anew(place, walked.container(&place.file), &again));
    let tonight = input::collect::gather_found(sorted.found, &job.scan.input, job.scan.threads, &mut (), progress)
        .map_err(Failure::no_threads)?;
    let bytes_read = sorted.bytes_read + tonight.bytes_read;
    let unreadable = tonight.skipped.iter().filter(|place| place.severity == Severity::Unreadable);
    let unreadable: BTreeSet<String> = unreadable.map(|place| walked.container(&place.file).to_owned()).collect();
    let looks = |path: &str| {
        let look = sorted.looks.get(path).or_else(|| sorted.looks.get(walked.container(path)));
        look.copied().unwrap_or(Looks::Gone)
    };

    join(state, tonight, &Tonight { looks: &looks, walked: &walked, days });
    attribute_again(&mut state.seen, &job.scan.input.client_map);
    // What a client's log held before so many days is older than the history.
    state.seen.clients.retain(|log| job.history.is_none_or(|days| log.earlier <= days.saturating_add(1)));
    timeline::compact(&mut state.seen);
    settle(state);

    // Marks of files that are away tonight stay: they may come back. What told nothing is forgotten,
    // and what could not be read is tried again.
    let present = state.seen.files[..state.present].iter();
    let known: BTreeSet<&str> = present.map(|file| walked.container(&file.path)).collect();
    let there = |path: &str| known.contains(path) || looks(path) != Looks::Gone;
    state.marks.extend(sorted.marks);
    state.marks.retain(|path, _| there(path) && !unreadable.contains(path));
    state.seen.skipped.retain(|place| is_walked(place) || there(walked.container(&place.file)));
    state.read_with = marks::read_with(&job.scan.input);
    Ok(bytes_read)
}

fn told_anew(place: &Skipped, container: &str, again: &BTreeSet<String>) -> bool {
    is_walked(place) || place.severity == Severity::Unreadable || again.contains(container)
}

/// The place is a path as typed or a folder, not a file.
fn is_walked(place: &Skipped) -> bool {
    place.at.is_empty() && matches!(place.what.as_str(), "path" | "folder" | "link" | "special file")
}

/// What `scan` would say of everything seen so far; what is older than the history adds to the counts.
fn conclude(state: &State, job: &Job) -> Analysis {
    let thresholds = &job.scan.thresholds;
    let mut seen = state.seen.clone();
    // The first night judges everything: no earlier one has.
    let days = job.history.filter(|_| state.baseline.day.is_some());
    let mut older = days.and_then(|days| history::split(&mut seen, days, job.night, thresholds));
    let mut timeline = timeline::build(seen, job.scan.keep_records(), thresholds);
    if let Some(older) = &mut older {
        older.cut(&mut timeline);
    }
    let mut analysis = analysis::analyse(timeline, &scan::settings(&job.scan));
    analysis.inputs.duplicates += state.duplicates();
    if let Some(older) = older {
        older.add(&mut analysis, &state.baseline, job.scan.all);
    }
    analysis
}

/// The same of one span of time. What is new is told of everything.
fn within(state: &State, job: &Job, changes: Option<Changes>) -> Analysis {
    let mut seen = state.seen.clone();
    filter(&mut seen, &job.scan);
    let timeline = timeline::build(seen, job.scan.keep_records(), &job.scan.thresholds);
    let mut analysis = analysis::analyse(timeline, &scan::settings(&job.scan));
    analysis.inputs.duplicates += state.duplicates();
    analysis.changes = changes;
    analysis
}

fn reports(job: &Job, analysis: &Analysis) -> Result<Vec<(&'static str, Vec<u8>)>, Failure> {
    let mut files = Vec::new();
    for output in &job.outputs {
        let mut bytes = Vec::new();
        (output.write)(analysis, &job.style, &mut bytes).map_err(|source| store::output(&job.reports, source))?;
        files.push((output.extension, bytes));
    }
    Ok(files)
}

fn size(found: &Found) -> (u64, u64) {
    (found.files.len() as u64, found.files.iter().map(|file| file.len).sum())
}
