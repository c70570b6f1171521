//! How much the timeline may keep.

use crate::model::config::{Param, Thresholds};

/// Bytes that a workstation with its trains, findings and row takes, without its failures.
const WORKSTATION: u64 = 4096;

/// What the timeline keeps in full, and how much of it.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// Keep one provenance per second of every train, for `explain`.
    pub keep_records: bool,
    /// Fewest failures of a workstation that is looked at for itself; 0 for all.
    pub fewest: u64,
    /// Bytes for workstations, besides their failures; `None` for any number.
    pub bytes: Option<u64>,
    /// Names that are kept in any case, as reported, without regard to case.
    pub names: Vec<String>,
}

impl Room {
    /// Room for every workstation.
    pub fn unlimited(keep_records: bool) -> Self {
        Self { keep_records, ..Self::default() }
    }

    /// Room for those that a report can list without being asked for all.
    pub fn listed(keep_records: bool, thresholds: &Thresholds) -> Self {
        // No rule but that of the scanner, which looks at all names together, holds for less.
        let rules = [Param::StormSeconds, Param::PossibleSeconds, Param::SprayAccounts, Param::StormSecondsConfirmed];
        let fewest = rules.iter().map(|rule| thresholds[*rule].max(0.0) as u64).min().unwrap_or(0);
        Self { fewest, ..Self::unlimited(keep_records) }
    }

    /// True for a name that is kept in any case.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
    }

    /// Fewest failures of a workstation that is kept, where workstations have so many, and whether that
    /// is more than was asked for.
    pub(super) fn fewest(&self, mut counts: Vec<u32>) -> (u64, Option<u64>) {
        let Some(bytes) = self.bytes else { return (self.fewest, None) };
        let most = usize::try_from(bytes / WORKSTATION).unwrap_or(usize::MAX);
        counts.retain(|count| u64::from(*count) >= self.fewest);
        if counts.len() <= most {
            return (self.fewest, None);
        }
        counts.sort_unstable_by_key(|count| std::cmp::Reverse(*count));
        let fewest = u64::from(counts[most]) + 1;
        (fewest, Some(fewest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_room_those_with_most_failures_stay() {
        let room = |most: u64| Room { fewest: 8, bytes: Some(most * WORKSTATION), ..Room::default() };
        assert_eq!(room(2).fewest(vec![3, 9, 7, 8]), (8, None));
        assert_eq!(room(1).fewest(vec![3, 9, 7, 8]), (9, Some(9)));
        assert_eq!(room(1).fewest(vec![9, 9, 30]), (10, Some(10)));
        assert_eq!(room(0).fewest(vec![9]), (10, Some(10)));
        assert_eq!(Room::unlimited(false).fewest(vec![1; 9]), (0, None));
    }

    #[test]
    fn no_rule_holds_for_fewer_failures_than_are_kept() {
        assert_eq!(Room::listed(false, &Thresholds::default()).fewest, 8);
        let mut thresholds = Thresholds::default();
        assert!(thresholds.set("spray_accounts", 3.5));
        assert_eq!(Room::listed(false, &thresholds).fewest, 3);
    }
}
