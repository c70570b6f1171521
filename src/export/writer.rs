//! What a format of the event export is.

use std::io;
use std::path::Path;

use super::row::Row;

/// Takes rows in their order.
pub trait Rows {
    /// One more row.
    fn row(&mut self, row: &Row<'_>) -> io::Result<()>;
    /// The end: what was written is whole after this, and only after this.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// How rows are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// CSV without guard and escapes.
    pub raw: bool,
}

/// Starts a format on a writer.
pub type Start = for<'w> fn(Box<dyn io::Write + Send + 'w>, &Look) -> io::Result<Box<dyn Rows + 'w>>;

/// One format of the register.
pub struct Format {
    /// Name for `--format`, and extension for `-o`.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Starts writing.
    pub start: Start,
}

/// The format of that name.
pub fn by_name(name: &str) -> Option<&'static Format> {
    super::FORMATS.iter().find(|format| format.name == name)
}

/// The format that a file's extension stands for.
pub fn by_path(path: &Path) -> Option<&'static Format> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    by_name(&extension)
}
