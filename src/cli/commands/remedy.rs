//! `remedy`: the same reading as `scan`, then what would stop the storms, as files.

use anyhow::Context;

use crate::cli::args::{InputArgs, RemedyArgs};
use crate::cli::commands::explain::{find, missing, names};
use crate::cli::commands::scan::scan;
use crate::cli::exit::Exit;
use crate::cli::lower::options;
use crate::cli::{messages, terminal, writing};
use crate::escape::terminal::terminal as safe;
use crate::model::analysis::{Analysis, Row};
use crate::model::detail::Detail;
use crate::report::remedy::{Values, client, files, overview};
use crate::report::words::plural;
use crate::run::options::Options;
use crate::run::{self, Failure};

/// Runs the command.
pub(in crate::cli) fn run(args: &RemedyArgs) -> anyhow::Result<Exit> {
    terminal::set_color(args.talk.color);
    let zone = options::zone("--display-zone", &args.input.display_zone)?;
    let (name, options) = lower(args)?;
    run::remedy::check(&args.output, args.force)?;

    let analysis = scan(&options, &args.talk)?;
    messages::told(&analysis.inputs.skipped, &args.talk, false);
    let exit = Exit::of_analysis(&analysis, args.talk.strict, args.talk.fail_on);
    if exit == Exit::Failed {
        return Err(messages::nothing_read(analysis.inputs.unrecognised, &args.talk));
    }
    let rows: Vec<&Row> = match &name {
        Some(name) => vec![find(&analysis, name).with_context(|| missing(&analysis, name))?],
        None => to_be_stopped(&analysis),
    };
    let values = Values { retries: args.pipe_retries, interval_ms: args.pipe_retry_interval };
    let made = files(&analysis, &rows, values, zone);
    run::remedy::write(&made, &args.output, args.force)?;
    if !args.talk.quiet {
        let count = plural(made.len() as u64, "file", "files");
        messages::done(&format!("wrote {count} to {}; nothing was executed or changed", args.output.display()));
    }
    let shown = match (&name, rows.first()) {
        (Some(_), Some(row)) => client(row, values, zone),
        _ => overview(&analysis, &rows, values, zone),
    };
    writing::stdout(&|out| out.write_all(shown.as_bytes()))?;
    Ok(exit)
}

/// The client, `None` for all, and what to read: without `--all` the first argument is the client.
fn lower(args: &RemedyArgs) -> Result<(Option<String>, Options), Failure> {
    let mut options = options::lower(&args.input, Detail::Evidence)?;
    if args.all {
        options.listed_only = true;
        return Ok((None, options));
    }
    let name = options.paths.remove(0);
    if options.paths.is_empty() {
        return Err(Failure::Usage(no_paths(&args.input)));
    }
    let name = name.to_string_lossy().into_owned();
    options.names = names(&name);
    Ok((Some(name), options))
}

fn no_paths(input: &InputArgs) -> String {
    let only = input.paths.first().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
    let only = safe(&only);
    format!("remedy takes a client and what to read: logonstorm remedy WS042 {only}, or logonstorm remedy --all {only}")
}

/// Listed rows that something can be done about, in order of rank.
fn to_be_stopped(analysis: &Analysis) -> Vec<&Row> {
    analysis.rows.iter().filter(|row| row.listed && !row.evidence.remedies.is_empty()).collect()
}
