//! What the person may say about the inputs.

use crate::model::client::AttributedBy;

/// Sign of the offset in CMTrace stamps (domain.md 6.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CmOffset {
    /// UTC = local + minutes, as Microsoft's tools write it.
    #[default]
    Bias,
    /// UTC = local - minutes, as ISO 8601 means it.
    Iso,
    /// The offset is not used.
    Ignore,
}

/// One row of the client map: a glob over paths, or an SMS resource id, and a workstation.
#[derive(Clone, Debug)]
pub struct MapRow {
    /// Path, glob or resource id as written.
    pub path: String,
    /// The workstation as written.
    pub workstation: String,
}

/// What the person may say about the inputs.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Zone of text stamps that carry none; `None`: read as UTC.
    pub time_zone: Option<chrono_tz::Tz>,
    /// Sign of CMTrace offsets.
    pub cm_offset: CmOffset,
    /// Rows of `--client-map`, in order; the first that fits wins.
    pub client_map: Vec<MapRow>,
    /// Text of `--log-profile`, already checked; `None`: the built-in profiles only.
    pub log_profile: Option<String>,
}

/// A workstation and the rule that named it.
pub type Attribution = (String, AttributedBy);
