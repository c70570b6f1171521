//! The job of a night: settings, checked, and tonight's date.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{NaiveDate, TimeZone};
use chrono_tz::Tz;
use clap::ValueEnum;

use super::thresholds::set;
use super::{globs, options};
use crate::cli::args::{FailOn, NightlyArgs, SettingsArgs, Sign};
use crate::cli::config::file::{self, IgnoreRow};
use crate::cli::config::origin::{Origin, Setting};
use crate::cli::config::settings::{self, Settings};
use crate::input::client::profile::Profile;
use crate::input::client_map::parse_client_map;
use crate::model::config::Thresholds;
use crate::model::detail::Detail;
use crate::model::time::rfc3339;
use crate::report::output::{Output, by_name, detail};
use crate::report::style::Style;
use crate::run::Failure;
use crate::run::nightly::{Ignore, Job, date};
use crate::run::options::{Filters, Options};

/// Longest history that may be asked for, in days: a hundred years.
const LONGEST_HISTORY: u32 = 36_525;

/// Reads the configuration file, if one is named, and merges the flags over it.
pub(in crate::cli) fn settings(args: &SettingsArgs) -> Result<Settings, Failure> {
    let Some(path) = &args.config else {
        return settings::merge(args, Path::new(""), "", file::File::default());
    };
    let text =
        options::text_of(path).map_err(|error| Failure::Usage(format!("--config {}: {error}", path.display())))?;
    let file = file::parse(path, &text).map_err(Failure::Usage)?;
    settings::merge(args, path, &text, file)
}

/// What is needed beside the job to end the command.
pub(in crate::cli) struct Lowered {
    /// The job itself.
    pub(in crate::cli) job: Job,
    /// What makes exit code 4.
    pub(in crate::cli) fail_on: FailOn,
    /// Damage makes exit code 3.
    pub(in crate::cli) strict: bool,
    /// Prometheus textfile.
    pub(in crate::cli) metrics: Option<PathBuf>,
    /// When the run started, in Unix seconds.
    pub(in crate::cli) now: i64,
}

/// Makes the settings valid. Reads the clock for tonight's date and for messages.
pub(in crate::cli) fn job(args: &NightlyArgs, settings: &Settings) -> Result<Lowered, Failure> {
    let now = options::now();
    let zone = options::zone(&settings.display_zone.label("display_zone"), &settings.display_zone.value)?;
    let night = night(args.as_of.as_deref(), now, zone)?;
    let end = options::moment("--as-of", Some(&date(night.saturating_add(1))), now, zone)?;
    let (from, to) = options::span(args.from.as_deref(), args.to.as_deref(), end.unwrap_or(now), zone)?;
    let mut job = Job {
        scan: Options { from, to, ..scan(settings)? },
        state: needed(&settings.state, "state")?,
        reports: needed(&settings.reports, "reports")?,
        outputs: outputs(&settings.formats)?,
        style: Style { zone, ..Style::default() },
        keep: keep(&settings.keep)?,
        history: Some(history(&settings.history)?),
        ignore: settings.ignore.iter().map(ignore).collect::<Result<_, _>>()?,
        night,
        verify: args.verify,
        dry_run: args.dry_run,
        started: rfc3339(now),
    };
    job.scan.detail = detail(job.outputs.iter().copied());
    Ok(Lowered {
        job,
        fail_on: word::<FailOn>(&settings.fail_on, "fail_on")?,
        strict: settings.strict.value,
        metrics: metrics(&settings.metrics)?,
        now,
    })
}

fn scan(settings: &Settings) -> Result<Options, Failure> {
    if settings.inputs.value.is_empty() {
        let text = "no inputs: name files or folders, or give `inputs` in the configuration file";
        return Err(Failure::Usage(match &settings.inputs.origin {
            Origin::File(place) => format!("{place}: {text}"),
            _ => text.to_owned(),
        }));
    }
    if settings.inputs.value.iter().any(|path| path.as_os_str().is_empty()) {
        let label = settings.inputs.label("inputs");
        return Err(Failure::Usage(format!("{label}: \"\" names no file and no folder; \".\" is this folder")));
    }
    let map = settings.client_map.value.as_deref();
    let profile = settings.log_profile.value.as_deref();
    let zone = settings.time_zone.value.as_deref();
    Ok(Options {
        paths: settings.inputs.value.clone(),
        base: settings.base.clone(),
        from: None,
        to: None,
        filters: Filters::default(),
        input: crate::input::options::Options {
            time_zone: zone.map(|name| options::zone(&settings.time_zone.label("time_zone"), name)).transpose()?,
            cm_offset: options::cm_offset(word::<Sign>(&settings.cm_offset, "cm_offset")?),
            client_map: options::parsed(&settings.client_map.label("client_map"), map, parse_client_map)?
                .unwrap_or_default(),
            log_profile: options::parsed(&settings.log_profile.label("log_profile"), profile, Profile::parse)?
                .map(Arc::new),
            attempts: None,
        },
        old_clocks: settings.old_clocks.value,
        memory: options::memory(&settings.memory.label("memory"), &settings.memory.value)?,
        threads: threads(&settings.threads)?,
        thresholds: thresholds(&settings.thresholds)?,
        detail: Detail::default(),
        all: false,
        listed_only: false,
        names: Vec::new(),
    })
}

/// A folder that has no default: where a state lies is never guessed.
pub(in crate::cli) fn needed(folder: &Setting<Option<PathBuf>>, key: &str) -> Result<PathBuf, Failure> {
    match &folder.value {
        Some(path) if path.as_os_str().is_empty() => {
            Err(Failure::Usage(format!("{} is empty; it names a folder", folder.label(key))))
        }
        Some(path) => Ok(path.clone()),
        None => Err(Failure::Usage(format!(
            "no folder for the {key}: give --{key} DIR, or {key} = \"DIR\" in the configuration file"
        ))),
    }
}

fn outputs(formats: &Setting<Vec<String>>) -> Result<Vec<&'static Output>, Failure> {
    let label = formats.label("formats");
    let known: Vec<&Output> = crate::report::OUTPUTS.iter().filter(|output| !output.extension.is_empty()).collect();
    let mut outputs: Vec<&'static Output> = Vec::new();
    for name in &formats.value {
        match by_name(name).filter(|output| !output.extension.is_empty()) {
            Some(output) if outputs.iter().any(|other| other.name == output.name) => {}
            Some(output) => outputs.push(output),
            None => {
                let names: Vec<&str> = known.iter().map(|output| output.name).collect();
                return Err(Failure::Usage(format!(
                    "{label}: {name:?} is no format of files; allowed are {}",
                    names.join(", ")
                )));
            }
        }
    }
    match outputs.is_empty() {
        true => Err(Failure::Usage(format!("{label}: at least one format is needed"))),
        false => Ok(outputs),
    }
}

fn keep(keep: &Setting<u32>) -> Result<usize, Failure> {
    match keep.value {
        0 => Err(Failure::Usage(format!("{} 0: tonight's folder stays; the least is 1", keep.label("keep")))),
        n => Ok(n as usize),
    }
}

fn threads(threads: &Setting<Option<u16>>) -> Result<Option<usize>, Failure> {
    match threads.value {
        Some(n) if !(1..=1024).contains(&n) => {
            Err(Failure::Usage(format!("{} {n}: allowed are 1 to 1024", threads.label("threads"))))
        }
        n => Ok(n.map(usize::from)),
    }
}

/// Days: `60d`, `8w`.
fn history(history: &Setting<String>) -> Result<u32, Failure> {
    let text = history.value.trim();
    let days = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(days), _) => days.parse::<u32>().ok(),
        (_, Some(weeks)) => weeks.parse::<u32>().ok().and_then(|weeks| weeks.checked_mul(7)),
        _ => None,
    };
    days.filter(|days| (1..=LONGEST_HISTORY).contains(days)).ok_or_else(|| {
        let label = history.label("history");
        Failure::Usage(format!("{label} {:?} is no number of days; write 60d or 8w", history.value))
    })
}

fn metrics(file: &Setting<Option<PathBuf>>) -> Result<Option<PathBuf>, Failure> {
    match &file.value {
        // node_exporter's textfile collector reads no other name.
        Some(path) if path.extension().is_none_or(|extension| extension != "prom") => {
            Err(Failure::Usage(format!("{} {}: the name must end in .prom", file.label("metrics"), path.display())))
        }
        path => Ok(path.clone()),
    }
}

/// One of a few words.
fn word<T: ValueEnum>(setting: &Setting<String>, key: &str) -> Result<T, Failure> {
    T::from_str(&setting.value, false).map_err(|_| {
        let allowed: Vec<String> = T::value_variants()
            .iter()
            .filter_map(|value| value.to_possible_value())
            .map(|value| value.get_name().to_owned())
            .collect();
        Failure::Usage(format!(
            "{}: {:?} is not allowed; allowed are {}",
            setting.label(key),
            setting.value,
            allowed.join(", ")
        ))
    })
}

fn thresholds(given: &[(String, Setting<f64>)]) -> Result<Thresholds, Failure> {
    let mut table = Thresholds::default();
    for (name, setting) in given {
        let label = setting.label("[thresholds]");
        set(&mut table, name, setting.value).map_err(|why| Failure::Usage(format!("{label}: {why}")))?;
    }
    Ok(table)
}

fn ignore(row: &Setting<IgnoreRow>) -> Result<Ignore, Failure> {
    let glob = |key: &str, glob: &str| {
        let mut matchers = globs::compile(&row.label(key), &[glob.to_owned()])?;
        matchers.pop().ok_or_else(|| Failure::Usage(format!("{}: no glob", row.label(key))))
    };
    Ok(Ignore {
        workstation: glob("workstation", &row.value.workstation)?,
        account: glob("account", row.value.account.as_deref().unwrap_or("*"))?,
        until: row.value.until.as_ref().map(|until| until_day(row, until)).transpose()?,
        why: row.value.why.clone().unwrap_or_default(),
    })
}

fn until_day(row: &Setting<IgnoreRow>, until: &toml::Value) -> Result<i32, Failure> {
    let text = match until {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    day(&text).ok_or_else(|| Failure::Usage(format!("{} {until} is no date; write \"2001-06-01\"", row.label("until"))))
}

/// The night that was named, else today in the display zone.
fn night(as_of: Option<&str>, now: i64, zone: Tz) -> Result<i32, Failure> {
    match as_of {
        Some(text) => day(text).ok_or_else(|| Failure::Usage(format!("--as-of {text:?} is no date; write 2001-03-14"))),
        None => {
            let today = zone.timestamp_opt(now, 0).single().map(|time| days(time.date_naive()));
            today.ok_or_else(|| Failure::Usage("the clock tells no date; --as-of DATE names the night".to_owned()))
        }
    }
}

/// Days since 1970-01-01 of `2001-03-14`; `None` for anything else.
fn day(text: &str) -> Option<i32> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (text.len() == 10).then(|| days(date))
}

fn days(date: NaiveDate) -> i32 {
    date.signed_duration_since(NaiveDate::default()).num_days() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting<T>(value: T) -> Setting<T> {
        Setting { value, origin: Origin::Flag("--flag") }
    }

    #[test]
    fn nights_are_dates_and_today_is_the_display_zones() {
        assert_eq!(night(Some("2001-03-14"), 0, Tz::UTC).ok(), Some(11_395));
        // 23:30 UTC is the next day in Tokyo.
        assert_eq!(night(None, 86_400 - 1800, Tz::UTC).ok(), Some(0));
        assert_eq!(night(None, 86_400 - 1800, Tz::Asia__Tokyo).ok(), Some(1));
        for text in ["", "today", "2001-3-14", "2001-02-30", "+12001-03-14", "14.03.2001"] {
            assert!(night(Some(text), 0, Tz::UTC).is_err(), "{text}");
        }
    }

    #[test]
    fn histories_are_days_or_weeks() {
        assert_eq!(history(&setting("60d".to_owned())).ok(), Some(60));
        assert_eq!(history(&setting("8w".to_owned())).ok(), Some(56));
        for text in ["", "d", "0d", "60", "-1d", "60h", "99999d", "4294967295w"] {
            assert!(history(&setting(text.to_owned())).is_err(), "{text}");
        }
    }

    #[test]
    fn thresholds_have_names_and_ranges() {
        let check = |name: &str, value: f64| {
            thresholds(&[(name.to_owned(), setting(value))])
                .map(|_| String::new())
                .unwrap_or_else(|error| error.to_string())
        };
        assert_eq!(check("storm_rate", 90.0), "");
        assert_eq!(check("storm_share", 0.5), "");
        assert!(check("storm_rat", 90.0).contains("no threshold `storm_rat`, perhaps `storm_rate`"));
        assert!(check("zzz", 1.0).contains("no threshold `zzz`; logonstorm thresholds"));
        assert!(check("storm_share", 1.5).contains("allowed are 0 to 1"));
        assert!(check("burst_gap", 15_000.0).contains("allowed are 1 to 150 s"));
        assert!(check("burst_gap", f64::NAN).contains("out of range"));
        assert!(check("burst_gap", 0.5).contains("out of range"));
    }
}
