//! The HTML report: one file, no network, readable without its script.
//!
//! [`page`] fills the template from [`list`] (first screen), [`heat`] (fleet by time), [`detail`]
//! (one storm: [`overview`], [`close`], [`gaps`], [`rivals`]) and [`logs`] with [`reach`] (the log's
//! own story). [`axis`], [`cover`] and [`svg`] make the pictures, [`grid`] the tables behind them.
//! Foreign text enters the page as [`text::Text`] or through `escape`, never as it is.

mod axis;
mod close;
mod cover;
mod detail;
mod gaps;
mod grid;
mod heat;
mod list;
mod logs;
mod overview;
mod page;
mod policy;
mod reach;
mod rivals;
mod svg;
mod text;

#[cfg(test)]
mod tests;

use super::output::Output;
use crate::model::detail::Detail;

/// The HTML report.
pub const OUTPUT: Output = Output {
    name: "html",
    extension: "html",
    summary: "one self-contained page: fleet, storms, evidence",
    is_text: true,
    detail: Detail::Records,
    write: page::write,
};
