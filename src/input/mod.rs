//! Bytes to events: the register of formats, and the door that every reader hands its events
//! through.
//!
//! [`walk`] finds files, [`sniff`] recognises them by content, [`drive`] reads them in parallel and
//! hands the pieces over in order, [`collect`] keeps what the main job needs. A reader sees bytes and
//! a [`door::Sink`], nothing else.

pub mod archive;
pub mod attribution;
pub mod client;
pub mod client_map;
pub mod collect;
pub mod door;
pub mod drive;
pub mod evt;
pub mod evtx;
mod gate;
mod hand;
pub mod intern;
#[cfg(test)]
mod kept;
pub mod lines;
pub mod memo;
mod merge;
pub mod netlogon;
pub mod options;
pub mod runs;
pub mod sniff;
pub mod stamp;
mod tasks;
pub mod text;
pub mod walk;
pub mod windows;

pub use collect::gather;

/// Every format that is read. A new one is a file with a `FORMAT` and a line here. The surest wins;
/// ties go to the first.
#[rustfmt::skip] // one format, one line
pub const FORMATS: &[&door::Format] = &[
    &evtx::FORMAT,
    &evt::FORMAT,
    &client::formats::METERING,
    &client::formats::SMS,
    &netlogon::FORMAT,
    &text::xml::FORMAT,
    &text::event_viewer_old::CSV,
    &text::event_viewer_old::TXT,
    &text::event_viewer_new::CSV,
    &text::event_viewer_new::TXT,
    &text::otrf::FORMAT,
    &text::winlogbeat::FORMAT,
    &text::powershell_json::FORMAT,
    &text::powershell_csv::FORMAT,
    &text::log_parser::FORMAT,
    &text::syslog::FORMAT,
    &text::event_comb::FORMAT,
    &text::dumpel::FORMAT,
    &text::wevtutil_text::FORMAT,
];
