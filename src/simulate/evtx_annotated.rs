//! The annotated record: the event of KB Q287626 as a classic event, offset by offset.

use super::event::{CLASSIC, Data, WrittenEvent};
use super::evtx_writer::evtx;
use crate::model::time::Ticks;

fn event(record_id: u64) -> WrittenEvent<'static> {
    let strings = ["MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "jsmith", r"\\WKS0042", "3221225586"];
    WrittenEvent {
        record_id,
        time: Ticks::from_filetime(126_731_088_000_000_000),
        event_id: 681,
        failure: true,
        computer: "HANSR1",
        provider: CLASSIC,
        data: Data::Strings(strings.map(Into::into).into()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn utf16_hex(text: &str) -> String {
    hex(&text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())
}

/// Offset in the chunk, token, dependency id, size, name: the elements of the two templates.
const ELEMENTS: &[(usize, u8, u16, u32, &str)] = &[
    (0x242, 0x41, 19, 1149, "Event"),
    (0x2ed, 0x01, 0xffff, 973, "System"),
    (0x30f, 0x41, 0xffff, 78, "Provider"),
    (0x364, 0x41, 3, 77, "EventID"),
    (0x3b8, 0x01, 11, 34, "Version"),
    (0x3e1, 0x01, 0, 30, "Level"),
    (0x406, 0x01, 2, 28, "Task"),
    (0x429, 0x01, 1, 32, "Opcode"),
    (0x450, 0x01, 5, 36, "Keywords"),
    (0x47b, 0x41, 0xffff, 80, "TimeCreated"),
    (0x4d2, 0x01, 10, 46, "EventRecordID"),
    (0x507, 0x41, 0xffff, 133, "Correlation"),
    (0x593, 0x41, 0xffff, 109, "Execution"),
    (0x607, 0x01, 0xffff, 50, "Channel"),
    (0x640, 0x01, 0xffff, 48, "Computer"),
    (0x677, 0x41, 0xffff, 66, "Security"),
    (0x77a, 0x01, 0xffff, 108, "EventData"),
    (0x7a2, 0x01, 0, 28, "Data"),
    (0x7c5, 0x01, 2, 32, "Binary"),
];

/// Offset in the chunk and the bytes that stand there.
const BYTES: &[(usize, &str)] = &[
    (0x200, "2a2a0000900600000100000000000000"),
    (0x210, "00203dca403dc201"),
    (0x218, "0f010100"),
    (0x21c, "0c01"),
    (0x222, "26020000"),
    (0x226, "00000000"),
    (0x23a, "89040000"),
    (0x23e, "0f010100"),
    (0x24d, "00000000ba0c0500"),
    (0x2ec, "02"),
    (0x640 + 11, "86040000"),
    (0x6c0, "040e1300210400"),
    (0x6c7, "14000000"),
    (0x6cb, "0100040001000400020006000200060002000600080015000800110000000000"),
    (0x6eb, "040008000400080008000a00010004000c001300"),
    (0x6ff, "000000000000000000000000000000000000000000000000"),
    (0x717, "37012100"),
    (0x71b, "00000900a90200000000000000009000"),
    (0x72b, "00203dca403dc201000000000000000001000000000000000001010000000000"),
    (0x74b, "0512000000"),
    (0x750, "0f0101000c0177d829435e07000000000000"),
    (0x762, "77d82943d5d82d51ec99201a0fd92fc778000000"),
    (0x7a2 + 11, "c3050000"),
    (0x7ee, "03000000840081000400080000000000"),
    (0x882, "00000000"),
    (0x886, "0000"),
    (0x888, "00000000"),
    (0x88c, "90060000"),
];

#[test]
fn every_annotated_byte_is_where_windows_puts_it() {
    let file = evtx([event(1), event(2)]).unwrap();
    let chunk = &file[4096..];
    for (at, token, dependency, size, name) in ELEMENTS {
        let got = (chunk[*at], u16::from_le_bytes([chunk[at + 1], chunk[at + 2]]), u32_at(chunk, at + 3));
        assert_eq!(got, (*token, *dependency, *size), "<{name}> at {at:#x}");
        let place = u32_at(chunk, at + 7) as usize;
        assert_eq!(place, at + 11, "the name of <{name}> stands inline");
        let text = utf16_hex(name);
        assert_eq!(hex(&chunk[place + 8..place + 8 + text.len() / 2]), text);
    }
    for (at, bytes) in BYTES {
        assert_eq!(hex(&chunk[*at..at + bytes.len() / 2]), *bytes, "at {at:#x}");
    }
    let strings = utf16_hex("MICROSOFT_AUTHENTICATION_PACKAGE_V1_0\0jsmith\0\\\\WKS0042\x003221225586\0");
    assert_eq!(hex(&chunk[0x7fe..0x7fe + 132]), strings);
}

#[test]
fn second_record_only_refers_to_the_definitions() {
    let file = evtx([event(1), event(2)]).unwrap();
    let chunk = &file[4096..];
    assert_eq!(hex(&chunk[0x890..0x8a0]), "2a2a0000600100000200000000000000");
    assert_eq!(u32_at(chunk, 0x890 + 0x22), 0x226);
    assert_eq!(u32_at(chunk, 0x890 + 352 - 4), 352);
    assert_eq!(u32_at(chunk, 48), 0x9f0, "free space");
    assert_eq!(u32_at(chunk, 44), 0x890, "last record");
}

#[test]
fn tables_lead_to_names_and_definitions() {
    let file = evtx([event(1)]).unwrap();
    let chunk = &file[4096..];
    assert_eq!(u32_at(chunk, 128 + 4 * 58), 0x24d, "Event has bucket 58");
    assert_eq!(u32_at(chunk, 128 + 4 * 59), 0x64b, "Computer is the newest name of bucket 59");
    assert_eq!(u32_at(chunk, 128 + 4 * 10), 0x7ad, "Data is the newest name of bucket 10");
    assert_eq!(u32_at(chunk, 384 + 4 * 30), 0x75e, "the EventData template has bucket 30");
    let heads: Vec<u32> = (0..32).map(|i| u32_at(chunk, 384 + 4 * i)).filter(|&head| head != 0).collect();
    assert_eq!(heads.len(), 2);
}

#[test]
fn checksums_cover_what_the_format_says() {
    let file = evtx((1..=1000).map(event)).unwrap();
    assert!(file.len() > 4096 + 4 * 65_536);
    assert_eq!(u32_at(&file, 124), crc32fast::hash(&file[..120]));
    let mut first = 1;
    for chunk in file[4096..].chunks(65_536) {
        let free = u32_at(chunk, 48) as usize;
        assert_eq!(u32_at(chunk, 52), crc32fast::hash(&chunk[512..free]));
        assert_eq!(u32_at(chunk, 124), crc32fast::hash(&[&chunk[..120], &chunk[128..512]].concat()));
        assert_eq!((u32_at(chunk, 8), u32_at(chunk, 24)), (first, first), "numbers go on over chunks");
        first = u32_at(chunk, 16) + 1;
        assert_eq!(u32_at(chunk, 0x23a), 0x489, "each chunk holds its own definitions");
    }
    assert_eq!(first, 1001);
}

#[test]
fn an_event_larger_than_a_chunk_is_refused_and_the_file_stays_whole() {
    let mut writer = super::EvtxWriter::new(std::io::Cursor::new(Vec::new()), "Security").unwrap();
    writer.push(&event(1)).unwrap();
    let long = "x".repeat(31_600);
    let mut large = event(2);
    large.data = Data::Strings(vec![long.as_str().into(), long.as_str().into()]);
    assert!(writer.push(&large).is_err());
    large.data = Data::Strings(vec![long.as_str().into(), "y".into()]);
    writer.push(&large).unwrap();
    writer.push(&event(3)).unwrap();
    let file = writer.finish().unwrap().into_inner();
    assert_eq!(file.len(), 4096 + 3 * 65_536, "a record of nearly a chunk fills one alone");
}
