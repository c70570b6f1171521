//! `simulate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::When;
use crate::simulate::{Format, SCENARIOS};

const EXAMPLES: &str = "\
Examples:
  logonstorm simulate -o fleet                          a fleet with known answers
  logonstorm simulate -o fleet --scenario demo          the small fleet of the README
  logonstorm simulate -o big --size 2GiB                one large log, to size hardware
";

/// `simulate`.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES, after_help = scenarios())]
pub(in crate::cli) struct SimulateArgs {
    /// Folder for security/, clients/ and truth.json
    #[arg(short, long, value_name = "DIR")]
    pub(in crate::cli) output: PathBuf,
    /// Same seed, same bytes
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(in crate::cli) seed: u64,
    /// Days of the span [default: the scenario's own]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(in crate::cli) days: Option<u32>,
    /// About how many workstations [default: the scenario's own]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(in crate::cli) workstations: Option<u32>,
    /// Which fleet: see below
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(in crate::cli) scenario: String,
    /// Instead of a fleet, one log of failures of at least this many bytes: 2GiB, 800MB
    #[arg(long, value_name = "SIZE", conflicts_with = "scenario")]
    pub(in crate::cli) size: Option<String>,
    /// Form of the servers' logs
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Evtx)]
    pub(in crate::cli) format: LogFormat,
    /// Write into a folder that is not empty; files of the same names are replaced
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// Colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub(in crate::cli) color: When,
    /// No messages but errors
    #[arg(short, long)]
    pub(in crate::cli) quiet: bool,
}

/// `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum LogFormat {
    /// Windows Vista and later.
    Evtx,
    /// Windows 2000 to 2003; classic events only.
    Evt,
    /// The old Event Viewer's text; classic events only.
    Csv,
    /// The XML of `wevtutil qe`.
    Xml,
}

impl From<LogFormat> for Format {
    fn from(format: LogFormat) -> Self {
        match format {
            LogFormat::Evtx => Format::Evtx,
            LogFormat::Evt => Format::Evt,
            LogFormat::Csv => Format::Csv,
            LogFormat::Xml => Format::Xml,
        }
    }
}

/// The register of scenarios, for the help.
fn scenarios() -> String {
    let demo = ("demo", "the small fleet of fixtures/demo: two days, five clients");
    let all = SCENARIOS.iter().map(|scenario| (scenario.name, scenario.summary)).chain([demo]);
    let lines: Vec<String> = all.map(|(name, summary)| format!("  {name:16}  {summary}")).collect();
    format!("Scenarios:\n{}", lines.join("\n"))
}
