//! The register of formats: every fixture is known by its content, and cut or flipped it hurts nobody.

use std::path::{Path, PathBuf};

use logonstorm::fsio::source::Source;
use logonstorm::input::FORMATS;
use logonstorm::input::door::{Format, Job, RecordRun, Sink};
use logonstorm::input::options::Options;
use logonstorm::input::sniff::{Kind, sniff};
use logonstorm::model::client::ClientLog;
use logonstorm::model::event::{FileId, RawEvent};
use logonstorm::model::gathered::Skipped;
use rayon::prelude::*;

/// The files of a format's sample, which may be a folder.
fn samples(sample: &str) -> Vec<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(sample);
    if path.is_file() {
        return vec![path];
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn kind(bytes: Vec<u8>) -> String {
    match sniff(&Source::memory("export", bytes, None), &Options::default()).unwrap() {
        Kind::Known(format) => format.name.to_owned(),
        Kind::Empty => "empty".to_owned(),
        Kind::Ours => "ours".to_owned(),
        Kind::Archive => "archive".to_owned(),
        Kind::Unknown => "unknown".to_owned(),
    }
}

#[test]
fn every_text_fixture_is_known_by_its_content_alone_in_utf_8_and_utf_16() {
    let mut checked = 0;
    for format in FORMATS.iter().filter(|format| format.sample.starts_with("fixtures/formats/")) {
        for path in samples(format.sample).iter().filter(|path| path.is_file()) {
            let bytes = std::fs::read(path).unwrap();
            assert_eq!(kind(bytes.clone()), format.name, "{}", path.display());
            if let Ok(text) = std::str::from_utf8(&bytes) {
                let wide = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
                assert_eq!(kind(wide), format.name, "{} in UTF-16", path.display());
            }
            checked += 1;
        }
    }
    assert!(checked >= 14, "only {checked} fixtures");
}

/// What a reader says of an input, one line per event, attempt or success.
#[derive(Default)]
struct Told {
    items: Vec<String>,
    /// Records of event logs.
    records: u64,
    /// Places and lines that could not be read.
    unread: u64,
}

impl Sink for Told {
    fn event(&mut self, event: &RawEvent<'_>) {
        let (account, workstation) = (event.account.trimmed(), event.workstation.trimmed());
        let time = event.time.rfc3339(event.time_digits);
        self.items.push(format!("{time} {} {account} from {workstation} {:?}", event.event_id, event.reason()));
    }
    fn records(&mut self, run: &RecordRun<'_>) {
        self.records += run.records;
    }
    fn client(&mut self, log: ClientLog) {
        self.unread += log.unknown_lines;
        let attempts = log.attempts.iter().map(|attempt| format!("{:?} {}", attempt.stamp, attempt.server));
        self.items.extend(attempts);
    }
    fn skipped(&mut self, _: Skipped) {
        self.unread += 1;
    }
}

fn told(format: &Format, bytes: Vec<u8>, options: &Options) -> Told {
    let source = Source::memory("export", bytes, None);
    let mut told = Told::default();
    (format.read)(&Job { source: &source, file: FileId(0), options }, &mut told).unwrap();
    told
}

/// Damage hurts its own record and perhaps the one beside it, or is reported.
fn check_damage(format: &Format, options: &Options, path: &Path) {
    let bytes = std::fs::read(path).unwrap();
    let whole = told(format, bytes.clone(), options);
    assert!(whole.items.len() as u64 + whole.unread > 0, "{}: an empty fixture shows nothing", path.display());
    // Big fixtures are sampled: their formats have a test of their own that leaves out no byte.
    for at in (0..bytes.len()).step_by(1 + bytes.len() / 2000) {
        let cut = told(format, bytes[..at].to_vec(), options);
        let same = cut.items.iter().filter(|item| whole.items.contains(item)).count();
        assert!(same + 1 >= cut.items.len() || cut.unread > 0, "{}, cut at {at}: {:?}", format.name, cut.items);
        for flip in [0x01, 0x80] {
            let mut flipped = bytes.clone();
            flipped[at] ^= flip;
            let flipped = told(format, flipped, options);
            let kept = whole.items.iter().filter(|item| flipped.items.contains(item)).count();
            // A flip in an event's number or source makes another record of it, no loss.
            let lost = flipped.records < whole.records || kept + 2 < whole.items.len();
            let quiet = flipped.unread <= whole.unread;
            assert!(!(quiet && lost), "{}, {flip:#x} at {at}, lost in silence: {:?}", format.name, flipped.items);
        }
    }
}

#[test]
fn no_format_of_the_register_loses_anything_in_silence() {
    let options = Options::default();
    FORMATS.par_iter().for_each(|format| {
        for path in samples(format.sample) {
            check_damage(format, &options, &path);
        }
    });
}
