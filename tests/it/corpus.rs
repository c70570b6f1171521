//! Published logs, where they are at hand.

use std::path::{Path, PathBuf};

/// The folder of published logs if it holds this one; else `None`, said aloud.
pub(crate) fn corpus(holds: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("LOGONSTORM_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from);
    if folder.join(holds).is_dir() {
        return Some(folder);
    }
    println!("skipped: no corpus at {}", folder.display());
    None
}
