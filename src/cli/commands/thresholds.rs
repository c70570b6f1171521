//! `thresholds`: the one table, for people, or as Sigma rules; `--threshold NAME=VALUE` changes a row of it.

use crate::cli::exit::Exit;
use crate::cli::{terminal, writing};
use crate::model::config::{PARAMS, Thresholds};
use crate::report::sigma;
use crate::report::style::Style;
use crate::report::text::hang;

/// Runs the command.
pub(in crate::cli) fn run() -> anyhow::Result<Exit> {
    let width = terminal::width().clamp(Style::MIN_WIDTH, Style::MAX_PROSE);
    writing::stdout(&|out| {
        let mut group = "";
        for info in PARAMS {
            if info.group != group {
                let gap = if group.is_empty() { "" } else { "\n" };
                group = info.group;
                writeln!(out, "{gap}[{group}]")?;
            }
            let unit = if info.unit.is_empty() { String::new() } else { format!(" {}", info.unit) };
            writeln!(out, "{} = {}{unit}", info.name, info.default)?;
            write!(out, "{}", hang("    ", info.reason, width))?;
            write!(out, "{}", hang("    ", &format!("Source: {}.", info.source()), width))?;
        }
        Ok(())
    })?;
    Ok(Exit::Made)
}

/// The rate rule as Sigma rules.
pub(in crate::cli) fn sigma() -> anyhow::Result<Exit> {
    let rules = sigma::rules(&Thresholds::default());
    writing::stdout(&|out| out.write_all(rules.as_bytes()))?;
    Ok(Exit::Made)
}
