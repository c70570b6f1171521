//! Lines of text from bytes of unknown encoding, with bounded memory.

/// Longest line that is handed over, in bytes of the source; the rest of a longer one is passed
/// over and counted in [`LineCount::cut`].
pub const MAX_LINE: usize = 1 << 20;

/// One line, without its line end.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// From 1.
    pub number: u64,
    /// Bytes from the start of the source to the line.
    pub offset: u64,
    /// Decoded text: UTF-16 by BOM, else UTF-8 where valid, else Windows-1252.
    pub text: &'a str,
    /// The line was longer than [`MAX_LINE`]; `text` is its beginning.
    pub cut: bool,
}

/// What the walk over the lines met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCount {
    /// Lines.
    pub lines: u64,
    /// Lines that were longer than [`MAX_LINE`].
    pub cut: u64,
}
