//! `config show`: the merged configuration, each value with its origin.

use crate::cli::args::ConfigCommand;
use crate::cli::config::show;
use crate::cli::exit::Exit;
use crate::cli::{lower, writing};

/// Runs the command.
pub(in crate::cli) fn run(command: &ConfigCommand) -> anyhow::Result<Exit> {
    let ConfigCommand::Show(args) = command;
    let settings = lower::nightly::settings(args)?;
    let text = show::text(&settings);
    writing::stdout(&|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Made)
}
