//! A state as bytes and back.

use super::format::{BadState, FORMAT, MAGIC, decode, encode};
use super::join::Walked;
use super::state::{FileMark, Night, RowMemory, State};
use crate::model::client::{AttributedBy, ClientLog, ClientSuccess, ConnectAttempt, Stamp, TickClass};
use crate::model::event::{Event, EventKind, FileId, Who, WhoId};
use crate::model::finding::Class;
use crate::model::gathered::{Audits, Coverage, FileCounts, FileInfo, Gathered, Severity, Skipped};
use crate::model::names::NameId;
use crate::model::status::Status;
use crate::model::verdict::Verdict;

/// Length of the header.
const HEADER: usize = 22;
/// A state of format 1 that this project will always read: `sample(40)`.
const FIRST: &[u8] = include_bytes!("../../fixtures/state/format-1.state");

/// A loop of one client for `bursts` rounds of three failures, on a server that logs other records
/// between them, and one of everything else that a state holds.
fn sample(bursts: u32) -> State {
    let mut seen = Gathered::default();
    let name = seen.names.intern("WS042");
    let empty = NameId::EMPTY;
    seen.whos.push(Who {
        kind: EventKind::Failure,
        event_id: 681,
        numbered: true,
        recovered: false,
        logon_type: 3,
        reason: Status::Nt(0xC000_0072),
        server: name,
        channel: empty,
        workstation: name,
        account: name,
        domain: empty,
        ip: empty,
        process: empty,
        relay: empty,
    });
    seen.files.push(FileInfo { path: "DC01.evtx".into(), bytes: 69_632, format: "earlier" });
    seen.files.push(FileInfo { path: "DC01.evtx".into(), bytes: 0, format: "" });
    let wanted = u64::from(bursts) * 3 + 4;
    seen.counts.push(FileCounts { wanted, bad_times: 1, unrecognised: false });
    seen.counts.push(FileCounts::default());
    seen.events = rounds(bursts);
    seen.coverage.push(Coverage {
        file: FileId(0),
        server: name,
        records: 900,
        first: 1_000_000_000,
        last: 1_000_100_000,
        hours: vec![(277_777, 40_000)],
        hour_records: vec![(277_777, 100)],
        audits: Audits::LOGON_FAILURE,
        full: true,
        log_bytes: 69_632,
    });
    seen.clients.push(client());
    seen.skipped.push(Skipped {
        file: "DC01.evtx".into(),
        at: "chunk 7".into(),
        what: "record".into(),
        why: "size runs past the chunk".into(),
        severity: Severity::Damage,
    });
    seen.count();
    let memory = RowMemory {
        failures: 9,
        listed: true,
        last_failure: Some(5),
        class: Class::PossibleStorm,
        verdict: Some(Verdict::ServerOnly),
        id: "00".into(),
    };
    State {
        seen,
        present: 1,
        marks: [("DC01.evtx".to_owned(), FileMark { size: 69_632, modified: 1, ends: u64::MAX })].into(),
        read_with: "zone none".to_owned(),
        baseline: Night::default(),
        current: Night { day: Some(11_395), records: 3, rows: [("WS042".to_owned(), memory)].into() },
    }
}

/// Three failures a round, about a minute apart; from 3 to 32 record numbers a round.
fn rounds(bursts: u32) -> Vec<Event> {
    let (mut record, mut sec, mut dice) = (1, 1_000_000_000, 1u32);
    let mut events = Vec::new();
    for _ in 0..bursts {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        events.extend((0..3).map(|place| Event {
            record: record + place,
            sec: sec + place as u32 / 2,
            who: WhoId(0),
            file: FileId(0),
            size: 352,
        }));
        record += 3 + u64::from(dice >> 16) % 30;
        sec += 61 + (dice >> 8) % 3;
    }
    events
}

fn client() -> ClientLog {
    ClientLog {
        file: FileId(1),
        workstation: Some(("WS042".into(), AttributedBy::Folder)),
        modified: Some(1_000_000_000),
        lines: 8,
        kinds: vec![("reach".into(), 1)],
        attempts: std::iter::once(ConnectAttempt {
            line: 5,
            offset: 400,
            stamp: Stamp::Dated(1_000_000_000_000, Some(-60)),
            class: TickClass::Reach,
            server: "HANSR1".into(),
            counter: Some((0, 5)),
            retries_left: Some((4, 5)),
            wait_s: Some(60),
            error: None,
        })
        .collect(),
        successes: vec![ClientSuccess { line: 8, stamp: Stamp::TimeOfDay(7), account: Some("user4".into()) }],
        first: Stamp::NoYear(3),
        content_hash: 77,
        earlier: 1,
        profile_files: vec!["liccli".into()],
        servers: vec!["HANSR1".into()],
        ..ClientLog::default()
    }
}

fn check_equal(back: &State, state: &State) {
    assert_eq!(back.seen.events, state.seen.events);
    assert_eq!((&back.seen.whos, &back.seen.files), (&state.seen.whos, &state.seen.files));
    assert_eq!((&back.seen.counts, &back.seen.coverage), (&state.seen.counts, &state.seen.coverage));
    assert_eq!(format!("{:?}", back.seen.clients), format!("{:?}", state.seen.clients));
    assert_eq!((&back.seen.skipped, back.seen.records), (&state.seen.skipped, state.seen.records));
    assert_eq!((back.present, &back.marks, &back.read_with), (state.present, &state.marks, &state.read_with));
    assert_eq!((&back.current, &back.baseline, back.duplicates()), (&state.current, &state.baseline, 4));
}

#[test]
fn a_state_comes_back_as_it_was_and_equal_states_are_equal_bytes() {
    let state = sample(400);
    let bytes = encode(&state).unwrap();
    let back = decode(&bytes).unwrap();
    check_equal(&back, &state);
    assert_eq!(encode(&back).unwrap(), bytes);
}

#[test]
fn a_state_of_format_1_is_read_for_ever() {
    check_equal(&decode(FIRST).unwrap(), &sample(40));
}

#[test]
fn forty_nights_of_a_storm_cost_kilobytes() {
    let bursts = 40 * 1440;
    let bytes = encode(&sample(bursts)).unwrap().len();
    assert!(bytes < 96 << 10, "{bytes} bytes for {} failures", bursts * 3);
}

#[test]
fn a_cut_state_is_refused_at_every_length() {
    let bytes = encode(&sample(5)).unwrap();
    for length in 0..bytes.len() {
        assert!(decode(&bytes[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn a_changed_state_is_refused_at_every_byte() {
    let bytes = encode(&sample(5)).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(decode(&changed).is_err() || at < HEADER, "changed at {at}");
    }
}

#[test]
fn a_state_of_a_newer_version_names_both_numbers() {
    let mut bytes = encode(&sample(1)).unwrap();
    bytes[8..10].copy_from_slice(&(FORMAT + 1).to_le_bytes());
    let error = decode(&bytes).unwrap_err();
    assert_eq!(error, BadState::Newer { found: FORMAT + 1 });
    assert!(error.to_string().contains(&format!("format {}", FORMAT + 1)));
    assert!(error.to_string().contains(&format!("up to {FORMAT}")));
    assert_eq!(decode(b"rank,workstation,class").unwrap_err(), BadState::Magic);
}

/// A body that fits its checksum and is damaged all the same, as only a program can make it.
#[test]
fn a_body_with_any_byte_changed_is_refused_or_read_and_never_panics() {
    let bytes = encode(&sample(3)).unwrap();
    let body = zstd::bulk::decompress(&bytes[HEADER..], 1 << 20).unwrap();
    for at in 0..body.len() {
        for flip in [1, 0x80, 0xFF] {
            let mut changed = body.clone();
            changed[at] ^= flip;
            let packed = zstd::bulk::compress(&changed, 1).unwrap();
            let mut file = MAGIC.to_vec();
            file.extend_from_slice(&FORMAT.to_le_bytes());
            file.extend_from_slice(&crc32fast::hash(&packed).to_le_bytes());
            file.extend_from_slice(&(packed.len() as u64).to_le_bytes());
            file.extend_from_slice(&packed);
            // What is read points somewhere: it can be written again.
            if let Ok(state) = decode(&file) {
                encode(&state).unwrap();
            }
        }
    }
}

#[test]
fn only_a_walked_file_before_the_mark_is_an_archive() {
    let walked = ["a!1.evtx", "logs!/DC01.evtx", "logs!/b.zip", "c.zip"].map(str::to_owned);
    let walked = Walked::new(walked.into_iter());
    for (path, container) in [
        ("a!1.evtx", "a!1.evtx"),
        ("logs!/DC01.evtx", "logs!/DC01.evtx"),
        ("logs!/b.zip!x!y.evtx", "logs!/b.zip"),
        ("c.zip!inner.zip!z.evtx", "c.zip"),
        ("gone!2.evtx", "gone!2.evtx"),
    ] {
        assert_eq!(walked.container(path), container);
    }
}
