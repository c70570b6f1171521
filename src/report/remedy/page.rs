//! A plain text of lines that people can print.

use crate::escape::terminal::terminal;
use crate::report::text::hang;

/// Columns of every text.
const COLUMNS: usize = 80;

/// A text under construction. Every foreign name in it is escaped here.
#[derive(Default)]
pub(super) struct Page(String);

impl Page {
    /// A heading, underlined.
    pub(super) fn title(&mut self, text: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        let shown = hang("", &terminal(text), COLUMNS);
        let widest = shown.lines().map(crate::report::text::width).max().unwrap_or(0);
        self.0.push_str(&shown);
        self.0.push_str(&format!("{}\n\n", "-".repeat(widest)));
    }

    /// A paragraph.
    pub(super) fn prose(&mut self, text: &str) {
        self.hung("", text);
    }

    /// A text that hangs beside a lead of our own.
    pub(super) fn hung(&mut self, lead: &str, text: &str) {
        self.0.push_str(&hang(lead, &terminal(text), COLUMNS));
    }

    /// A line of our own that keeps its blanks.
    pub(super) fn line(&mut self, text: &str) {
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.0.push('\n');
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        self.0
    }
}
