//! Where a claim can be looked up, in words.

use crate::model::analysis::{Analysis, ClientLine};
use crate::model::client::TickClass;
use crate::model::event::Provenance;

/// The path of a file; empty for an unknown number.
pub fn file(analysis: &Analysis, number: u32) -> &str {
    analysis.files.get(number as usize).map_or("", String::as_str)
}

/// `DC01.evtx, EventRecordID 402100`, or `export.csv, line 17`.
pub fn of(analysis: &Analysis, at: Provenance) -> String {
    let what = if at.is_line { "line" } else { "EventRecordID" };
    format!("{}, {what} {}", file(analysis, at.file.0), at.at)
}

/// `clients/WS042/Liccli.log, line 12`.
pub fn of_line(analysis: &Analysis, line: &ClientLine) -> String {
    format!("{}, line {}", file(analysis, line.file), line.line)
}

/// What a line of the client's log tells of.
pub fn kind(class: TickClass) -> &'static str {
    match class {
        TickClass::Pipe => "pipe failed",
        TickClass::Reach => "unreachable",
    }
}
