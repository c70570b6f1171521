//! Text exports of event logs: one small file per export, over the shared field tables.
//!
//! Three ways to take a file apart serve them all: [`chunks`] for XML and JSON, `rows` for lines and
//! rows of many lines, `table` for rows under a header. [`out`] hands over what they find.

mod chunks;
mod dates;
pub mod dumpel;
pub mod event_comb;
pub mod event_viewer_new;
pub mod event_viewer_old;
mod local;
pub mod log_parser;
mod objects;
pub mod otrf;
mod out;
mod plain_xml;
pub mod powershell_csv;
pub mod powershell_json;
mod rows;
mod stamp;
pub mod syslog;
mod table;
pub mod wevtutil_text;
pub mod winlogbeat;
pub mod xml;

#[cfg(test)]
mod testing;
