//! From the arguments of the process to its exit code.

use std::io;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use super::args::{Cli, Command};
use super::exit::Exit;
use super::{commands, hints};

/// The way out after Ctrl-C, and after SIGTERM and SIGHUP: no temporary file stays.
#[expect(clippy::disallowed_methods, reason = "the handler's thread cannot return to main; temporary files are gone")]
fn interrupted() {
    crate::fsio::replace::remove_temporary_files();
    std::process::exit(i32::from(Exit::Interrupted.code()));
}

/// Runs the command line and returns the exit code.
pub fn main() -> ExitCode {
    // Without a handler an interrupt still ends the process; only temporary files would stay.
    let _ = ctrlc::set_handler(interrupted);
    let exit = match Cli::try_parse() {
        Ok(cli) => run(&cli.command),
        Err(error) => usage(&error),
    };
    ExitCode::from(exit.code())
}

fn run(command: &Command) -> Exit {
    let result = match command {
        Command::Scan(args) => commands::scan::run(args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Nightly(args) => commands::nightly::run(args),
        Command::Config(command) => commands::config::run(command),
        Command::State(command) => commands::state::run(command),
        Command::Remedy(args) => commands::remedy::run(args),
        Command::Simulate(args) => commands::simulate::run(args),
        Command::Export(args) => commands::export::run(args),
        Command::Formats => commands::formats::run(),
        Command::Thresholds { sigma, threshold } => commands::thresholds::run(*sigma, threshold),
        Command::Completions { shell } => commands::packaging::completions(*shell),
        Command::Man => commands::packaging::man(),
    };
    result.unwrap_or_else(|error| report(&error))
}

/// A failed command: the message, then the code. A closed pipe is no failure.
fn report(error: &anyhow::Error) -> Exit {
    let closed = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(closed) {
        return Exit::Made;
    }
    super::messages::error(&format!("{error:#}"));
    if let Some(hint) = error.downcast_ref().and_then(hints::for_failure) {
        super::messages::hint(hint);
    }
    Exit::of_error(error)
}

/// What clap has to say: help and version are no errors; unknown flags may be those of other tools.
fn usage(error: &clap::Error) -> Exit {
    // Nothing can be done when even the message cannot be written.
    let _ = error.print();
    if !error.use_stderr() {
        return Exit::Made;
    }
    if matches!(error.kind(), ErrorKind::UnknownArgument)
        && let Some(hint) = hints::for_error(error)
    {
        super::messages::hint(hint);
    }
    if matches!(error.kind(), ErrorKind::MissingRequiredArgument)
        && let Some(hint) = hints::for_file_as_format(std::env::args_os())
    {
        super::messages::hint(&hint);
    }
    Exit::Usage
}
