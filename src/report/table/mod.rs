//! The report for a terminal.

pub mod head;
pub mod rows;
pub mod write;

use super::output::Output;

/// The terminal report.
pub const OUTPUT: Output = Output {
    name: "table",
    extension: "",
    summary: "for people, on a terminal",
    only_file: false,
    write: write::write,
};
