//! `nightly`, and what `config` and `state` share with it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{FailOn, Sign, When};

const EXAMPLES: &str = "\
Examples:
  logonstorm nightly exports/ --state state --reports reports
  logonstorm nightly --config nightly.toml              what a scheduler runs
  logonstorm nightly --config nightly.toml --dry-run    what it would do
  logonstorm nightly --config nightly.toml --print-schedule systemd
";

/// `nightly`.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES)]
pub(in crate::cli) struct NightlyArgs {
    #[command(flatten)]
    pub(in crate::cli) settings: SettingsArgs,
    /// The night, as in 2001-03-14; filters nothing [default: today in the display zone]
    #[arg(long, value_name = "DATE", help_heading = "This run")]
    pub(in crate::cli) as_of: Option<String>,
    /// Report only events from this moment on, as in 2001-03-12 or -7d (back from the end of the night's day)
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true, help_heading = "This run")]
    pub(in crate::cli) from: Option<String>,
    /// Report only events before this moment
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true, help_heading = "This run")]
    pub(in crate::cli) to: Option<String>,
    /// Read and conclude, but write nothing: no report, no state
    #[arg(long, help_heading = "This run")]
    pub(in crate::cli) dry_run: bool,
    /// Read again also the files that look unchanged
    #[arg(long, help_heading = "This run")]
    pub(in crate::cli) verify: bool,
    /// Also print the night's report to standard output: table, csv, json, jsonl, html
    #[arg(short, long, value_name = "FORMAT", help_heading = "This run")]
    pub(in crate::cli) format: Option<String>,
    /// Print what a scheduler needs to run this every night, and do nothing else
    #[arg(long, value_name = "SCHEDULER", value_enum, help_heading = "This run")]
    #[arg(conflicts_with_all = ["as_of", "from", "to", "dry_run", "format"])]
    pub(in crate::cli) print_schedule: Option<Scheduler>,
    /// Colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto, help_heading = "Messages and exit code")]
    pub(in crate::cli) color: When,
    /// Progress bar on standard error
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto, help_heading = "Messages and exit code")]
    pub(in crate::cli) progress: When,
    /// No messages but errors: silent on success
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Messages and exit code")]
    pub(in crate::cli) quiet: bool,
    /// List all that was passed over
    #[arg(short, long, help_heading = "Messages and exit code")]
    pub(in crate::cli) verbose: bool,
}

/// What a configuration file may say too; a flag beats the file.
#[derive(Debug, Default, Args)]
pub(in crate::cli) struct SettingsArgs {
    /// Files and folders, as for scan; instead of `inputs` in the configuration
    #[arg(value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// TOML file with all that follows; paths in it are relative to it, flags beat it
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Folder for what has been seen; on a local disk
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) state: Option<PathBuf>,
    /// Folder for the dated reports and for latest/
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) reports: Option<PathBuf>,
    /// What is written each night [default: csv,html,json]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(in crate::cli) formats: Vec<String>,
    /// Dated report folders to keep [default: 60]
    #[arg(long, value_name = "N")]
    pub(in crate::cli) keep: Option<u32>,
    /// How far back failures are kept one by one; older ones are totals [default: 60d]
    #[arg(long, value_name = "DAYS")]
    pub(in crate::cli) history: Option<String>,
    /// Prometheus textfile; its name ends in .prom
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) metrics: Option<PathBuf>,
    /// A threshold by its documented name; may be repeated
    #[arg(long, value_name = "NAME=NUMBER")]
    pub(in crate::cli) threshold: Vec<String>,
    /// CSV with header path,workstation: which client log belongs to whom
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) client_map: Option<PathBuf>,
    /// TOML: which lines of another agent's log are attempts
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) log_profile: Option<PathBuf>,
    /// Zone of text stamps that carry none [default: read as UTC]
    #[arg(long, value_name = "ZONE")]
    pub(in crate::cli) time_zone: Option<String>,
    /// Zone of the times shown to people, and of the night's date [default: UTC]
    #[arg(long, value_name = "ZONE")]
    pub(in crate::cli) display_zone: Option<String>,
    /// Sign of the offsets in CMTrace stamps [default: bias]
    #[arg(long, value_name = "SIGN", value_enum, hide_short_help = true)]
    pub(in crate::cli) cm_offset: Option<Sign>,
    /// Search drift widely: clocks older than NTP
    #[arg(long, hide_short_help = true)]
    pub(in crate::cli) old_clocks: bool,
    /// Tell when the night takes more memory than this [default: 512MiB]
    #[arg(long, value_name = "SIZE")]
    pub(in crate::cli) memory: Option<String>,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(in crate::cli) threads: Option<u16>,
    /// Damage of any kind makes exit code 3
    #[arg(long)]
    pub(in crate::cli) strict: bool,
    /// Exit code 4 if such a row exists [default: none]
    #[arg(long, value_name = "WHAT", value_enum)]
    pub(in crate::cli) fail_on: Option<FailOn>,
}

/// `--print-schedule`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Scheduler {
    /// A hardened service and its timer.
    Systemd,
    /// A line for crontab -e.
    Cron,
    /// XML for schtasks /Create /XML.
    Windows,
}

/// `state`.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum StateCommand {
    /// What is in the state.
    Show(WhichState),
    /// Read the whole state and say whether it is sound.
    Check(WhichState),
    /// Forget all that was seen; the next night reads everything again.
    Reset {
        /// Which state.
        #[command(flatten)]
        which: WhichState,
        /// Really do it: what only files told that are gone is lost
        #[arg(long)]
        force: bool,
    },
}

/// Which state is meant.
#[derive(Debug, Args)]
pub(in crate::cli) struct WhichState {
    /// The state's folder
    #[arg(long, value_name = "DIR", required_unless_present = "config")]
    pub(in crate::cli) state: Option<PathBuf>,
    /// The configuration file that names it
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
}

/// `config`.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ConfigCommand {
    /// The merged configuration, each value with its origin.
    Show(Box<SettingsArgs>),
}
