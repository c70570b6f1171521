//! `remedy`.

use std::path::PathBuf;

use clap::Args;

use super::{InputArgs, TalkArgs};
use crate::report::remedy::{LEAST_RETRIES, MOST_RETRIES};

const EXAMPLES: &str = "\
Examples:
  logonstorm remedy WS042 exports/ -o fix       what would stop one client, with ready files
  logonstorm remedy --all exports/ -o fix       the same for every storm
  logonstorm remedy --all exports/ -o fix --pipe-retries 2 --pipe-retry-interval 30000

Nothing is executed or changed: the files are for you to read, and to run.
";

/// `remedy`.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES, override_usage = "logonstorm remedy [OPTIONS] -o <DIR> <WORKSTATION|--all> <PATH>...")]
pub(in crate::cli) struct RemedyArgs {
    /// Every row that something can be done about; without it, the first argument is the client, as a
    /// report names it
    #[arg(long)]
    pub(in crate::cli) all: bool,
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    /// Folder for the texts, registry files and scripts; made where it is missing
    #[arg(short, long, value_name = "DIR", help_heading = "Output")]
    pub(in crate::cli) output: PathBuf,
    /// Replace existing files
    #[arg(long, help_heading = "Output")]
    pub(in crate::cli) force: bool,
    /// `PipeRetries` in the registry files of the metering client
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Output",
        value_parser = clap::value_parser!(u32).range(i64::from(LEAST_RETRIES)..=i64::from(MOST_RETRIES)))]
    pub(in crate::cli) pipe_retries: u32,
    /// `PipeRetryInterval` in the registry files, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 60_000, help_heading = "Output",
        value_parser = clap::value_parser!(u32).range(1..=86_400_000))]
    pub(in crate::cli) pipe_retry_interval: u32,
    #[command(flatten)]
    pub(in crate::cli) talk: TalkArgs,
}
