//! What may help after an error: flags that people bring from other tools and what they are called here,
//! and what to do where a file cannot be written.

use std::ffi::OsString;
use std::io;

use clap::error::{ContextKind, ContextValue};

use crate::run::Failure;

/// Flag elsewhere, hint. None of the flags is accepted.
const FLAGS: &[(&str, &str)] = &[
    ("-U", "times are UTC unless --display-zone says otherwise"),
    ("--utc", "times are UTC unless --display-zone says otherwise"),
    ("--UTC", "times are UTC unless --display-zone says otherwise"),
    ("--local", "--display-zone ZONE chooses the zone of the times shown, as in --display-zone Europe/Berlin"),
    ("--timezone", "--display-zone ZONE is for the times shown, --time-zone ZONE for text stamps that carry none"),
    ("--timeline-start", "--from WHEN takes the first moment"),
    ("--timeline-end", "--to WHEN takes the end"),
    ("--start", "--from WHEN takes the first moment"),
    ("--end", "--to WHEN takes the end"),
    ("--since", "--from WHEN takes the first moment, as in --from -24h"),
    ("--until", "--to WHEN takes the end"),
    ("--num-threads", "--threads N"),
    ("--jobs", "--threads N"),
    ("--skip-errors", "damage is always skipped and reported; --strict makes it exit code 3"),
    ("--no-color", "--color never"),
    ("--clobber", "--force lets -o replace an existing file"),
    ("--overwrite", "--force lets -o replace an existing file"),
    ("--include-computer", "--server GLOB"),
    ("--computer", "--server GLOB for the computer that logged, --workstation GLOB for the client"),
    ("--host", "--server GLOB for the computer that logged, --workstation GLOB for the client"),
    ("--user", "--account GLOB"),
    ("--csv", "-f csv, or -o FILE.csv"),
    ("--json", "-f json, or -o FILE.json"),
    ("--jsonl", "-f jsonl, or -o FILE.jsonl"),
    ("--html", "-o FILE.html"),
    ("--file", "files and folders are given without a flag: logonstorm scan FILE"),
    ("--directory", "files and folders are given without a flag: logonstorm scan FOLDER"),
    ("-d", "files and folders are given without a flag: logonstorm scan FOLDER"),
];

/// The hint for clap's error about an unknown argument; `None` where we know of no such tool.
pub(super) fn for_error(error: &clap::Error) -> Option<&'static str> {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(flag)) => for_flag(flag),
        _ => None,
    }
}

/// What to do about a file that cannot be written; `None` where the message says it already.
pub(super) fn for_failure(failure: &Failure) -> Option<&'static str> {
    let Failure::Output { source, .. } = failure else { return None };
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some("make room there and run it again"),
        io::ErrorKind::PermissionDenied => {
            Some("give the account that runs this the right to write there, or close the file where it is open")
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            Some("name another folder, or make it writable: under systemd with ReadWritePaths=")
        }
        io::ErrorKind::NotADirectory => Some("a file stands where a folder is needed: name another path"),
        io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy => {
            Some("close it where it is open, as in a spreadsheet, and run it again")
        }
        _ => None,
    }
}

fn for_flag(flag: &str) -> Option<&'static str> {
    let flag = flag.split('=').next().unwrap_or(flag);
    FLAGS.iter().find(|(name, _)| *name == flag).map(|(_, hint)| *hint)
}

/// The hint for a missing path where `-f` has a file's name, as other tools want it.
pub(super) fn for_file_as_format(arguments: impl Iterator<Item = OsString>) -> Option<String> {
    let mut after = arguments.skip_while(|one| one != "-f" && one != "--format").skip(1);
    let file = after.next()?.into_string().ok().filter(|name| name.contains(['.', '/', '\\']))?;
    Some(format!("files and folders are given without a flag: logonstorm scan {file}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Cli;
    use clap::CommandFactory;

    #[test]
    fn no_flag_of_our_own_has_a_hint() {
        for command in Cli::command().get_subcommands() {
            for arg in command.get_arguments() {
                let long = arg.get_long().map(|name| format!("--{name}"));
                let short = arg.get_short().map(|letter| format!("-{letter}"));
                for flag in long.into_iter().chain(short) {
                    assert_eq!(for_flag(&flag), None, "{flag}");
                }
            }
        }
    }

    #[test]
    fn a_file_as_format_and_no_path() {
        let hint = |line: &str| for_file_as_format(line.split(' ').map(OsString::from));
        assert!(hint("logonstorm scan -f DC01.evtx").expect("a hint").ends_with("logonstorm scan DC01.evtx"));
        assert_eq!(hint("logonstorm scan -f csv"), None);
        assert_eq!(hint("logonstorm scan -f"), None);
    }

    #[test]
    fn a_disk_that_takes_nothing_has_a_remedy() {
        let hint = |kind: io::ErrorKind| for_failure(&Failure::Output { path: "a".into(), source: kind.into() });
        assert_eq!(hint(io::ErrorKind::StorageFull), Some("make room there and run it again"));
        assert!(hint(io::ErrorKind::PermissionDenied).is_some_and(|hint| hint.contains("right to write")));
        assert!(hint(io::ErrorKind::ReadOnlyFilesystem).is_some_and(|hint| hint.contains("ReadWritePaths=")));
        assert_eq!(hint(io::ErrorKind::AlreadyExists), None);
        assert_eq!(for_failure(&Failure::Locked(String::new())), None);
    }

    #[test]
    fn a_flag_with_a_value_is_known_too() {
        assert_eq!(for_flag("--num-threads=8"), Some("--threads N"));
        assert_eq!(for_flag("--nonsense"), None);
    }
}
