//! The report for a terminal.

pub mod head;
pub mod rows;
pub mod write;

use super::output::Output;
use crate::model::detail::Detail;

/// The terminal report.
pub const OUTPUT: Output = Output {
    name: "table",
    extension: "",
    summary: "for people, on a terminal",
    is_text: true,
    detail: Detail::Line,
    write: write::write,
};
