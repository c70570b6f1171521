//! A sink for tests: what a reader hands over, as text.

use super::door::{Format, Job, RecordRun, Sink};
use super::options::Options;
use crate::fsio::source::Source;
use crate::model::client::ClientLog;
use crate::model::event::{EventKind, FileId, RawEvent};
use crate::model::gathered::Skipped;

/// What was handed over.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// One line per event.
    pub(crate) events: Vec<String>,
    /// Records.
    pub(crate) records: u64,
    /// Client logs.
    pub(crate) clients: Vec<ClientLog>,
    /// `at what: why` of each skipped place.
    pub(crate) skipped: Vec<String>,
}

impl Kept {
    /// Reads a source with one format.
    pub(crate) fn read(format: &Format, source: &Source, options: &Options) -> Kept {
        let mut kept = Kept::default();
        (format.read)(&Job { source, file: FileId(0), options, carried: &Default::default() }, &mut kept)
            .expect("memory can be read");
        kept
    }
}

impl Sink for Kept {
    fn event(&mut self, event: &RawEvent<'_>) {
        let kind = if event.kind == EventKind::Failure { "failure" } else { "success" };
        let time = if event.time.0 == 0 { "-".into() } else { event.time.rfc3339(0) };
        self.events.push(format!(
            "{}: {kind} {time} {}\\{} from {} via {} {} type {} on {}",
            event.line.unwrap_or(0),
            event.domain.decode(),
            event.account.decode(),
            event.workstation.decode(),
            event.relay.decode(),
            event.status.code_text(),
            event.logon_type.unwrap_or(0),
            event.computer.decode(),
        ));
    }

    fn records(&mut self, run: &RecordRun<'_>) {
        assert!(run.first <= run.last && run.hour == run.first.div_euclid(3600));
        self.records += run.records;
    }

    fn client(&mut self, log: ClientLog) {
        self.clients.push(log);
    }

    fn skipped(&mut self, place: Skipped) {
        self.skipped.push(format!("{} {}: {}", place.at, place.what, place.why));
    }
}
