//! One chunk of an `.evtx` file: records, the templates they use, and the chunk's header.

use std::io;

use super::binxml::{Space, put_utf16};
use super::event::{Data, Value, WrittenEvent, invalid};
use super::sid::Sid;
use super::templates::{AUDITING_GUID, DataKey, guid, keywords, root};
use crate::model::layout::{CHUNK, CHUNK_HEADER, CHUNK_MAGIC, RECORD_MAGIC};

/// Process and thread that modern events name as their writer (lsass).
const EXECUTION: [u32; 2] = [612, 1024];

/// A chunk under construction.
pub(super) struct Chunk {
    space: Space,
    /// Root templates of this chunk: literal provider, computer, GUID, place.
    roots: Vec<Root>,
    /// EventData templates of this chunk.
    datas: Vec<(DataKey, [u8; 16], u32)>,
    /// Record ids of the first and the last record, and how many there are.
    ids: Option<(u64, u64)>,
    pub(super) records: u64,
    last_record: usize,
}

struct Root {
    classic: Option<Box<str>>,
    computer: Box<str>,
    guid: [u8; 16],
    place: u32,
}

impl Chunk {
    pub(super) fn new() -> Self {
        let (roots, datas) = (Vec::new(), Vec::new());
        Self { space: Space::new(), roots, datas, ids: None, records: 0, last_record: 0 }
    }

    /// Appends a record; `false` where it does not fit any more. `header_id` is the id in the
    /// record's header, which exports renumber. Fails where a value is longer than 65,535 bytes.
    pub(super) fn try_push(&mut self, channel: &str, event: &WrittenEvent, header_id: u64) -> io::Result<bool> {
        let mark = self.space.mark();
        let (roots, datas) = (self.roots.len(), self.datas.len());
        let start = self.space.bytes.len();
        let fits = self.record(channel, event, header_id).map(|()| self.space.bytes.len() <= CHUNK);
        if !matches!(fits, Ok(true)) {
            self.space.rewind(&mark);
            self.roots.truncate(roots);
            self.datas.truncate(datas);
            return fits;
        }
        self.last_record = start;
        self.records += 1;
        self.ids = Some((self.ids.map_or(header_id, |ids| ids.0), header_id));
        Ok(true)
    }

    fn record(&mut self, channel: &str, event: &WrittenEvent, header_id: u64) -> io::Result<()> {
        let start = self.space.bytes.len();
        self.space.bytes.extend_from_slice(&RECORD_MAGIC);
        self.space.u32(0);
        self.space.bytes.extend_from_slice(&header_id.to_le_bytes());
        self.space.bytes.extend_from_slice(&event.time.to_filetime().to_le_bytes());
        self.space.fragment();
        self.root_instance(channel, event);
        self.root_values(channel, event)?;
        self.space.bytes.push(0);
        let out = &mut self.space.bytes;
        let size = (out.len() - start + 4).next_multiple_of(8);
        out.resize(start + size - 4, 0);
        let size = (size as u32).to_le_bytes();
        out.extend_from_slice(&size);
        out[start + 4..start + 8].copy_from_slice(&size);
        Ok(())
    }

    fn root_instance(&mut self, channel: &str, event: &WrittenEvent) {
        let classic = match event.data {
            Data::Strings(_) => Some(event.provider),
            Data::Named(..) => None,
        };
        let same = |root: &&Root| root.classic.as_deref() == classic && *root.computer == *event.computer;
        if let Some(root) = self.roots.iter().find(same) {
            return self.space.reference(root.guid, root.place);
        }
        let parts = [classic.unwrap_or("\u{0}"), channel, event.computer];
        let guid = guid(parts.iter().map(|part| part.as_bytes()));
        let place = self.space.define(guid, &root(classic, channel, event.computer));
        self.roots.push(Root { classic: classic.map(Box::from), computer: event.computer.into(), guid, place });
    }

    fn root_values(&mut self, channel: &str, event: &WrittenEvent) -> io::Result<()> {
        let modern = matches!(event.data, Data::Named(..));
        let count = if modern { 18 } else { 20 };
        let mut sizes = [(0u16, 0u8); 20];
        sizes[..13].copy_from_slice(&[
            (1, 0x04),
            (1, 0x04),
            (2, 0x06),
            (2, 0x06),
            (2, 0x06),
            (8, 0x15),
            (8, 0x11),
            (0, 0),
            (4, 0x08),
            (4, 0x08),
            (8, 0x0a),
            (1, 0x04),
            (12, 0x13),
        ]);
        if modern {
            (sizes[4], sizes[12]) = ((0, 0), (0, 0));
            sizes[14] = (utf16_len(event.provider)?, 0x01);
            sizes[15] = (16, 0x0f);
            sizes[16] = (utf16_len(channel)?, 0x01);
        }
        let table = self.descriptors(&sizes[..count]);
        let version = match event.data {
            Data::Strings(_) => 0,
            Data::Named(schema, _) => schema.version,
        };
        let out = &mut self.space.bytes;
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&event.task().to_le_bytes());
        out.extend_from_slice(&event.event_id.to_le_bytes());
        if !modern {
            out.extend_from_slice(&[0, 0]);
        }
        out.extend_from_slice(&keywords(event).to_le_bytes());
        out.extend_from_slice(&event.time.to_filetime().to_le_bytes());
        for id in if modern { EXECUTION } else { [0, 0] } {
            out.extend_from_slice(&id.to_le_bytes());
        }
        out.extend_from_slice(&event.record_id.to_le_bytes());
        out.push(version);
        if modern {
            put_utf16(out, event.provider);
            out.extend_from_slice(&AUDITING_GUID);
            put_utf16(out, channel);
        } else {
            Sid::System.put(out);
        }
        let from = out.len();
        self.data_fragment(event)?;
        let size = fits(self.space.bytes.len() - from)?;
        self.describe(table, count - 1, size, 0x21);
        Ok(())
    }

    /// The nested fragment: an instance of the EventData template.
    fn data_fragment(&mut self, event: &WrittenEvent) -> io::Result<()> {
        self.space.fragment();
        let key = DataKey::of(event);
        match self.datas.iter().find(|known| known.0 == key) {
            Some(&(_, guid, place)) => self.space.reference(guid, place),
            None => {
                let guid = key.guid();
                let place = self.space.define(guid, &key.element());
                self.datas.push((key, guid, place));
            }
        }
        match &event.data {
            Data::Strings(strings) => {
                let table = self.descriptors(&[(0, 0), (4, 0x08), (0, 0)]);
                let from = self.space.bytes.len();
                for text in strings {
                    put_utf16(&mut self.space.bytes, text);
                    self.space.u16(0);
                }
                let size = fits(self.space.bytes.len() - from)?;
                if size > 0 {
                    self.describe(table, 0, size, 0x81);
                }
                self.space.u32(0);
            }
            Data::Named(_, values) => self.named_values(values)?,
        }
        self.space.bytes.push(0);
        Ok(())
    }

    fn named_values(&mut self, values: &[Value]) -> io::Result<()> {
        self.space.u32(values.len() as u32);
        let table = self.space.bytes.len();
        self.space.bytes.resize(table + 4 * values.len(), 0);
        for (i, value) in values.iter().enumerate() {
            let out = &mut self.space.bytes;
            let from = out.len();
            match value {
                Value::Text(text) => put_utf16(out, text),
                Value::Sid(sid) => sid.put(out),
                Value::U32(number) | Value::Hex32(number) => out.extend_from_slice(&number.to_le_bytes()),
                Value::Hex64(number) => out.extend_from_slice(&number.to_le_bytes()),
            }
            let size = fits(out.len() - from)?;
            self.describe(table, i, size, value.kind().code());
        }
        Ok(())
    }

    /// The value count and the descriptors; returns the place of the descriptors.
    fn descriptors(&mut self, sizes: &[(u16, u8)]) -> usize {
        self.space.u32(sizes.len() as u32);
        let table = self.space.bytes.len();
        for (size, kind) in sizes {
            self.space.u16(*size);
            self.space.bytes.extend_from_slice(&[*kind, 0]);
        }
        table
    }

    fn describe(&mut self, table: usize, index: usize, size: u16, kind: u8) {
        let [low, high] = size.to_le_bytes();
        self.space.bytes[table + 4 * index..][..4].copy_from_slice(&[low, high, kind, 0]);
    }

    /// The finished 64 KiB; `number` is the number of the first record in the file, from 1.
    pub(super) fn seal(&mut self, number: u64) -> &[u8] {
        self.space.put_tables();
        let (first_id, last_id) = self.ids.unwrap_or((0, 0));
        let bytes = &mut self.space.bytes;
        let free = bytes.len() as u32;
        let records_crc = crc32fast::hash(&bytes[CHUNK_HEADER..]);
        bytes[..8].copy_from_slice(&CHUNK_MAGIC);
        for (i, value) in [number, number + self.records - 1, first_id, last_id].into_iter().enumerate() {
            bytes[8 + 8 * i..16 + 8 * i].copy_from_slice(&value.to_le_bytes());
        }
        for (i, value) in [128, self.last_record as u32, free, records_crc].into_iter().enumerate() {
            bytes[40 + 4 * i..44 + 4 * i].copy_from_slice(&value.to_le_bytes());
        }
        bytes[120] = 1;
        let mut crc = crc32fast::Hasher::new();
        crc.update(&bytes[..120]);
        crc.update(&bytes[128..CHUNK_HEADER]);
        bytes[124..128].copy_from_slice(&crc.finalize().to_le_bytes());
        bytes.resize(CHUNK, 0);
        bytes
    }

    pub(super) fn clear(&mut self) {
        self.space.clear();
        self.roots.clear();
        self.datas.clear();
        self.ids = None;
        self.records = 0;
    }
}

fn fits(size: usize) -> io::Result<u16> {
    u16::try_from(size).map_err(|_| invalid("a value is longer than 65,535 bytes"))
}

fn utf16_len(text: &str) -> io::Result<u16> {
    fits(2 * text.encode_utf16().count())
}
