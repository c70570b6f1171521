//! Every encoding, long lines, and any split into blocks.

use super::*;
use proptest::prelude::*;

fn lines_of(bytes: &[u8]) -> (Vec<(u64, String)>, LineCount) {
    let mut lines = Vec::new();
    let source = Source::memory("x", bytes, None);
    let count = each_line(&source, &mut |line| {
        lines.push((line.offset, line.text.to_owned()));
        ControlFlow::Continue(())
    });
    (lines, count.unwrap())
}

fn check(bytes: &[u8], expect: &[&str]) {
    let (lines, count) = lines_of(bytes);
    let texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, expect, "{bytes:x?}");
    assert_eq!(count, LineCount { lines: expect.len() as u64, ..LineCount::default() });
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn every_encoding_gives_the_same_lines() {
    let text = "Grüße\r\n\r\nwho\nlast";
    let expect = ["Grüße", "", "who", "last"];
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    check(text.as_bytes(), &expect);
    check(&[b"\xef\xbb\xbf", text.as_bytes()].concat(), &expect);
    check(&[b"\xff\xfe".to_vec(), wide(text)].concat(), &expect);
    check(&[b"\xfe\xff".to_vec(), big(text)].concat(), &expect);
    check(&wide(text), &expect);
    check(&big(text), &expect);
    check(b"Gr\xfc\xdfe\r\n\r\nwho\nlast", &expect);
    check(b"", &[]);
    check(b"\n", &[""]);
}

#[test]
fn a_file_that_changes_its_encoding_loses_no_line() {
    let ansi = b"caf\xe9 one\r\n".as_slice();
    check(
        &[b"\xff\xfe".to_vec(), wide("wide line\r\n"), b"plain line\r\n".to_vec(), ansi.to_vec()].concat(),
        &["wide line", "plain line", "café one"],
    );
    check(
        &[ansi.to_vec(), wide("wide\r\nmore\r\n"), b"utf-8 text \xc3\xa9\n".to_vec()].concat(),
        &["café one", "wide", "more", "utf-8 text é"],
    );
    // U+4E0A begins with the byte of a line feed.
    check(&[b"\xff\xfe".to_vec(), wide("\u{4e0a}\u{4e0a}a\n\u{4e0a}b\n")].concat(), &["上上a", "上b"]);
}

#[test]
fn offsets_point_at_the_line_in_the_file() {
    let (lines, _) = lines_of(b"ab\r\n\r\ncd\n");
    assert_eq!(lines.iter().map(|line| line.0).collect::<Vec<_>>(), [0, 4, 6]);
    let (lines, _) = lines_of(&[b"\xff\xfe".to_vec(), wide("ab\nc")].concat());
    assert_eq!(lines.iter().map(|line| line.0).collect::<Vec<_>>(), [0, 8]);
}

#[test]
fn lines_longer_than_the_limit_are_cut_and_the_next_line_is_whole() {
    for length in [MAX_LINE - 1, MAX_LINE, MAX_LINE + 1, 3 * MAX_LINE + 7] {
        let narrow = [&vec![b'x'; length][..], b"\nnext\n"].concat();
        let long = "x".repeat(length.div_ceil(2));
        for (bytes, size) in [(narrow, length), (wide(&format!("{long}\nnext\n")), long.len() * 2)] {
            let (lines, count) = lines_of(&bytes);
            assert_eq!(lines.len(), 2, "{length}");
            assert_eq!(lines[1].1, "next");
            assert_eq!(count.cut, u64::from(size > MAX_LINE), "{length} {size}");
            assert!(lines[0].1.len() <= MAX_LINE);
        }
    }
    // The cut falls into the middle of a character.
    let (lines, _) = lines_of("é".repeat(MAX_LINE).replacen('é', "x", 1).as_bytes());
    assert!(lines[0].1.ends_with('é') && lines[0].1.starts_with("xé"));
}

#[test]
fn a_huge_line_is_read_in_bounded_memory() {
    let source = Source::memory("x", [vec![b'y'; 100 << 20], b"\nend".to_vec()].concat(), None);
    let mut block = |_: &[u8]| {};
    let mut window = Window::new(&source, &mut Room::default(), &mut block);
    let mut seen = 0;
    while let Some(found) = window.next_line().unwrap() {
        seen += 1;
        assert!(found.bytes.len() <= MAX_LINE);
    }
    assert_eq!(seen, 2);
    assert!(window.buffer.bytes().len() <= MAX_LINE + 2 * BLOCK, "{}", window.buffer.bytes().len());
}

#[test]
fn heads_are_text_or_empty() {
    assert_eq!(head_text(b"a\r\nb"), "a\nb");
    assert_eq!(head_text(&[b"\xff\xfe".to_vec(), wide("a\r\nb\r\n")].concat()), "a\nb\n");
    assert_eq!(head_text(b"caf\xe9\nB\xc3\xbc\xc3"), "café\nBü");
    assert_eq!(head_text(&[b"a\n", &[0; 900][..], b"b\0c and a long line\n"].concat()), "a\nb\0c and a long line\n");
    assert_eq!(head_text(b"ElfFile\0\x01\0\x03"), "");
}

/// Lines one by one, none of them taken as plain.
fn slowly(bytes: &[u8]) -> (Vec<(u64, String)>, LineCount) {
    let source = Source::memory("x", bytes, None);
    let mut read = Vec::new();
    let mut block = |bytes: &[u8]| read.extend_from_slice(bytes);
    let (mut window, mut count, mut lines) =
        (Window::new(&source, &mut Room::default(), &mut block), LineCount::default(), Vec::new());
    while let Some(found) = window.next_line().unwrap() {
        count.lines += 1;
        if found.cut {
            count.cut += 1;
            count.first_cut = if count.cut == 1 { count.lines } else { count.first_cut };
        }
        lines.push((found.offset, bare(&decode(found.bytes, found.encoding, found.cut)).to_owned()));
    }
    assert_eq!(read, bytes);
    (lines, count)
}

#[test]
fn long_lines_among_plain_ones_are_cut_as_they_are_alone() {
    let long = |length: usize| [vec![b'x'; length], b"\nnext\n".to_vec()].concat();
    let bytes: Vec<u8> = [3 * MAX_LINE, 5, MAX_LINE, MAX_LINE + 1, 70, MAX_LINE - 1].map(long).concat();
    assert_eq!(lines_of(&bytes), slowly(&bytes));
}

proptest! {
    #[test]
    fn plain_lines_are_those_that_are_found_one_by_one(
        lines in proptest::collection::vec(
            prop_oneof![
                8 => "[ -~]{0,40}\r?\n".prop_map(String::into_bytes),
                2 => Just(b"\n".to_vec()),
                2 => "[a-zäé\u{4e0a}\u{feff}]{0,9}\n".prop_map(String::into_bytes),
                1 => "[a-z]{0,9}\n".prop_map(|text| wide(&text)),
                1 => "[a-z]{0,9}\n".prop_map(|text| text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
                1 => proptest::collection::vec(prop_oneof![Just(0u8), Just(b'\n'), Just(0xff), any::<u8>()], 0..9),
            ],
            0..40,
        ),
        pad in proptest::option::of(0usize..300),
    ) {
        // With padding the lines lie around the end of a block.
        let pad = pad.map_or(Vec::new(), |pad| b"0123456789abcde\n".repeat(BLOCK / 16)[pad..].to_vec());
        let bytes = [pad, lines.concat()].concat();
        prop_assert_eq!(lines_of(&bytes), slowly(&bytes));
    }

    #[test]
    fn ascii_lines_come_back_wherever_the_blocks_end(
        lines in proptest::collection::vec("[ -~]{0,90}", 0..40), pad in 0usize..200
    ) {
        let pad = "p".repeat(BLOCK - pad);
        let text = lines.iter().fold(format!("{pad}\n"), |text, line| text + line + "\r\n");
        for bytes in [text.as_bytes().to_vec(), [b"\xff\xfe".to_vec(), wide(&text)].concat()] {
            let (read, _) = lines_of(&bytes);
            prop_assert_eq!(read.len(), lines.len() + 1);
            for (read, line) in read[1..].iter().zip(&lines) {
                prop_assert_eq!(&read.1, line);
            }
        }
    }

    #[test]
    fn any_bytes_are_walked_to_the_end(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let (lines, count) = lines_of(&bytes);
        prop_assert_eq!(lines.len() as u64, count.lines);
        prop_assert!(lines.windows(2).all(|pair| pair[0].0 < pair[1].0));
        head_text(&bytes);
    }
}
