//! The HTML report: one file, no network, readable without its script.
//!
//! [`page`] fills the template from [`list`] (first screen), [`heat`] (fleet by time), [`detail`]
//! (one storm) and [`logs`] (the log's own story). [`draw`] and [`svg`] make the pictures; all
//! foreign text goes through `escape` before it reaches the template, which escapes markup.

mod detail;
mod draw;
mod heat;
mod list;
mod logs;
mod page;
mod policy;
mod svg;

#[cfg(test)]
mod tests;

use super::output::Output;

/// The HTML report.
pub const OUTPUT: Output = Output {
    name: "html",
    extension: "html",
    summary: "one self-contained page: fleet, storms, evidence",
    is_text: true,
    write: page::write,
};
