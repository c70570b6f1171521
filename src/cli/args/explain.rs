//! `explain`.

use clap::Args;

use super::{InputArgs, OutputArgs, TalkArgs};

const EXAMPLES: &str = "\
Examples:
  logonstorm explain WS042 exports/
  logonstorm explain 10.0.0.5 exports/ --from 2001-03-12
  logonstorm explain WS042 exports/ -f json -o ws042.json
";

/// `explain`.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES)]
pub(in crate::cli) struct ExplainArgs {
    /// The client, as a report names it
    #[arg(value_name = "WORKSTATION")]
    pub(in crate::cli) name: String,
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    /// What goes to standard output: table, json
    #[arg(short, long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    pub(in crate::cli) format: String,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
    #[command(flatten)]
    pub(in crate::cli) talk: TalkArgs,
}
