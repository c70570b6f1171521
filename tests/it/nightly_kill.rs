//! The scheduled job, killed and refused at every step.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use logonstorm::fsio::steps::{Step, Steps};
use logonstorm::run::nightly::{Job, nightly, nightly_in_steps, state_show};
use logonstorm::run::{Failure, Progress};
use logonstorm::simulate::Format;

use crate::site::{Failed, START, failures, job, written};

/// Points at which the job is killed.
const POINTS: usize = 300;
/// Set for a child: the folder it works in.
const CHILD: &str = "NIGHTLY_CHILD";
/// Set for a child: the point at which it waits to be killed.
const POINT: &str = "NIGHTLY_CHILD_POINT";

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Inputs of two nights, and what stands after each.
struct Story {
    folder: tempfile::TempDir,
    /// After the first night, paths relative to the working folder.
    before: Files,
    /// After the second.
    after: Files,
    /// What `state show` prints then.
    shown: String,
    /// Steps and looks of the second night.
    points: usize,
}

impl Story {
    fn new() -> Story {
        let folder = tempfile::tempdir().expect("a folder of our own");
        fs::create_dir_all(folder.path().join("in/security")).expect("a new folder");
        let inputs = folder.path().join("in/security");
        let arrive = |path: &str, bytes: &[u8]| fs::write(inputs.join(path), bytes).expect("room on the disk");
        for (at, format) in [Format::Evtx, Format::Evt, Format::Csv].into_iter().enumerate() {
            arrive(&format!("old{at}"), &failures(["DC01", "DC02", "DC03"][at], &storm(400), format));
        }
        let mut story = Story { folder, before: Files::new(), after: Files::new(), shown: String::new(), points: 0 };
        let work = story.work("first");
        nightly(&story.job(&work, 11_000), &()).expect("a night");
        nightly(&story.job(&work, 11_001), &()).expect("a night");
        arrive("old2", &failures("DC03", &storm(450), Format::Csv));
        arrive("new", &failures("DC09", &storm(300), Format::Evtx));
        story.before = relative(&work);
        let count = Watch::default();
        nightly_in_steps(&story.job(&work, 11_002), &count, &count).expect("a night");
        story.points = count.at.load(Ordering::Relaxed);
        story.after = relative(&work);
        story.shown = story.show(&work);
        story
    }

    /// A folder to work in, as it was after the first night.
    fn work(&self, name: &str) -> PathBuf {
        let work = self.folder.path().join(name);
        for (path, bytes) in &self.before {
            let path = work.join(path);
            fs::create_dir_all(path.parent().expect("below")).expect("a new folder");
            fs::write(path, bytes).expect("room on the disk");
        }
        work
    }

    /// Three nights, of which two stay: the second night removes the folder of the first.
    fn job(&self, work: &Path, night: i32) -> Job {
        Job { keep: 2, ..job(&self.folder.path().join("in"), work, night) }
    }

    fn show(&self, work: &Path) -> String {
        let text = state_show(&work.join("state")).expect("a state").to_string();
        text.lines().skip(1).collect::<Vec<_>>().join("\n")
    }

    /// Runs the night again and compares everything that stands then.
    fn check_again(&self, work: &Path, what: &str) {
        nightly(&self.job(work, 11_002), &()).unwrap_or_else(|error| panic!("{what}: {error}"));
        let now = relative(work);
        let names = |files: &Files| files.keys().map(|path| path.display().to_string()).collect::<Vec<_>>();
        assert_eq!(names(&now), names(&self.after), "{what}");
        assert!(now == self.after, "{what}: a file differs from the uninterrupted run's");
        assert_eq!(self.show(work), self.shown, "{what}");
        fs::remove_dir_all(work).expect("our own folder");
    }

    /// Starts the night in a process of its own, which waits at a point for ever.
    fn child(&self, work: &Path, point: Option<usize>) -> Child {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["--exact", "nightly_kill::child", "--ignored", "--nocapture", "--test-threads=1"]);
        command.env(CHILD, work).env(POINT, point.map_or(String::new(), |point| point.to_string()));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().expect("a process")
    }
}

/// A loop of one client.
fn storm(count: u64) -> Vec<Failed<'static>> {
    let failed = |at: u64| Failed { record: at, sec: START + at as i64 * 61, workstation: "WS1", account: "user1" };
    (1..=count).map(failed).collect()
}

/// Everything below state and reports, by paths relative to the folder.
fn relative(work: &Path) -> Files {
    let here = |path: PathBuf| path.strip_prefix(work).expect("below").to_owned();
    written(work).into_iter().map(|(path, bytes)| (here(path), bytes)).collect()
}

/// Counts steps and looks, and does something at one of them.
#[derive(Default)]
struct Watch {
    at: AtomicUsize,
    /// Waits here for ever.
    wait: Option<usize>,
    /// Refuses this step.
    refuse: Option<(usize, io::ErrorKind)>,
    /// Renames that were let through.
    renames: AtomicUsize,
}

impl Watch {
    fn next(&self) -> usize {
        let at = self.at.fetch_add(1, Ordering::Relaxed);
        if self.wait == Some(at) {
            println!("here");
            loop {
                std::thread::sleep(Duration::from_secs(1));
            }
        }
        at
    }
}

impl Steps for Watch {
    fn before(&self, step: Step, _path: &Path) -> io::Result<()> {
        let at = self.next();
        if let Some((_, kind)) = self.refuse.filter(|(refused, _)| *refused == at) {
            return Err(kind.into());
        }
        if step == Step::Rename {
            self.renames.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl Progress for Watch {
    fn at(&self, _done: u64, _total: u64) {
        if self.refuse.is_none() {
            self.next();
        }
    }
}

#[test]
#[ignore = "the process that the kill test starts and kills"]
fn child() {
    let Ok(work) = std::env::var(CHILD) else { return };
    let work = PathBuf::from(work);
    let inputs = work.parent().expect("below").join("in");
    let watch = Watch { wait: std::env::var(POINT).ok().and_then(|point| point.parse().ok()), ..Watch::default() };
    nightly_in_steps(&Job { keep: 2, ..job(&inputs, &work, 11_002) }, &watch, &watch).expect("a night");
}

/// Kills at every step and every look once, and at the rest of the points by the clock.
#[test]
fn a_killed_night_leaves_nothing_and_the_next_run_gives_what_an_uninterrupted_one_gives() {
    let story = Story::new();
    assert!(story.points > 30, "{} points", story.points);
    let start = Instant::now();
    let mut whole = story.child(&story.work("whole"), None);
    assert!(whole.wait().expect("our child").success());
    story.check_again(&story.folder.path().join("whole"), "not killed");
    let length = start.elapsed();
    let timed = POINTS.saturating_sub(story.points).max(50);
    for point in 0..story.points {
        let work = story.work("killed");
        let mut child = story.child(&work, Some(point));
        let out = BufReader::new(child.stdout.take().expect("piped"));
        let reached = out.lines().map_while(Result::ok).any(|line| line.ends_with("here"));
        assert!(reached, "point {point} of {} was not reached", story.points);
        if point > 0 && point % 10 == 0 {
            let Err(Failure::Locked(text)) = nightly(&story.job(&work, 11_002), &()) else { panic!("not locked") };
            assert!(cfg!(windows) || text.contains(&format!("pid {} on ", child.id())), "{text}");
        }
        child.kill().expect("our child");
        child.wait().expect("our child");
        story.check_again(&work, &format!("killed at point {point}"));
    }
    for at in 0..timed {
        let work = story.work("killed");
        let mut child = story.child(&work, None);
        std::thread::sleep(length * at as u32 / timed as u32);
        child.kill().expect("our child");
        child.wait().expect("our child");
        story.check_again(&work, &format!("killed after {at} of {timed} parts of {length:?}"));
    }
    println!("killed at {} steps and looks, and {timed} times by the clock", story.points);
}

/// Refuses every step once: as a full disk, a missing right, a locked file would.
#[test]
fn a_refused_step_touches_nothing_before_all_is_written_and_the_next_run_completes() {
    let story = Story::new();
    let kinds = [io::ErrorKind::StorageFull, io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem];
    let (mut refused, mut completed) = (0, 0);
    for point in 0.. {
        let work = story.work("refused");
        let kind = kinds[point % kinds.len()];
        let watch = Watch { refuse: Some((point, kind)), ..Watch::default() };
        let result = nightly_in_steps(&story.job(&work, 11_002), &watch, &());
        if watch.at.load(Ordering::Relaxed) <= point {
            break;
        }
        match result {
            Err(Failure::Output { path, source }) => {
                refused += 1;
                assert_eq!(source.kind(), kind);
                assert!(path.starts_with(&work), "{}", path.display());
                let now = relative(&work);
                if watch.renames.load(Ordering::Relaxed) == 0 {
                    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
                    assert_eq!(names(&now), names(&story.before), "step {point}");
                    assert!(now == story.before, "step {point}: a file was touched");
                }
                assert!(now.keys().all(|path| path.extension().is_none_or(|ext| ext != "tmp")), "{now:?}");
            }
            // What is only removed does no harm when it stays.
            Ok(_) => completed += 1,
            Err(other) => panic!("step {point}: {other}"),
        }
        story.check_again(&work, &format!("refused step {point}"));
    }
    assert!(refused > 20 && completed > 0, "{refused} refused, {completed} completed");
}
