//! `formats`: what can be read, and what can be written.

use crate::cli::exit::Exit;
use crate::cli::writing;
use crate::input::FORMATS;
use crate::report::OUTPUTS;

/// Runs the command.
pub(in crate::cli) fn run() -> anyhow::Result<Exit> {
    let longest = FORMATS.iter().map(|format| format.name.len()).chain([8]).max().unwrap_or(8);
    writing::stdout(&|out| {
        writeln!(out, "read (recognised by content):")?;
        for format in FORMATS {
            let mark = if format.verified { "" } else { " [unverified]" };
            writeln!(out, "  {:longest$}  {}{mark}", format.name, format.summary)?;
            writeln!(out, "  {:longest$}  e.g. {}", "", format.sample)?;
        }
        writeln!(out, "unpacked, one archive within another at most: .gz, .zip, .zst (archive.zip!DC01.evtx)")?;
        writeln!(out, "written (-f NAME or -o FILE.EXTENSION):")?;
        for output in OUTPUTS {
            writeln!(out, "  {:longest$}  {}", output.name, output.summary)?;
        }
        Ok(())
    })?;
    Ok(Exit::Made)
}
