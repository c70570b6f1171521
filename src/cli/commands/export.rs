//! `export`: the events themselves, one row each.

use std::io;
use std::path::Path;

use crate::cli::args::{ExportArgs, FailOn, TalkArgs};
use crate::cli::exit::Exit;
use crate::cli::lower::{events, options};
use crate::cli::progress::Bar;
use crate::cli::{messages, terminal, writing};
use crate::export::writer::Look;
use crate::model::detail::Detail;
use crate::run::export::{Exported, Survey, Target};
use crate::run::options::Options;
use crate::run::{self, Failure};

/// Runs the command.
pub(in crate::cli) fn run(args: &ExportArgs) -> anyhow::Result<Exit> {
    terminal::set_color(args.talk.color);
    if args.talk.fail_on != FailOn::None {
        return Err(Failure::Usage("--fail-on is for reports: scan and explain".to_owned()).into());
    }
    let (file, format) = events::target(args.output.as_deref(), args.format.as_deref())?;
    let options = options::lower(&args.input, Detail::default())?;
    let path = file.unwrap_or(Path::new("standard output"));
    let mut opened = file.map(|path| writing::open_one(path, args.force)).transpose()?;

    let bar = Bar::new(terminal::progress(args.talk.progress, args.talk.quiet), args.talk.verbose);
    let survey = run::export::survey(&options, &bar)?;
    bar.pause(|| messages::told(&survey.skipped, &args.talk, false));
    let exit = Exit::of_inputs(survey.files, survey.told, &survey.skipped, args.talk.strict);
    if exit == Exit::Failed {
        bar.finish();
        return Err(messages::nothing_read(survey.unrecognised, &args.talk));
    }
    let out: Box<dyn io::Write + Send + '_> = match &mut opened {
        Some(file) => Box::new(file),
        None => Box::new(io::stdout()),
    };
    let look = Look { raw: args.raw };
    let exported = write(&options, survey, args.all_events, Job { format, look, path, out }, &bar);
    bar.finish();
    let exported = exported?;
    if let Some(file) = opened {
        writing::commit(path, file)?;
    }
    left_out(&exported, &args.talk);
    if file.is_some() && !args.talk.quiet {
        messages::done(&format!("wrote {} ({} rows)", path.display(), exported.rows));
    }
    Ok(exit.with_bad_times(exported.bad_times, args.talk.strict))
}

/// What is written where.
struct Job<'a> {
    format: &'static crate::export::writer::Format,
    look: Look,
    path: &'a Path,
    out: Box<dyn io::Write + Send + 'a>,
}

fn write(options: &Options, survey: Survey, all_events: bool, job: Job<'_>, bar: &Bar) -> Result<Exported, Failure> {
    let path = job.path;
    let failed = |source: io::Error| Failure::Output { path: path.to_owned(), source };
    let mut rows = (job.format.start)(job.out, &job.look).map_err(failed)?;
    let exported = run::export::export(options, survey, all_events, Target { rows: rows.as_mut(), path }, bar)?;
    rows.finish().map_err(failed)?;
    Ok(exported)
}

/// Events that were read and not written are told.
fn left_out(exported: &Exported, talk: &TalkArgs) {
    if talk.quiet {
        return;
    }
    for (count, why) in [
        (exported.bad_times, "have impossible times (before 1980 or after 2100) and are left out"),
        (exported.recovered, "were recovered from slack and are left out"),
    ] {
        if count > 0 {
            messages::done(&format!("events: {count} {why}"));
        }
    }
    if talk.verbose && exported.duplicates > 0 {
        messages::detail(&format!("copies of numbered records left out: {}", exported.duplicates));
    }
}
