//! Finds the clients that storm a Windows server with failed logons, and proves why.
//!
//! The way through, in reading order:
//!
//! * [`model`][]: the nouns.
//! * [`fsio`][], [`escape`][]: files, and the one exit for foreign text.
//! * [`input`][]: bytes to typed events.
//! * [`timeline`][]: merges exports, groups events per workstation.
//! * [`detect`][]: trains to findings.
//! * [`correlate`][]: lays a client's attempts over a server's bursts.
//! * [`verdict`][]: concludes.
//! * [`analysis`][]: ties the pure rooms together.
//! * [`report`][], [`export`][]: `Analysis` and events to bytes.
//! * [`nightly`][]: what is new since the last run.
//! * [`schedule`][]: the job in the words of systemd, cron and the Task Scheduler.
//! * [`simulate`][]: a fleet with known answers, and writers of every log format.
//! * [`run`][]: where rooms with I/O meet.
//! * [`cli`][]: arguments, terminal, exit codes.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write throw-away files"))]

pub mod analysis;
pub mod cli;
pub mod correlate;
pub mod detect;
pub mod escape;
pub mod export;
pub mod fsio;
pub mod input;
pub mod model;
pub mod nightly;
pub mod report;
pub mod run;
pub mod schedule;
pub mod simulate;
pub mod timeline;
pub mod verdict;
