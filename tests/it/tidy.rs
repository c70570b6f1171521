//! Rules of the house that a machine can keep.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const PURE: &[&str] = &["model"];

/// All rooms but `cli`, from below to above; `run` stands last.
const BELOW_CLI: &[&str] = &[
    "model",
    "fsio",
    "escape",
    "input",
    "timeline",
    "detect",
    "correlate",
    "verdict",
    "report",
    "export",
    "nightly",
    "schedule",
    "simulate",
    "analysis",
    "run",
];

/// Which rooms each room may name. A room that is not here fails the test.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("fsio", PURE),
    ("escape", &[]),
    ("input", &["model", "fsio"]),
    ("timeline", PURE),
    ("detect", PURE),
    ("correlate", PURE),
    ("verdict", PURE),
    ("report", &["model", "escape"]),
    ("export", &["model", "escape"]),
    ("nightly", PURE),
    ("schedule", &["escape"]),
    ("simulate", &["model", "fsio", "escape"]),
    ("analysis", &["model", "timeline", "detect", "correlate", "verdict"]),
    // A room may name itself, so this is all below `run`.
    ("run", BELOW_CLI),
    ("cli", BELOW_CLI),
];

/// Longest source file, in lines.
const MAX_LINES: usize = 500;

fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("src can be listed") {
            let path = entry.expect("src can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") && !is_test(&path) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Test modules in files of their own: `tests.rs`, `words_tests.rs`, `tests/sample.rs`.
fn is_test(path: &Path) -> bool {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    name.ends_with("tests") || path.components().rev().nth(1).is_some_and(|folder| folder.as_os_str() == "tests")
}

/// The room of a file: the first component below `src`, without `.rs`.
fn room(path: &Path) -> String {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("a file below src");
    let first = below.components().next().expect("a file has a name").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Rooms that a text names as `crate::ROOM`, outside of its tests and comments.
fn rooms_named(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let mut named = Vec::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for part in line.split("crate::").skip(1) {
            let list: Vec<&str> = match part.strip_prefix('{') {
                Some(group) => group.split([',', '}']).map(|item| item.trim()).collect(),
                None => vec![part],
            };
            for item in list {
                let name: String = item.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if !name.is_empty() {
                    named.push(name);
                }
            }
        }
    }
    named
}

fn violations(room: &str, text: &str) -> Vec<String> {
    let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{room} has no row in the table of rooms")];
    };
    rooms_named(text)
        .into_iter()
        .filter(|named| named != room && !allowed.contains(&named.as_str()))
        .map(|named| format!("{room} names {named}"))
        .collect()
}

#[test]
fn rooms_name_only_what_lies_below_them() {
    let mut found = BTreeMap::new();
    for path in sources() {
        let room = room(&path);
        if room == "lib" || room == "main" {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source file is UTF-8");
        let wrong = violations(&room, &text);
        if !wrong.is_empty() {
            found.insert(path, wrong);
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_planted_violation_is_found() {
    assert_eq!(violations("detect", "use crate::input::door;\n"), ["detect names input"]);
    assert_eq!(violations("report", "fn f() { crate::run::scan() }"), ["report names run"]);
    assert_eq!(violations("input", "use crate::{model, cli};"), ["input names cli"]);
    assert_eq!(violations("attic", ""), ["attic has no row in the table of rooms"]);
    assert!(violations("detect", "// crate::input\n#[cfg(test)] mod t { use crate::simulate; }").is_empty());
}

#[test]
fn files_stay_short_enough_to_hold_one_idea() {
    let long: Vec<String> = sources()
        .into_iter()
        .filter_map(|path| {
            let lines = fs::read_to_string(&path).expect("a source file is UTF-8").lines().count();
            (lines > MAX_LINES).then(|| format!("{}: {lines} lines", path.display()))
        })
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}
