//! The nightly job in the words of other programs: systemd units, a cron line, a Windows task.
//!
//! [`task`] is what has to be run; each scheduler has one file that knows how it splits, escapes and
//! expands a command line. The files in `contrib/` are these texts for [`task::Task::usual`].

pub mod cron;
pub mod systemd;
pub mod task;
pub mod windows;
