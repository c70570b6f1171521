//! The only exit for foreign text.
//!
//! Names, paths and lines are chosen by whoever writes into a log. Every output sends them through
//! here: [`terminal`] for people, [`csv`] and [`sheet`] for spreadsheets, [`html`] and [`xml`] for markup,
//! [`json`] for programs, [`file_name`] for files. What is dangerous is written visibly as `\u{XX}` (see [`visible`]), never
//! dropped, so that no two names become the same.

pub mod csv;
pub mod file_name;
pub mod html;
pub mod json;
pub mod sheet;
pub mod terminal;
pub mod visible;
pub mod xml;
