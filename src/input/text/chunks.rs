//! A text as a stream of UTF-8 bytes that knows where in the file it is: for formats in which a line
//! end means nothing.

use std::io;

use crate::fsio::source::Source;

/// Bytes of the file that are read at a time.
const BLOCK: usize = 256 << 10;

/// Bytes of a text, UTF-16 already turned into UTF-8; other encodings stay as they are.
pub(super) struct Chunks<'s> {
    source: &'s Source,
    encoding: Encoding,
    read: u64,
    buffer: Vec<u8>,
    start: usize,
    offset: u64,
    line: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Narrow,
    Utf16Le,
    Utf16Be,
}

impl<'s> Chunks<'s> {
    /// A stream from the start of the text, behind its byte order mark.
    pub(super) fn new(source: &'s Source) -> io::Result<Self> {
        let mut head = [0; 4];
        let length = source.read_at(0, &mut head)?;
        let (encoding, mark) = match &head[..length] {
            [0xff, 0xfe, ..] => (Encoding::Utf16Le, 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16Be, 2),
            [0xef, 0xbb, 0xbf, ..] => (Encoding::Narrow, 3),
            [1..=127, 0, 1..=127, 0] => (Encoding::Utf16Le, 0),
            [0, 1..=127, 0, 1..=127] => (Encoding::Utf16Be, 0),
            _ => (Encoding::Narrow, 0),
        };
        Ok(Self { source, encoding, read: mark, buffer: Vec::new(), start: 0, offset: mark, line: 1 })
    }

    /// What is read and not yet passed over.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Line (from 1) and offset in the file of the first byte of [`Chunks::bytes`].
    pub(super) fn place(&self) -> (u64, u64) {
        (self.line, self.offset)
    }

    /// Reads one block more; false at the end of the file.
    pub(super) fn fill(&mut self) -> io::Result<bool> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let mut block = vec![0; BLOCK];
        let mut length = self.source.read_at(self.read, &mut block)?;
        if self.encoding != Encoding::Narrow && length > 2 {
            length &= !1;
            // A pair of surrogates stays together.
            if (0xd800..0xdc00).contains(&self.unit(&block[length - 2..])) && length == BLOCK {
                length -= 2;
            }
        }
        block.truncate(length);
        self.read += length as u64;
        match self.encoding {
            Encoding::Narrow => self.buffer.append(&mut block),
            _ => {
                let units = block.chunks_exact(2).map(|unit| self.unit(unit));
                let text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
                self.buffer.extend_from_slice(text.as_bytes());
            }
        }
        Ok(length > 0)
    }

    fn unit(&self, bytes: &[u8]) -> u16 {
        match self.encoding {
            Encoding::Utf16Be => u16::from_be_bytes([bytes[0], bytes[1]]),
            _ => u16::from_le_bytes([bytes[0], bytes[1]]),
        }
    }

    /// Passes over `length` bytes of [`Chunks::bytes`].
    pub(super) fn consume(&mut self, length: usize) {
        let gone = &self.buffer[self.start..self.start + length];
        self.line += memchr::memchr_iter(b'\n', gone).count() as u64;
        self.offset += match self.encoding {
            Encoding::Narrow => length as u64,
            // Bytes that start a character count one unit, those of four bytes two.
            _ => gone.iter().map(|byte| if *byte >= 0xf0 { 4 } else { 2 * u64::from(byte & 0xc0 != 0x80) }).sum(),
        };
        self.start += length;
    }
}

/// Text of bytes that are UTF-8 or Windows-1252.
pub(super) fn decode(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], consume: usize, line: u64, offset: u64) {
        let source = Source::memory("x", bytes, None);
        let mut chunks = Chunks::new(&source).unwrap();
        while chunks.fill().unwrap() {}
        assert_eq!(decode(chunks.bytes()), "ä\n𝄞x\n");
        chunks.consume(consume);
        assert_eq!(chunks.place(), (line, offset));
    }

    #[test]
    fn places_are_those_of_the_file_in_every_encoding() {
        let text = "ä\n𝄞x\n";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(text.as_bytes(), 7, 2, 7);
        check(&[b"\xef\xbb\xbf", text.as_bytes()].concat(), 3, 2, 6);
        check(&[b"\xff\xfe".to_vec(), le].concat(), 7, 2, 2 + 8);
        check(&[b"\xfe\xff".to_vec(), be].concat(), 7, 2, 2 + 8);
    }
}
