//! Archives: `.gz`, `.zip` and `.zst`, told by content, one archive within another at most.
//!
//! Members are unpacked into one temporary file without a name, so neither memory nor open files grow
//! with the archive. What is damaged, encrypted or too large is reported; what could be unpacked of a
//! damaged member is read.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use memchr::memmem;
use zip::result::ZipError;

use super::door::Head;
use crate::fsio::source::Source;
use crate::model::gathered::{Severity, Skipped};

/// Bytes that one archive may unpack to, nested ones included: four times the largest log that
/// Windows writes (4 GiB).
pub const MAX_UNPACKED: u64 = 16 << 30;
/// Bytes that any archive may unpack to whatever its size: a new log is nearly all zeros and packs
/// a thousandfold.
pub const FREE_UNPACKED: u64 = 1 << 30;
/// Above [`FREE_UNPACKED`], how many times its own size an archive may unpack to. Full logs pack ten-
/// to thirtyfold; a bomb a thousandfold and more.
pub const MAX_RATIO: u64 = 200;
/// Members that one archive may have.
pub const MAX_MEMBERS: usize = 100_000;

/// Every Office document (xlsx, docx) is a zip with this member; none is an archive of logs.
const OFFICE: &[u8] = b"[Content_Types].xml";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Gzip,
    Zip,
    Zstd,
}

fn kind(head: &[u8]) -> Option<Kind> {
    match head {
        [0x1f, 0x8b, 8, ..] => Some(Kind::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Kind::Zstd),
        [b'P', b'K', 3, 4, ..] if memmem::find(head, OFFICE).is_none() => Some(Kind::Zip),
        [b'P', b'K', 5, 6, ..] => Some(Kind::Zip),
        _ => None,
    }
}

/// True for an archive whose members can be logs: gzip, zip (but no Office document), Zstandard.
pub fn is_archive(head: &Head<'_>) -> bool {
    kind(head.bytes).is_some()
}

/// Unpacks an archive: its members as `archive.zip!DC01.evtx`, in the order of the archive, those of
/// an archive in it too, and what could not be unpacked.
///
/// Errors are places, also those of the temporary file. Total size, its ratio to the archive's, and
/// the number of members are bounded ([`MAX_UNPACKED`], [`MAX_RATIO`], [`MAX_MEMBERS`]); beyond, the
/// rest of the archive is reported as not read.
pub fn members(source: &Source) -> (Vec<Source>, Vec<Skipped>) {
    let limit = MAX_UNPACKED.min(source.len.saturating_mul(MAX_RATIO).max(FREE_UNPACKED));
    members_within(source, limit)
}

fn members_within(source: &Source, limit: u64) -> (Vec<Source>, Vec<Skipped>) {
    let spool = match tempfile::tempfile() {
        Ok(file) => Arc::new(file),
        Err(error) => return (Vec::new(), vec![unreadable(source, &format!("no temporary file: {error}"))]),
    };
    let mut unpacker = Unpacker { spool, used: 0, limit, members: Vec::new(), skipped: Vec::new() };
    unpacker.archive(source, 0);
    (unpacker.members, unpacker.skipped)
}

fn place(file: &Source, why: &str, severity: Severity) -> Skipped {
    let what = if severity == Severity::Note { "file" } else { "archive" };
    Skipped { file: file.path.clone(), at: String::new(), what: what.to_owned(), why: why.to_owned(), severity }
}

fn unreadable(file: &Source, why: &str) -> Skipped {
    place(file, why, Severity::Unreadable)
}

/// The archive's limits are reached; nothing more of it is read.
struct Full;

struct Unpacker {
    spool: Arc<File>,
    used: u64,
    limit: u64,
    members: Vec<Source>,
    skipped: Vec<Skipped>,
}

impl Unpacker {
    /// Unpacks one archive; `depth` 1 is an archive within an archive.
    fn archive(&mut self, source: &Source, depth: u8) {
        let mut head = vec![0; 64 << 10];
        let full = match source.read_at(0, &mut head) {
            Err(error) => {
                self.skipped.push(unreadable(source, &error.to_string()));
                return;
            }
            Ok(length) => match kind(&head[..length]) {
                Some(Kind::Zip) => self.zip(source, depth),
                Some(Kind::Gzip) => {
                    let mut reader = flate2::read::MultiGzDecoder::new(Reader::new(source));
                    let modified = reader.header().map(|header| i64::from(header.mtime())).filter(|time| *time > 0);
                    self.member(source, &inner_name(&source.path), modified, &mut reader, depth)
                }
                Some(Kind::Zstd) => match zstd::stream::read::Decoder::new(Reader::new(source)) {
                    Ok(mut reader) => self.member(source, &inner_name(&source.path), None, &mut reader, depth),
                    Err(error) => {
                        self.skipped.push(unreadable(source, &error.to_string()));
                        Ok(())
                    }
                },
                None => Ok(()),
            },
        };
        if full.is_err() {
            let why =
                format!("unpacks to more than {} MiB or {MAX_MEMBERS} files; the rest is not read", self.limit >> 20);
            self.skipped.push(unreadable(source, &why));
        }
    }

    fn zip(&mut self, source: &Source, depth: u8) -> Result<(), Full> {
        let mut archive = match zip::ZipArchive::new(Reader::new(source)) {
            Ok(archive) => archive,
            Err(error) => {
                self.skipped.push(place(source, &format!("no table of contents: {error}"), Severity::Damage));
                return self.zip_in_order(source, depth);
            }
        };
        if archive.file_names_raw().any(|name| name == OFFICE) {
            self.skipped.push(place(source, "an Office document, no archive of logs", Severity::Note));
            return Ok(());
        }
        if archive.has_duplicate_names() {
            let why = "several members have one name; only the last of them is read";
            self.skipped.push(place(source, why, Severity::Damage));
        }
        for index in 0..archive.len() {
            let name = match archive.name_for_index(index) {
                Some(Ok(name)) => name.replace('\\', "/"),
                _ => format!("member {}", index + 1),
            };
            match archive.by_index(index) {
                Ok(member) if member.is_dir() => {}
                Ok(mut member) => {
                    let modified = member.last_modified().and_then(unix_seconds);
                    self.member(source, &name, modified, &mut member, depth)?;
                }
                Err(error) => self.refused(source, &name, &error),
            }
        }
        Ok(())
    }

    /// Members of a zip whose end is missing, as far as they can be read one after the other.
    fn zip_in_order(&mut self, source: &Source, depth: u8) -> Result<(), Full> {
        let mut reader = Reader::new(source);
        loop {
            match zip::read::read_zipfile_from_stream(&mut reader) {
                Ok(Some(mut member)) => {
                    let name = member.name().map_or_else(|_| "member".to_owned(), |name| name.replace('\\', "/"));
                    let modified = member.last_modified().and_then(unix_seconds);
                    if !member.is_dir() {
                        self.member(source, &name, modified, &mut member, depth)?;
                    }
                }
                Ok(None) => return Ok(()),
                Err(error) => {
                    self.refused(source, "the next member", &error);
                    return Ok(());
                }
            }
        }
    }

    fn refused(&mut self, source: &Source, name: &str, error: &ZipError) {
        let why = match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
                "encrypted: unpack it first".to_owned()
            }
            other => other.to_string(),
        };
        let mut skipped = unreadable(source, &why);
        skipped.file = format!("{}!{name}", source.path);
        self.skipped.push(skipped);
    }

    /// Spools one member, and unpacks it in turn where it is an archive.
    fn member(
        &mut self,
        archive: &Source,
        name: &str,
        modified: Option<i64>,
        reader: &mut dyn Read,
        depth: u8,
    ) -> Result<(), Full> {
        if self.members.len() >= MAX_MEMBERS {
            return Err(Full);
        }
        let start = self.used;
        let error = self.copy(reader)?;
        let path = format!("{}!{name}", archive.path);
        let len = self.used - start;
        let member = Source::part(path, Arc::clone(&self.spool), start, len, modified);
        if let Some(error) = error {
            let severity = if len == 0 { Severity::Unreadable } else { Severity::Damage };
            self.skipped.push(place(&member, &format!("only {len} bytes could be unpacked: {error}"), severity));
        }
        let mut head = vec![0; 64 << 10];
        let length = member.read_at(0, &mut head).unwrap_or(0);
        match kind(&head[..length]) {
            None => self.members.push(member),
            Some(_) if depth == 0 => self.archive(&member, depth + 1),
            Some(_) => self.skipped.push(unreadable(&member, "the third archive within another: unpack it first")),
        }
        Ok(())
    }

    /// Copies to the spool file until the end, the limit, or an error, which is returned: damage of
    /// the archive, or a full disk.
    fn copy(&mut self, reader: &mut dyn Read) -> Result<Option<io::Error>, Full> {
        let mut buffer = vec![0; 128 << 10];
        loop {
            let length = match reader.read(&mut buffer) {
                Ok(0) => return Ok(None),
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Ok(Some(error)),
            };
            if self.used + length as u64 > self.limit {
                return Err(Full);
            }
            if let Err(error) = (&*self.spool).write_all(&buffer[..length]) {
                return Ok(Some(error));
            }
            self.used += length as u64;
        }
    }
}

/// `Security.evtx` for `logs/Security.evtx.gz`.
fn inner_name(path: &str) -> String {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    let cut = [".gz", ".gzip", ".zst", ".zstd"].iter().find(|ending| lower.ends_with(*ending)).map_or(0, |e| e.len());
    let inner = &name[..name.len() - cut];
    if inner.is_empty() { name.to_owned() } else { inner.to_owned() }
}

/// A zip's time has no zone; it is taken as UTC, and used only where a log has no dates.
fn unix_seconds(time: zip::DateTime) -> Option<i64> {
    let day = chrono::NaiveDate::from_ymd_opt(i32::from(time.year()), u32::from(time.month()), u32::from(time.day()))?;
    let time = day.and_hms_opt(u32::from(time.hour()), u32::from(time.minute()), u32::from(time.second()))?;
    Some(time.and_utc().timestamp())
}

/// A source as a stream that can be sought.
struct Reader<'s> {
    source: &'s Source,
    at: u64,
}

impl<'s> Reader<'s> {
    fn new(source: &'s Source) -> io::BufReader<Self> {
        io::BufReader::with_capacity(64 << 10, Self { source, at: 0 })
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read_at(self.at, buffer)?;
        self.at += length as u64;
        Ok(length)
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.source.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "seek before the start"))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests;
