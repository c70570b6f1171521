//! `nightly --print-schedule`: what a scheduler needs to run the job every night.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;

use crate::cli::args::{NightlyArgs, Scheduler};
use crate::cli::config::settings::Settings;
use crate::cli::exit::Exit;
use crate::cli::writing;
use crate::run::Failure;
use crate::schedule::task::{Refused, Task};
use crate::schedule::{cron, systemd, windows};

/// Runs the command: the same options as tonight's, with absolute paths.
pub(in crate::cli) fn run(args: &NightlyArgs, settings: &Settings, scheduler: Scheduler) -> anyhow::Result<Exit> {
    let task = task(args, settings)?;
    let refused = |error: Refused| Failure::Usage(format!("--print-schedule: {error}"));
    let text = match scheduler {
        Scheduler::Systemd => {
            let units = systemd::units(&task).map_err(refused)?;
            format!("{}\n{}", units.service, units.timer)
        }
        Scheduler::Cron => cron::crontab(&task).map_err(refused)?,
        Scheduler::Windows => windows::xml(&task).map_err(refused)?,
    };
    writing::stdout(&|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Made)
}

fn task(args: &NightlyArgs, settings: &Settings) -> anyhow::Result<Task> {
    let program = std::env::current_exe().context("cannot find the path of this program")?;
    let config = args.settings.config.as_deref();
    let state = settings.state.value.as_deref();
    let reports = settings.reports.value.as_deref();
    let metrics = settings.metrics.value.as_deref().and_then(Path::parent);
    let maps = [settings.client_map.value.as_deref(), settings.log_profile.value.as_deref()];
    let inputs = settings.inputs.value.iter().map(|path| settings.base.join(path));
    let named = config.into_iter().chain(maps.into_iter().flatten()).map(Path::to_owned);
    let reads: Vec<PathBuf> = named.chain(inputs).collect();
    Ok(Task {
        program: absolute(&program)?,
        arguments: arguments(args)?,
        folder: absolute(config.and_then(Path::parent).or(state).unwrap_or(Path::new("")))?,
        reads: reads.iter().map(|path| absolute(path)).collect::<Result<_, _>>()?,
        writes: state.into_iter().chain(reports).map(absolute).collect::<Result<_, _>>()?,
        shared: metrics.into_iter().map(absolute).collect::<Result<_, _>>()?,
    })
}

/// What was typed, with absolute paths.
fn arguments(args: &NightlyArgs) -> Result<Vec<String>, Failure> {
    let typed = &args.settings;
    let mut words = vec!["nightly".to_owned()];
    for path in &typed.paths {
        words.push(absolute(path)?);
    }
    let files = [
        ("--config", &typed.config),
        ("--state", &typed.state),
        ("--reports", &typed.reports),
        ("--metrics", &typed.metrics),
        ("--client-map", &typed.client_map),
        ("--log-profile", &typed.log_profile),
    ];
    for (flag, path) in files {
        if let Some(path) = path {
            words.extend([flag.to_owned(), absolute(path)?]);
        }
    }
    let texts = [
        ("--formats", (!typed.formats.is_empty()).then(|| typed.formats.join(","))),
        ("--keep", typed.keep.map(|n| n.to_string())),
        ("--history", typed.history.clone()),
        ("--time-zone", typed.time_zone.clone()),
        ("--display-zone", typed.display_zone.clone()),
        ("--cm-offset", typed.cm_offset.map(word)),
        ("--memory", typed.memory.clone()),
        ("--threads", typed.threads.map(|n| n.to_string())),
        ("--fail-on", typed.fail_on.map(word)),
    ];
    let thresholds = typed.threshold.iter().map(|text| ("--threshold", Some(text.clone())));
    for (flag, text) in texts.into_iter().chain(thresholds) {
        words.extend(text.into_iter().flat_map(|text| [flag.to_owned(), text]));
    }
    let switches = [("--old-clocks", typed.old_clocks), ("--strict", typed.strict), ("--verify", args.verify)];
    words.extend(switches.into_iter().filter(|(_, on)| *on).map(|(flag, _)| flag.to_owned()));
    Ok(words)
}

fn word<T: ValueEnum>(value: T) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// A path from the root, as text: schedulers have no words for other bytes.
fn absolute(path: &Path) -> Result<String, Failure> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let wrong = |why: &str| Failure::Usage(format!("--print-schedule: {}: {why}", path.display()));
    let path = std::path::absolute(path).map_err(|error| wrong(&error.to_string()))?;
    path.to_str().map(str::to_owned).ok_or_else(|| wrong("the name is not valid Unicode, which schedulers need"))
}
