//! The report as a spreadsheet: real dates and numbers, text as text, no formula and no link.
//!
//! [`sheet`] writes one sheet of typed cells, [`looks`] its colours, [`sheets`] says what stands on
//! each, [`book`] puts them together.

mod book;
mod looks;
mod sheet;
mod sheets;

#[cfg(test)]
mod tests;

use super::output::Output;
use crate::model::detail::Detail;

/// The spreadsheet.
pub const OUTPUT: Output = Output {
    name: "xlsx",
    extension: "xlsx",
    summary: "a spreadsheet: storms, accounts, servers, evidence, what was skipped",
    is_text: false,
    detail: Detail::Evidence,
    write: book::write,
};
