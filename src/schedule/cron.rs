//! A line for a crontab: crontab(5).

use super::task::{HOUR, MINUTE, Refused, Task};

const SCHEDULER: &str = "cron";

/// Longest command that Debian's and Vixie's cron keep.
const LONGEST: usize = 990;

/// The crontab lines of a task.
pub fn crontab(task: &Task) -> Result<String, Refused> {
    task.check(SCHEDULER)?;
    let words = [&task.program].into_iter().chain(&task.arguments);
    let mut command: Vec<String> = words.map(|word| escaped(word)).collect();
    // cron mails whatever is printed: only nights that did not go well.
    command.push("-q".to_owned());
    let command = command.join(" ");
    if command.len() > LONGEST {
        let why = "the command is longer than cron keeps; say it in a file, --config FILE";
        return Err(Refused { text: command, scheduler: SCHEDULER, why });
    }
    Ok(format!(
        "\
# For `crontab -e` of a user that may read the exports and owns state and reports. Made by
# `logonstorm nightly --print-schedule cron`. Mail comes only when a night did not go well.
{MINUTE} {HOUR} * * * {command}
"
    ))
}

/// A word for a POSIX shell.
pub(super) fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The same in a crontab, where a bare percent sign ends the command, quoted or not. It is escaped
/// outside of the quotes, so that no backslash of the text stands before cron's own.
fn escaped(text: &str) -> String {
    let parts: Vec<String> = text.split('%').map(shell).collect();
    parts.join("\\%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::task::tests::{STRANGE, contrib, strange};

    /// What cron hands to the shell: a backslash before a percent sign goes, a bare percent sign
    /// ends the command.
    fn by_cron(command: &str) -> String {
        let mut out = String::new();
        let mut escaped = false;
        for c in command.chars() {
            match c {
                '%' if escaped => {
                    out.pop();
                    out.push('%');
                }
                '%' => break,
                c => out.push(c),
            }
            escaped = c == '\\' && !escaped;
        }
        out
    }

    #[cfg(unix)]
    #[test]
    fn strange_names_reach_the_program_through_cron_and_shell() {
        for text in STRANGE {
            let command = by_cron(&format!("printf '\\%s' {}", escaped(text)));
            let output = std::process::Command::new("sh").args(["-c", &command]).output().expect("a shell");
            assert_eq!(String::from_utf8_lossy(&output.stdout), text, "{command}");
        }
    }

    #[test]
    fn one_line_starts_it() {
        let text = crontab(&strange()).expect("a crontab");
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines.len(), 1);
        assert!(lines[0].starts_with("30 2 * * * '/usr/local/bin/logonstorm' 'nightly'") && lines[0].ends_with(" -q"));
    }

    #[test]
    fn a_command_that_cron_would_cut_is_refused() {
        let task = Task { arguments: vec!["x".repeat(1000)], ..Task::usual() };
        assert!(crontab(&task).expect_err("refused").why.contains("--config"));
    }

    #[test]
    fn contrib_holds_these_very_lines() {
        contrib("cron/crontab", &crontab(&Task::usual()).expect("a crontab"));
    }
}
