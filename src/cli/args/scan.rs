//! `scan`.

use clap::Args;

use super::{InputArgs, OutputArgs, TalkArgs};

const EXAMPLES: &str = "\
Examples:
  logonstorm scan exports/                        everything below a folder
  logonstorm scan DC01.evtx clients/ --from -7d   the last week
  logonstorm scan exports/ -o storms.csv -o storms.html
  logonstorm scan exports/ -f json | jq '.workstations[0]'
  logonstorm scan exports/ --status '*DISABLED' --fail-on storm
";

/// `scan`.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES)]
pub(in crate::cli) struct ScanArgs {
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    /// What goes to standard output: table, csv, json, jsonl, html, ecs, ocsf
    #[arg(short, long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    pub(in crate::cli) format: String,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
    #[command(flatten)]
    pub(in crate::cli) look: LookArgs,
    #[command(flatten)]
    pub(in crate::cli) talk: TalkArgs,
}

/// Looks of reports.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct LookArgs {
    /// List also what is no storm
    #[arg(long)]
    pub(in crate::cli) all: bool,
    /// CSV for a spreadsheet: byte order mark, times in the display zone
    #[arg(long)]
    pub(in crate::cli) excel: bool,
    /// CSV separator: ',' ';' or tab
    #[arg(long, value_name = "CHAR", default_value = ",")]
    pub(in crate::cli) delimiter: String,
    /// CSV without formula guard and escapes: only for programs
    #[arg(long)]
    pub(in crate::cli) raw: bool,
}
