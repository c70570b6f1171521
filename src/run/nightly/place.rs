//! Where the reports stand: `reports/2001-03-14/report.csv`, `reports/latest/report.csv`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::batch::Batch;
use crate::fsio::steps::{Step, Steps};
use crate::run::Failure;

/// Folder of the newest reports.
const LATEST: &str = "latest";

/// Writes every report beside its place in the night's folder and in `latest`. Each item is extension
/// and content.
pub(super) fn write_all(
    batch: &mut Batch<'_>,
    reports: &Path,
    night: &str,
    files: &[(&str, Vec<u8>)],
) -> Result<(), Failure> {
    for folder in [night, LATEST] {
        let folder = reports.join(folder);
        batch.folder(&folder)?;
        for (extension, bytes) in files {
            batch.write(&folder.join(format!("report.{extension}")), bytes)?;
        }
    }
    Ok(())
}

/// Removes what a killed run may have left half-written, of this night or another: files of names that
/// our writing gives, `.report.csv.RANDOM.tmp` and `.seen.state.RANDOM.tmp`, and empty dated folders.
pub(super) fn sweep(state: &Path, reports: &Path, steps: &dyn Steps) {
    let mut folders = vec![state.to_owned(), reports.join(LATEST)];
    let nights: Vec<PathBuf> = nights(reports).iter().map(|night| reports.join(night)).collect();
    folders.extend(nights.iter().cloned());
    for folder in folders {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = name.starts_with(".report.") || name.starts_with(".seen.state.");
            if ours && name.ends_with(".tmp") {
                remove_file(&entry.path(), steps);
            }
        }
    }
    for night in nights.iter().filter(|night| fs::read_dir(night).is_ok_and(|mut entries| entries.next().is_none())) {
        // One in which something stands meanwhile stays.
        let _ = steps.before(Step::Remove, night).and_then(|()| fs::remove_dir(night));
    }
}

/// Removes the oldest dated folders beyond `keep`: only folders with a date for a name, and in them
/// only reports by the names that we give; a folder with anything else in it stays. Returns their names.
pub(super) fn keep(reports: &Path, night: &str, keep: usize, steps: &dyn Steps) -> Vec<String> {
    let mut nights = nights(reports);
    nights.truncate(nights.len().saturating_sub(keep.max(1)));
    // A clock that was wrong may have left later ones.
    nights.retain(|name| name != night);
    nights.retain(|name| remove(&reports.join(name), steps));
    nights
}

/// Removes reports in formats that tonight's are not written in: in tonight's folder and in `latest`
/// they would pass for tonight's. Each item of `files` is extension and content.
pub(super) fn drop_others(reports: &Path, night: &str, files: &[(&str, Vec<u8>)], steps: &dyn Steps) {
    let others = crate::report::OUTPUTS.iter().map(|output| output.extension);
    for extension in others.filter(|other| !other.is_empty() && files.iter().all(|(ours, _)| ours != other)) {
        for folder in [night, LATEST] {
            let path = reports.join(folder).join(format!("report.{extension}"));
            if path.exists() {
                remove_file(&path, steps);
            }
        }
    }
}

/// Dated folders, the oldest first.
fn nights(reports: &Path) -> Vec<String> {
    let mut nights: Vec<String> = fs::read_dir(reports)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.len() == 10 && NaiveDate::parse_from_str(name, "%Y-%m-%d").is_ok())
        .collect();
    nights.sort();
    nights
}

/// `report.csv`, and what every other output is called, of this build or one with more of them.
fn is_report(name: &OsStr) -> bool {
    let extension = name.to_str().and_then(|name| name.strip_prefix("report."));
    extension.is_some_and(|extension| {
        extension == "xlsx"
            || crate::report::OUTPUTS.iter().any(|output| output.extension == extension && !extension.is_empty())
    })
}

fn remove(folder: &Path, steps: &dyn Steps) -> bool {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_report(&entry.file_name()) {
            remove_file(&entry.path(), steps);
        }
    }
    steps.before(Step::Remove, folder).and_then(|()| fs::remove_dir(folder)).is_ok()
}

/// What cannot be removed does no harm; the next run tries again.
fn remove_file(path: &Path, steps: &dyn Steps) {
    let _ = steps.before(Step::Remove, path).and_then(|()| fs::remove_file(path));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_just_written_stays_whatever_later_ones_a_wrong_clock_has_left() {
        let folder = tempfile::tempdir().expect("a folder of our own");
        for name in ["2001-03-09", "2001-03-10", "2001-03-17"] {
            fs::create_dir(folder.path().join(name)).expect("a new folder");
            fs::write(folder.path().join(name).join("report.csv"), "x").expect("writable");
        }
        assert_eq!(keep(folder.path(), "2001-03-10", 1, &()), ["2001-03-09"]);
        assert!(folder.path().join("2001-03-10/report.csv").exists());
    }

    #[test]
    fn only_the_oldest_folders_of_our_own_pattern_go_and_foreign_files_stay() {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let at = |name: &str| folder.path().join(name);
        for name in ["2001-03-10", "2001-03-11", "2001-03-12", "latest", "2001-02-31", "20010309xx", "mine"] {
            fs::create_dir(at(name)).expect("a new folder");
            fs::write(at(name).join("report.csv"), "x").expect("writable");
        }
        for mine in ["notes.txt", "report.docx", "report.", "report.csv.bak"] {
            fs::write(at("2001-03-11").join(mine), "mine").expect("writable");
        }
        fs::write(at("2001-03-10").join("report.xlsx"), "x").expect("writable");
        assert_eq!(keep(folder.path(), "2001-03-12", 1, &()), ["2001-03-10"]);
        assert!(!at("2001-03-10").exists() && !at("2001-03-11/report.csv").exists());
        for mine in ["notes.txt", "report.docx", "report.", "report.csv.bak"] {
            assert_eq!(fs::read_to_string(at("2001-03-11").join(mine)).expect("kept"), "mine");
        }
        for name in ["2001-03-12", "latest", "2001-02-31", "20010309xx", "mine"] {
            assert!(at(name).join("report.csv").exists(), "{name}");
        }
    }
}
