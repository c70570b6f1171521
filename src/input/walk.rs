//! Paths as typed to the files that lie below them.

use std::fs;
use std::io;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use crate::fsio::replace::is_temporary;
use crate::model::gathered::{Severity, Skipped};

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// As reports print it: as typed plus what lies below, with `/`.
    pub shown: String,
    /// Where it is.
    pub path: PathBuf,
    /// Named on the command line; else found in a folder.
    pub named: bool,
    /// Bytes when it was found.
    pub len: u64,
}

/// What lies below the paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Files, hidden ones too, sorted by the bytes of their shown path; the same path only once.
    pub files: Vec<Input>,
    /// Paths that could not be read.
    pub skipped: Vec<Skipped>,
    /// Links and special files in folders, which are not followed: one line each, sorted.
    pub passed: Vec<String>,
}

/// Finds the files below `paths`. A named link is followed, a link inside a folder is not.
pub fn walk(paths: &[PathBuf]) -> Found {
    walk_in(Path::new(""), paths)
}

/// The same for paths that are relative to the folder `base`; they are shown as typed all the same.
pub fn walk_in(base: &Path, paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for typed in paths {
        let shown = shown(typed);
        let path = &base.join(typed);
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => folder(path, &shown, &mut found),
            Ok(meta) if meta.is_file() => {
                found.files.push(Input { shown, path: path.clone(), named: true, len: meta.len() });
            }
            Ok(_) => {
                found.skipped.push(skip(shown, "path", "neither a file nor a folder".into(), Severity::Unreadable))
            }
            Err(error) => found.skipped.push(skip(shown, "path", why(&error), Severity::Unreadable)),
        }
    }
    found.files.sort_by(|a, b| (a.shown.as_bytes(), !a.named, &a.path).cmp(&(b.shown.as_bytes(), !b.named, &b.path)));
    found.files.dedup_by(|later, first| later.path == first.path);
    found.skipped.sort();
    found.skipped.dedup();
    found.passed.sort();
    found.passed.dedup();
    found
}

/// Walks a folder and everything below it, without recursion: folders can be nested deeply.
fn folder(path: &Path, typed: &str, found: &mut Found) {
    let mut open = vec![(path.to_path_buf(), typed.to_owned())];
    while let Some((folder, above)) = open.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                found.skipped.push(skip(above, "folder", why(&error), Severity::Unreadable));
                continue;
            }
        };
        for entry in entries {
            match entry.and_then(|entry| Ok((entry.file_type()?, entry))) {
                Ok((kind, entry)) => {
                    let below = join(&above, &entry.file_name().to_string_lossy());
                    if kind.is_dir() {
                        open.push((entry.path(), below));
                    } else if kind.is_file() {
                        // A report that is to stand in this folder has been begun already.
                        if !is_temporary(&entry.path()) {
                            let len = entry.metadata().map_or(0, |meta| meta.len());
                            found.files.push(Input { shown: below, path: entry.path(), named: false, len });
                        }
                    } else {
                        let what = if kind.is_symlink() { "link" } else { "special file" };
                        found.passed.push(format!("{below}: {what}: not followed"));
                    }
                }
                Err(error) => found.skipped.push(skip(above.clone(), "folder", why(&error), Severity::Unreadable)),
            }
        }
    }
}

fn skip(file: String, what: &str, why: String, severity: Severity) -> Skipped {
    Skipped { file, at: String::new(), what: what.to_owned(), why, severity }
}

/// The words of an I/O error, without the operating system's number.
pub fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(MAIN_SEPARATOR, "/") }
}

fn join(above: &str, name: &str) -> String {
    if above.ends_with('/') { format!("{above}{name}") } else { format!("{above}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_below_folders_in_order_of_their_path_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("b/.hidden")).unwrap();
        for name in ["b/z.evtx", "b/.hidden/x", "a.log", "b-1"] {
            fs::write(root.join(name), name).unwrap();
        }
        let typed = root.join("");
        let found = walk(&[root.join("a.log"), typed.clone(), root.join("missing")]);
        let names: Vec<&str> = found.files.iter().map(|file| &file.shown[shown(&typed).len()..]).collect();
        assert_eq!(names, ["a.log", "b-1", "b/.hidden/x", "b/z.evtx"]);
        assert_eq!(found.files.iter().map(|file| file.named).collect::<Vec<_>>(), [true, false, false, false]);
        assert_eq!(found.skipped.len(), 1);
        assert_eq!(found.skipped[0].why, "no such file or folder");
        assert_eq!(found.skipped[0].severity, Severity::Unreadable);
    }

    #[test]
    fn paths_of_another_folder_are_shown_as_typed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("logs")).unwrap();
        fs::write(folder.path().join("logs/a"), "x").unwrap();
        let found = walk_in(folder.path(), &["logs".into(), "missing".into()]);
        assert_eq!(found.files[0].shown, "logs/a");
        assert_eq!(found.files[0].path, folder.path().join("logs/a"));
        assert_eq!(found.skipped[0].file, "missing");
    }

    #[test]
    fn a_report_that_is_being_written_among_the_logs_is_no_log() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".hidden"), "x").unwrap();
        let report = crate::fsio::replace::Replacement::create(&folder.path().join("report.csv"), false).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        let found = walk(&[folder.path().to_path_buf()]);
        assert_eq!(found.files.len(), 1);
        assert!(found.files[0].shown.ends_with("/.hidden"));
        drop(report);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_a_folder_is_not_followed_but_a_named_one_is() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("logs")).unwrap();
        fs::write(root.join("file"), "x").unwrap();
        std::os::unix::fs::symlink(root, root.join("logs/loop")).unwrap();
        std::os::unix::fs::symlink(root.join("file"), root.join("named")).unwrap();
        let found = walk(&[root.join("logs"), root.join("named")]);
        assert_eq!(found.files.len(), 1);
        assert!(found.files[0].shown.ends_with("/named"));
        assert_eq!(found.passed.len(), 1);
        assert!(found.passed[0].ends_with("/logs/loop: link: not followed"), "{}", found.passed[0]);
        assert_eq!(found.skipped, []);
    }
}
