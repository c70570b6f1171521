//! What the person may say about the inputs.

use std::sync::Arc;

use crate::input::client::profile::Profile;
use crate::input::client_map::ClientMap;

/// Sign of the offset in CMTrace stamps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CmOffset {
    /// UTC = local + minutes, as Microsoft's tools write it (the bias of TIME_ZONE_INFORMATION).
    #[default]
    Bias,
    /// UTC = local - minutes, as ISO 8601 means it.
    Iso,
    /// The offset is not used.
    Ignore,
}

/// What the person may say about the inputs.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Zone of text stamps that carry none; `None`: read as UTC.
    pub time_zone: Option<chrono_tz::Tz>,
    /// Sign of CMTrace offsets.
    pub cm_offset: CmOffset,
    /// The rows of `--client-map`; empty without one.
    pub client_map: ClientMap,
    /// The profile of `--log-profile`; `None`: the built-in one only.
    pub log_profile: Option<Arc<Profile>>,
    /// Attempts and successes of one client's log that are kept, each; `None`: all.
    pub attempts: Option<usize>,
}
