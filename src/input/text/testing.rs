//! What the tests of every text reader need: a reader's findings as text, and damage of every kind.

use std::fmt::Write as _;

use crate::fsio::source::Source;
use crate::input::door::{Format, Head, Job, RecordRun, Sink};
use crate::input::lines::head_text;
use crate::input::options::Options;
use crate::model::client::ClientLog;
use crate::model::event::{FileId, RawEvent};
use crate::model::gathered::Skipped;

/// What a reader hands over, one line each.
#[derive(Default)]
pub(super) struct Told {
    /// Events.
    pub(super) events: Vec<String>,
    /// Records covered.
    pub(super) records: u64,
    /// Places that could not be read.
    pub(super) skipped: Vec<String>,
}

impl Sink for Told {
    fn event(&mut self, event: &RawEvent<'_>) {
        let mut line = event.time.rfc3339(event.time_digits);
        let record = event.record_id.map_or(String::new(), |id| format!(" #{id}"));
        let _ = write!(
            line,
            " {} {:?}{record} on {}: {}\\{} from {} {} {} type {}",
            event.event_id,
            event.kind,
            event.computer.trimmed(),
            event.domain.trimmed(),
            event.account.trimmed(),
            event.workstation.trimmed(),
            event.ip.trimmed(),
            event.reason().code_text(),
            event.logon_type.map_or("-".to_owned(), |kind| kind.to_string()),
        );
        self.events.push(line);
    }
    fn records(&mut self, run: &RecordRun<'_>) {
        assert!(run.first <= run.last && run.first.div_euclid(3600) == run.hour);
        self.records += run.records;
    }
    fn client(&mut self, _: ClientLog) {
        panic!("an event log is no client log");
    }
    fn skipped(&mut self, place: Skipped) {
        self.skipped.push(format!("{}: {}: {}", place.at, place.what, place.why));
    }
}

/// Reads bytes as one format, with or without a zone.
pub(super) fn told_in(format: &Format, bytes: &[u8], zone: Option<chrono_tz::Tz>) -> Told {
    let source = Source::memory("x", bytes, None);
    let options = Options { time_zone: zone, ..Options::default() };
    let mut told = Told::default();
    (format.read)(
        &Job { source: &source, file: FileId(0), options: &options, carried: &Default::default() },
        &mut told,
    )
    .unwrap();
    told
}

/// Reads bytes as one format, in UTC.
pub(super) fn told(format: &Format, bytes: &[u8]) -> Told {
    told_in(format, bytes, None)
}

/// How sure a format is of these bytes.
pub(super) fn sure(format: &Format, bytes: &[u8]) -> u8 {
    let text = head_text(&bytes[..bytes.len().min(64 << 10)]);
    (format.sniff)(&Head { bytes, text: &text, path: "x" })
}

/// The fixture of a format.
pub(super) fn fixture(format: &Format) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format.sample);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// UTF-16 with a byte order mark.
pub(super) fn wide(text: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(text).unwrap();
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// The fixture gives just these events and no damage, in UTF-8 and in UTF-16.
pub(super) fn check_fixture(format: &Format, expect: &[&str]) {
    let bytes = fixture(format);
    for bytes in [bytes.clone(), wide(&bytes)] {
        let told = told(format, &bytes);
        assert_eq!(told.events, expect);
        assert_eq!(told.skipped, Vec::<String>::new());
        assert!(sure(format, &bytes) >= 60, "{} does not know its fixture", format.name);
    }
}

/// Cuts and flips every byte of the fixture: no panic, no event but the one that was hit (and its
/// neighbour, where the flip has joined them) changes, and a record that is lost is reported.
pub(super) fn check_damage(format: &Format) {
    check_damage_behind(format, 0);
}

/// The same behind a header of this length, without which nothing can be read: there only that the
/// loss is reported.
pub(super) fn check_damage_behind(format: &Format, header: usize) {
    let bytes = fixture(format);
    let whole = told(format, &bytes);
    for at in 0..header {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x01;
        let told = told(format, &flipped);
        assert!(told.records == whole.records || !told.skipped.is_empty(), "{}: flip at {at}", format.name);
    }
    for at in header..bytes.len() {
        let cut = told(format, &bytes[..at]);
        let same = cut.events.iter().zip(&whole.events).take_while(|(cut, whole)| cut == whole).count();
        assert!(same + 1 >= cut.events.len(), "{}: cut at {at}: {:?}", format.name, cut.events);
        for flip in [0x01, 0x80, bytes[at] ^ b'\n', bytes[at] ^ b'"'] {
            let mut flipped = bytes.clone();
            flipped[at] ^= flip;
            let told = told(format, &flipped);
            let kept = whole.events.iter().filter(|event| told.events.contains(event)).count();
            let context = || format!("{}: flip {flip:#x} at {at}: {:?} {:?}", format.name, told.events, told.skipped);
            assert!(kept + 2 >= whole.events.len(), "{}", context());
            assert!(told.records >= whole.records || !told.skipped.is_empty(), "lost in silence: {}", context());
        }
    }
}
