//! Real logs, where the corpus is there.

use std::path::PathBuf;

use super::walk::{Item, walk};
use crate::fsio::source::Source;

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("LOGONSTORM_CORPUS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    if !folder.join("evt").is_dir() {
        #[expect(clippy::print_stdout, reason = "a test that did nothing says so")]
        {
            println!("skipped: no corpus at {}", folder.display());
        }
        return None;
    }
    Some(folder)
}

/// Records of a file: number, raw id, type, category, time written, source, computer, strings.
type Row = (u32, u32, u16, u16, u32, String, String, Vec<String>, String);

struct Log {
    live: Vec<Row>,
    recovered: usize,
    damage: Vec<String>,
}

fn log(path: &std::path::Path) -> Log {
    let mut log = Log { live: Vec::new(), recovered: 0, damage: Vec::new() };
    walk(&Source::open(path, "x".into()).unwrap(), &mut |item| match item {
        Item::Live(record) => log.live.push((
            record.number,
            record.event_id,
            record.kind,
            record.category,
            record.written,
            String::from_utf16_lossy(&units(record.source)),
            String::from_utf16_lossy(&units(record.computer)),
            record.strings().iter().map(|text| text.decode().into_owned()).collect(),
            sid(record.sid),
        )),
        Item::Recovered(_) => log.recovered += 1,
        Item::Damage { offset, why, .. } => log.damage.push(format!("{offset:#x} {why}")),
        Item::Full => {}
    })
    .unwrap();
    log
}

/// `S-1-5-18`, as in MS-DTYP 2.4.2.
fn sid(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return String::new();
    }
    let authority = bytes[2..8].iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    let parts = bytes[8..].chunks_exact(4).map(|part| format!("-{}", super::header::word(part, 0)));
    format!("S-{}-{authority}{}", bytes[0], parts.collect::<String>())
}

fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect()
}

#[test]
fn every_record_of_the_golden_list_has_the_same_fields_and_strings() {
    let Some(corpus) = corpus() else { return };
    let mut reader = csv::Reader::from_path(corpus.join("golden/evt_events_open.csv")).unwrap();
    let (mut compared, mut open) = (0, (String::new(), Vec::new()));
    for row in reader.records() {
        let row = row.unwrap();
        if open.0 != row[0] {
            open = (row[0].to_owned(), log(&corpus.join(&row[0])).live);
        }
        let number: u32 = row[1].parse().unwrap();
        let found = open.1.iter().find(|record| record.0 == number).unwrap_or_else(|| panic!("{row:?} is missing"));
        let time = chrono::DateTime::from_timestamp(i64::from(found.4), 0).unwrap();
        assert_eq!(time.format("%Y-%m-%d %H:%M:%S").to_string(), row[6]);
        assert_eq!((found.1 & 0xffff).to_string(), row[2]);
        assert_eq!(format!("{:#x}", found.1), row[3]);
        assert_eq!((found.2.to_string(), found.3.to_string()), (row[4].to_owned(), row[5].to_owned()));
        assert_eq!((found.5.as_str(), found.6.as_str()), (&row[7], &row[8]));
        assert_eq!(found.8, row[9]);
        // libevt counts strings by room: padding shows as one more, empty string.
        let mut strings: Vec<String> = serde_json::from_str(&row[10]).unwrap();
        if strings.len() == found.7.len() + 1 && strings.last().is_some_and(String::is_empty) {
            strings.pop();
        }
        assert_eq!(found.7, strings, "record {number}");
        compared += 1;
    }
    assert_eq!(compared, 56);
}

#[test]
fn live_records_are_as_many_as_published_and_recovered_ones_stand_apart() {
    let Some(corpus) = corpus() else { return };
    for (name, live, recovered) in [
        ("evt-parser__Application.evt", 67, 0),
        ("evt-parser__Security.evt", 49, 0),
        ("evt-parser__System.evt", 95, 0),
        // The published 438 hold 180 records that are live as well, and one that the ring has half
        // overwritten.
        ("plaso__SysEvent.Evt", 6063, 257),
    ] {
        let log = log(&corpus.join("evt").join(name));
        assert_eq!(log.damage, Vec::<String>::new(), "{name}");
        assert_eq!((log.live.len(), log.recovered), (live, recovered), "{name}");
        assert!(log.live.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1), "{name}");
    }
}

/// Number and number of strings of every record, as Debian's `evtexport` prints them; `None` where
/// it is not installed.
fn by_evtexport(path: &std::path::Path) -> Option<Vec<(u32, usize)>> {
    let output = std::process::Command::new("evtexport").arg("-m").arg("items").arg(path).output().ok()?;
    let mut records: Vec<(u32, usize)> = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Some((label, value)) = line.split_once(": ") else { continue };
        match label.trim() {
            "Event number" => records.push((value.trim().parse().ok()?, 0)),
            "Number of strings" => records.last_mut()?.1 = value.trim().parse().ok()?,
            _ => {}
        }
    }
    Some(records)
}

#[test]
fn evtexport_sees_the_same_records_and_strings() {
    let Some(corpus) = corpus() else { return };
    for name in
        ["evt-parser__Application.evt", "evt-parser__Security.evt", "evt-parser__System.evt", "plaso__SysEvent.Evt"]
    {
        let path = corpus.join("evt").join(name);
        let Some(theirs) = by_evtexport(&path) else { return };
        let ours = log(&path).live;
        assert_eq!(ours.len(), theirs.len(), "{name}");
        for (ours, theirs) in ours.iter().zip(theirs) {
            let padded = ours.7.len() + 1 == theirs.1; // libevt counts padding as a string
            assert!(ours.0 == theirs.0 && (ours.7.len() == theirs.1 || padded), "{name}: {ours:?} {theirs:?}");
        }
    }
}
