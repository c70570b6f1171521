//! Nouns: plain data that every room shares, one file each.
//!
//! Nothing here opens a file, asks a clock or starts a thread. Reading order: [`time`], [`names`],
//! [`workstation`], [`status`], [`event`] (what a log says), [`client`] (what a client's own log
//! says), [`gathered`] (everything that was read), [`train`], [`finding`], [`matching`], [`verdict`],
//! [`remedy`] and [`analysis`], the one inert value that every report is made from, with as much [`detail`] as
//! is wanted. [`config`] holds the one table of thresholds, [`layout`] the byte constants that readers and
//! writers share.

pub mod analysis;
pub mod attempts;
pub mod client;
pub mod config;
pub mod count;
pub mod detail;
pub mod event;
pub mod finding;
pub mod gathered;
pub mod layout;
pub mod lights;
pub mod matching;
pub mod names;
pub mod period;
pub mod remedy;
pub mod slots;
pub mod splitmix;
pub mod status;
pub mod sums;
pub mod texts;
pub mod time;
pub mod timeline;
pub mod train;
pub mod verdict;
pub mod workstation;
