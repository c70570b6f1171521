//! A hardened service and its timer: systemd.service(5), systemd.exec(5), systemd.timer(5).

use super::cron::shell;
use super::task::{HOUR, MINUTE, Refused, Task};

const SCHEDULER: &str = "systemd";

/// The two units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Units {
    /// `logonstorm.service`.
    pub service: String,
    /// `logonstorm.timer`.
    pub timer: String,
}

/// What the service may not do. It reads files, computes, writes files: no network, no devices, no
/// other users, no new privileges.
const SANDBOX: &str = "\
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=read-only
PrivateDevices=yes
PrivateNetwork=yes
RestrictAddressFamilies=none
IPAddressDeny=any
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
";

/// The units of a task.
pub fn units(task: &Task) -> Result<Units, Refused> {
    task.check(SCHEDULER)?;
    // systemd itself starts no program whose path holds these.
    if task.program.contains(['"', '\'', '\\']) {
        let why = "it starts no program with quotes or backslashes in its path";
        return Err(Refused { text: task.program.clone(), scheduler: SCHEDULER, why });
    }
    Ok(Units { service: service(task), timer: timer() })
}

fn service(task: &Task) -> String {
    let folders: Vec<String> = task.writes.iter().map(|path| shell(path)).collect();
    let folders = folders.join(" ");
    let rights = |path: &String| format!("#   setfacl -m u:logonstorm:rwx {}\n", shell(path));
    let rights: String = task.shared.iter().map(rights).collect();
    let mut command = vec![quoted(&task.program)];
    // A dollar sign means a variable in arguments, not in the program's path.
    command.extend(task.arguments.iter().map(|text| quoted(&text.replace('$', "$$"))));
    let command = command.join(" ");
    let tmp = match task.reads.iter().chain(&task.writes).chain(&task.shared).any(|path| is_temporary(path)) {
        true => "# PrivateTmp= would hide what lies in /tmp or /var/tmp.\nPrivateTmp=no",
        false => "PrivateTmp=yes",
    };
    let reads = paths("ReadOnlyPaths", "-", &task.reads);
    let writes = paths("ReadWritePaths", "", &task.writes) + &paths("ReadWritePaths", "", &task.shared);
    let folder = unit_text(&task.folder);
    format!(
        "\
# /etc/systemd/system/logonstorm.service, made by `logonstorm nightly --print-schedule systemd`.
#
# Once, as root:
#   useradd --system --home-dir / --shell /usr/sbin/nologin logonstorm
#   install -d -o logonstorm -g logonstorm {folders}
{rights}#   systemctl enable --now logonstorm.timer
# To try it: systemctl start logonstorm.service; journalctl -u logonstorm.service
[Unit]
Description=logonstorm: who storms the servers with failed logons
# A unit of your own that tells somebody when a night fails:
#OnFailure=notify@%n.service

[Service]
Type=oneshot
ExecStart={command}
# 3: an input could not be read, 4: --fail-on matched. The report was made all the same.
SuccessExitStatus=3 4
TimeoutStartSec=4h
User=logonstorm
WorkingDirectory=-{folder}
Nice=19
CPUSchedulingPolicy=batch
IOSchedulingClass=best-effort
IOSchedulingPriority=7

{reads}{writes}{tmp}
{SANDBOX}"
    )
}

fn timer() -> String {
    format!(
        "\
# /etc/systemd/system/logonstorm.timer, made by `logonstorm nightly --print-schedule systemd`.
[Unit]
Description=logonstorm every night

[Timer]
OnCalendar=*-*-* {HOUR:02}:{MINUTE:02}
RandomizedDelaySec=15m
# A night that was missed, as the machine was off, is made up for.
Persistent=true

[Install]
WantedBy=timers.target
"
    )
}

/// One line per path, so that each can be read and changed alone. A leading `-`: it may be missing.
fn paths(key: &str, lead: &str, paths: &[String]) -> String {
    paths.iter().map(|path| format!("{key}={}\n", quoted(&format!("{lead}{path}")))).collect()
}

fn is_temporary(path: &str) -> bool {
    ["/tmp", "/var/tmp"]
        .iter()
        .any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// One word of a list: quoted, backslashes and quotes escaped, specifiers doubled.
fn quoted(text: &str) -> String {
    format!("\"{}\"", unit_text(&text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// A value that is one text as a whole: only specifiers have a meaning.
fn unit_text(text: &str) -> String {
    text.replace('%', "%%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::task::tests::{STRANGE, contrib, strange};

    /// The words of a value, as systemd takes them apart: quotes, backslashes, then specifiers and
    /// (for commands) variables.
    fn words(value: &str, command: bool) -> Vec<String> {
        let mut words = Vec::new();
        let mut letters = value.chars().peekable();
        while letters.next_if_eq(&'"').is_some() {
            let mut word = String::new();
            loop {
                match letters.next().expect("a closing quote") {
                    '"' => break,
                    '\\' => word.push(letters.next().expect("an escaped character")),
                    c => word.push(c),
                }
            }
            let word = word.replace("%%", "%");
            words.push(if command { word.replace("$$", "$") } else { word });
            letters.next_if_eq(&' ');
        }
        assert_eq!(letters.next(), None, "{value}");
        words
    }

    fn values<'a>(unit: &'a str, key: &str) -> Vec<&'a str> {
        unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('=')).collect()
    }

    #[test]
    fn strange_names_come_back_as_they_are() {
        let task = strange();
        let service = units(&task).expect("units").service;
        let command = words(values(&service, "ExecStart")[0], true);
        assert_eq!(command[0], task.program);
        assert_eq!(command[1..], task.arguments[..]);
        let reads: Vec<String> =
            values(&service, "ReadOnlyPaths").iter().flat_map(|value| words(value, false)).collect();
        assert!(reads.iter().map(|path| path.strip_prefix('-').expect("may be missing")).eq(&task.reads));
        for text in STRANGE {
            assert!(!text.contains('%') || !service.contains(&format!("\"{text}\"")), "{text}");
        }
    }

    #[test]
    fn a_program_that_systemd_cannot_start_is_refused() {
        for program in ["/opt/\"x\"", "/opt/it's", "/opt/a\\b", "/opt/a\nb"] {
            assert!(units(&Task { program: program.to_owned(), ..Task::usual() }).is_err(), "{program}");
        }
    }

    #[test]
    fn a_folder_of_others_may_be_written_to_and_keeps_its_owner() {
        let shared = vec!["/var/lib/node exporter".to_owned()];
        let service = units(&Task { shared, ..Task::usual() }).expect("units").service;
        assert!(service.contains("\nReadWritePaths=\"/var/lib/node exporter\"\n"), "{service}");
        assert!(service.contains("\n#   setfacl -m u:logonstorm:rwx '/var/lib/node exporter'\n"), "{service}");
        let install = service.lines().find(|line| line.contains("install -d")).expect("how to install");
        assert!(!install.contains("node exporter"), "{install}");
    }

    #[test]
    fn what_lies_in_tmp_is_not_hidden() {
        let with = |path: &str| {
            let task = Task { reads: vec![path.to_owned()], ..Task::usual() };
            units(&task).expect("units").service.contains("PrivateTmp=yes")
        };
        assert!(with("/tmpfs/x") && with("/srv/tmp"));
        assert!(!with("/tmp/x") && !with("/var/tmp"));
    }

    #[test]
    fn contrib_holds_these_very_units() {
        let units = units(&Task::usual()).expect("units");
        contrib("systemd/logonstorm.service", &units.service);
        contrib("systemd/logonstorm.timer", &units.timer);
    }
}
