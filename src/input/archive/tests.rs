use std::io::Cursor;

use super::*;
use zip::write::SimpleFileOptions;

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn listed(path: &str, bytes: Vec<u8>, limit: u64) -> String {
    let (members, skipped) = members_within(&Source::memory(path, bytes, None), limit);
    let mut lines = Vec::new();
    for member in members {
        let mut bytes = vec![0; 200];
        let length = member.read_at(0, &mut bytes).unwrap();
        lines.push(format!("{} {} {}", member.path, member.len, String::from_utf8_lossy(&bytes[..length.min(20)])));
    }
    for place in skipped {
        lines.push(format!("{} {:?} {}", place.file, place.severity, place.why));
    }
    lines.join("\n")
}

fn check(path: &str, bytes: Vec<u8>, expect: &str) {
    assert_eq!(listed(path, bytes, 1 << 20), expect);
}

fn sniffed(bytes: &[u8]) -> bool {
    is_archive(&Head { bytes, text: "", path: "x" })
}

#[test]
fn members_of_every_kind_are_named_after_their_archive() {
    check("logs/DC01.evtx.gz", gz(b"one"), "logs/DC01.evtx.gz!DC01.evtx 3 one");
    check("a.zst", zstd::encode_all(&b"two"[..], 1).unwrap(), "a.zst!a 3 two");
    check(
        "a.zip",
        zipped(&[("DC01.evtx", b"one"), ("sub\\b.log", b"two")]),
        "a.zip!DC01.evtx 3 one\na.zip!sub/b.log 3 two",
    );
}

#[test]
fn one_archive_within_another_is_read_and_a_third_is_reported() {
    let inner = zipped(&[("x.evtx", b"deep")]);
    check("a.zip", zipped(&[("i.zip", &inner)]), "a.zip!i.zip!x.evtx 4 deep");
    check("a.zip", zipped(&[("x.log.gz", &gz(b"deep"))]), "a.zip!x.log.gz!x.log 4 deep");
    let third = zipped(&[("o.zip", &zipped(&[("i.zip", &inner)]))]);
    check("a.zip", third, "a.zip!o.zip!i.zip Unreadable the third archive within another: unpack it first");
}

#[test]
fn office_documents_are_no_archives() {
    let xlsx = zipped(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"")]);
    assert!(!sniffed(&xlsx));
    let late = zipped(&[("a", b"1"), ("[Content_Types].xml", b"<Types/>")]);
    check("a.xlsx", late.clone(), "");
    assert!(!sniffed(&late));
    assert!(sniffed(&zipped(&[("a", b"1")])));
    assert!(sniffed(&gz(b"")));
    assert!(!sniffed(b"PK is how this text starts"));
}

#[test]
fn a_bomb_is_stopped_at_the_limit() {
    let bomb = zipped(&[("small.log", b"kept"), ("zeros", &vec![0; 3 << 20])]);
    check(
        "a.zip",
        bomb,
        "a.zip!small.log 4 kept\na.zip Unreadable unpacks to more than 1 MiB or 100000 files; the rest is not read",
    );
    let nested = zipped(&[("i.gz", &gz(&vec![0; 3 << 20]))]);
    assert!(listed("a.zip", nested, 1 << 20).contains("a.zip!i.gz Unreadable unpacks to more than 1 MiB"));
}

#[test]
fn what_can_be_unpacked_of_a_damaged_member_is_read() {
    let text: Vec<u8> =
        (0..40_000u32).flat_map(|n| format!("{}\n", n.wrapping_mul(2_654_435_761)).into_bytes()).collect();
    let mut cut = gz(&text);
    cut.truncate(cut.len() / 2);
    let got = listed("a.gz", cut, 1 << 20);
    assert!(got.contains("a.gz!a ") && got.contains("Damage only"), "{got}");

    let mut flipped = zipped(&[("a.log", &text), ("b.log", b"whole")]);
    flipped[5000] ^= 0x40;
    let got = listed("a.zip", flipped, 1 << 20);
    assert!(got.contains("a.zip!b.log 5 whole") && got.contains("a.zip!a.log Damage only"), "{got}");

    let mut cut = zipped(&[("a.log", b"first"), ("b.log", &text)]);
    cut.truncate(cut.len() / 2);
    let got = listed("a.zip", cut, 1 << 20);
    assert!(got.contains("a.zip!a.log 5 first") && got.contains("no table of contents"), "{got}");
}

#[test]
fn an_encrypted_member_is_reported_and_the_others_are_read() {
    let mut bytes = zipped(&[("a.log", b"secret"), ("b.log", b"plain")]);
    let entry = memmem::find(&bytes, b"PK\x01\x02").unwrap();
    bytes[entry + 8] |= 1; // general purpose flag, bit 0: encrypted
    check("a.zip", bytes, "a.zip!b.log 5 plain\na.zip!a.log Unreadable encrypted: unpack it first");
}

#[test]
fn archives_cut_or_flipped_anywhere_never_panic() {
    let nested = zipped(&[("a.log", b"first line\nsecond line\n"), ("b.gz", &gz(b"third line\n"))]);
    for archive in [nested, gz(b"some text"), zstd::encode_all(&b"some text"[..], 1).unwrap()] {
        for at in 0..archive.len() {
            listed("a", archive[..at].to_vec(), 1 << 20);
            let mut flipped = archive.clone();
            flipped[at] ^= 0xff;
            listed("a", flipped, 1 << 20);
        }
    }
}
