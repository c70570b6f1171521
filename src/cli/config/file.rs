//! What may stand in the configuration file. Unknown keys are errors.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::origin::Place;

/// The file as it is written; a key that is left out is `None`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct File {
    /// Files or folders.
    pub(in crate::cli) inputs: Option<Spanned<Vec<String>>>,
    /// Folder of the state.
    pub(in crate::cli) state: Option<Spanned<String>>,
    /// Folder of the reports.
    pub(in crate::cli) reports: Option<Spanned<String>>,
    /// What is written each night.
    pub(in crate::cli) formats: Option<Spanned<Vec<String>>>,
    /// Dated folders that stay.
    pub(in crate::cli) keep: Option<Spanned<u32>>,
    /// How far back trains are kept in full.
    pub(in crate::cli) history: Option<Spanned<String>>,
    /// What makes exit code 4.
    pub(in crate::cli) fail_on: Option<Spanned<String>>,
    /// Prometheus textfile.
    pub(in crate::cli) metrics: Option<Spanned<String>>,
    /// Which client log belongs to whom.
    pub(in crate::cli) client_map: Option<Spanned<String>>,
    /// Which lines of another agent's log are attempts.
    pub(in crate::cli) log_profile: Option<Spanned<String>>,
    /// Zone of text stamps that carry none.
    pub(in crate::cli) time_zone: Option<Spanned<String>>,
    /// Zone of the times shown to people, and of the night's date.
    pub(in crate::cli) display_zone: Option<Spanned<String>>,
    /// Sign of CMTrace offsets.
    pub(in crate::cli) cm_offset: Option<Spanned<String>>,
    /// Search drift widely.
    pub(in crate::cli) old_clocks: Option<Spanned<bool>>,
    /// Budget for keys and trains.
    pub(in crate::cli) memory: Option<Spanned<String>>,
    /// Threads.
    pub(in crate::cli) threads: Option<Spanned<u16>>,
    /// Damage of any kind makes exit code 3.
    pub(in crate::cli) strict: Option<Spanned<bool>>,
    /// What is known and wanted out of the list.
    pub(in crate::cli) ignore: Option<Vec<Spanned<IgnoreRow>>>,
    /// Thresholds by their documented names.
    pub(in crate::cli) thresholds: Option<BTreeMap<Spanned<String>, Spanned<f64>>>,
}

/// One row of `ignore`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct IgnoreRow {
    /// Glob over workstations.
    pub(in crate::cli) workstation: String,
    /// Glob that every account of the row must fit; left out: any.
    pub(in crate::cli) account: Option<String>,
    /// Last night on which it holds, as text or as a TOML date; left out: always.
    pub(in crate::cli) until: Option<toml::Value>,
    /// Why.
    pub(in crate::cli) why: Option<String>,
}

/// Reads the text of the file at `path`. The message of an error names file, line, column and what is
/// allowed.
pub(in crate::cli) fn parse(path: &Path, text: &str) -> Result<File, String> {
    let text_only = text.strip_prefix('\u{feff}').unwrap_or(text);
    toml::from_str(text_only).map_err(|error| {
        let place = Place::of(path, text_only, error.span().unwrap_or_default());
        format!("{place}: {}", ours(error.message()))
    })
}

/// The parser's words in ours: a file has keys, not fields.
fn ours(message: &str) -> String {
    message
        .replace("unknown field", "unknown key")
        .replace("missing field", "missing key")
        .replace("duplicate field", "doubled key")
        .replace(", expected one of ", "; allowed are ")
        .replace(", expected u32", "; allowed is a whole number, 0 or more")
        .replace(", expected u16", "; allowed is a whole number from 0 to 65535")
        .replace(", expected f64", "; allowed is a number")
        .replace(", expected a boolean", "; allowed are true and false")
        .replace(", expected a string", "; allowed is a text in quotes")
        .replace(", expected a sequence", "; allowed is a list in [ ]")
        .trim()
        .replace('\n', "; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fails(text: &str, expect: &str) {
        let message = parse(Path::new("n.toml"), text).expect_err("refused");
        assert!(message.starts_with(expect), "{message}");
    }

    #[test]
    fn mistakes_are_named_with_line_column_and_what_is_allowed() {
        fails("keep = 3\nkeeep = 2\n", "n.toml, line 2, column 1: unknown key `keeep`; allowed are `inputs`, `state`");
        fails("ignore = [{workstaton = \"A\"}]", "n.toml, line 1, column 12: unknown key `workstaton`; allowed are");
        fails("\nignore = [{account = \"A\"}]", "n.toml, line 2, column 11: missing key `workstation`");
        fails("keep = \"many\"", "n.toml, line 1, column 8: invalid type: string \"many\"; allowed is a whole number");
        fails("keep = -1", "n.toml, line 1, column 8: invalid value: integer `-1`; allowed is a whole number");
        fails(
            "threads = 1.5",
            "n.toml, line 1, column 11: invalid type: floating point `1.5`; allowed is a whole number",
        );
        fails("formats = \"csv\"", "n.toml, line 1, column 11: invalid type: string \"csv\"; allowed is a list in [ ]");
        fails("inputs = [1]", "n.toml, line 1, column 11: invalid type: integer `1`; allowed is a text in quotes");
        fails(
            "strict = \"yes\"",
            "n.toml, line 1, column 10: invalid type: string \"yes\"; allowed are true and false",
        );
        fails("keep = 1\nkeep = 2", "n.toml, line 2, column 1: duplicate key");
        fails("keep = ", "n.toml, line 1, column 8: ");
        fails("inputs = [\"a\"\n", "n.toml, line ");
        fails(
            "[thresholds]\nstorm_rate = \"high\"",
            "n.toml, line 2, column 14: invalid type: string \"high\"; allowed is a number",
        );
        fails("[outputs]\n", "n.toml, line 1, column 2: unknown key `outputs`");
    }

    #[test]
    fn all_keys_are_read_and_integers_are_numbers_too() {
        let text = "\u{feff}inputs = ['a', 'b']\nkeep = 7\nignore = [{workstation = 'K*', until = 2001-06-01}]\n\
                    [thresholds]\nstorm_rate = 90\nstorm_share = 0.7\n";
        let file = parse(Path::new("n.toml"), text).expect("a good file");
        assert_eq!(file.inputs.expect("given").into_inner(), ["a", "b"]);
        let thresholds = file.thresholds.expect("given");
        let values: Vec<(&str, f64)> =
            thresholds.iter().map(|(name, value)| (name.get_ref().as_str(), *value.get_ref())).collect();
        assert_eq!(values, [("storm_rate", 90.0), ("storm_share", 0.7)]);
        assert_eq!(file.ignore.expect("given").len(), 1);
    }
}
