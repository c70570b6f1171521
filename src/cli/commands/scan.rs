//! `scan`: read, conclude, write.

use std::path::PathBuf;

use crate::cli::args::{ScanArgs, TalkArgs};
use crate::cli::exit::Exit;
use crate::cli::lower::{options, outputs};
use crate::cli::progress::Bar;
use crate::cli::{messages, terminal, writing};
use crate::model::analysis::Analysis;
use crate::report::output::{Output, detail};
use crate::report::style::Style;
use crate::run::{self, Failure};

/// Runs the command.
pub(in crate::cli) fn run(args: &ScanArgs) -> anyhow::Result<Exit> {
    terminal::set_color(args.talk.color);
    let shown = outputs::format(&args.format)?;
    let files = outputs::files(&args.output.output)?;
    let style = style(args)?;
    let detail = detail(files.iter().map(|(_, output)| *output).chain([shown]));
    let options = run::options::Options {
        all: args.look.all,
        listed_only: !args.look.all,
        ..options::lower(&args.input, detail)?
    };
    let paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
    let opened = writing::open(&paths, args.output.force)?;

    let analysis = scan(&options, &args.talk)?;
    let exit = Exit::of_analysis(&analysis, args.talk.strict, args.talk.fail_on);
    messages::told(&analysis.inputs.skipped, &args.talk, shown.name == "table" && exit != Exit::Failed);
    if exit == Exit::Failed {
        return Err(messages::nothing_read(analysis.inputs.unrecognised, &args.talk));
    }
    for ((path, output), opened) in files.iter().zip(opened) {
        write_file(path, output, opened, &analysis, &style)?;
        if !args.talk.quiet {
            messages::done(&format!("wrote {}", path.display()));
        }
    }
    let write = || writing::stdout(&|out| (shown.write)(&analysis, &style, out));
    match options.threads {
        Some(1) => write()?,
        _ => options.on_threads(write)??,
    }
    // The process ends now: thousands of rows go with it at once, not one by one.
    std::mem::forget(analysis);
    Ok(exit)
}

fn write_file(
    path: &std::path::Path,
    output: &Output,
    opened: crate::fsio::replace::Replacement,
    analysis: &Analysis,
    style: &Style,
) -> Result<(), Failure> {
    let style = Style { color: false, ..style.clone() };
    writing::file(path, opened, &|out| (output.write)(analysis, &style, out))
}

/// Reads and concludes, with a progress bar where one is wanted.
pub(in crate::cli) fn scan(options: &run::options::Options, talk: &TalkArgs) -> Result<Analysis, Failure> {
    let bar = Bar::new(terminal::progress(talk.progress, talk.quiet), talk.verbose);
    let result = run::scan(options, &bar);
    bar.finish();
    result
}

fn style(args: &ScanArgs) -> Result<Style, Failure> {
    Ok(Style {
        width: terminal::width(),
        color: terminal::color(args.talk.color),
        zone: options::zone("--display-zone", &args.input.display_zone)?,
        all: args.look.all,
        excel: args.look.excel,
        delimiter: outputs::delimiter(&args.look)?,
        raw: args.look.raw,
        verbose: args.talk.verbose,
    })
}
