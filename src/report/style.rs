//! What the person may say about the looks of a report.

use chrono_tz::Tz;

use crate::model::analysis::{Analysis, Row};

/// Looks of a report. Values are never changed by it, only which rows are shown and how.
#[derive(Clone, Debug)]
pub struct Style {
    /// Columns of the terminal; at least [`Style::MIN_WIDTH`] is assumed.
    pub width: usize,
    /// Colours and bold, by ANSI escape sequences.
    pub color: bool,
    /// Zone of the times shown to people. JSON and CSV are always UTC, but for `excel`.
    pub zone: Tz,
    /// Also list what is no storm.
    pub all: bool,
    /// CSV for a spreadsheet: BOM, and times in `zone` as a spreadsheet reads them.
    pub excel: bool,
    /// Separator of CSV cells.
    pub delimiter: u8,
    /// CSV without guard and escapes.
    pub raw: bool,
    /// List also what needs no attention: unrecognised files, notes.
    pub verbose: bool,
}

impl Style {
    /// Narrowest layout.
    pub const MIN_WIDTH: usize = 60;
    /// Widest text: longer lines are hard to read.
    pub const MAX_PROSE: usize = 110;

    /// Columns for prose.
    pub fn prose(&self) -> usize {
        self.width.clamp(Self::MIN_WIDTH, Self::MAX_PROSE)
    }

    /// The rows to list, in order of rank.
    pub fn rows<'a>(&self, analysis: &'a Analysis) -> impl Iterator<Item = &'a Row> {
        let all = self.all;
        analysis.rows.iter().filter(move |row| row.listed || all)
    }
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: 80,
            color: false,
            zone: Tz::UTC,
            all: false,
            excel: false,
            delimiter: b',',
            raw: false,
            verbose: false,
        }
    }
}
