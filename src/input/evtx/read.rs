//! A file: its header, and its chunks in blocks.

use std::io;

use super::chunk::{Chunks, Place, Ways};
use super::header::FileHeader;
use super::records::Damage;
use crate::fsio::aligned::Buffer;
use crate::fsio::source::Source;
use crate::input::door::{Job, Sink};
use crate::model::gathered::{Severity, Skipped};
use crate::model::layout::{CHUNK, EVTX_HEADER};

/// Chunks that are read at once.
const BLOCK: usize = 4;
/// Chunks of one part of a big file.
const PART: u64 = 64;

/// What is carried from one file, or part of one, to the next.
#[derive(Debug, Default)]
struct Reader {
    chunks: Chunks,
    buffer: Option<Buffer>,
}

/// Chunks in a file of this many bytes, a cut last one included. The count in the file's header has 16
/// bits, and is too small in files that were copied while in use.
fn chunks(len: u64) -> u64 {
    len.saturating_sub(EVTX_HEADER as u64).div_ceil(CHUNK as u64)
}

/// Parts in which a file of this many bytes is read.
pub fn count_parts(len: u64) -> u64 {
    chunks(len).div_ceil(PART).max(1)
}

/// Reads a whole file.
pub fn read(job: &Job<'_>, sink: &mut dyn Sink) -> io::Result<()> {
    job.carried.with(|reader: &mut Reader| read_chunks(job.source, 0..chunks(job.source.len), reader, sink))
}

/// Reads one part of a file.
pub fn read_part(job: &Job<'_>, part: u64, sink: &mut dyn Sink) -> io::Result<()> {
    let first = part.saturating_mul(PART);
    let end = (first + PART).min(chunks(job.source.len));
    job.carried.with(|reader: &mut Reader| read_chunks(job.source, first..end, reader, sink))
}

/// Reads a whole file and tells which way its records went; as `judge` all go the general way.
pub fn read_counted(source: &Source, judge: bool, sink: &mut dyn Sink) -> io::Result<Ways> {
    let mut reader = Reader::default();
    reader.chunks.judge = judge;
    read_chunks(source, 0..chunks(source.len), &mut reader, sink)?;
    Ok(reader.chunks.ways)
}

fn read_chunks(
    source: &Source,
    range: std::ops::Range<u64>,
    reader: &mut Reader,
    sink: &mut dyn Sink,
) -> io::Result<()> {
    let header = file_header(source)?;
    if range.start == 0 {
        report_header(source, &header, sink);
    }
    let buffer = reader.buffer.get_or_insert_with(|| Buffer::new(BLOCK * CHUNK));
    let mut at = range.start;
    let mut last_used = None;
    while at < range.end {
        let block = (range.end - at).min(BLOCK as u64) as usize;
        let bytes = &mut buffer.bytes_mut()[..block * CHUNK];
        let base = EVTX_HEADER as u64 + at * CHUNK as u64;
        let have = source.read_at(base, bytes)?;
        bytes[have..].fill(0);
        for (index, chunk) in bytes.chunks_exact(CHUNK).enumerate() {
            let number = at + index as u64;
            let have = have.saturating_sub(index * CHUNK).min(CHUNK);
            let place = Place { file: &source.path, number, base: base + (index * CHUNK) as u64 };
            if !is_zero(chunk) {
                reader.chunks.read(chunk, have, place, sink);
                continue;
            }
            if last_used.is_none() {
                last_used = Some(used(source, &header)?);
            }
            if last_used.is_some_and(|used| number < used) || have < CHUNK {
                let why = "nothing but zeros where records should be".to_owned();
                sink.skipped(place.skipped(&Damage { at: 0, what: "chunk", why }));
            }
        }
        at += block as u64;
    }
    Ok(())
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes[..8] == [0; 8] && bytes.iter().all(|byte| *byte == 0)
}

fn file_header(source: &Source) -> io::Result<FileHeader> {
    let mut bytes = [0; 128];
    let have = source.read_at(0, &mut bytes)?;
    Ok(FileHeader::read(&bytes[..have]))
}

fn report_header(source: &Source, header: &FileHeader, sink: &mut dyn Sink) {
    if let Some(why) = header.wrong {
        sink.skipped(Skipped {
            file: source.path.clone(),
            at: "offset 0x0".to_owned(),
            what: "file header".to_owned(),
            why: why.to_owned(),
            severity: Severity::Damage,
        });
    }
    if header.full {
        sink.full();
    }
}

/// Number of chunks that should hold records: up to the last one that is not all zero, and as many as a
/// sound file header tells. Files are longer than their logs: Windows makes room ahead.
fn used(source: &Source, header: &FileHeader) -> io::Result<u64> {
    let told = if header.sound { u64::from(header.chunks) } else { 0 };
    let mut number = chunks(source.len);
    let mut start = [0; 8];
    while number > told {
        let have = source.read_at(EVTX_HEADER as u64 + (number - 1) * CHUNK as u64, &mut start)?;
        if start[..have].iter().any(|byte| *byte != 0) {
            break;
        }
        number -= 1;
    }
    Ok(number)
}
