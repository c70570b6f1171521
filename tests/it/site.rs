//! A site whose exports arrive over the nights, for the tests of the scheduled job.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use logonstorm::model::detail::Detail;
use logonstorm::model::time::Ticks;
use logonstorm::report::output::by_name;
use logonstorm::report::style::Style;
use logonstorm::run::nightly::{Done, Job, nightly};
use logonstorm::run::options::Options;
use logonstorm::run::scan;
use logonstorm::simulate::{CLASSIC, Data, Format, WrittenEvent, log};

/// 2001-03-12T00:00:00Z, a Monday, and its number as a day.
pub(crate) const START: i64 = 984_355_200;
/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// A folder with exports that arrive over the nights.
pub(crate) struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    pub(crate) fn new() -> Site {
        let folder = tempfile::tempdir().expect("a folder of our own");
        fs::create_dir(folder.path().join("in")).expect("a new folder");
        Site { folder }
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn arrive(&self, path: &str, bytes: &[u8]) {
        let path = self.at("in").join(path);
        fs::create_dir_all(path.parent().expect("below the inputs")).expect("a new folder");
        fs::write(path, bytes).expect("room on the disk");
    }

    pub(crate) fn leave(&self, path: &str) {
        fs::remove_file(self.at("in").join(path)).expect("there");
    }

    pub(crate) fn job(&self, night: i32) -> Job {
        job(&self.at("in"), self.folder.path(), night)
    }

    pub(crate) fn options(&self) -> Options {
        options(&self.at("in"))
    }

    pub(crate) fn night(&self, night: i32) -> Done {
        nightly(&self.job(night), &()).expect("a night")
    }

    /// Every file below the reports and the state, by path; the lock, which names its holder, left out.
    pub(crate) fn written(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        written(self.folder.path())
    }

    /// The CSV of the last night, without the columns that only a night has.
    pub(crate) fn latest(&self) -> Vec<Vec<String>> {
        rows(&fs::read(self.at("reports/latest/report.csv")).expect("a report"))
    }

    /// The JSON of the last night.
    pub(crate) fn latest_json(&self) -> serde_json::Value {
        let bytes = fs::read(self.at("reports/latest/report.json")).expect("a report");
        serde_json::from_slice(&bytes).expect("our own JSON")
    }

    /// The same columns of one scan over the inputs as they are.
    pub(crate) fn scanned(&self) -> Vec<Vec<String>> {
        rows(&self.scanned_as("csv"))
    }

    /// The JSON of one scan over the inputs as they are.
    pub(crate) fn scanned_json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.scanned_as("json")).expect("our own JSON")
    }

    fn scanned_as(&self, format: &str) -> Vec<u8> {
        let analysis = scan(&self.options(), &()).expect("a scan");
        let mut bytes = Vec::new();
        let output = by_name(format).expect("an output");
        (output.write)(&analysis, &Style::default(), &mut bytes).expect("memory");
        bytes
    }
}

/// A job over `inputs` with state and reports in `folder`.
pub(crate) fn job(inputs: &Path, folder: &Path, night: i32) -> Job {
    Job {
        scan: options(inputs),
        state: folder.join("state"),
        reports: folder.join("reports"),
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

fn options(inputs: &Path) -> Options {
    Options { paths: vec![inputs.to_owned()], threads: Some(1), detail: Detail::Records, ..Options::default() }
}

/// Every file below reports and state in `folder`, and every empty folder there, by path.
pub(crate) fn written(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.join("reports"), folder.join("state")];
    while let Some(folder) = open.pop().filter(|folder| folder.exists()) {
        let entries = fs::read_dir(&folder).expect("readable");
        let entries: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
        if entries.is_empty() {
            files.insert(folder, Vec::new());
        }
        for entry in entries.into_iter().filter(|entry| !entry.ends_with("state/lock")) {
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

fn rows(csv: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv);
    reader.records().map(|row| row.expect("our own CSV").iter().take(28).map(str::to_owned).collect()).collect()
}

/// One failure as event 681 tells it (KB 273499).
#[derive(Clone, Copy)]
pub(crate) struct Failed<'a> {
    /// EventRecordID.
    pub(crate) record: u64,
    /// Unix seconds.
    pub(crate) sec: i64,
    /// The workstation.
    pub(crate) workstation: &'a str,
    /// The account.
    pub(crate) account: &'a str,
}

/// A log of failures in the given form, as `server` wrote it.
pub(crate) fn failures(server: &str, failed: &[Failed<'_>], format: Format) -> Vec<u8> {
    let events: Vec<WrittenEvent<'_>> = failed.iter().map(|failed| event(server, failed)).collect();
    log(&events, format).expect("events that fit the form")
}

/// One failure as an event.
pub(crate) fn event<'a>(server: &'a str, failed: &Failed<'a>) -> WrittenEvent<'a> {
    let strings = vec![
        "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0".into(),
        failed.account.into(),
        format!(r"\\{}", failed.workstation).into(),
        "3221225586".into(),
    ];
    WrittenEvent {
        record_id: failed.record,
        time: Ticks::from_secs(failed.sec),
        event_id: 681,
        failure: true,
        computer: server,
        provider: CLASSIC,
        data: Data::Strings(strings),
    }
}
