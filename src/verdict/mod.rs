//! The only room that concludes: from numbers to one word, its reasons and a remedy.
//!
//! * [`ladder`]: the verdict of one (workstation, account, server log), a pure function of numbers.
//! * [`matrix`]: what it means: causes of a storm, reasons of a silent server.
//! * [`facts`], [`reasons`], `agreement`: the sentences, counts first.
//! * [`remedy`], [`modern`]: what would stop it, and where a stale credential usually sits.
//! * [`whatif`]: failures per day after a registry change.
//! * [`retention`]: what a storm costs the log.
//! * [`text`]: numbers as people read them.

mod agreement;
pub mod facts;
pub mod ladder;
pub mod matrix;
pub mod modern;
pub mod reasons;
pub mod remedy;
pub mod retention;
pub mod text;
pub mod whatif;

#[cfg(test)]
mod ladder_tests;
#[cfg(test)]
mod words_tests;
