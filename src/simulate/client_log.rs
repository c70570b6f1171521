//! Writes the log of the SMS 2.0 licence metering client, `Liccli.log`.
//!
//! Lines: KB Q287626 (the retry block), Q250564, Q311467, Q199747, Q290995, Q213196. Trailer: the
//! form that SMS 2.0 clients write in their other logs (KB Q246331, Q236052). Size and rotation:
//! KB Q259138 and Q241001.

use crate::model::time::Ticks;

/// A client log is renamed to `.lo_` when it reaches this many bytes (KB Q259138).
pub const CLIENT_LOG_CAP: usize = 102_400;

/// What the lines of a client log tell of their time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stamps {
    /// Date and time, in a `$$<...>` trailer.
    #[default]
    Whole,
    /// The time of day only, in the record form of later agents (`<![LOG[...]LOG]!>`) without a date.
    TimeOfDay,
    /// Nothing, as in the excerpt of KB Q287626.
    None,
}

/// A client log under construction.
#[derive(Clone, Debug)]
pub struct ClientLogWriter {
    server: String,
    /// Tries of one round and the wait between them, as printed in the lines.
    retries: u32,
    wait_s: u32,
    stamps: Stamps,
    cap: usize,
    lines: Vec<u8>,
    older: Option<Vec<u8>>,
    /// Failed attempts whose last line is in the current and in the older file.
    attempts: (u64, u64),
}

/// A finished client log.
#[derive(Clone, Debug)]
pub struct ClientFiles {
    /// `Liccli.log`.
    pub log: Vec<u8>,
    /// `Liccli.lo_`, the generation before; `None` where the log was never full.
    pub older: Option<Vec<u8>>,
    /// Failed attempts that the two files still tell; the last ones of all that were written.
    pub attempts: u64,
}

impl ClientLogWriter {
    /// A log that names `server`; `retries` (at least 1) tries of `wait_s` seconds make a round.
    pub fn new(server: &str, retries: u32, wait_s: u32, stamps: Stamps) -> Self {
        let cap = CLIENT_LOG_CAP;
        let server = server.to_owned();
        Self { server, retries, wait_s, stamps, cap, lines: Vec::new(), older: None, attempts: (0, 0) }
    }

    /// Rotates at `bytes` instead of 100 KB (`Log File Size for Debugging`, KB Q259138).
    pub fn capped(mut self, bytes: usize) -> Self {
        self.cap = bytes;
        self
    }

    /// Appends one line, written at `at` on the client's clock.
    pub fn line(&mut self, at: Ticks, text: &str) {
        let mut line = match self.stamps {
            Stamps::Whole => format!("{text}{}", trailer(at)),
            Stamps::TimeOfDay => time_record(at, text),
            Stamps::None => text.to_owned(),
        };
        line.push_str("\r\n");
        if self.lines.len() + line.len() > self.cap && !self.lines.is_empty() {
            self.older = Some(std::mem::take(&mut self.lines));
            self.attempts = (0, self.attempts.0);
        }
        self.lines.extend_from_slice(line.as_bytes());
    }

    /// A program starts and the pipe to the service is refused: the first eleven lines of the block
    /// of KB Q287626. The failed attempt begins at `from` and ends at `to`.
    pub fn pipe_failure(&mut self, from: Ticks, to: Ticks) {
        self.line(from, r#"Requesting use of: "CLOCK.EXE" ("CLOCK.EXE"), version: "4.00""#);
        let failed = format!(
            r"FAILED - Severity:0 Error:2 Failed to connect to the pipe-service on \\{}. Check the service is running.",
            self.server
        );
        self.line(to, &failed);
        self.attempts.0 += 1;
        self.reconnecting(to);
    }

    /// What follows a refused pipe.
    fn reconnecting(&mut self, to: Ticks) {
        for text in [
            "+ON +: Forcing gbConnectedOK = FALSE on failed fnTaskStarted.",
            "fnCheckTasksStatus FAILED",
            "+ON +: Forcing gbConnectedOK = FALSE on failed fnCheckTasksStatus.",
            "WARNING: No user or lost contact with DB, attempting to re-connect ...",
            "Freeing (and re-requesting) all workstation tasks ...",
            "Attempting disconnect from DB first ...",
            "Could not attempt to disconnect from DB due to lost connection.",
            "Could not attempt to de-initialize due to lost connection.",
            "OK",
        ] {
            self.line(to, text);
        }
    }

    /// Try number `i` (from 0) of a round to reach the server's share: the last eight lines of the
    /// block. The attempt begins at `from` and ends at `to`.
    pub fn unreachable(&mut self, from: Ticks, to: Ticks, i: u32) {
        let n = self.retries;
        let server = self.server.clone();
        self.line(from, &format!("+ON +: Connecting ({i}/{n}). Verifying connection to server DB path ..."));
        self.line(from, &format!(r#"+ON +: Server path = "\\{server}\LICMTR" (-1) ..."#));
        self.line(from, &format!(r"+ON +: IsFileReachable(): Doing a CreateFile(\\{server}\LICMTR\dbup.ini)"));
        self.line(to, "+ON +: IsFileReachable(): Done.");
        self.line(to, "+ON +: Server is unreachable.");
        self.attempts.0 += 1;
        self.line(to, "+ON +: Forcing gbConnectedOK = FALSE on failed IsFileReachable().");
        self.line(to, &format!("+ON +: Will try again in {} secs.", self.wait_s));
        let left = n.saturating_sub(i + 1);
        self.line(to, &format!("+ON +: TestStayOnline FAILED. Will retry {left} more times out of {n}."));
    }

    /// One attempt that tells of the pipe and of the share: the whole block.
    pub fn whole_block(&mut self, from: Ticks, to: Ticks, i: u32) {
        self.pipe_failure(from, to);
        self.unreachable(to, to, i);
        self.attempts.0 = self.attempts.0.saturating_sub(1);
    }

    /// The lines of a round trip that worked (KB Q311467, Q250564).
    pub fn success(&mut self, at: Ticks, account: &str) {
        self.line(at, "Copying reintegration data to server...");
        self.line(at, "OK");
        self.line(at, "Offline upload successful");
        self.line(at, &format!(r#"Getting groups for the user "{account}""#));
        self.line(at, "OK (0 groups)");
    }

    /// Lines of a healthy or otherwise troubled client that are no attempts: licence denials,
    /// configuration and local rights. `kind` chooses among them.
    pub fn other(&mut self, at: Ticks, kind: u32) {
        let texts: &[&str] = match kind % 5 {
            0 => &[
                "ACCESS DENIED",
                "Request received to terminate app.",
                "TerminateApp() enumerating app windows.",
                "Send WM_CLOSE to Registry Editor",
                "TerminateApp() waiting for app to terminate.",
                "TerminateApp() checking to see if app terminated in allotted time.",
                "TerminateApp() closing app process handle.",
            ],
            1 => &["Problem with the registry (error 2). SWM server probably not configured properly \
                 (LicenseServers key missing?)"],
            2 => &["Off-line licensing log error: access to the log file has been denied."],
            3 => &["Drive space now available - Resuming Client"],
            _ => &[r#"Requesting use of "REGEDT32.exe", version: "4.00",lang:0x9,0x4 ..."#],
        };
        for text in texts {
            self.line(at, text);
        }
    }

    /// The files.
    pub fn finish(self) -> ClientFiles {
        ClientFiles { log: self.lines, older: self.older, attempts: self.attempts.0 + self.attempts.1 }
    }
}

fn time_record(at: Ticks, text: &str) -> String {
    match chrono::DateTime::from_timestamp_millis(at.millis()) {
        Some(time) => format!(
            "<![LOG[{text}]LOG]!><time=\"{}+000\" component=\"LICCLI\" context=\"\" type=\"1\" thread=\"212\" file=\"\">",
            time.format("%H:%M:%S%.3f")
        ),
        None => text.to_owned(),
    }
}

fn trailer(at: Ticks) -> String {
    match chrono::DateTime::from_timestamp_millis(at.millis()) {
        Some(time) => format!("  $$<LICCLI>{}<thread=212 (0xD4)>", time.format("<%a %b %d %H:%M:%S%.3f %Y>")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Ticks = Ticks::from_secs(1_028_635_200);

    #[test]
    fn the_block_of_the_kb_article_is_nineteen_lines_and_1049_bytes() {
        let mut log = ClientLogWriter::new("HANSR1", 5, 60, Stamps::None);
        log.pipe_failure(NOON, NOON);
        log.unreachable(NOON, NOON, 0);
        let files = log.finish();
        let text = String::from_utf8(files.log).unwrap();
        assert_eq!((text.lines().count(), text.len(), files.older), (19, 1_049, None));
        assert!(text.ends_with("Will retry 4 more times out of 5.\r\n"), "{text}");
    }

    #[test]
    fn a_trailer_takes_61_bytes() {
        assert_eq!(trailer(NOON), "  $$<LICCLI><Tue Aug 06 12:00:00.000 2002><thread=212 (0xD4)>");
        assert_eq!(trailer(NOON).len(), 61);
    }

    #[test]
    fn a_full_log_moves_to_the_older_generation_and_only_one_is_kept() {
        let mut log = ClientLogWriter::new("HANSR1", 5, 60, Stamps::Whole);
        for i in 0..400 {
            log.unreachable(NOON, NOON, i % 5);
        }
        let files = log.finish();
        let (lines, older) = (files.log, files.older.unwrap());
        let told = [lines.as_slice(), older.as_slice()].concat();
        let told = String::from_utf8(told).unwrap().matches("Server is unreachable.").count();
        assert_eq!(files.attempts, told as u64);
        assert!(lines.len() <= CLIENT_LOG_CAP && older.len() <= CLIENT_LOG_CAP);
        assert!(older.len() > CLIENT_LOG_CAP - 200);
        assert!(lines.len() + older.len() < 400 * 909, "the oldest lines are gone");
    }
}
