//! The progress bar: bytes, on standard error.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::messages;
use crate::run::Progress;

/// A bar that is drawn, or not, and details that are told, or not.
pub(super) struct Bar {
    bar: ProgressBar,
    verbose: bool,
}

impl Bar {
    /// A bar that is drawn when `shown`; details are told when `verbose`.
    pub(super) fn new(shown: bool, verbose: bool) -> Self {
        let target = if shown { ProgressDrawTarget::stderr_with_hz(8) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let template = "reading {bar:30} {binary_bytes}/{binary_total_bytes} {binary_bytes_per_sec} {eta}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        if shown {
            bar.enable_steady_tick(Duration::from_millis(250));
        }
        Self { bar, verbose }
    }

    /// Says something while the bar is out of the way.
    pub(super) fn pause(&self, say: impl FnOnce()) {
        self.bar.suspend(say);
    }

    /// Takes the bar off the terminal.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn at(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    fn detail(&self, text: &str) {
        if self.verbose {
            self.bar.suspend(|| messages::detail(text));
        }
    }
}
