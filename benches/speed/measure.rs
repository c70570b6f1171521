//! One command: what it costs.

use std::io;
use std::process::{Command, Stdio};
use std::time::Instant;

use wait4::Wait4;

/// What one run of a command costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// CPU seconds of the whole process, user and system.
    pub(crate) cpu: f64,
    /// Seconds on the wall clock.
    pub(crate) wall: f64,
    /// Largest resident memory, in bytes.
    pub(crate) peak: u64,
}

/// Runs a command to its end; its output goes nowhere. An exit code that tells of a failure is an error.
pub(crate) fn run(command: &mut Command) -> io::Result<Cost> {
    let began = Instant::now();
    let used = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?.wait4()?;
    let wall = began.elapsed().as_secs_f64();
    if !used.status.success() {
        return Err(io::Error::other(format!("{command:?} ended with {}", used.status)));
    }
    let cpu = (used.rusage.utime + used.rusage.stime).as_secs_f64();
    Ok(Cost { cpu, wall, peak: used.rusage.maxrss })
}

/// The middle of several runs, each figure by itself.
pub(crate) fn median(costs: &[Cost]) -> Cost {
    let middle = |figure: fn(&Cost) -> f64| {
        let mut all: Vec<f64> = costs.iter().map(figure).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let peak = costs.iter().map(|cost| cost.peak).max().unwrap_or(0);
    Cost { cpu: middle(|cost| cost.cpu), wall: middle(|cost| cost.wall), peak }
}
