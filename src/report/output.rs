//! What an output is.

use std::io;

use super::style::Style;
use crate::model::analysis::Analysis;
use crate::model::detail::Detail;

/// One output of the register.
pub struct Output {
    /// The word for `--format`.
    pub name: &'static str,
    /// The extension that `-o` recognises it by, without the dot; empty: not by extension.
    pub extension: &'static str,
    /// One line.
    pub summary: &'static str,
    /// It may go to standard output; false for what only a program can read.
    pub is_text: bool,
    /// How much of each row it shows: more need not be there.
    pub detail: Detail,
    /// Writes the whole report.
    pub write: fn(&Analysis, &Style, &mut dyn io::Write) -> io::Result<()>,
}

/// How much of each row these outputs show.
pub fn detail<'a>(outputs: impl IntoIterator<Item = &'a Output>) -> Detail {
    outputs.into_iter().map(|output| output.detail).max().unwrap_or(Detail::Line)
}

/// The output of that name.
pub fn by_name(name: &str) -> Option<&'static Output> {
    super::OUTPUTS.iter().find(|output| output.name == name)
}

/// The output that writes files with this extension (without the dot, any case).
pub fn by_extension(extension: &str) -> Option<&'static Output> {
    super::OUTPUTS
        .iter()
        .find(|output| !output.extension.is_empty() && output.extension.eq_ignore_ascii_case(extension))
}
