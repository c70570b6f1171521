//! `simulate`: a fleet with known answers.

use crate::cli::args::SimulateArgs;
use crate::cli::exit::Exit;
use crate::cli::lower::size;
use crate::cli::{messages, terminal};
use crate::report::words;
use crate::run::{self, Failure};
use crate::simulate::Plan;

/// Runs the command.
pub(in crate::cli) fn run(args: &SimulateArgs) -> anyhow::Result<Exit> {
    terminal::set_color(args.color);
    let summary = run::simulate(&plan(args)?, &args.output, args.force)?;
    if !args.quiet {
        messages::done(&format!(
            "wrote {} with {} events, {}, to {}; truth.json says what is in them",
            words::plural(summary.files, "file", "files"),
            words::count(summary.events),
            words::bytes(summary.bytes),
            args.output.display()
        ));
    }
    Ok(Exit::Made)
}

fn plan(args: &SimulateArgs) -> Result<Plan, Failure> {
    let size = match &args.size {
        None => None,
        Some(text) => {
            let bad = || Failure::Usage(format!("--size {text:?} is no size; write 2GiB, 800MB or a number of bytes"));
            Some(size::parse(text).filter(|bytes| *bytes > 0).ok_or_else(bad)?)
        }
    };
    Ok(Plan {
        seed: args.seed,
        days: args.days,
        workstations: args.workstations,
        scenario: args.scenario.clone(),
        size,
        format: args.format.into(),
    })
}
