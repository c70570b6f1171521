//! `state show`, `state check`, `state reset`: what the nightly job remembers.

use std::path::PathBuf;

use crate::cli::args::{SettingsArgs, StateCommand, WhichState};
use crate::cli::exit::Exit;
use crate::cli::lower::{nightly as lowered, options};
use crate::cli::{messages, writing};
use crate::escape::terminal::terminal;
use crate::model::time::rfc3339;
use crate::run::Failure;
use crate::run::nightly::{state_check, state_reset, state_show};

/// Runs the command.
pub(in crate::cli) fn run(command: &StateCommand) -> anyhow::Result<Exit> {
    match command {
        StateCommand::Show(which) => print(&state_show(&folder(which)?)?.to_string())?,
        StateCommand::Check(which) => {
            let summary = state_check(&folder(which)?)?;
            print(&format!("{summary}the state is sound\n"))?;
        }
        StateCommand::Reset { which, force } => reset(folder(which)?, *force)?,
    }
    Ok(Exit::Made)
}

fn folder(which: &WhichState) -> Result<PathBuf, Failure> {
    let args = SettingsArgs { state: which.state.clone(), config: which.config.clone(), ..SettingsArgs::default() };
    lowered::needed(&lowered::settings(&args)?.state, "state")
}

/// Names of servers are foreign text.
fn print(text: &str) -> anyhow::Result<()> {
    writing::stdout(&|out| text.lines().try_for_each(|line| writeln!(out, "{}", terminal(line))))?;
    Ok(())
}

fn reset(folder: PathBuf, force: bool) -> Result<(), Failure> {
    if !force {
        return Err(Failure::Usage(format!(
            "{} would be forgotten, with all that only files told that are gone; --force does it",
            folder.display()
        )));
    }
    match state_reset(&folder, &rfc3339(options::now()))? {
        true => messages::done(&format!("{}: forgotten; the next night reads everything", folder.display())),
        false => messages::done(&format!("{}: there was no state", folder.display())),
    }
    Ok(())
}
