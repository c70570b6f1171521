//! Writes `.evtx` files, version 3.1, as Windows would (MS-EVEN6 2.2.12).

use std::io::{self, Cursor, Seek, SeekFrom, Write};

use super::event::{WrittenEvent, invalid};
use super::evtx_chunk::Chunk;
use crate::model::layout::{EVTX_HEADER, EVTX_MAGIC};

/// Writes an `.evtx` file chunk by chunk; the file header comes last.
pub struct EvtxWriter<W> {
    out: W,
    channel: String,
    chunk: Chunk,
    chunks: u64,
    /// Records in the chunks that are already written.
    written: u64,
    next_id: u64,
    renumber: bool,
}

impl<W: Write + Seek> EvtxWriter<W> {
    /// Starts a file of one channel at the current place of `out`, which must be its start.
    pub fn new(mut out: W, channel: &str) -> io::Result<Self> {
        out.write_all(&[0; EVTX_HEADER])?;
        let channel = channel.to_owned();
        Ok(Self { out, channel, chunk: Chunk::new(), chunks: 0, written: 0, next_id: 1, renumber: false })
    }

    /// Numbers the record headers from 1, as saved exports do; EventRecordID stays what it was.
    pub fn renumbered(mut self) -> Self {
        self.renumber = true;
        self
    }

    /// Appends an event. Fails with `InvalidInput` where it does not fit into an empty chunk or
    /// into 16-bit lengths, or where its values are not those of its schema; the file goes on without it.
    pub fn push(&mut self, event: &WrittenEvent) -> io::Result<()> {
        event.checked()?;
        let id = if self.renumber { self.written + self.chunk.records + 1 } else { event.record_id };
        if !self.chunk.try_push(&self.channel, event, id)? {
            self.flush_chunk()?;
            if !self.chunk.try_push(&self.channel, event, id)? {
                return Err(invalid("the event is larger than a chunk"));
            }
        }
        self.next_id = id.saturating_add(1);
        Ok(())
    }

    /// Bytes of the file so far, without the chunk under construction.
    pub fn len(&self) -> u64 {
        EVTX_HEADER as u64 + self.chunks * crate::model::layout::CHUNK as u64
    }

    /// True while no chunk is complete.
    pub fn is_empty(&self) -> bool {
        self.chunks == 0
    }

    fn flush_chunk(&mut self) -> io::Result<()> {
        if self.chunk.records == 0 {
            return Ok(());
        }
        self.out.write_all(self.chunk.seal(self.written + 1))?;
        self.written += self.chunk.records;
        self.chunks += 1;
        self.chunk.clear();
        Ok(())
    }

    /// Writes the last chunk and the file header, and hands the output back.
    pub fn finish(mut self) -> io::Result<W> {
        self.flush_chunk()?;
        let mut header = [0; EVTX_HEADER];
        header[..8].copy_from_slice(&EVTX_MAGIC);
        for (i, value) in [0, self.chunks.saturating_sub(1), self.next_id].into_iter().enumerate() {
            header[8 + 8 * i..16 + 8 * i].copy_from_slice(&value.to_le_bytes());
        }
        header[32..36].copy_from_slice(&128u32.to_le_bytes());
        // Minor version 1, major version 3, size of this block; the count has 16 bits, by design of the format.
        for (i, value) in [1, 3, EVTX_HEADER as u16, self.chunks as u16].into_iter().enumerate() {
            header[36 + 2 * i..38 + 2 * i].copy_from_slice(&value.to_le_bytes());
        }
        let crc = crc32fast::hash(&header[..120]);
        header[124..128].copy_from_slice(&crc.to_le_bytes());
        self.out.seek(SeekFrom::Start(0))?;
        self.out.write_all(&header)?;
        self.out.seek(SeekFrom::End(0))?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// A whole `.evtx` file of the Security channel in memory.
pub fn evtx<'a>(events: impl IntoIterator<Item = WrittenEvent<'a>>) -> io::Result<Vec<u8>> {
    let mut writer = EvtxWriter::new(Cursor::new(Vec::new()), "Security")?;
    for event in events {
        writer.push(&event)?;
    }
    Ok(writer.finish()?.into_inner())
}
