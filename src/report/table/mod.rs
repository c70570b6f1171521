//! The report for a terminal.

pub mod head;
pub mod rows;
pub mod write;

use super::output::Output;

/// The terminal report.
pub const OUTPUT: Output =
    Output { name: "table", extension: "", summary: "for people, on a terminal", is_text: true, write: write::write };
