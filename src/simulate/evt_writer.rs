//! Writes `.evt` files: a ring of records behind a header of 48 bytes (Microsoft bb309024,
//! bb309022, bb309026).

use std::collections::VecDeque;
use std::io::{self, Cursor, Seek, SeekFrom, Write};

use super::event::{WrittenEvent, invalid};
use super::evt_record::{FIXED, record};

/// Size of the file header; the ring starts behind it.
const HEADER: u32 = 48;
/// Size of the EOF record, which stands behind the newest record.
const EOF: u32 = 40;
/// What fills a place at the end that is too small for a record's fixed part.
const FILLER: [u8; 4] = [0x27, 0, 0, 0];
/// Windows sizes its logs in steps of 64 KiB.
pub const EVT_STEP: u32 = 65_536;
const DIRTY: u32 = 1;
const WRAPPED: u32 = 2;
const FULL: u32 = 4;

/// What the log does when it is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// Overwrite the oldest events as needed.
    Overwrite,
    /// Keep what is there and discard new events (the default of Windows NT and 2000 for a log
    /// whose events are younger than seven days, KB Q131605).
    Discard,
}

/// Writes an `.evt` ring.
pub struct EvtWriter<W> {
    out: W,
    size: u32,
    retention: Retention,
    /// Where the EOF record and then the next record go.
    end: u32,
    /// Length of each live record, oldest first, with the filler behind it.
    live: VecDeque<u32>,
    start: u32,
    next: u32,
    oldest: u32,
    wrapped: bool,
    full: bool,
    /// The header as it stands on disk while the log is open.
    stale: [u32; 5],
    bytes: Vec<u8>,
}

impl<W: Write + Seek> EvtWriter<W> {
    /// Starts a log of `size` bytes, which must be a multiple of 4 and hold a record.
    pub fn new(mut out: W, size: u32, retention: Retention) -> io::Result<Self> {
        if size < HEADER + EOF + FIXED as u32 || !size.is_multiple_of(4) {
            return Err(invalid("an .evt file needs a size that is a multiple of 4 and holds a record"));
        }
        out.write_all(&[0; HEADER as usize])?;
        Ok(Self {
            out,
            size,
            retention,
            end: HEADER,
            live: VecDeque::new(),
            start: HEADER,
            next: 1,
            oldest: 0,
            wrapped: false,
            full: false,
            stale: [HEADER, HEADER, 1, 0, 0],
            bytes: Vec::new(),
        })
    }

    /// Appends an event; `false` where the log is full and discards it. Record numbers should go up
    /// by one.
    pub fn push(&mut self, event: &WrittenEvent) -> io::Result<bool> {
        let mut bytes = std::mem::take(&mut self.bytes);
        let kept = record(event, &mut bytes).and_then(|()| self.place(&bytes, event.record_id as u32));
        self.bytes = bytes;
        kept
    }

    fn place(&mut self, bytes: &[u8], number: u32) -> io::Result<bool> {
        let length = bytes.len() as u32;
        let left = self.size - self.end;
        let filler = if left < FIXED as u32 { left } else { 0 };
        let area = self.size - HEADER;
        if length + EOF > area {
            return Err(invalid("the event is larger than the log"));
        }
        let needed = filler + length + EOF;
        if self.retention == Retention::Discard && needed > self.size - self.end {
            self.full = true;
            return Ok(false);
        }
        self.make_room(needed, number);
        if filler > 0 {
            for _ in 0..filler / 4 {
                self.out.write_all(&FILLER)?;
            }
            self.end = HEADER;
            self.wrapped = true;
            self.out.seek(SeekFrom::Start(u64::from(HEADER)))?;
            match self.live.back_mut() {
                Some(last) => *last += filler,
                None => self.start = HEADER,
            }
        }
        self.write_round(bytes)?;
        self.live.push_back(length);
        if self.oldest == 0 {
            self.oldest = number;
        }
        self.next = number.wrapping_add(1);
        Ok(true)
    }

    /// Drops the oldest records until `needed` bytes are free behind the newest.
    fn make_room(&mut self, needed: u32, number: u32) {
        let area = self.size - HEADER;
        let mut used: u32 = if self.live.is_empty() {
            0
        } else if self.start < self.end {
            self.end - self.start
        } else {
            area - (self.start - self.end)
        };
        while used + needed > area {
            let Some(length) = self.live.pop_front() else { break };
            used -= length;
            self.start = self.after(self.start, length);
            self.oldest = if self.live.is_empty() { number } else { self.oldest.wrapping_add(1) };
        }
        if self.live.is_empty() {
            self.start = self.end;
            self.oldest = 0;
        }
    }

    fn after(&self, at: u32, length: u32) -> u32 {
        let to = u64::from(at) + u64::from(length);
        let size = u64::from(self.size);
        (if to >= size { to - size + u64::from(HEADER) } else { to }) as u32
    }

    /// Writes bytes at the end, round the corner where they do not fit.
    fn write_round(&mut self, bytes: &[u8]) -> io::Result<()> {
        let first = bytes.len().min((self.size - self.end) as usize);
        self.out.write_all(&bytes[..first])?;
        let to = self.after(self.end, bytes.len() as u32);
        if to < self.end {
            self.wrapped = true;
            self.out.seek(SeekFrom::Start(u64::from(HEADER)))?;
            self.out.write_all(&bytes[first..])?;
        }
        self.end = to;
        Ok(())
    }

    /// Remembers the header as it is now: what a log that is still open has on disk.
    pub fn sync_header(&mut self) {
        self.stale = self.header();
    }

    fn header(&self) -> [u32; 5] {
        let flags = if self.wrapped { WRAPPED } else { 0 } | if self.full { FULL } else { 0 };
        [self.start, self.end, self.next, self.oldest, flags]
    }

    /// Writes EOF record and header as Windows does when it closes the log.
    pub fn finish(self) -> io::Result<W> {
        let header = self.header();
        self.close(header)
    }

    /// Leaves the log as a copy of an open one: the EOF record is current, the header is the one of
    /// the last [`EvtWriter::sync_header`] (or of the empty log) and says dirty.
    pub fn finish_dirty(self) -> io::Result<W> {
        let mut header = self.stale;
        header[4] |= DIRTY;
        self.close(header)
    }

    fn close(mut self, [start, end, next, oldest, flags]: [u32; 5]) -> io::Result<W> {
        let mut eof = Vec::with_capacity(EOF as usize);
        let places = [self.start, self.end, self.next, self.oldest];
        for value in [EOF, 0x1111_1111, 0x2222_2222, 0x3333_3333, 0x4444_4444].into_iter().chain(places).chain([EOF]) {
            eof.extend_from_slice(&value.to_le_bytes());
        }
        self.write_round(&eof)?;
        let length = self.out.seek(SeekFrom::End(0))?;
        io::copy(&mut io::Read::take(io::repeat(0), u64::from(self.size).saturating_sub(length)), &mut self.out)?;
        self.out.seek(SeekFrom::Start(0))?;
        let magic = u32::from_le_bytes(*b"LfLe");
        for value in [HEADER, magic, 1, 1, start, end, next, oldest, self.size, flags, 0, HEADER] {
            self.out.write_all(&value.to_le_bytes())?;
        }
        self.out.seek(SeekFrom::End(0))?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// A ring of `size` bytes in memory, closed cleanly.
pub fn evt<'a>(size: u32, events: impl IntoIterator<Item = WrittenEvent<'a>>) -> io::Result<Vec<u8>> {
    let mut writer = EvtWriter::new(Cursor::new(Vec::new()), size, Retention::Overwrite)?;
    for event in events {
        writer.push(&event)?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::super::event::{CLASSIC, Data};
    use super::*;
    use crate::model::time::Ticks;

    fn event(record_id: u64, account: &str) -> WrittenEvent<'_> {
        let strings = ["MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", account, r"\\WKS0042", "3221225586"];
        WrittenEvent {
            record_id,
            time: Ticks::from_secs(1_028_635_200),
            event_id: 681,
            failure: true,
            computer: "HANSR1",
            provider: CLASSIC,
            data: Data::Strings(strings.map(Into::into).into()),
        }
    }

    fn words(bytes: &[u8]) -> Vec<u32> {
        bytes.chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect()
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn annotated_record_comes_out_byte_for_byte() {
        let file = evt(EVT_STEP, [event(1, "jsmith")]).unwrap();
        assert_eq!(file.len(), 65_536);
        let header = "300000004c664c650100000001000000300000001c010000020000000100000000000100000000000000000030000000";
        assert_eq!(hex(&file[..48]), header);
        let fixed = "ec0000004c664c650100000040ba4f3d40ba4f3da90200001000040009000000\
                     00000000640000000c0000005800000000000000e8000000";
        assert_eq!(hex(&file[48..104]), fixed);
        let text = |text: &str| hex(&text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
        let rest = text("Security\0HANSR1\0")
            + "010100000000000512000000"
            + &text("MICROSOFT_AUTHENTICATION_PACKAGE_V1_0\0jsmith\0\\\\WKS0042\x003221225586\0")
            + "ec000000";
        assert_eq!(hex(&file[104..48 + 236]), rest);
        let eof = "2800000011111111222222223333333344444444300000001c0100000200000001000000\
                   28000000";
        assert_eq!(hex(&file[0x11c..0x11c + 40]), eof);
        assert!(file[0x11c + 40..].iter().all(|&byte| byte == 0));
    }

    /// Walks the ring from the EOF record's start to its end; returns the record numbers.
    fn walk(file: &[u8]) -> Vec<u32> {
        let ring = &file[48..];
        let marks = words(file);
        let at = marks.windows(4).position(|w| w == [0x1111_1111, 0x2222_2222, 0x3333_3333, 0x4444_4444]).unwrap();
        let take = |at: usize, n: usize| -> Vec<u8> { (0..n).map(|i| ring[(at - 48 + i) % ring.len()]).collect() };
        let (mut from, end) = (marks[at + 4] as usize, marks[at + 5] as usize);
        let mut numbers = Vec::new();
        while from != end {
            if file.len() - from < FIXED {
                assert!(file[from..].chunks(4).all(|word| word == FILLER));
                from = 48;
                continue;
            }
            let length = u32::from_le_bytes(take(from, 4).try_into().unwrap()) as usize;
            let whole = take(from, length);
            assert_eq!((&whole[4..8], &whole[length - 4..]), (&b"LfLe"[..], &whole[..4]));
            numbers.push(u32::from_le_bytes(whole[8..12].try_into().unwrap()));
            from = 48 + (from - 48 + length) % ring.len();
            assert!(numbers.len() < 10_000);
        }
        numbers
    }

    #[test]
    fn wrapped_rings_keep_the_newest_records_whole() {
        let names: Vec<String> = (0..23).map(|i| "a".repeat(i)).collect();
        for total in (250u64..900).step_by(7) {
            let events = (1..=total).map(|i| event(i, &names[(i % 23) as usize]));
            let file = evt(EVT_STEP, events).unwrap();
            assert_eq!(file.len(), 65_536);
            let numbers = walk(&file);
            let expected: Vec<u32> = (total as u32 + 1 - numbers.len() as u32..=total as u32).collect();
            assert_eq!(numbers, expected, "{total} events");
            let header = words(&file[..48]);
            assert_eq!((header[6], header[7]), (total as u32 + 1, expected[0]), "next and oldest");
            assert!(numbers.len() > 220, "{total} events leave {}", numbers.len());
        }
    }

    #[test]
    fn a_full_log_that_keeps_its_events_discards_new_ones() {
        let mut writer = EvtWriter::new(Cursor::new(Vec::new()), EVT_STEP, Retention::Discard).unwrap();
        let kept = (1..=400).filter(|&i| writer.push(&event(i, "jsmith")).unwrap()).count();
        let file = writer.finish().unwrap().into_inner();
        assert_eq!(kept, 277, "(65,536 - 88) / 236");
        assert_eq!(walk(&file), (1..=277).collect::<Vec<u32>>());
        assert_eq!(words(&file[36..40]), [FULL]);
    }

    #[test]
    fn a_dirty_log_has_a_current_end_record_and_a_stale_header() {
        let mut writer = EvtWriter::new(Cursor::new(Vec::new()), EVT_STEP, Retention::Overwrite).unwrap();
        for i in 1..=600 {
            writer.push(&event(i, "jsmith")).unwrap();
            if i == 100 {
                writer.sync_header();
            }
        }
        let file = writer.finish_dirty().unwrap().into_inner();
        assert_eq!(words(&file[16..40]), [48, 48 + 100 * 236, 101, 1, 65_536, DIRTY]);
        assert_eq!(*walk(&file).last().unwrap(), 600);
    }
}
