//! The scheduled job: several nights say what one scan says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use logonstorm::fsio::lock::Lock;
use logonstorm::report::output::by_name;
use logonstorm::report::style::Style;
use logonstorm::run::nightly::{Done, Job, nightly};
use logonstorm::run::options::Options;
use logonstorm::run::{Failure, scan};
use logonstorm::simulate::{Plan, fleet};

/// A folder with exports that arrive over the nights.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Site {
        let folder = tempfile::tempdir().expect("a folder of our own");
        fs::create_dir(folder.path().join("in")).expect("a new folder");
        Site { folder }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn arrive(&self, path: &str, bytes: &[u8]) {
        let path = self.at("in").join(path);
        fs::create_dir_all(path.parent().expect("below the inputs")).expect("a new folder");
        fs::write(path, bytes).expect("room on the disk");
    }

    fn job(&self, night: i32) -> Job {
        Job {
            scan: self.options(),
            state: self.at("state"),
            reports: self.at("reports"),
            outputs: ["csv", "json", "html"].iter().filter_map(|name| by_name(name)).collect(),
            style: Style::default(),
            keep: 60,
            history: None,
            ignore: Vec::new(),
            night,
            verify: false,
            dry_run: false,
            started: "tonight".to_owned(),
        }
    }

    fn options(&self) -> Options {
        Options { paths: vec![self.at("in")], threads: Some(1), keep_records: true, ..Options::default() }
    }

    fn night(&self, night: i32) -> Done {
        nightly(&self.job(night), &()).expect("a night")
    }

    /// Every file below the reports and the state, by path.
    fn written(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut open = vec![self.at("reports"), self.at("state")];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable").path()) {
                if entry.is_dir() {
                    open.push(entry);
                } else {
                    let bytes = fs::read(&entry).expect("readable");
                    files.insert(entry, bytes);
                }
            }
        }
        files
    }
}

/// The CSV without the columns that only a night has.
fn rows(csv: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv);
    reader.records().map(|row| row.expect("our own CSV").iter().take(28).map(str::to_owned).collect()).collect()
}

fn scanned(site: &Site) -> Vec<Vec<String>> {
    let analysis = scan(&site.options(), &()).expect("a scan");
    let mut bytes = Vec::new();
    let csv = by_name("csv").expect("an output");
    (csv.write)(&analysis, &Style::default(), &mut bytes).expect("memory");
    rows(&bytes)
}

/// All files of a small fleet; they overlap by a day or more.
fn files() -> BTreeMap<String, Vec<u8>> {
    let plan = Plan { days: Some(4), workstations: Some(40), ..Plan::default() };
    fleet(&plan).expect("a fleet").files.into_iter().map(|(path, bytes)| (path.to_string(), bytes)).collect()
}

fn latest(site: &Site) -> Vec<Vec<String>> {
    rows(&fs::read(site.at("reports/latest/report.csv")).expect("a report"))
}

#[test]
fn nights_with_late_and_renamed_files_end_as_one_scan_and_a_second_run_changes_no_byte() {
    let site = Site::new();
    let (late, exports): (Vec<_>, Vec<_>) = files().into_iter().partition(|(path, _)| path.contains("client"));
    assert!(exports.len() > 1 && !late.is_empty(), "{} exports, {} client logs", exports.len(), late.len());
    let mut night = 11_000;
    for (path, bytes) in &exports {
        site.arrive(path, bytes);
        site.night(night);
        night += 1;
    }
    let none = site.night(night);
    assert!(none.changed.contains("zero new event records") && none.files.0 == 0, "{}", none.changed);
    let (path, bytes) = &exports[0];
    fs::remove_file(site.at("in").join(path)).expect("there");
    site.arrive("security/renamed.log", bytes);
    for (path, bytes) in &late {
        site.arrive(path, bytes);
    }
    site.night(night + 1);
    assert!(latest(&site).len() > 3);
    assert_eq!(latest(&site), scanned(&site));
    let before = site.written();
    let again = site.night(night + 1);
    // Unchanged files are known by a kibibyte of theirs.
    assert!(again.files.0 == 0 && again.bytes.0 <= 1024 * again.files.1, "{:?}", again.bytes);
    assert!(before == site.written(), "a second run of the same night changed a file");
}

#[test]
fn a_held_lock_and_an_earlier_night_are_refused() {
    let site = Site::new();
    for (path, bytes) in files() {
        site.arrive(&path, &bytes);
    }
    site.night(11_000);
    assert!(matches!(nightly(&site.job(10_999), &()), Err(Failure::Usage(_))));
    let held = Lock::take(&site.at("state/lock"), "pid 1").expect("free");
    assert!(matches!(nightly(&site.job(11_000), &()), Err(Failure::Locked(text)) if text.contains("in use")));
    drop(held);
    site.night(11_000);
}

#[test]
fn a_state_that_is_cut_or_from_the_future_is_refused_and_nothing_is_touched() {
    let site = Site::new();
    for (path, bytes) in files() {
        site.arrive(&path, &bytes);
    }
    site.night(11_000);
    let state = site.at("state/seen.state");
    let good = fs::read(&state).expect("a state");
    let mut newer = good.clone();
    newer[8] = 200;
    for bad in [&good[..good.len() / 2], &newer[..]] {
        fs::write(&state, bad).expect("room on the disk");
        let before = reports_only(&site);
        assert!(matches!(nightly(&site.job(11_001), &()), Err(Failure::State { path, .. }) if path == state));
        assert!(before == reports_only(&site) && fs::read(&state).expect("there") == bad);
    }
}

fn reports_only(site: &Site) -> BTreeMap<PathBuf, Vec<u8>> {
    let lock = Path::new("lock");
    site.written().into_iter().filter(|(path, _)| path.file_name() != Some(lock.as_os_str())).collect()
}
