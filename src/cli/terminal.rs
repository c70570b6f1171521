//! What the terminal can do.

use std::io::IsTerminal;

use super::args::When;

/// Colours on standard output: `--color`, then `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE`,
/// `TERM=dumb`, then whether it is a terminal.
pub(super) fn color(when: When) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never,
    }
}

/// Makes `--color` hold for standard error too.
pub(super) fn set_color(when: When) {
    match when {
        When::Always => anstream::ColorChoice::Always.write_global(),
        When::Never => anstream::ColorChoice::Never.write_global(),
        When::Auto => {}
    }
}

/// Columns of standard output: the terminal's, else `COLUMNS`, else 80.
pub(super) fn width() -> usize {
    if let Some((terminal_size::Width(columns), _)) = terminal_size::terminal_size_of(std::io::stdout()) {
        return usize::from(columns);
    }
    std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).unwrap_or(80).min(1000)
}

/// A progress bar is wanted.
pub(super) fn progress(when: When, quiet: bool) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => !quiet && std::io::stderr().is_terminal(),
    }
}
