//! Damaged `.evtx`: what is lost lies inside a reported place, and nothing else changes.

use std::borrow::Cow;

use logonstorm::fsio::source::Source;
use logonstorm::input::evtx::chunk::{Chunks, Place};
use logonstorm::input::evtx::header::ChunkHeader;
use logonstorm::input::evtx::read::read_counted;
use logonstorm::input::evtx::records::{self, Found};
use logonstorm::model::layout::{CHUNK, CHUNK_HEADER, EVTX_HEADER};
use logonstorm::model::time::Ticks;
use logonstorm::simulate::schema::{CREDENTIAL_VALIDATION, Kind, LOGON_FAILURE, LOGON_SUCCESS, Schema};
use logonstorm::simulate::{CLASSIC, Data, SECURITY_AUDITING, Sid, Value, WrittenEvent, evtx};
use proptest::prelude::*;
use rayon::prelude::*;

use crate::evtx::Heard;

const PACKAGE: &str = "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0";

/// A modern event with the given texts, everything else blank.
fn named(schema: &'static Schema, texts: &[(&str, String)]) -> Data<'static> {
    let value = |(name, kind): &(&'static str, Kind)| match kind {
        Kind::Text => Value::Text(Cow::Owned(
            texts.iter().find(|text| text.0 == *name).map_or_else(|| "-".to_owned(), |text| text.1.clone()),
        )),
        Kind::Sid => Value::Sid(Sid::System),
        Kind::U32 => Value::U32(3),
        Kind::Hex32 => Value::Hex32(0xC000_006E),
        Kind::Hex64 => Value::Hex64(0x3e7),
    };
    Data::Named(schema, schema.fields.iter().map(value).collect())
}

/// The `n`th event of a log that mixes classic and modern ones.
fn event(n: u64) -> WrittenEvent<'static> {
    let (account, workstation) = (format!("user{}", n % 7), format!("\\\\WS{:03}", n % 50));
    let text = |text: &str| Cow::Owned(text.to_owned());
    let (event_id, provider, data) = match n % 5 {
        0 | 1 => {
            let strings = [PACKAGE, &account, &workstation, "3221225586"].map(text).to_vec();
            (681, CLASSIC, Data::Strings(strings))
        }
        2 => {
            let strings = [&account, "CORP", "3", "NtLmSsp", "NTLM", &workstation].map(text).to_vec();
            (529, CLASSIC, Data::Strings(strings))
        }
        3 => {
            let texts = [("TargetUserName", account), ("Workstation", workstation), ("PackageName", PACKAGE.into())];
            (4776, SECURITY_AUDITING, named(&CREDENTIAL_VALIDATION, &texts))
        }
        _ if n % 10 == 9 => (4624, SECURITY_AUDITING, named(&LOGON_SUCCESS, &[("TargetUserName", account)])),
        _ => {
            let texts =
                [("TargetUserName", account), ("WorkstationName", workstation), ("IpAddress", "10.0.0.7".into())];
            (4625, SECURITY_AUDITING, named(&LOGON_FAILURE, &texts))
        }
    };
    WrittenEvent {
        record_id: n + 1,
        time: Ticks::from_secs(984_355_200 + 20 * n as i64),
        event_id,
        failure: true,
        computer: "DC01",
        provider,
        data,
    }
}

/// A log of `events` events.
fn log(events: u64) -> Vec<u8> {
    evtx((0..events).map(event)).unwrap()
}

fn hear(bytes: &[u8], judge: bool) -> Heard {
    let mut heard = Heard::default();
    read_counted(&Source::memory("x.evtx", bytes.to_vec(), None), judge, &mut heard).unwrap();
    heard
}

/// Hears one chunk, of which `have` bytes are there.
fn hear_chunk(chunk: &[u8], have: usize) -> Heard {
    let mut heard = Heard::default();
    let place = Place { file: "x.evtx", number: 0, base: EVTX_HEADER as u64 };
    Chunks::default().read(chunk, have, place, &mut heard);
    heard
}

/// Offsets of the records of a chunk, and the end of the last one.
fn starts(chunk: &[u8]) -> Vec<usize> {
    let mut starts = vec![CHUNK_HEADER];
    while let Some(size) = chunk.get(starts[starts.len() - 1]..).filter(|rest| rest.starts_with(b"**\0\0")) {
        let size = u32::from_le_bytes(size[4..8].try_into().unwrap()) as usize;
        starts.push(starts[starts.len() - 1] + size);
    }
    starts
}

fn put(bytes: &mut [u8], at: usize, new: &[u8]) {
    bytes[at..at + new.len()].copy_from_slice(new);
}

/// Brings the checksum of a chunk's header up to date: a header that lies and is believed.
fn sign_header(chunk: &mut [u8]) {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&chunk[..120]);
    crc.update(&chunk[128..CHUNK_HEADER]);
    put(chunk, 124, &crc.finalize().to_le_bytes());
}

/// One damage, and what is left: records in all, and reports as text (`*` stands for anything).
struct Case {
    name: &'static str,
    damage: fn(&mut Vec<u8>),
    records: u64,
    reports: &'static [&'static str],
}

const FIRST: usize = EVTX_HEADER;
const SECOND: usize = EVTX_HEADER + CHUNK;

fn record(bytes: &[u8], chunk: usize, number: usize) -> usize {
    chunk + starts(&bytes[chunk..chunk + CHUNK])[number]
}

/// 164 records in the first chunk, 136 in the second.
#[rustfmt::skip] // one damage, one block
const CASES: &[Case] = &[
    Case { name: "none", damage: |_| {}, records: 300, reports: &[] },
    Case { name: "cut inside a record", records: 164 + 50, reports: &["not readable", "cut after"],
        damage: |log| log.truncate(record(log, SECOND, 50) + 10) },
    Case { name: "cut between records", records: 164 + 50, reports: &["cut after"],
        damage: |log| log.truncate(record(log, SECOND, 50)) },
    Case { name: "cut to the file header", records: 0, reports: &[], damage: |log| log.truncate(EVTX_HEADER) },
    Case { name: "junk appended", records: 300, reports: &["magic is wrong", "not readable", "cut after 1000"],
        damage: |log| log.extend([b'x'; 1000]) },
    Case { name: "a flipped bit in a record", records: 300, reports: &["checksum of the records"],
        damage: |log| { let at = record(log, FIRST, 10) + 8; log[at] ^= 1 } },
    Case { name: "chunk magic gone", records: 300, reports: &["magic is wrong"],
        damage: |log| put(log, FIRST, &[0; 8]) },
    Case { name: "chunk header gone", records: 300, reports: &["magic is wrong"],
        damage: |log| put(log, FIRST, &[0; CHUNK_HEADER]) },
    Case { name: "record size 0", records: 299, reports: &["checksum of the records", "not readable"],
        damage: |log| { let at = record(log, FIRST, 50); put(log, at + 4, &[0; 4]) } },
    Case { name: "record size enormous", records: 300, reports: &["checksum of the records", "size and its copy"],
        damage: |log| { let at = record(log, FIRST, 50); put(log, at + 4, &0xffff_fff0u32.to_le_bytes()) } },
    Case { name: "size copy 0", records: 300, reports: &["checksum of the records", "size and its copy"],
        damage: |log| { let at = record(log, FIRST, 51); put(log, at - 4, &[0; 4]) } },
    Case { name: "record magic gone", records: 299, reports: &["checksum of the records", "not readable"],
        damage: |log| { let at = record(log, FIRST, 50); put(log, at, &[0; 4]) } },
    Case { name: "8 KiB of zeros", records: 300 - 23, reports: &["checksum of the records", "not readable"],
        damage: |log| { let at = record(log, FIRST, 50); put(log, at, &[0; 8192]) } },
    Case { name: "header time out of range", records: 300, reports: &["checksum of the records", "out of range"],
        damage: |log| { let at = record(log, FIRST, 50); put(log, at + 16, &[0xff; 8]) } },
    Case { name: "record id twice", records: 300, reports: &["checksum of the records"],
        damage: |log| { let at = record(log, FIRST, 50); put(log, at + 8, &50u64.to_le_bytes()) } },
    Case { name: "template of the classic events destroyed", records: 201,
        reports: &["checksum", "", "", "", "", "", "", "", "more damaged places"],
        damage: |log| { let at = record(log, FIRST, 0); put(log, at + 0xec, &[0xff]) } },
    Case { name: "value count enormous", records: 299, reports: &["checksum of the records", ""],
        damage: |log| { let at = record(log, FIRST, 50); put(log, at + 38, &0x7fff_ffffu32.to_le_bytes()) } },
    Case { name: "chunks swapped", records: 300, reports: &[],
        damage: |log| { let first = log[FIRST..SECOND].to_vec(); log.copy_within(SECOND.., FIRST); put(log, SECOND, &first) } },
    Case { name: "zeros to the end of a chunk", records: 50 + 136, reports: &["checksum of the records", "zeros where"],
        damage: |log| { let at = record(log, FIRST, 50); log[at..SECOND].fill(0) } },
    Case { name: "first chunk zero", records: 136, reports: &["nothing but zeros"],
        damage: |log| log[FIRST..SECOND].fill(0) },
    Case { name: "last chunk zero", records: 164, reports: &["nothing but zeros"],
        damage: |log| log[SECOND..].fill(0) },
    Case { name: "a chunk of zeros behind the log", records: 300, reports: &[],
        damage: |log| log.extend([0; CHUNK]) },
    Case { name: "a header that gives too small a last id", records: 300, reports: &["gives 20 as the last"],
        damage: |log| { put(log, FIRST + 32, &20u64.to_le_bytes()); sign_header(&mut log[FIRST..SECOND]) } },
    Case { name: "a header that tells of too few records", records: 300, reports: &["tells of 20 records, 164"],
        damage: |log| { put(log, FIRST + 16, &20u64.to_le_bytes()); sign_header(&mut log[FIRST..SECOND]) } },
    Case { name: "a header that ends the records too early", records: 300, reports: &["checksum of the records", "go on behind"],
        damage: |log| {
            let end = record(log, FIRST, 100) - FIRST;
            put(log, FIRST + 48, &(end as u32).to_le_bytes());
            sign_header(&mut log[FIRST..SECOND]);
        } },
    Case { name: "a header without an end of the records", records: 300, reports: &["checksum of the records"],
        damage: |log| { put(log, FIRST + 48, &[0xff; 4]); sign_header(&mut log[FIRST..SECOND]) } },
    Case { name: "string table broken", records: 300, reports: &["chunk header: the checksum"],
        damage: |log| put(log, FIRST + 128, &[0xff; 64]) },
    Case { name: "file header zero", records: 300, reports: &["file header: the magic"],
        damage: |log| log[..EVTX_HEADER].fill(0) },
    Case { name: "file header changed", records: 300, reports: &["file header: the checksum"],
        damage: |log| log[24] ^= 1 },
];

#[test]
fn each_damage_costs_what_it_must_and_is_reported() {
    let whole = log(300);
    let sound = hear(&whole, false);
    let mut wrong = Vec::new();
    for case in CASES {
        let mut bytes = whole.clone();
        (case.damage)(&mut bytes);
        for judge in [false, true] {
            let heard = hear(&bytes, judge);
            let told = heard.skipped.len() == case.reports.len()
                && heard.skipped.iter().zip(case.reports).all(|(got, want)| got.contains(want));
            let same = case.name == "chunks swapped" || heard.events.iter().all(|event| sound.events.contains(event));
            if heard.records != case.records || !told || !same {
                let records = heard.records;
                wrong.push(format!("{} (judge: {judge}): {records} records, {same}, {:#?}", case.name, heard.skipped));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A chunk, its events, and which bytes belong to more than one record.
struct Subject {
    chunk: Vec<u8>,
    starts: Vec<usize>,
    events: Vec<String>,
    /// Records that hold a template, on which others depend.
    holders: Vec<usize>,
}

impl Subject {
    fn new(chunk: &[u8]) -> Subject {
        let long = |at: usize| u32::from_le_bytes(chunk[at..at + 4].try_into().unwrap()) as usize;
        let starts = starts(chunk);
        let mut holders = Vec::new();
        for bucket in 0..32 {
            let mut at = long(384 + 4 * bucket);
            while at != 0 {
                holders.push(starts.partition_point(|start| *start <= at) - 1);
                at = long(at);
            }
        }
        // A nested template is the second in its record and need not be in the table.
        for (index, pair) in starts.windows(2).enumerate() {
            if pair[1] - pair[0] > 700 {
                holders.push(index);
            }
        }
        Subject { chunk: chunk.to_vec(), events: hear_chunk(chunk, CHUNK).events, starts, holders }
    }

    fn end(&self) -> usize {
        self.starts[self.starts.len() - 1]
    }

    /// Events that do not stand in the record with this number.
    fn others<'a>(&self, events: &'a [String], record: usize) -> Vec<&'a String> {
        let own = format!(" @{}+", EVTX_HEADER + self.starts[record]);
        events.iter().filter(|event| !event.contains(&own)).collect()
    }

    /// Flips one byte and looks what happens.
    fn flip(&self, at: usize) {
        let mut chunk = self.chunk.clone();
        chunk[at] ^= [0x01, 0x80, 0xff][at % 3];
        let heard = hear_chunk(&chunk, CHUNK);
        if at >= self.end() {
            assert_eq!(heard.events, self.events, "a flip in free space at 0x{at:x}");
            return;
        }
        assert!(heard.events == self.events || !heard.skipped.is_empty(), "a silent change by a flip at 0x{at:x}");
        if at >= CHUNK_HEADER {
            let record = self.starts.partition_point(|start| *start <= at) - 1;
            if !self.holders.contains(&record) {
                let (got, want) = (self.others(&heard.events, record), self.others(&self.events, record));
                assert_eq!(got, want, "a flip at 0x{at:x} in record {record} changed another record");
            }
        }
    }

    /// Cuts the file inside the chunk and looks what is left.
    fn cut(&self, have: usize) {
        let mut chunk = self.chunk.clone();
        chunk[have..].fill(0);
        let heard = hear_chunk(&chunk, have);
        let whole: Vec<String> = self
            .starts
            .windows(2)
            .filter(|pair| pair[1] <= have)
            .map(|pair| format!(" @{}+", EVTX_HEADER + pair[0]))
            .collect();
        let want: Vec<&String> =
            self.events.iter().filter(|event| whole.iter().any(|own| event.contains(own))).collect();
        assert_eq!(heard.events.iter().collect::<Vec<_>>(), want, "cut at 0x{have:x}");
        assert!(!heard.skipped.is_empty(), "a silent cut at 0x{have:x}");
    }
}

/// Two chunks of few records, so that each of their bytes can be tried, and a full one.
fn subjects() -> [Subject; 3] {
    let few = evtx((0..20).map(event)).unwrap();
    let others = evtx((100..112).map(event)).unwrap();
    let full = log(160);
    [few, others, full].map(|log| Subject::new(&log[EVTX_HEADER..]))
}

#[test]
fn a_flipped_byte_changes_no_other_record_and_is_reported() {
    let [first, second, full] = subjects();
    (0..CHUNK).into_par_iter().for_each(|at| {
        first.flip(at);
        second.flip(at);
    });
    (0..CHUNK).into_par_iter().step_by(97).for_each(|at| full.flip(at));
}

#[test]
fn a_cut_at_any_byte_leaves_the_records_before_it_and_is_reported() {
    let [first, second, full] = subjects();
    (1..CHUNK).into_par_iter().for_each(|have| {
        first.cut(have);
        second.cut(have);
    });
    (1..CHUNK).into_par_iter().step_by(97).for_each(|have| full.cut(have));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_chunk_harms_no_other_chunk_and_ends(
        mutations in prop::collection::vec((0usize..12_000, prop::collection::vec(any::<u8>(), 1..9)), 1..6),
    ) {
        let few = evtx((0..20).map(event)).unwrap();
        let mut bytes = few.clone();
        bytes.extend_from_slice(&evtx((100..112).map(event)).unwrap()[EVTX_HEADER..]);
        let sound = hear(&bytes, false);
        for (at, new) in &mutations {
            put(&mut bytes[EVTX_HEADER..EVTX_HEADER + CHUNK], *at, new);
        }
        let heard = hear(&bytes, false);
        let second = |heard: &Heard| -> Vec<String> {
            let place = |event: &String| event.split_once(" @").and_then(|(_, rest)| rest.split_once('+')?.0.parse().ok());
            heard.events.iter().filter(|event| place(event).is_some_and(|at: usize| at >= SECOND)).cloned().collect()
        };
        prop_assert_eq!(second(&heard), second(&sound));
        let chunk = &bytes[EVTX_HEADER..EVTX_HEADER + CHUNK];
        let mut found = Found::default();
        records::walk(chunk, CHUNK, &ChunkHeader::read(chunk), &mut found);
        prop_assert!(found.steps <= 4 * CHUNK, "{} steps", found.steps);
        prop_assert!(heard.records <= 2 * (CHUNK as u64 / 28));
        let unchecked = mutations.iter().any(|(at, new)| (at..&(at + new.len())).contains(&&120) || (112..124).contains(at));
        prop_assert!(unchecked || heard.events == sound.events || !heard.skipped.is_empty());
    }
}
