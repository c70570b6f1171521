//! `thresholds`: the one table, for people, or as Sigma rules; `--threshold NAME=VALUE` changes a row of it.

use crate::cli::exit::Exit;
use crate::cli::lower::thresholds;
use crate::cli::{terminal, writing};
use crate::model::config::{PARAMS, Thresholds};
use crate::report::sigma;
use crate::report::style::Style;
use crate::report::text::hang;

/// Runs the command, with the changes of the command line.
pub(in crate::cli) fn run(sigma: bool, changes: &[String]) -> anyhow::Result<Exit> {
    let thresholds = thresholds::parse(changes)?;
    if sigma {
        let rules = sigma::rules(&thresholds);
        writing::stdout(&|out| out.write_all(rules.as_bytes()))?;
    } else {
        table(&thresholds)?;
    }
    Ok(Exit::Made)
}

fn table(thresholds: &Thresholds) -> std::io::Result<()> {
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
            let value = thresholds[info.param];
            let note = if value == info.default { String::new() } else { format!(" (default {})", info.default) };
            writeln!(out, "{} = {value}{unit}{note}", info.name)?;
            write!(out, "{}", hang("    ", info.reason, width))?;
            write!(out, "{}", hang("    ", &format!("Source: {}.", info.source()), width))?;
        }
        Ok(())
    })
}
