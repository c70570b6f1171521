//! `-f` and `-o` of the event export.

use std::path::Path;

use crate::export::FORMATS;
use crate::export::writer::{Format, by_name, by_path};
use crate::run::Failure;

/// The file, `None` for standard output, and the format.
pub(in crate::cli) fn target<'a>(
    output: Option<&'a Path>,
    format: Option<&str>,
) -> Result<(Option<&'a Path>, &'static Format), Failure> {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    match output.filter(|path| path.as_os_str() != "-") {
        None => {
            let name = format.unwrap_or("csv");
            match by_name(&name.to_ascii_lowercase()) {
                Some(format) => Ok((None, format)),
                None => {
                    Err(Failure::Usage(format!("-f {name:?} is no format of events; formats are {}", names.join(", "))))
                }
            }
        }
        Some(path) if format.is_some() => Err(Failure::Usage(format!(
            "-f is for standard output; the extension of -o {} chooses the format of the file",
            path.display()
        ))),
        Some(path) => match by_path(path) {
            Some(format) => Ok((Some(path), format)),
            None => Err(Failure::Usage(format!(
                "-o {}: the extension chooses the format; known are .{}",
                path.display(),
                names.join(" .")
            ))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(output: Option<&str>, format: Option<&str>, expect: Option<(bool, &str)>) {
        let got = target(output.map(Path::new), format).ok().map(|(file, format)| (file.is_some(), format.name));
        assert_eq!(got, expect, "-o {output:?} -f {format:?}");
    }

    #[test]
    fn extensions_choose_for_files_and_f_for_standard_output() {
        check(None, None, Some((false, "csv")));
        check(Some("-"), None, Some((false, "csv")));
        check(Some("-"), Some("JSONL"), Some((false, "jsonl")));
        check(Some("a.JSONL"), None, Some((true, "jsonl")));
        check(Some("a.csv"), Some("csv"), None);
        check(Some("a.parquet"), None, None);
        check(None, Some("table"), None);
    }
}
