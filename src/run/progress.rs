//! What a run tells while it works.

/// Told by a run, from any thread. Nothing of it enters a result.
pub trait Progress: Sync {
    /// How many bytes there are to read, as far as known; may grow.
    fn total(&self, bytes: u64);
    /// So many more bytes were read.
    fn advance(&self, bytes: u64);
    /// Something that only a curious person wants to know: a file passed over, a link not followed.
    fn detail(&self, text: &str);
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn total(&self, _bytes: u64) {}
    fn advance(&self, _bytes: u64) {}
    fn detail(&self, _text: &str) {}
}
