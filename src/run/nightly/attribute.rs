//! To whom the client logs seen so far belong: asked anew each night, because the client map and the
//! rules may have changed since they were read.

use crate::input::attribution::{attribute, is_older};
use crate::input::client_map::ClientMap;
use crate::model::gathered::{Gathered, Severity, Skipped};

/// What places of these notes say that was being read.
const WHAT: &str = "attribution";

/// Gives every client log to the workstation that its path and the map name tonight.
pub(super) fn attribute_again(seen: &mut Gathered, map: &ClientMap) {
    seen.skipped.retain(|place| place.what != WHAT);
    for log in &mut seen.clients {
        let Some(file) = seen.files.get(log.file.0 as usize) else { continue };
        let servers = log.servers.iter().cloned().collect();
        let given = attribute(&file.path, &log.profile_files, map, &servers);
        log.older = is_older(&file.path);
        log.workstation = given.workstation;
        if log.earlier == 0 {
            seen.skipped.extend(given.warnings.into_iter().map(|why| Skipped {
                file: file.path.clone(),
                at: String::new(),
                what: WHAT.to_owned(),
                why,
                severity: Severity::Note,
            }));
        }
    }
    seen.skipped.sort();
}
