//! Name filters.

use globset::{GlobBuilder, GlobMatcher};

use crate::run::Failure;

/// Matchers for the globs of one option. Case does not matter; a backslash is a backslash, as in
/// `CORP\user4`.
pub(in crate::cli) fn compile(option: &str, globs: &[String]) -> Result<Vec<GlobMatcher>, Failure> {
    let one = |glob: &String| {
        GlobBuilder::new(glob)
            .case_insensitive(true)
            .backslash_escape(false)
            .build()
            .map(|glob| glob.compile_matcher())
            .map_err(|error| Failure::Usage(format!("{option} {glob:?}: {}", error.kind())))
    };
    globs.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_ignored_and_backslashes_are_letters() {
        let globs = compile("--account", &["corp\\user?".to_owned()]).expect("a good glob");
        assert!(globs[0].is_match("CORP\\USER4"));
        assert!(compile("--account", &["[".to_owned()]).is_err());
    }
}
