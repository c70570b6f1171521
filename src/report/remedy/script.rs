//! A command file that sets the two values on many clients, and one that removes them. It changes
//! nothing unless it is started with `/apply`.

use super::values::{INTERVAL, KEY, RETRIES, Values, WARNING};
use crate::report::text::wrap;

/// Longest name of a computer: a DNS label.
const LONGEST: usize = 63;
/// Columns of the comments.
const COLUMNS: usize = 100;

/// True for names that may stand in a command file: letters, digits, `-`, `_` and dots are never
/// special to cmd.exe. Every other name is left to the administrator.
pub(super) fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=LONGEST).contains(&name.len()) && name.bytes().all(plain) && !name.starts_with('-') && !name.contains("..")
}

/// Sets the values. Only plain names may be given (see [`is_plain`]).
pub(super) fn set(names: &[&str], values: Values) -> String {
    let Values { retries, interval_ms } = values;
    script(
        "Sets two values of the licence metering client of SMS 2.0 on each client below.",
        names,
        &format!("set {RETRIES} to {retries} and {INTERVAL} to {interval_ms} on"),
        &[add(RETRIES, retries), add(INTERVAL, interval_ms)].concat(),
    )
}

/// Removes the values again.
pub(super) fn undo(names: &[&str]) -> String {
    script(
        "Removes the two values again. Where they were set before, the log of the script that set them holds the old ones.",
        names,
        &format!("remove {RETRIES} and {INTERVAL} from"),
        &[remove(RETRIES), remove(INTERVAL)].concat(),
    )
}

fn add(value: &str, number: u32) -> Vec<String> {
    vec![
        format!("reg add \"\\\\%~1\\HKLM\\%KEY%\" /v {value} /t REG_DWORD /d {number} /f >>\"%LOG%\" 2>&1"),
        "if errorlevel 1 goto :failed".to_owned(),
    ]
}

/// A value that is gone already is no failure: a connection may have broken between the two.
fn remove(value: &str) -> Vec<String> {
    let query = format!("reg query \"\\\\%~1\\HKLM\\%KEY%\" /v {value} >nul 2>&1");
    vec![
        query.clone(),
        format!("if not errorlevel 1 reg delete \"\\\\%~1\\HKLM\\%KEY%\" /v {value} /f >>\"%LOG%\" 2>&1"),
        query,
        "if not errorlevel 1 goto :failed".to_owned(),
    ]
}

fn script(purpose: &str, names: &[&str], what: &str, steps: &[String]) -> String {
    let mut lines = vec!["@echo off".to_owned()];
    let usage = [
        "Nothing is changed unless this file is started with /apply, by an account that may write the registry of \
         the clients, on a computer with reg.exe (Windows XP and later).",
        "What stood there before is written to a log beside this file.",
    ];
    for sentence in std::iter::once(purpose).chain(WARNING).chain(usage) {
        lines.extend(wrap(sentence, COLUMNS).into_iter().map(|line| format!("rem {line}")));
    }
    lines.extend(["setlocal EnableExtensions DisableDelayedExpansion", "set \"APPLY=\""].map(str::to_owned));
    lines.push("if /i \"%~1\"==\"/apply\" set \"APPLY=1\"".to_owned());
    lines.push(format!("set \"KEY={KEY}\""));
    lines.extend(["set \"LOG=%~dpn0.log\"", "set \"FAILED=0\""].map(str::to_owned));
    lines.extend(names.iter().map(|name| format!("call :client {name}")));
    lines.push("if not defined APPLY echo Nothing was changed. Start this file with /apply to do it.".to_owned());
    lines.push("exit /b %FAILED%".to_owned());
    lines.push(String::new());
    lines.push(":client".to_owned());
    lines.push("if not defined APPLY (".to_owned());
    lines.push(format!("  echo would {what} %~1"));
    lines.push("  goto :eof".to_owned());
    lines.push(")".to_owned());
    lines.push("echo client %~1 >>\"%LOG%\"".to_owned());
    lines.push("reg query \"\\\\%~1\\HKLM\\%KEY%\" >>\"%LOG%\" 2>&1".to_owned());
    lines.push("if errorlevel 1 goto :failed".to_owned());
    lines.extend(steps.iter().cloned());
    lines.push(format!("echo done: {what} %~1"));
    lines.push("goto :eof".to_owned());
    lines.push(":failed".to_owned());
    lines.push("echo FAILED: %~1 cannot be reached, has no such key, or refuses. See \"%LOG%\".".to_owned());
    lines.push("set /a FAILED+=1".to_owned());
    lines.push("goto :eof".to_owned());
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}
