//! The options of a run.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono_tz::Tz;

use super::{globs, size, thresholds, when};
use crate::cli::args::{InputArgs, Sign};
use crate::input::client::profile::Profile;
use crate::input::client_map::parse_client_map;
use crate::input::options::CmOffset;
use crate::model::detail::Detail;
use crate::run::Failure;
use crate::run::options::{Filters, Options};

/// Least memory budget: the tables themselves need some.
const LEAST_MEMORY: u64 = 16 << 20;

/// Largest client map or profile: a million lines. A device has no end.
const LARGEST_FILE: u64 = 64 << 20;

/// Makes the options valid. Reads the clock, for relative times only.
pub(in crate::cli) fn lower(args: &InputArgs, detail: Detail) -> Result<Options, Failure> {
    let display = zone("--display-zone", &args.display_zone)?;
    let now = now();
    let (from, to) = span(args.from.as_deref(), args.to.as_deref(), now, display)?;
    Ok(Options {
        paths: args.paths.clone(),
        base: PathBuf::new(),
        from,
        to,
        filters: Filters {
            workstations: globs::compile("--workstation", &args.workstation)?,
            accounts: globs::compile("--account", &args.account)?,
            servers: globs::compile("--server", &args.server)?,
            statuses: globs::compile("--status", &args.status)?,
        },
        input: crate::input::options::Options {
            time_zone: args.time_zone.as_deref().map(|name| zone("--time-zone", name)).transpose()?,
            cm_offset: cm_offset(args.cm_offset),
            client_map: parsed("--client-map", args.client_map.as_deref(), parse_client_map)?.unwrap_or_default(),
            log_profile: parsed("--log-profile", args.log_profile.as_deref(), Profile::parse)?.map(Arc::new),
            attempts: None,
        },
        old_clocks: args.old_clocks,
        memory: memory("--memory", &args.memory)?,
        threads: args.threads.map(usize::from),
        thresholds: thresholds::parse(&args.threshold)?,
        detail,
        all: false,
        listed_only: false,
        names: Vec::new(),
    })
}

/// The clock, in Unix seconds.
#[expect(clippy::disallowed_methods, reason = "relative times and tonight's date; no report sees the clock")]
pub(in crate::cli) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}

/// An IANA zone by its name, in any case.
pub(in crate::cli) fn zone(option: &str, name: &str) -> Result<Tz, Failure> {
    chrono_tz::TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(name)).copied().ok_or_else(|| {
        Failure::Usage(format!("{option} {name:?} is no IANA zone; examples: UTC, Europe/Berlin, America/New_York"))
    })
}

/// The span of `--from` and `--to`; relative ones count back from `now`.
pub(in crate::cli) fn span(
    from: Option<&str>,
    to: Option<&str>,
    now: i64,
    zone: Tz,
) -> Result<(Option<i64>, Option<i64>), Failure> {
    let span = (moment("--from", from, now, zone)?, moment("--to", to, now, zone)?);
    match span {
        (Some(from), Some(to)) if from >= to => Err(Failure::Usage("--from must lie before --to".to_owned())),
        span => Ok(span),
    }
}

/// A moment as a person writes it; `None` where none is given.
pub(in crate::cli) fn moment(option: &str, text: Option<&str>, now: i64, zone: Tz) -> Result<Option<i64>, Failure> {
    let Some(text) = text else { return Ok(None) };
    match when::parse(text, now, zone) {
        Some(moment) => Ok(Some(moment)),
        None => Err(Failure::Usage(format!("{option} {text:?} is no moment; allowed are {}", when::ALLOWED))),
    }
}

/// The reading of CMTrace offsets that was asked for.
pub(in crate::cli) fn cm_offset(sign: Sign) -> CmOffset {
    match sign {
        Sign::Bias => CmOffset::Bias,
        Sign::Iso => CmOffset::Iso,
        Sign::Ignore => CmOffset::Ignore,
    }
}

/// A memory budget.
pub(in crate::cli) fn memory(option: &str, text: &str) -> Result<u64, Failure> {
    match size::parse(text) {
        Some(bytes) if bytes >= LEAST_MEMORY => Ok(bytes),
        Some(_) => Err(Failure::Usage(format!("{option} {text:?} is too little; the least is 16MiB"))),
        None => Err(Failure::Usage(format!("{option} {text:?} is no size; examples: 512MiB, 2GiB"))),
    }
}

/// A file of the person, parsed. The message names option and file; the parser names the line.
pub(in crate::cli) fn parsed<T>(
    option: &str,
    path: Option<&Path>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let wrong = |why: String| Failure::Usage(format!("{option} {}: {why}", path.display()));
    let text = text_of(path).map_err(|error| wrong(error.to_string()))?;
    parse(&text).map(Some).map_err(wrong)
}

/// The text of a file of the person: client map, profile, configuration.
pub(in crate::cli) fn text_of(path: &Path) -> io::Result<String> {
    read(path, LARGEST_FILE)
}

/// A whole text file of at most `most` bytes.
fn read(path: &Path, most: u64) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(most + 1).read_to_string(&mut text)?;
    if text.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {most} bytes")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_without_end_is_refused_and_not_read_for_ever() {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let path = folder.path().join("map.csv");
        std::fs::write(&path, "12345").expect("writable");
        assert_eq!(read(&path, 5).expect("fits"), "12345");
        assert_eq!(read(&path, 4).expect_err("refused").kind(), io::ErrorKind::FileTooLarge);
    }
}
