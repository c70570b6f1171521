//! What a scheduler has to run, and what it must let the program read and write.

/// Hour and minute of the nightly run, local time: after most exports, before anybody is at work.
pub(super) const HOUR: u32 = 2;
/// See [`HOUR`].
pub(super) const MINUTE: u32 = 30;

/// What a scheduler has to run. All paths are absolute: a scheduler starts programs anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Path of the program.
    pub program: String,
    /// Its arguments, `nightly` first.
    pub arguments: Vec<String>,
    /// The folder it is started in.
    pub folder: String,
    /// Files and folders that it reads.
    pub reads: Vec<String>,
    /// Folders of its own that it writes to.
    pub writes: Vec<String>,
    /// Folders of others that it writes to as well, as the one of the textfile collector.
    pub shared: Vec<String>,
}

/// Why a path or argument cannot be given to a scheduler.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} cannot be given to {scheduler}: {why}")]
pub struct Refused {
    /// The path or argument.
    pub text: String,
    /// Who does not take it.
    pub scheduler: &'static str,
    /// Why.
    pub why: &'static str,
}

impl Task {
    /// The task of `contrib/`: a usual layout on Linux.
    pub fn usual() -> Task {
        let text = |text: &str| text.to_owned();
        Task {
            program: text("/usr/local/bin/logonstorm"),
            arguments: ["nightly", "--config", "/etc/logonstorm/nightly.toml"].map(text).to_vec(),
            folder: text("/var/lib/logonstorm"),
            reads: ["/etc/logonstorm/nightly.toml", "/srv/logonstorm/exports"].map(text).to_vec(),
            writes: ["/var/lib/logonstorm/state", "/var/lib/logonstorm/reports"].map(text).to_vec(),
            shared: Vec::new(),
        }
    }

    /// The task of `contrib/`: a usual layout on Windows.
    pub fn usual_windows() -> Task {
        let text = |text: &str| text.to_owned();
        Task {
            program: text(r"C:\Program Files\logonstorm\logonstorm.exe"),
            arguments: ["nightly", "--config", r"C:\ProgramData\logonstorm\nightly.toml"].map(text).to_vec(),
            folder: text(r"C:\ProgramData\logonstorm"),
            reads: Vec::new(),
            writes: Vec::new(),
            shared: Vec::new(),
        }
    }

    /// No scheduler takes characters that end a line or act on a terminal, or that XML cannot hold.
    pub(super) fn check(&self, scheduler: &'static str) -> Result<(), Refused> {
        let lists = [&self.arguments, &self.reads, &self.writes, &self.shared];
        let all = [&self.program, &self.folder].into_iter().chain(lists.into_iter().flatten());
        for text in all {
            if text.chars().any(|c| c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}')) {
                return Err(Refused { text: text.clone(), scheduler, why: "it holds control characters" });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Names that somebody may give a folder and that have a meaning elsewhere.
    pub(in crate::schedule) const STRANGE: [&str; 12] = [
        "/srv/a b/x",
        "/srv/100%/%n",
        "/srv/$HOME/${x}",
        "/srv/it's",
        "/srv/\"q\"",
        "/srv/back\\slash\\",
        "/srv/a\\%b",
        "/srv/`id`;#&|<>",
        "/srv/é端\u{202e}",
        "/srv/-dash",
        "/srv/~tilde*?[",
        "/srv/!bang!\\\"",
    ];

    /// Compares a file below `contrib/` with the text that it is made from; with UPDATE_CONTRIB=1 in
    /// the environment the file is written instead.
    #[track_caller]
    pub(in crate::schedule) fn contrib(name: &str, text: &str) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("contrib").join(name);
        if std::env::var_os("UPDATE_CONTRIB").is_some() {
            std::fs::write(&path, text).expect("writable");
        }
        assert_eq!(std::fs::read_to_string(&path).expect("checked in"), text, "UPDATE_CONTRIB=1 writes {name}");
    }

    /// A task with the strange names everywhere but in the program.
    pub(in crate::schedule) fn strange() -> Task {
        let mut task = Task::usual();
        task.arguments.extend(STRANGE.map(str::to_owned));
        task.reads.extend(STRANGE.map(str::to_owned));
        task.writes.extend(STRANGE.map(str::to_owned));
        task
    }

    #[test]
    fn line_ends_are_refused_wherever_they_stand() {
        let bad = "/srv/a\nb".to_owned();
        for task in [
            Task { program: bad.clone(), ..Task::usual() },
            Task { folder: bad.clone(), ..Task::usual() },
            Task { arguments: vec![bad.clone()], ..Task::usual() },
            Task { reads: vec![bad.clone()], ..Task::usual() },
            Task { writes: vec![bad.clone()], ..Task::usual() },
            Task { shared: vec![bad.clone()], ..Task::usual() },
        ] {
            assert_eq!(task.check("cron").expect_err("refused").text, bad);
        }
    }
}
