//! Formats of cells.

use rust_xlsxwriter::{Color, Format, FormatAlign};

use crate::escape::csv::is_formula;
use crate::report::data::cells::Cell;

/// The formats of one sheet.
pub(super) struct Looks {
    pub(super) header: Format,
    pub(super) text: Format,
    /// Text that would be a formula if somebody edited the cell.
    guarded: Format,
    count: Format,
    number: Format,
    time: Format,
    alarm: Format,
    warn: Format,
    good: Format,
}

impl Looks {
    pub(super) fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        let filled =
            |fill: u32, font: u32| top().set_background_color(Color::RGB(fill)).set_font_color(Color::RGB(font));
        Self {
            header: Format::new().set_bold().set_background_color(Color::RGB(0x00D9_E1F2)),
            text: top(),
            guarded: top().set_quote_prefix(),
            count: top().set_num_format("#,##0"),
            number: top(),
            time: top().set_num_format("yyyy-mm-dd hh:mm:ss").set_align(FormatAlign::Left),
            alarm: filled(0x00FF_C7CE, 0x009C_0006),
            warn: filled(0x00FF_EB9C, 0x007F_6000),
            good: filled(0x00C6_EFCE, 0x0000_6100),
        }
    }

    /// The colour of a word of our own: classes, verdicts, severities.
    fn word(&self, word: &str) -> &Format {
        match word {
            "storm" | "unreadable" => &self.alarm,
            "possible-storm" | "spray" | "scanner" | "contradicted" | "damage" => &self.warn,
            "confirmed" => &self.good,
            _ => &self.text,
        }
    }

    /// The format of a cell, by its type; of a word, by what it says.
    pub(super) fn of(&self, cell: &Cell) -> &Format {
        match cell {
            Cell::Text(text) if is_formula(text) => &self.guarded,
            Cell::Word(word) => self.word(word),
            Cell::Count(_) => &self.count,
            Cell::Time(_) => &self.time,
            Cell::Number(_) => &self.number,
            Cell::Text(_) | Cell::Flag(_) | Cell::Empty => &self.text,
        }
    }
}
