//! How fast the readers of text are, in MB per second of one core: `cargo bench --bench text`.
//!
//! Every text format of the register reads its own fixture, repeated to 64 MiB (or as many as the
//! argument says) in memory: every event wanted, then one in a hundred. Two passes over the same bytes
//! stand beside it: counting line ends and a CRC-32.

#![allow(clippy::print_stdout, reason = "a bench prints its times")]

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use logonstorm::fsio::source::Source;
use logonstorm::input::FORMATS;
use logonstorm::input::door::{Carried, Format, Job, RecordRun, Sink};
use logonstorm::input::options::Options;
use logonstorm::input::windows::ids;
use logonstorm::model::client::ClientLog;
use logonstorm::model::event::{FileId, RawEvent};
use logonstorm::model::gathered::Skipped;

/// Counts what is handed over.
#[derive(Default)]
struct Counts {
    events: u64,
    skipped: u64,
}

impl Sink for Counts {
    fn event(&mut self, event: &RawEvent<'_>) {
        black_box(event);
        self.events += 1;
    }
    fn records(&mut self, _run: &RecordRun<'_>) {}
    fn client(&mut self, log: ClientLog) {
        self.events += log.attempts.len() as u64;
    }
    fn skipped(&mut self, _place: Skipped) {
        self.skipped += 1;
    }
}

/// The events of a fixture with ids that nobody wants.
fn unwanted(body: &[u8]) -> Vec<u8> {
    let mut text = String::from_utf8_lossy(body).into_owned();
    for row in ids::IDS {
        text = text.replace(&row.id.to_string(), &"9999"[..row.id.to_string().len()]);
    }
    text.replace("Logon: ", "Login: ").replace("LogonUas", "LoginUas").into_bytes()
}

/// The fixture again and again; the header of a table only once. Of so many copies one has wanted events.
fn repeated(format: &Format, size: usize, one_in: usize) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format.sample);
    let fixture = std::fs::read(path).expect("every format has a fixture");
    let table = fixture.iter().position(|byte| *byte == b'\n').filter(|_| format.sample.ends_with("csv"));
    let body = table.map_or(&fixture[..], |end| &fixture[end + 1..]);
    let mut bytes = fixture.clone();
    let rest = unwanted(body);
    for copy in 1.. {
        if bytes.len() >= size {
            break;
        }
        if !bytes.ends_with(b"\n") && fixture.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(if copy % one_in == 0 { body } else { &rest });
    }
    bytes
}

/// Best of three, in MB per second.
fn speed(bytes: usize, mut pass: impl FnMut()) -> f64 {
    let seconds = (0..3).map(|_| {
        let start = Instant::now();
        pass();
        start.elapsed().as_secs_f64()
    });
    bytes as f64 / 1e6 / seconds.fold(f64::INFINITY, f64::min)
}

fn main() {
    let argument = |at: usize| std::env::args().filter(|arg| arg != "--bench").nth(at);
    let size = argument(1).and_then(|text| text.parse::<usize>().ok()).unwrap_or(64) << 20;
    let only = argument(2).unwrap_or_default();
    println!("{:<24} {:>8} {:>8} {:>8} {:>8} {:>9} {:>8}", "MB/s", "all", "1 %", "lines", "crc32", "events", "skipped");
    for format in FORMATS.iter().filter(|format| format.parts.is_none() && format.name.contains(&only)) {
        let bytes = repeated(format, size, 1);
        if bytes.contains(&0) && !bytes.starts_with(&[0xff, 0xfe]) {
            continue;
        }
        let lines = speed(bytes.len(), || {
            black_box(memchr::memchr_iter(b'\n', &bytes).count());
        });
        let crc = speed(bytes.len(), || {
            black_box(crc32fast::hash(&bytes));
        });
        let (all, counts) = read(format, bytes);
        let (few, _) = read(format, repeated(format, size, 100));
        println!(
            "{:<24} {all:>8.0} {few:>8.0} {lines:>8.0} {crc:>8.0} {:>9} {:>8}",
            format.name, counts.events, counts.skipped
        );
    }
}

/// How fast a reader is, and what it hands over.
fn read(format: &Format, bytes: Vec<u8>) -> (f64, Counts) {
    let source = Source::memory(format.sample, bytes, None);
    let options = Options::default();
    let mut counts = Counts::default();
    let speed = speed(source.len as usize, || {
        counts = Counts::default();
        let carried = Carried::default();
        let job = Job { source: &source, file: FileId(0), options: &options, carried: &carried };
        (format.read)(&job, &mut counts).expect("memory can be read");
    });
    (speed, counts)
}
