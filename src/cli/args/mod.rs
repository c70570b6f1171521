//! What may be typed. Nothing is checked here that needs a file, a clock or another option.

mod common;
mod explain;
mod export;
mod nightly;
mod remedy;
mod scan;
mod simulate;

use clap::{Parser, Subcommand};

pub(super) use common::{FailOn, InputArgs, OutputArgs, Sign, TalkArgs, When};
pub(super) use explain::ExplainArgs;
pub(super) use export::ExportArgs;
pub(super) use nightly::{ConfigCommand, NightlyArgs, Scheduler, SettingsArgs, StateCommand, WhichState};
pub(super) use remedy::RemedyArgs;
pub(super) use scan::{LookArgs, ScanArgs};
pub(super) use simulate::SimulateArgs;

const EXAMPLES: &str = "\
Examples:
  logonstorm scan exports/                      who storms, and how sure that is
  logonstorm scan exports/ -o storms.csv        the same, also as a file
  logonstorm explain WS042 exports/             everything about one client
  logonstorm nightly --config nightly.toml      the scheduled job: reads only what is new
  logonstorm simulate -o fleet                  a fleet with known answers, to try it
";

/// Finds the clients that storm a Windows server with failed logons, and proves why.
#[derive(Debug, Parser)]
#[command(name = "logonstorm", version, before_help = EXAMPLES, disable_help_subcommand = true)]
pub(super) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Read logs, find storms, join both sides, report.
    Scan(Box<ScanArgs>),
    /// Everything known about one client: evidence, matched pairs, what would stop it.
    Explain(Box<ExplainArgs>),
    /// The scheduled job: reads only what is new, keeps a state, writes dated reports.
    Nightly(Box<NightlyArgs>),
    /// The configuration of the nightly job.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// What the nightly job remembers.
    #[command(subcommand)]
    State(StateCommand),
    /// What would stop the storms, with ready files.
    Remedy(Box<RemedyArgs>),
    /// Write a synthetic fleet with known answers.
    Simulate(SimulateArgs),
    /// The events themselves, normalised: one row per failure and attempt.
    Export(Box<ExportArgs>),
    /// What can be read.
    Formats,
    /// Every threshold with default, unit and reason.
    Thresholds {
        /// The rate rule as Sigma correlation rules (YAML) instead
        #[arg(long)]
        sigma: bool,
        /// Another value for one of them; may be repeated
        #[arg(long, value_name = "NAME=VALUE")]
        threshold: Vec<String>,
    },
    /// Completions for a shell, on standard output.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// The manual page, on standard output.
    Man,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn definitions_are_consistent() {
        Cli::command().debug_assert();
    }
}
