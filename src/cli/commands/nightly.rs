//! `nightly`: the scheduled job.

use crate::cli::args::{FailOn, NightlyArgs, TalkArgs};
use crate::cli::exit::Exit;
use crate::cli::lower::nightly::{self as lowered, Lowered};
use crate::cli::lower::outputs;
use crate::cli::progress::Bar;
use crate::cli::{messages, terminal, writing};
use crate::model::gathered::{Severity, Skipped};
use crate::report::style::Style;
use crate::report::words::{bytes, count, plural};
use crate::run::nightly::{Done, date, nightly, write_textfile};

/// Runs the command.
pub(in crate::cli) fn run(args: &NightlyArgs) -> anyhow::Result<Exit> {
    terminal::set_color(args.color);
    let settings = lowered::settings(&args.settings)?;
    let night = lowered::job(args, &settings)?;
    if let Some(scheduler) = args.print_schedule {
        return super::schedule::run(args, &settings, scheduler);
    }
    let shown = args.format.as_deref().map(outputs::format).transpose()?;
    let talk = talk(args, &night);

    let bar = Bar::new(terminal::progress(args.progress, args.quiet), args.verbose);
    let done = nightly(&night.job, &bar);
    bar.finish();
    let done = done?;
    let exit = Exit::of_analysis(&done.analysis, talk.strict, talk.fail_on);
    say(&done, &night, &talk, exit);
    if exit == Exit::Failed {
        return Err(anyhow::anyhow!("none of the inputs holds a log that can be read; nothing was written"));
    }
    if let (Some(path), false) = (&night.metrics, args.dry_run) {
        let seconds = crate::cli::lower::options::now().saturating_sub(night.now);
        write_textfile(path, &night.job, &done, night.now + seconds, seconds)?;
    }
    if let Some(output) = shown {
        let style = Style {
            width: terminal::width(),
            color: terminal::color(args.color),
            verbose: args.verbose,
            ..night.job.style.clone()
        };
        writing::stdout(&|out| (output.write)(&done.analysis, &style, out))?;
    }
    Ok(exit)
}

fn talk(args: &NightlyArgs, night: &Lowered) -> TalkArgs {
    TalkArgs {
        strict: night.strict,
        fail_on: night.fail_on,
        color: args.color,
        progress: args.progress,
        quiet: args.quiet,
        verbose: args.verbose,
    }
}

/// What could not be read, and one line for logs. `-q` is silent on success only: whoever is told by
/// an exit code also wants to know why.
fn say(done: &Done, night: &Lowered, talk: &TalkArgs, exit: Exit) {
    let skipped = &done.analysis.inputs.skipped;
    let grave = if talk.strict { Severity::Damage } else { Severity::Unreadable };
    let places: Vec<Skipped> =
        skipped.iter().filter(|place| talk.verbose || place.severity >= grave).cloned().collect();
    let loud = TalkArgs { quiet: talk.quiet && exit == Exit::Made, fail_on: FailOn::None, ..*talk };
    messages::told(&places, &loud, false);
    if !loud.quiet && exit != Exit::Failed {
        messages::done(&summary(done, night));
    }
}

/// `nightly 2001-03-14: since 2001-03-13: 1 new, …; read 2 of 47 files (1.0 MiB of 4.0 GiB); reports in …`.
fn summary(done: &Done, night: &Lowered) -> String {
    let job = &night.job;
    let date = date(job.night);
    let dry = if job.dry_run { " (dry run: nothing was written)" } else { "" };
    let mut parts = vec![done.changed.clone()];
    parts.push(format!(
        "read {} of {} ({} of {})",
        count(done.files.0),
        plural(done.files.1, "file", "files"),
        bytes(done.bytes.0),
        bytes(done.bytes.1)
    ));
    let damaged = done.analysis.inputs.skipped.iter().filter(|place| place.severity > Severity::Note).count();
    if damaged > 0 {
        parts.push(format!("{} skipped", plural(damaged as u64, "place", "places")));
    }
    let budget = job.scan.memory;
    if budget > 0 && done.memory > budget {
        let (takes, budget) = (bytes(done.memory), bytes(budget));
        parts.push(format!("takes about {takes} of memory, more than {budget}, as no event may be forgotten"));
    }
    if !done.removed.is_empty() {
        parts.push(format!("{} removed", plural(done.removed.len() as u64, "old report folder", "old report folders")));
    }
    if !job.dry_run {
        parts.push(format!("reports in {}", job.reports.join(&date).display()));
    }
    format!("nightly {date}{dry}: {}", parts.join("; "))
}
