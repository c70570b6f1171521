//! `-f` and `-o`: what is written where.

use std::path::{Path, PathBuf};

use crate::cli::args::LookArgs;
use crate::report::OUTPUTS;
use crate::report::output::{Output, by_extension, by_name};
use crate::run::Failure;

/// The output of `--format`. A file's name gets a hint: other tools use `-f` for files.
pub(in crate::cli) fn format(name: &str) -> Result<&'static Output, Failure> {
    match by_name(name) {
        Some(output) if output.is_text => Ok(output),
        Some(output) => Err(Failure::Usage(format!("-f {name}: only as a file: -o report.{}", output.extension))),
        None => Err(Failure::Usage(unknown(name))),
    }
}

fn unknown(name: &str) -> String {
    let known: Vec<&str> = OUTPUTS.iter().filter(|output| output.is_text).map(|output| output.name).collect();
    let message = format!("-f {name:?} is no format; formats are {}", known.join(", "));
    if Path::new(name).exists() || name.contains(['/', '\\', '.']) {
        format!("{message}. Files are given without a flag: logonstorm scan {name}")
    } else {
        message
    }
}

/// The outputs of `-o`; `-` is left to the caller: it is standard output in the chosen format.
pub(in crate::cli) fn files(paths: &[PathBuf]) -> Result<Vec<(PathBuf, &'static Output)>, Failure> {
    let mut files: Vec<(PathBuf, &'static Output)> = Vec::new();
    for path in paths.iter().filter(|path| path.as_os_str() != "-") {
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        let Some(output) = by_extension(&extension) else {
            return Err(Failure::Usage(no_extension(path)));
        };
        files.push((path.clone(), output));
    }
    Ok(files)
}

fn no_extension(path: &Path) -> String {
    let known: Vec<String> = OUTPUTS
        .iter()
        .filter(|output| !output.extension.is_empty())
        .map(|output| format!(".{}", output.extension))
        .collect();
    let message = format!("-o {}: the extension chooses the format; known are {}", path.display(), known.join(" "));
    let named = path.extension().and_then(|extension| by_name(extension.to_str()?));
    match named {
        Some(output) => format!("{message}. This one goes to standard output: -f {}", output.name),
        None => message,
    }
}

/// The separator of CSV cells.
pub(in crate::cli) fn delimiter(look: &LookArgs) -> Result<u8, Failure> {
    match look.delimiter.as_str() {
        "," => Ok(b','),
        ";" => Ok(b';'),
        "tab" | "\t" | "\\t" => Ok(b'\t'),
        other => Err(Failure::Usage(format!("--delimiter {other:?}: allowed are ',' ';' and tab"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_as_format_gets_a_hint() {
        let message = format("Security.evtx").err().expect("refused").to_string();
        assert!(message.contains("logonstorm scan Security.evtx"), "{message}");
        let message = format("yaml").err().expect("refused").to_string();
        assert!(!message.contains("scan yaml") && message.contains("table, csv, json"), "{message}");
    }

    #[test]
    fn extensions_choose_and_others_are_refused() {
        let paths = ["a.CSV", "-", "b.json"].map(PathBuf::from);
        let names: Vec<&str> = files(&paths).expect("known").iter().map(|(_, output)| output.name).collect();
        assert_eq!(names, ["csv", "json"]);
        assert!(files(&["report"].map(PathBuf::from)).is_err());
        assert!(files(&["a.parquet"].map(PathBuf::from)).is_err());
        let message = files(&["a.ecs"].map(PathBuf::from)).err().expect("refused").to_string();
        assert!(message.contains("standard output: -f ecs"), "{message}");
    }
}
