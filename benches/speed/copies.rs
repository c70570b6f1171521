//! Renumbered copies of chunks of real logs.
//!
//! Templates, shapes and sizes are those of the logs. What would make copies duplicates is changed in
//! place: record numbers, times and, where asked for, the account. Checksums are made right.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use logonstorm::input::evtx::definition;
use logonstorm::input::evtx::header::{ChunkHeader, u16_at, u32_at};
use logonstorm::input::evtx::plan::{Content, Meaning, Place, Plan};
use logonstorm::input::evtx::records::{self, Found};
use logonstorm::model::layout::{CHUNK, CHUNK_HEADER, EVTX_HEADER, EVTX_MAGIC, RECORD_HEADER};

use super::own::{Names, time};

/// Which chunks are copied.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Chunks with hardly anything but 4625, filled up with copies of those records; names changed
    /// where told.
    Failures(Option<Names>),
    /// Whole Security logs.
    Mixed,
}

/// The Security logs of ordinary servers; one record in fifty is wanted.
const MIXED: [&str; 4] = [
    "DFIRArtifactMuseum_StolenSzechuan__Security.evtx",
    "omerbenamram__security.evtx",
    "DFIRArtifactMuseum_APTSimulatorVM_Server2022__Security.evtx",
    "omerbenamram__post-Security.evtx",
];
/// Logs of which nearly every record is a 4625.
const FAILURES: [&str; 2] = [
    "EVTX-to-MITRE-Atta__ID_4776,4625-AccountRestore_local_bruteforce.evtx",
    "EVTX-to-MITRE-Atta__ID4625-OpenSSH_brutforce_with_valid_users.evtx",
];
/// Units of an account's name that are changed.
const CHANGED: usize = 8;

/// The folder of real logs; `None` where it is not at hand.
pub(crate) fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("LOGONSTORM_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    folder.join("evtx").is_dir().then_some(folder)
}

/// A chunk that can be copied.
pub(crate) struct Chunk {
    bytes: Vec<u8>,
    records: Vec<Record>,
}

/// Where the values of a record lie that are changed.
#[derive(Clone, Copy, Debug, Default)]
struct Record {
    start: usize,
    size: usize,
    number: Option<usize>,
    time: Option<usize>,
    account: Option<usize>,
    /// A 4625 that defines no template, so that it can stand anywhere behind those that do.
    movable: bool,
}

/// The chunks of the logs of this kind.
pub(crate) fn chunks(corpus: &Path, kind: Kind) -> io::Result<Vec<Chunk>> {
    let names: &[&str] = if matches!(kind, Kind::Mixed) { &MIXED } else { &FAILURES };
    let mut all = Vec::new();
    for name in names {
        let bytes = std::fs::read(corpus.join("evtx").join(name))?;
        for chunk in bytes[EVTX_HEADER..].chunks_exact(CHUNK) {
            let header = ChunkHeader::read(chunk);
            let mut found = Found::default();
            records::walk(chunk, CHUNK, &header, &mut found);
            if !header.sound || found.spans.is_empty() || !found.damages.is_empty() {
                continue;
            }
            let records = found.spans.iter().map(|span| Record::find(chunk, span.start, span.size)).collect();
            let mut chunk = Chunk { bytes: chunk.to_vec(), records };
            if matches!(kind, Kind::Failures(_)) {
                chunk.fill_up();
            }
            all.push(chunk);
        }
    }
    Ok(all)
}

/// Writes copies of the chunks in turn up to a size; returns the number of records.
pub(crate) fn write(chunks: &[Chunk], file: File, size: u64, kind: Kind) -> io::Result<u64> {
    let names = if let Kind::Failures(names) = kind { names } else { None };
    let mut out = BufWriter::with_capacity(1 << 18, file);
    let count = (size / CHUNK as u64).max(1);
    let mut header = vec![0; EVTX_HEADER];
    header[..8].copy_from_slice(&EVTX_MAGIC);
    for (at, value) in [(32, 128_u16), (36, 1), (38, 3), (40, EVTX_HEADER as u16), (42, count as u16)] {
        header[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    let crc = crc32fast::hash(&header[..120]);
    header[124..128].copy_from_slice(&crc.to_le_bytes());
    out.write_all(&header)?;
    let (mut number, mut bytes) = (0, Vec::new());
    for chunk in chunks.iter().cycle().take(count as usize) {
        bytes.clone_from(&chunk.bytes);
        chunk.renumber(&mut bytes, number, names);
        out.write_all(&bytes)?;
        number += chunk.records.len() as u64;
    }
    out.flush()?;
    Ok(number)
}

impl Chunk {
    /// Copies records that can stand anywhere behind the last one, in turn, until no more fit.
    fn fill_up(&mut self) {
        let movable: Vec<Record> = self.records.iter().filter(|record| record.movable).copied().collect();
        let mut end = self.records.last().map_or(CHUNK_HEADER, |last| last.start + last.size);
        for record in movable.iter().cycle() {
            if end + record.size > CHUNK {
                break;
            }
            self.bytes.copy_within(record.start..record.start + record.size, end);
            let moved = |at: Option<usize>| at.map(|at| at - record.start + end);
            let (number, time, account) = (moved(record.number), moved(record.time), moved(record.account));
            self.records.push(Record { start: end, number, time, account, ..*record });
            end += record.size;
        }
        self.bytes[end..].fill(0);
    }

    /// Numbers the records from `first` and makes header and checksums right.
    fn renumber(&self, bytes: &mut [u8], first: u64, names: Option<Names>) {
        let mut put = |at: usize, value: u64| bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
        for (number, record) in (first..).zip(&self.records) {
            let at = time(number).to_filetime();
            put(record.start + 8, number + 1);
            put(record.start + 16, at);
            for (place, value) in [(record.number, number + 1), (record.time, at)] {
                if let Some(place) = place {
                    put(place, value);
                }
            }
            if let (Some(place), Some(names)) = (record.account, names) {
                let text: Vec<u8> = format!("{:08x}", names.at(number)).bytes().flat_map(|byte| [byte, 0]).collect();
                put(place, u64::from_le_bytes(text[..8].try_into().unwrap_or_default()));
                put(place + 8, u64::from_le_bytes(text[8..].try_into().unwrap_or_default()));
            }
        }
        let (count, last) = (self.records.len() as u64, self.records[self.records.len() - 1]);
        for (at, value) in [(8, first + 1), (16, first + count), (24, first + 1), (32, first + count)] {
            put(at, value);
        }
        let free = last.start + last.size;
        let crc = crc32fast::hash(&bytes[CHUNK_HEADER..free]);
        for (at, value) in [(44, last.start as u32), (48, free as u32), (52, crc)] {
            bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        let mut crc = crc32fast::Hasher::new();
        crc.update(&bytes[..120]);
        crc.update(&bytes[128..CHUNK_HEADER]);
        bytes[124..128].copy_from_slice(&crc.finalize().to_le_bytes());
    }
}

impl Record {
    /// Finds the values in a record; those of unknown shapes stay as they are.
    fn find(chunk: &[u8], start: usize, size: usize) -> Record {
        let mut record = Record { start, size, ..Record::default() };
        let whole = Instance::read(chunk, start + RECORD_HEADER);
        let Some((instance, plan)) = whole.and_then(|it| Some((it, Plan::learn(chunk, it.definition)?))) else {
            return record;
        };
        let Meaning::Event(system, content) = &plan.meaning else { return record };
        record.number = instance.value(chunk, system.record_id, 8);
        record.time = instance.value(chunk, system.time, 8);
        let event_id = instance.value(chunk, system.event_id, 2).and_then(|at| u16_at(chunk, at));
        let Content::Nested(index) = content else { return record };
        let nested = instance.value(chunk, *index, RECORD_HEADER).and_then(|at| Instance::read(chunk, at));
        if let (Some(4625), Some(nested)) = (event_id, nested) {
            record.movable = !instance.defines && !nested.defines;
            record.account = Plan::learn(chunk, nested.definition).and_then(|plan| {
                let Meaning::Data(data) = plan.meaning else { return None };
                match data.named.iter().find(|named| named.0 == "TargetUserName")?.1 {
                    Place::Value(index) => nested.value(chunk, index, 2 * CHANGED),
                    Place::Fixed(_) => None,
                }
            });
        }
        record
    }
}

/// A template instance.
#[derive(Clone, Copy)]
struct Instance {
    definition: usize,
    defines: bool,
    count: usize,
    descriptors: usize,
}

impl Instance {
    fn read(chunk: &[u8], at: usize) -> Option<Instance> {
        if chunk.get(at)? != &0x0f || chunk.get(at + 4)? != &0x0c {
            return None;
        }
        let definition = u32_at(chunk, at + 10)? as usize;
        let defines = definition == at + 14;
        let values = if defines { definition::end(chunk, definition)? } else { at + 14 };
        Some(Instance { definition, defines, count: u32_at(chunk, values)? as usize, descriptors: values + 4 })
    }

    /// Where a value lies that has at least so many bytes.
    fn value(&self, chunk: &[u8], index: usize, least: usize) -> Option<usize> {
        let size = |index: usize| Some(usize::from(u16_at(chunk, self.descriptors + 4 * index)?));
        let before: usize = (0..index).map(size).sum::<Option<usize>>()?;
        (index < self.count && size(index)? >= least).then_some(self.descriptors + 4 * self.count + before)
    }
}
