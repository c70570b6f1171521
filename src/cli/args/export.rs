//! `export`.

use std::path::PathBuf;

use clap::Args;

use super::{InputArgs, TalkArgs};

const EXAMPLES: &str = "\
Examples:
  logonstorm export exports/ -o events.csv        failures and attempts, one row each
  logonstorm export exports/ -o - --from -7d      CSV on standard output
  logonstorm export DC01.evtx -f jsonl --all-events | jq .reason
";

/// `export`.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES)]
pub(in crate::cli) struct ExportArgs {
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    /// Also successful logons and lockouts
    #[arg(long, help_heading = "Output")]
    pub(in crate::cli) all_events: bool,
    /// The file; its extension chooses the format: .csv, .jsonl; - is standard output [default: -]
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// What goes to standard output: csv, jsonl [default: csv]
    #[arg(short, long, value_name = "FORMAT", help_heading = "Output")]
    pub(in crate::cli) format: Option<String>,
    /// Replace an existing file
    #[arg(long, help_heading = "Output")]
    pub(in crate::cli) force: bool,
    /// CSV without formula guard and escapes: only for programs
    #[arg(long, help_heading = "Output")]
    pub(in crate::cli) raw: bool,
    #[command(flatten)]
    pub(in crate::cli) talk: TalkArgs,
}
