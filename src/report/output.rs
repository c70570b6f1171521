//! What an output is.

use std::io;

use super::style::Style;
use crate::model::analysis::Analysis;

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
    /// Writes the whole report.
    pub write: fn(&Analysis, &Style, &mut dyn io::Write) -> io::Result<()>,
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
