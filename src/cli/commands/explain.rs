//! `explain`: the same reading as `scan`, then everything about one row.

use std::path::PathBuf;

use anyhow::Context;

use crate::cli::args::ExplainArgs;
use crate::cli::commands::scan::scan;
use crate::cli::exit::Exit;
use crate::cli::lower::options;
use crate::cli::{messages, terminal, writing};
use crate::model::analysis::{Analysis, Row};
use crate::model::detail::Detail;
use crate::model::workstation::canonical;
use crate::report::explain;
use crate::report::style::Style;
use crate::run::{self, Failure};

/// Runs the command.
pub(in crate::cli) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    terminal::set_color(args.talk.color);
    let as_json = is_json(&args.format, "-f")?;
    let mut files: Vec<(PathBuf, bool)> = Vec::new();
    for path in args.output.output.iter().filter(|path| path.as_os_str() != "-") {
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        files.push((path.clone(), is_json(&extension, "-o: the extension")?));
    }
    let style = Style {
        width: terminal::width(),
        color: terminal::color(args.talk.color),
        zone: options::zone("--display-zone", &args.input.display_zone)?,
        verbose: args.talk.verbose,
        ..Style::default()
    };
    let options = run::options::Options { names: names(&args.name), ..options::lower(&args.input, Detail::Records)? };
    let paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
    let opened = writing::open(&paths, args.output.force)?;

    let analysis = scan(&options, &args.talk)?;
    messages::told(&analysis.inputs.skipped, &args.talk, false);
    let exit = Exit::of_analysis(&analysis, args.talk.strict, args.talk.fail_on);
    if exit == Exit::Failed {
        return Err(messages::nothing_read(analysis.inputs.unrecognised, &args.talk));
    }
    let row = find(&analysis, &args.name).with_context(|| missing(&analysis, &args.name))?;
    let write = |json: bool, color: bool| {
        let style = Style { color, ..style.clone() };
        let (analysis, row) = (&analysis, row);
        move |out: &mut dyn std::io::Write| match json {
            true => explain::json(analysis, row, out),
            false => explain::text(analysis, row, &style, out),
        }
    };
    for ((path, json), opened) in files.iter().zip(opened) {
        writing::file(path, opened, &write(*json, false))?;
        if !args.talk.quiet {
            messages::done(&format!("wrote {}", path.display()));
        }
    }
    writing::stdout(&write(as_json, style.color))?;
    Ok(exit)
}

fn is_json(word: &str, option: &str) -> Result<bool, Failure> {
    match word.to_ascii_lowercase().as_str() {
        "json" => Ok(true),
        "table" | "text" | "txt" => Ok(false),
        _ => Err(Failure::Usage(format!("{option} {word:?}: explain writes table (.txt) or json (.json)"))),
    }
}

/// The row of that name: as reported, else as its canonical form says, in any case.
pub(in crate::cli) fn find<'a>(analysis: &'a Analysis, name: &str) -> Option<&'a Row> {
    let wanted = canonical_name(name);
    let by = |name: &str| analysis.rows.iter().find(|row| row.workstation.eq_ignore_ascii_case(name));
    by(name).or_else(|| by(&wanted))
}

/// The names under which a client is kept whatever the memory budget.
pub(in crate::cli) fn names(name: &str) -> Vec<String> {
    vec![name.to_owned(), canonical_name(name)]
}

fn canonical_name(name: &str) -> String {
    match canonical(name) {
        Some(Ok(name)) => name,
        Some(Err(address)) => address.to_string(),
        None => name.to_owned(),
    }
}

/// The message where there is no such row.
pub(in crate::cli) fn missing(analysis: &Analysis, name: &str) -> String {
    let near: Vec<String> = analysis
        .rows
        .iter()
        .map(|row| row.workstation.clone())
        .filter(|other| other.to_lowercase().contains(&name.to_lowercase()))
        .take(5)
        .collect();
    let message = format!("there is no workstation \"{name}\" in these logs");
    if near.is_empty() { message } else { format!("{message}; there is {}", crate::report::words::list(&near, 5)) }
}
