//! The merged values as TOML, each with its origin in a comment: what is shown can be saved and used.

use std::path::Path;

use super::file::IgnoreRow;
use super::origin::{Origin, Setting};
use super::settings::Settings;
use crate::escape::terminal::terminal;
use crate::model::config::PARAMS;

/// Column of the comments, where the value leaves room.
const COMMENT: usize = 44;

/// The text, one line per value.
pub(in crate::cli) fn text(settings: &Settings) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut one = |key: &str, value: String, origin: &Origin| lines.push(line(key, Some(value), origin));
    one(
        "inputs",
        list(settings.inputs.value.iter().map(|path| path_text(&settings.base.join(path)))),
        &settings.inputs.origin,
    );
    for (key, setting) in [("state", &settings.state), ("reports", &settings.reports)] {
        lines.push(line(key, setting.value.as_deref().map(quoted_path), &setting.origin));
    }
    let mut one = |key: &str, value: String, origin: &Origin| lines.push(line(key, Some(value), origin));
    one("formats", list(settings.formats.value.iter().cloned()), &settings.formats.origin);
    one("keep", settings.keep.value.to_string(), &settings.keep.origin);
    one("history", quoted(&settings.history.value), &settings.history.origin);
    one("fail_on", quoted(&settings.fail_on.value), &settings.fail_on.origin);
    one("strict", settings.strict.value.to_string(), &settings.strict.origin);
    one("display_zone", quoted(&settings.display_zone.value), &settings.display_zone.origin);
    one("cm_offset", quoted(&settings.cm_offset.value), &settings.cm_offset.origin);
    one("old_clocks", settings.old_clocks.value.to_string(), &settings.old_clocks.origin);
    one("memory", quoted(&settings.memory.value), &settings.memory.origin);
    lines.push(line("time_zone", settings.time_zone.value.as_deref().map(quoted), &settings.time_zone.origin));
    lines.push(line("threads", settings.threads.value.map(|n| n.to_string()), &settings.threads.origin));
    for (key, setting) in
        [("metrics", &settings.metrics), ("client_map", &settings.client_map), ("log_profile", &settings.log_profile)]
    {
        lines.push(line(key, setting.value.as_deref().map(quoted_path), &setting.origin));
    }
    lines.extend(ignored(&settings.ignore));
    lines.push("\n[thresholds]  # all others have their defaults: logonstorm thresholds".to_owned());
    for (name, setting) in &settings.thresholds {
        lines.push(line(name, Some(format!("{:?}", setting.value)), &setting.origin) + &default_of(name));
    }
    lines.join("\n") + "\n"
}

/// `key = value  # origin`; a value that nobody set is a comment as a whole.
fn line(key: &str, value: Option<String>, origin: &Origin) -> String {
    let comment = match origin {
        Origin::Default => "default".to_owned(),
        Origin::Flag(flag) => (*flag).to_owned(),
        Origin::File(place) => terminal(&place.to_string()).into_owned(),
    };
    match value {
        Some(value) => format!("{:COMMENT$}# {comment}", format!("{key} = {value} ")),
        None => format!("{:COMMENT$}# not set", format!("# {key}")),
    }
}

fn ignored(rows: &[Setting<IgnoreRow>]) -> Vec<String> {
    let mut lines = Vec::new();
    if rows.is_empty() {
        lines.push(line("ignore", Some("[]".to_owned()), &Origin::Default));
        return lines;
    }
    lines.push("ignore = [".to_owned());
    for row in rows {
        let mut parts = vec![format!("workstation = {}", quoted(&row.value.workstation))];
        parts.extend(row.value.account.as_deref().map(|account| format!("account = {}", quoted(account))));
        parts.extend(row.value.until.as_ref().map(|until| format!("until = {until}")));
        parts.extend(row.value.why.as_deref().map(|why| format!("why = {}", quoted(why))));
        let place = row.label("").trim_end_matches([':', ' ']).to_owned();
        lines.push(format!("{:COMMENT$}# {}", format!("  {{ {} }}, ", parts.join(", ")), terminal(&place)));
    }
    lines.push("]".to_owned());
    lines
}

fn default_of(name: &str) -> String {
    let info = PARAMS.iter().find(|info| info.name == name);
    info.map(|info| format!(", instead of {}", info.default)).unwrap_or_default()
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Paths are shown from the root, as a file elsewhere would have to name them.
fn path_text(path: &Path) -> String {
    std::path::absolute(path).as_deref().unwrap_or(path).display().to_string()
}

fn quoted_path(path: &Path) -> String {
    quoted(&path_text(path))
}

fn list(values: impl Iterator<Item = String>) -> String {
    format!("[{}]", values.map(|value| quoted(&value)).collect::<Vec<_>>().join(", "))
}
