//! The register of formats: every fixture is known by its content, and cut or flipped it hurts nobody.

use std::path::{Path, PathBuf};

use logonstorm::fsio::source::Source;
use logonstorm::input::FORMATS;
use logonstorm::input::sniff::{Kind, sniff};

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
    match sniff(&Source::memory("export", bytes, None), &logonstorm::input::options::Options::default()).unwrap() {
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
