//! Flags over file over defaults.

use std::path::{Path, PathBuf};

use toml::Spanned;

use super::file::{File, IgnoreRow};
use super::origin::{Origin, Place, Setting};
use crate::cli::args::{FailOn, SettingsArgs, Sign};
use crate::run::Failure;

/// Dated folders that stay unless somebody says otherwise: two months.
const KEEP: u32 = 60;

/// The merged values. Texts are checked when they are lowered; but for the inputs, paths of the file
/// are joined to its folder already.
#[derive(Debug)]
pub(in crate::cli) struct Settings {
    /// As typed; relative ones start from `base`.
    pub(in crate::cli) inputs: Setting<Vec<PathBuf>>,
    /// The file's folder where the file names the inputs, else empty.
    pub(in crate::cli) base: PathBuf,
    pub(in crate::cli) state: Setting<Option<PathBuf>>,
    pub(in crate::cli) reports: Setting<Option<PathBuf>>,
    pub(in crate::cli) formats: Setting<Vec<String>>,
    pub(in crate::cli) keep: Setting<u32>,
    pub(in crate::cli) history: Setting<String>,
    pub(in crate::cli) fail_on: Setting<String>,
    pub(in crate::cli) metrics: Setting<Option<PathBuf>>,
    pub(in crate::cli) client_map: Setting<Option<PathBuf>>,
    pub(in crate::cli) log_profile: Setting<Option<PathBuf>>,
    pub(in crate::cli) time_zone: Setting<Option<String>>,
    pub(in crate::cli) display_zone: Setting<String>,
    pub(in crate::cli) cm_offset: Setting<String>,
    pub(in crate::cli) old_clocks: Setting<bool>,
    pub(in crate::cli) memory: Setting<String>,
    pub(in crate::cli) threads: Setting<Option<u16>>,
    pub(in crate::cli) strict: Setting<bool>,
    pub(in crate::cli) ignore: Vec<Setting<IgnoreRow>>,
    /// Name and value, in the file's order of names, then those of flags: the last one counts.
    pub(in crate::cli) thresholds: Vec<(String, Setting<f64>)>,
}

/// One source of values above the defaults: the file, whose values have places.
struct Layer<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Layer<'_> {
    fn place(&self, span: std::ops::Range<usize>) -> Origin {
        Origin::File(Place::of(self.path, self.text, span))
    }

    /// A path of the file is relative to the file's folder. An empty one names nothing, not that folder.
    fn joined(&self, path: &str) -> PathBuf {
        if path.is_empty() { PathBuf::new() } else { self.folder().join(path) }
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// The flag where it was given, else the file, else the default.
    fn pick<T, U>(
        &self,
        flag: Option<(T, &'static str)>,
        file: Option<Spanned<U>>,
        of_file: impl Fn(U) -> T,
        default: T,
    ) -> Setting<T> {
        match (flag, file) {
            (Some((value, name)), _) => Setting { value, origin: Origin::Flag(name) },
            (None, Some(spanned)) => {
                let origin = self.place(spanned.span());
                Setting { value: of_file(spanned.into_inner()), origin }
            }
            (None, None) => Setting { value: default, origin: Origin::Default },
        }
    }

    fn path(
        &self,
        flag: Option<&PathBuf>,
        name: &'static str,
        file: Option<Spanned<String>>,
    ) -> Setting<Option<PathBuf>> {
        let flag = flag.map(|path| (Some(path.clone()), name));
        self.pick(flag, file, |path| Some(self.joined(&path)), None)
    }

    fn text(
        &self,
        flag: Option<&String>,
        name: &'static str,
        file: Option<Spanned<String>>,
        default: &str,
    ) -> Setting<String> {
        self.pick(flag.map(|text| (text.clone(), name)), file, |text| text, default.to_owned())
    }
}

/// Merges the flags over the file. `path` and `text` are the file's own, empty without one.
pub(in crate::cli) fn merge(args: &SettingsArgs, path: &Path, text: &str, file: File) -> Result<Settings, Failure> {
    let layer = Layer { path, text: text.strip_prefix('\u{feff}').unwrap_or(text) };
    let paths = (!args.paths.is_empty()).then(|| (args.paths.clone(), "PATH..."));
    let formats = (!args.formats.is_empty()).then(|| (args.formats.clone(), "--formats"));
    let sign = args.cm_offset.map(|sign| sign_word(sign).to_owned());
    let fail_on = args.fail_on.map(|what| fail_on_word(what).to_owned());
    let zone = args.time_zone.as_ref().map(|zone| (Some(zone.clone()), "--time-zone"));
    let base = if paths.is_none() { layer.folder().to_owned() } else { PathBuf::new() };
    let as_typed = |paths: Vec<String>| paths.into_iter().map(PathBuf::from).collect();
    let defaults = ["csv", "html", "json"].map(str::to_owned).to_vec();
    Ok(Settings {
        inputs: layer.pick(paths, file.inputs, as_typed, Vec::new()),
        base,
        state: layer.path(args.state.as_ref(), "--state", file.state),
        reports: layer.path(args.reports.as_ref(), "--reports", file.reports),
        formats: layer.pick(formats, file.formats, |names| names, defaults),
        keep: layer.pick(args.keep.map(|n| (n, "--keep")), file.keep, |n| n, KEEP),
        history: layer.text(args.history.as_ref(), "--history", file.history, "60d"),
        fail_on: layer.text(fail_on.as_ref(), "--fail-on", file.fail_on, "none"),
        metrics: layer.path(args.metrics.as_ref(), "--metrics", file.metrics),
        client_map: layer.path(args.client_map.as_ref(), "--client-map", file.client_map),
        log_profile: layer.path(args.log_profile.as_ref(), "--log-profile", file.log_profile),
        time_zone: layer.pick(zone, file.time_zone, Some, None),
        display_zone: layer.text(args.display_zone.as_ref(), "--display-zone", file.display_zone, "UTC"),
        cm_offset: layer.text(sign.as_ref(), "--cm-offset", file.cm_offset, "bias"),
        old_clocks: layer.pick(args.old_clocks.then_some((true, "--old-clocks")), file.old_clocks, |on| on, false),
        memory: layer.text(args.memory.as_ref(), "--memory", file.memory, "512MiB"),
        threads: layer.pick(args.threads.map(|n| (Some(n), "--threads")), file.threads, Some, None),
        strict: layer.pick(args.strict.then_some((true, "--strict")), file.strict, |on| on, false),
        ignore: file.ignore.unwrap_or_default().into_iter().map(|row| ignore(&layer, row)).collect(),
        thresholds: thresholds(&layer, file.thresholds.unwrap_or_default(), &args.threshold)?,
    })
}

fn ignore(layer: &Layer<'_>, row: Spanned<IgnoreRow>) -> Setting<IgnoreRow> {
    let origin = layer.place(row.span());
    Setting { value: row.into_inner(), origin }
}

type InFile = std::collections::BTreeMap<Spanned<String>, Spanned<f64>>;

fn thresholds(layer: &Layer<'_>, file: InFile, flags: &[String]) -> Result<Vec<(String, Setting<f64>)>, Failure> {
    let mut all: Vec<(String, Setting<f64>)> = file
        .into_iter()
        .map(|(name, value)| {
            let origin = layer.place(name.span());
            (name.into_inner(), Setting { value: value.into_inner(), origin })
        })
        .collect();
    for flag in flags {
        let wrong = || Failure::Usage(format!("--threshold {flag:?}: write NAME=NUMBER, as in storm_rate=90"));
        let (name, number) = flag.split_once('=').ok_or_else(wrong)?;
        let value = number.trim().parse().map_err(|_| wrong())?;
        all.retain(|(other, _)| other != name.trim());
        all.push((name.trim().to_owned(), Setting { value, origin: Origin::Flag("--threshold") }));
    }
    Ok(all)
}

fn sign_word(sign: Sign) -> &'static str {
    match sign {
        Sign::Bias => "bias",
        Sign::Iso => "iso",
        Sign::Ignore => "ignore",
    }
}

fn fail_on_word(what: FailOn) -> &'static str {
    match what {
        FailOn::None => "none",
        FailOn::Storm => "storm",
        FailOn::Confirmed => "confirmed",
    }
}
