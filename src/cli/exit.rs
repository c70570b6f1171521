//! Exit codes. The numbers follow restic and clap.

use crate::model::analysis::Analysis;
use crate::model::finding::Class;
use crate::model::gathered::{Severity, Skipped};
use crate::model::verdict::Verdict;
use crate::run::Failure;

use super::args::FailOn;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// The report was made.
    Made,
    /// Nothing could be reported.
    Failed,
    /// Wrong usage, client map, profile or configuration.
    Usage,
    /// The report was made, but an input could not be read (with `--strict`: or was damaged).
    Incomplete,
    /// `--fail-on` matched.
    Found,
    /// Another run holds the state's lock.
    Locked,
    /// Interrupted.
    Interrupted,
}

impl Exit {
    /// The number.
    pub(super) fn code(self) -> u8 {
        match self {
            Exit::Made => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Incomplete => 3,
            Exit::Found => 4,
            Exit::Locked => 11,
            Exit::Interrupted => 130,
        }
    }

    /// Wrong usage is told apart from failures of the system.
    pub(super) fn of_error(error: &anyhow::Error) -> Exit {
        match error.downcast_ref::<Failure>() {
            Some(Failure::Usage(_)) => Exit::Usage,
            Some(Failure::Locked(_)) => Exit::Locked,
            Some(Failure::Output { .. } | Failure::System { .. } | Failure::State { .. }) | None => Exit::Failed,
        }
    }

    /// The code of a report that was made, or that had nothing to be made from.
    pub(super) fn of_analysis(analysis: &Analysis, strict: bool, fail_on: FailOn) -> Exit {
        let inputs = &analysis.inputs;
        match Exit::of_inputs(inputs.files, inputs.records + inputs.client_logs, &inputs.skipped, strict) {
            Exit::Failed => Exit::Failed,
            _ if matches(analysis, fail_on) => Exit::Found,
            exit => exit.with_bad_times(inputs.bad_times, strict),
        }
    }

    /// The code that follows from what was read, files of known formats with `told` records and client
    /// logs, and from the places that were not.
    pub(super) fn of_inputs(files: u64, told: u64, skipped: &[Skipped], strict: bool) -> Exit {
        let worst = skipped.iter().map(|place| place.severity).max();
        // Empty logs are damage, not a failure: there was a log, and it says nothing.
        let nothing = match worst {
            Some(Severity::Unreadable) => told == 0,
            Some(Severity::Damage) => false,
            Some(Severity::Note) | None => files == 0,
        };
        if nothing {
            return Exit::Failed;
        }
        match worst {
            Some(Severity::Unreadable) => Exit::Incomplete,
            Some(Severity::Damage) if strict => Exit::Incomplete,
            _ => Exit::Made,
        }
    }

    /// Events with impossible times are left out: damage too.
    pub(super) fn with_bad_times(self, bad_times: u64, strict: bool) -> Exit {
        if self == Exit::Made && strict && bad_times > 0 { Exit::Incomplete } else { self }
    }
}

fn matches(analysis: &Analysis, fail_on: FailOn) -> bool {
    analysis.rows.iter().filter(|row| row.listed).any(|row| match fail_on {
        FailOn::None => false,
        FailOn::Storm => row.class == Class::Storm,
        FailOn::Confirmed => row.verdict == Some(Verdict::Confirmed),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check((files, records): (u64, u64), skipped: &[Severity], strict: bool, expect: Exit) {
        let mut analysis = Analysis::default();
        (analysis.inputs.files, analysis.inputs.records) = (files, records);
        analysis.inputs.skipped = skipped
            .iter()
            .map(|severity| Skipped {
                file: "x".to_owned(),
                at: String::new(),
                what: "file".to_owned(),
                why: "y".to_owned(),
                severity: *severity,
            })
            .collect();
        assert_eq!(
            Exit::of_analysis(&analysis, strict, FailOn::None),
            expect,
            "{files} {records} {skipped:?} {strict}"
        );
    }

    #[test]
    fn events_left_out_for_their_impossible_time_are_damage() {
        let mut analysis = Analysis::default();
        (analysis.inputs.files, analysis.inputs.bad_times) = (1, 1);
        assert_eq!(Exit::of_analysis(&analysis, true, FailOn::None), Exit::Incomplete);
        assert_eq!(Exit::of_analysis(&analysis, false, FailOn::None), Exit::Made);
    }

    #[test]
    fn what_could_not_be_read_decides_between_0_1_and_3() {
        use Severity::{Damage, Note, Unreadable};
        check((1, 9), &[], false, Exit::Made);
        check((1, 0), &[], false, Exit::Made);
        check((1, 9), &[Note], true, Exit::Made);
        check((1, 9), &[Damage], false, Exit::Made);
        check((1, 9), &[Damage], true, Exit::Incomplete);
        check((1, 9), &[Note, Unreadable], false, Exit::Incomplete);
        check((0, 0), &[Note], false, Exit::Failed);
        check((0, 0), &[Unreadable], false, Exit::Failed);
        // A log's header and nothing behind it.
        check((1, 0), &[Unreadable], false, Exit::Failed);
        check((0, 0), &[Damage, Unreadable], false, Exit::Failed);
        check((0, 0), &[], false, Exit::Failed);
        check((0, 0), &[Damage], false, Exit::Made);
    }
}
