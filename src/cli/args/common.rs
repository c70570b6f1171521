//! Options that several commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What to read, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(in crate::cli) struct InputArgs {
    /// Files and folders: Security logs, client logs, archives, mixed. The format is recognised by
    /// content; folders are walked.
    #[arg(value_name = "PATH", required = true)]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Only events from this moment on: 2001-03-12, 2001-03-12T08:54:00Z, -24h, -7d, yesterday
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    pub(in crate::cli) from: Option<String>,
    /// Only events before this moment
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    pub(in crate::cli) to: Option<String>,
    /// Only these clients; * and ? stand for anything; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) workstation: Vec<String>,
    /// Only these accounts
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) account: Vec<String>,
    /// Only the logs of these servers
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) server: Vec<String>,
    /// Only these reasons: codes (0xC0000072) or names (*DISABLED)
    #[arg(long, value_name = "GLOB")]
    pub(in crate::cli) status: Vec<String>,
    /// CSV with header path,workstation: which client log belongs to whom
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) client_map: Option<PathBuf>,
    /// TOML: which lines of another agent's log are attempts
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) log_profile: Option<PathBuf>,
    /// Zone of text stamps that carry none [default: read as UTC]
    #[arg(long, value_name = "ZONE")]
    pub(in crate::cli) time_zone: Option<String>,
    /// Zone of the times shown to people; CSV and JSON are always UTC
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub(in crate::cli) display_zone: String,
    /// Sign of the offsets in CMTrace stamps
    #[arg(long, value_name = "SIGN", value_enum, default_value_t = Sign::Bias, hide_short_help = true)]
    pub(in crate::cli) cm_offset: Sign,
    /// Search drift widely: clocks older than NTP
    #[arg(long, hide_short_help = true)]
    pub(in crate::cli) old_clocks: bool,
    /// Another value for one of the thresholds that `logonstorm thresholds` lists; may be repeated
    #[arg(long, value_name = "NAME=VALUE", hide_short_help = true)]
    pub(in crate::cli) threshold: Vec<String>,
    /// Budget for keys and trains
    #[arg(long, value_name = "SIZE", default_value = "512MiB")]
    pub(in crate::cli) memory: String,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(in crate::cli) threads: Option<u16>,
}

/// Where results go.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct OutputArgs {
    /// Also write a file; the extension chooses the format; - is standard output; may be repeated
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Vec<PathBuf>,
    /// Replace existing files
    #[arg(long)]
    pub(in crate::cli) force: bool,
}

/// How the program talks, and how it ends.
#[derive(Debug, Args)]
#[command(next_help_heading = "Messages and exit code")]
pub(in crate::cli) struct TalkArgs {
    /// Damage of any kind makes exit code 3
    #[arg(long)]
    pub(in crate::cli) strict: bool,
    /// Exit code 4 if such a row exists
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = FailOn::None)]
    pub(in crate::cli) fail_on: FailOn,
    /// Colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub(in crate::cli) color: When,
    /// Progress bar on standard error
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub(in crate::cli) progress: When,
    /// No messages but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(in crate::cli) quiet: bool,
    /// List all that was passed over
    #[arg(short, long)]
    pub(in crate::cli) verbose: bool,
}

/// `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FailOn {
    /// Never.
    None,
    /// A storm.
    Storm,
    /// A row that the client's own log confirms.
    Confirmed,
}

/// Whether to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum When {
    /// As the terminal and the environment say.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// `--cm-offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Sign {
    /// UTC = local + minutes, as the client agents write it.
    Bias,
    /// UTC = local - minutes, as ISO 8601 means it.
    Iso,
    /// Offsets are not used.
    Ignore,
}
