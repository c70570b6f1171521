//! A client map that does nothing.

use crate::input::client_map::ClientMap;
use crate::model::client::ClientLog;
use crate::model::gathered::{Gathered, Severity, Skipped};

/// A client map of which no row fits any client log: most likely its paths are wrong.
pub(super) fn idle_map(gathered: &Gathered, map: &ClientMap) -> Option<Skipped> {
    let fits = |log: &ClientLog| map.find(gathered.path(log.file)).is_some();
    let idle = !map.is_empty() && !gathered.clients.is_empty() && !gathered.clients.iter().any(fits);
    idle.then(|| Skipped {
        file: "--client-map".to_owned(),
        at: String::new(),
        what: "rows".to_owned(),
        why: "none of them fits the path of a client log".to_owned(),
        severity: Severity::Note,
    })
}
