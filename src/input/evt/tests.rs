//! Made files: the annotated record, wrapped rings, damage.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::header::word;
use super::read::{read, sniff};
use super::walk::{Item, walk};
use crate::fsio::source::Source;
use crate::input::door::{Head, Job, RecordRun, Sink};
use crate::input::options::Options;
use crate::model::client::ClientLog;
use crate::model::event::{FileId, RawEvent};
use crate::model::gathered::{Severity, Skipped};

/// Record, header and EOF record as Microsoft's structures want them, typed by hand: event 681 of
/// 2002-08-06T12:00:00Z, computer HANSR1, account jsmith, workstation \\WKS0042.
const FIXED_PART: &str = "ec000000 4c664c65 01000000 40ba4f3d 40ba4f3d a9020000 10000400 09000000 00000000 64000000 \
     0c000000 58000000 00000000 e8000000";
const HEADER: &str = "30000000 4c664c65 01000000 01000000 30000000 1c010000 02000000 01000000 00000100 00000000 \
     00000000 30000000";
const EOF: &str = "28000000 11111111 22222222 33333333 44444444 30000000 1c010000 02000000 01000000 28000000";
const SID: &str = "010100000000000512000000";

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

fn annotated_record() -> Vec<u8> {
    let mut bytes = hex(FIXED_PART);
    for text in ["Security", "HANSR1"] {
        bytes.extend(wide(text));
    }
    bytes.extend(hex(SID));
    for text in ["MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "jsmith", "\\\\WKS0042", "3221225586"] {
        bytes.extend(wide(text));
    }
    bytes.extend(hex("ec000000"));
    bytes
}

/// A record with this number, a workstation that tells it, and 0 to 16 bytes of padding.
fn record(number: u32) -> Vec<u8> {
    let mut bytes = annotated_record();
    let length = bytes.len() + 4 * (number as usize % 5);
    bytes.resize(length, 0);
    bytes[..4].copy_from_slice(&(length as u32).to_le_bytes());
    bytes[length - 4..].copy_from_slice(&(length as u32).to_le_bytes());
    bytes[8..12].copy_from_slice(&number.to_le_bytes());
    let name = format!("\\\\W{number:06}");
    let at = bytes.windows(18).position(|window| window == &wide("\\\\WKS0042")[..18]).unwrap();
    bytes[at..at + 18].copy_from_slice(&wide(&name)[..18]);
    bytes
}

/// A ring of `size` bytes that `count` records were written to, as Windows does it.
fn ring(size: usize, count: u32, dirty: bool) -> Vec<u8> {
    let mut file = vec![0; size];
    let mut starts: std::collections::VecDeque<(u32, usize, usize)> = std::collections::VecDeque::new();
    let mut at = 48;
    let put = |file: &mut Vec<u8>, mut at: usize, bytes: &[u8]| {
        for byte in bytes {
            file[at] = *byte;
            at = if at + 1 == size { 48 } else { at + 1 };
        }
        at
    };
    for number in 1..=count {
        let bytes = record(number);
        let mut room = bytes.len() + 40;
        if size - at < 56 {
            room += size - at;
            file[at..].chunks_mut(4).for_each(|word| word.copy_from_slice(&[0x27, 0, 0, 0]));
            at = 48;
        }
        let end = at + room;
        let hit = |&(_, start, length): &(u32, usize, usize)| {
            (0..2).any(|turn| {
                let (start, from) = (start + turn * (size - 48), at);
                start < end && from < start + length
            })
        };
        while starts.front().is_some_and(hit) {
            starts.pop_front();
        }
        let next = put(&mut file, at, &bytes);
        starts.push_back((number, at, bytes.len()));
        at = next;
    }
    let &(oldest, begin, _) = starts.front().unwrap();
    let mut eof = hex(EOF);
    for (n, value) in [begin as u32, at as u32, count + 1, oldest].into_iter().enumerate() {
        eof[20 + 4 * n..24 + 4 * n].copy_from_slice(&value.to_le_bytes());
    }
    put(&mut file, at, &eof);
    let mut header = hex(HEADER);
    if dirty {
        // The offsets stay those of the log when it had one record.
        header[20..24].copy_from_slice(&(48 + record(1).len() as u32).to_le_bytes());
        header[36] = 1;
    } else {
        header[16..32].copy_from_slice(&eof[20..36]);
        header[36] = if begin == 48 { 0 } else { 2 };
    }
    header[32..36].copy_from_slice(&(size as u32).to_le_bytes());
    file[..48].copy_from_slice(&header);
    file
}

/// Numbers of live and of recovered records, and damage.
fn numbers(bytes: &[u8]) -> (Vec<u32>, Vec<u32>, Vec<String>) {
    let (mut live, mut recovered, mut damage) = (Vec::new(), Vec::new(), Vec::new());
    walk(&Source::memory("x.evt", bytes, None), &mut |item| match item {
        Item::Full => {}
        Item::Live(record) => {
            assert_eq!(record.strings()[2].trimmed(), format!("\\\\W{:06}", record.number));
            live.push(record.number);
        }
        Item::Recovered(record) => recovered.push(record.number),
        Item::Damage { offset, length, what, why } => damage.push(format!("{offset:#x}+{length} {what}: {why}")),
    })
    .unwrap();
    (live, recovered, damage)
}

/// What a reader hands over, as text.
#[derive(Default)]
struct Told(String);

impl Sink for Told {
    fn event(&mut self, event: &RawEvent<'_>) {
        let _ = writeln!(
            self.0,
            "{} {:?} {} {} {} {} {} {}{}",
            event.time.rfc3339(event.time_digits),
            event.record_id,
            event.event_id,
            event.computer.trimmed(),
            event.workstation.trimmed(),
            event.account.trimmed(),
            event.reason().code_text(),
            event.size,
            if event.recovered { " recovered" } else { "" }
        );
    }
    fn records(&mut self, run: &RecordRun<'_>) {
        let _ = writeln!(self.0, "{} {} records {} bytes", run.computer.trimmed(), run.records, run.bytes);
    }
    fn client(&mut self, _: ClientLog) {}
    fn skipped(&mut self, place: Skipped) {
        let _ = writeln!(self.0, "skipped {}: {}: {} ({:?})", place.at, place.what, place.why, place.severity);
        assert!(place.severity != Severity::Note);
    }
}

fn told(bytes: &[u8]) -> String {
    let (source, options) = (Source::memory("x.evt", bytes, None), Options::default());
    let mut told = Told::default();
    read(&Job { source: &source, file: FileId(0), options: &options, carried: &Default::default() }, &mut told)
        .unwrap();
    told.0
}

fn annotated_file() -> Vec<u8> {
    let mut file = [hex(HEADER), annotated_record(), hex(EOF)].concat();
    file.resize(65_536, 0);
    file
}

#[test]
fn the_annotated_file_is_read_to_the_letter() {
    assert_eq!(
        told(&annotated_file()),
        "2002-08-06T12:00:00Z Some(1) 681 HANSR1 \\\\WKS0042 jsmith 0xC0000072 236\nHANSR1 1 records 236 bytes\n"
    );
}

#[test]
fn the_fixture_is_a_saved_export_of_the_annotated_record() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(super::FORMAT.sample);
    let file = std::fs::read(path).unwrap();
    assert_eq!(file, [hex(HEADER), annotated_record(), hex(EOF)].concat());
    assert_eq!(told(&file), told(&annotated_file()));
}

#[test]
fn headers_are_recognised_even_with_one_mark_broken_and_text_is_not() {
    let sure = |bytes: &[u8]| sniff(&Head { bytes, text: "", path: "x" });
    let mut file = annotated_file();
    assert_eq!(sure(&file), 100);
    for at in [0, 4, 8, 44] {
        let mut broken = file.clone();
        broken[at] ^= 1;
        assert!(sure(&broken) >= 80, "byte {at}");
    }
    file[..48].fill(0);
    assert_eq!(sure(&file), 40, "a record is enough");
    assert_eq!(sure(b"LfLe is the signature of a record"), 0);
    assert_eq!(sure(b""), 0);
}

#[test]
fn linear_wrapped_split_and_dirty_rings_give_every_live_record() {
    let mut wrapped = 0;
    for size in [4096, 4100, 4104, 4132, 4160, 4200, 8192] {
        for count in [1, 5, 17, 18, 19, 35, 100] {
            for dirty in [false, true] {
                let file = ring(size, count, dirty);
                let (live, recovered, damage) = numbers(&file);
                assert_eq!(damage, Vec::<String>::new(), "size {size} count {count} dirty {dirty}");
                assert_eq!(*live.last().unwrap(), count);
                assert!(live.windows(2).all(|pair| pair[1] == pair[0] + 1));
                let kept = (size - 48 - 40) / 252;
                assert!(live.len() + 1 >= kept.min(count as usize), "size {size} count {count}: {}", live.len());
                assert!(recovered.iter().all(|number| *number < live[0]), "{recovered:?}");
                wrapped += usize::from(live[0] > 1);
            }
        }
    }
    assert!(wrapped > 40);
}

#[test]
fn without_eof_record_the_numbers_tell_where_a_dirty_log_ends() {
    let mut file = ring(8192, 10, true);
    let eof = file.windows(4).position(|window| window == [0x11; 4]).unwrap();
    file[eof..eof + 16].fill(0);
    let (live, _, damage) = numbers(&file);
    assert_eq!(live, (1..=10).collect::<Vec<_>>());
    assert_eq!(damage.len(), 1, "{damage:?}");
}

#[test]
fn without_header_and_eof_record_all_is_recovered() {
    let mut file = ring(8192, 10, false);
    file[..48].fill(0);
    let (live, recovered, damage) = numbers(&file);
    assert_eq!((live.len(), recovered.len(), damage.len()), (10, 0, 1), "the EOF record is enough");
    let eof = file.windows(4).position(|window| window == [0x11; 4]).unwrap();
    file[eof..eof + 16].fill(0);
    let (live, recovered, damage) = numbers(&file);
    assert_eq!((live.len(), recovered, damage.len()), (0, (1..=10).collect(), 2));
}

#[test]
fn a_zeroed_middle_is_reported_with_its_place_and_the_rest_is_read() {
    let mut file = ring(65_536, 100, false);
    let second = 48 + 240;
    file[second..second + 500].fill(0);
    let (live, _, damage) = numbers(&file);
    assert_eq!(live, std::iter::once(1).chain(5..=100).collect::<Vec<_>>());
    assert_eq!(damage, [format!("{second:#x}+744 record: no record signature")]);
}

/// Every live record is there, or lies inside a reported place.
fn check_damage(file: &[u8], broken: &[u8], context: &str) {
    let (all, _, _) = numbers(file);
    let mut live = Vec::new();
    let mut places = Vec::new();
    walk(&Source::memory("x.evt", broken, None), &mut |item| match item {
        Item::Live(record) => live.push((record.number, record.offset)),
        Item::Damage { offset, length, .. } => places.push((offset, length)),
        Item::Full | Item::Recovered(_) => {}
    })
    .unwrap();
    let lost = all.iter().filter(|number| !live.iter().any(|(other, _)| other == *number)).count();
    assert!(lost == 0 || !places.is_empty(), "{context}: {lost} lost in silence");
    told(broken);
}

#[test]
fn a_flip_anywhere_loses_no_record_in_silence() {
    for file in [ring(1600, 6, false), ring(1600, 20, false), ring(1604, 20, true)] {
        let (all, _, _) = numbers(&file);
        for at in 0..file.len() {
            for bits in [0x01, 0x80, 0xff] {
                let mut broken = file.clone();
                broken[at] ^= bits;
                let mut live = Vec::new();
                let mut damage = 0;
                walk(&Source::memory("x.evt", &broken[..], None), &mut |item| match item {
                    Item::Live(record) => live.push((record.number, record.offset, record.length)),
                    Item::Damage { .. } => damage += 1,
                    Item::Full | Item::Recovered(_) => {}
                })
                .unwrap();
                let inside = live.iter().any(|(_, offset, _)| at as u64 >= offset + 8 && (at as u64) < offset + 12);
                let lost = all.iter().filter(|number| !live.iter().any(|(other, ..)| other == *number)).count();
                assert!(lost <= usize::from(damage > 0 || inside), "byte {at:#x}: {lost} lost, {damage} reported");
            }
        }
    }
}

#[test]
fn a_cut_anywhere_loses_no_record_in_silence_and_keeps_what_is_there() {
    for file in [ring(1600, 6, false), ring(1600, 20, false), ring(1604, 20, true)] {
        for length in 0..file.len() {
            check_damage(&file, &file[..length], &format!("cut at {length:#x}"));
        }
    }
    let file = ring(1600, 6, false);
    let (live, _, _) = numbers(&file[..48 + 240 + 244 + 248 + 10]);
    assert_eq!(live, [1, 2, 3]);
}

#[test]
fn a_length_of_a_gigabyte_is_not_believed() {
    let mut file = annotated_file();
    file[48..52].copy_from_slice(&0x4000_0000u32.to_le_bytes());
    assert!(told(&file).contains("record length is above 1 MiB"));
    assert_eq!(word(&file, 48), 0x4000_0000);
}

proptest! {
    #[test]
    fn any_bytes_behind_a_header_end_without_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..600), at in 48usize..400
    ) {
        let mut file = ring(1600, 20, true);
        let end = (at + bytes.len()).min(file.len());
        file[at..end].copy_from_slice(&bytes[..end - at]);
        told(&file);
        told(&bytes);
    }
}
