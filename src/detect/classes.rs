//! The rules, in the order in which they are tried: the first that holds gives the class.

use chrono::{Datelike, Offset, TimeZone, Timelike};

use super::subject::Subject;
use crate::model::config::{Param, Thresholds};
use crate::model::finding::{Class, StormRule};

/// One rule of the register.
pub struct Detector {
    /// Stable name.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// The class it gives.
    pub class: Class,
    /// Whether it holds for one workstation on one server; `None` for the scanner, which looks at
    /// all names of an account or an address at once.
    holds: Option<Rule>,
}

/// A rule; the zone is that of the servers, where it is known.
type Rule = fn(&Subject<'_>, &Thresholds, Option<chrono_tz::Tz>) -> bool;

/// Every detector, in the order in which they are tried.
pub const DETECTORS: &[Detector] = &[
    Detector {
        name: "scanner",
        summary: "many one-time workstation names against one account or from one address",
        class: Class::Scanner,
        holds: None,
    },
    Detector {
        name: "spray",
        summary: "one source tries many accounts, each a few times",
        class: Class::Spray,
        holds: Some(|subject, thresholds, _| spray(subject, thresholds)),
    },
    Detector {
        name: "retry-loop",
        summary: "an automated retry loop: a period, a high rate, or hour after hour",
        class: Class::Storm,
        holds: Some(|subject, thresholds, _| storm_rule(subject, thresholds).is_some()),
    },
    Detector {
        name: "possible-loop",
        summary: "regular, but too few failures to call it a storm",
        class: Class::PossibleStorm,
        holds: Some(|subject, thresholds, _| possible(subject, thresholds)),
    },
    Detector {
        name: "human",
        summary: "a person: few at a time, irregular, by day",
        class: Class::Human,
        holds: Some(human),
    },
];

/// The class of a workstation on one server, and the rule where it is a storm.
pub(super) fn classify(
    subject: &Subject<'_>,
    thresholds: &Thresholds,
    zone: Option<chrono_tz::Tz>,
) -> (Class, Option<StormRule>) {
    let holds = |detector: &&Detector| detector.holds.is_some_and(|holds| holds(subject, thresholds, zone));
    match DETECTORS.iter().find(holds) {
        Some(detector) if detector.class == Class::Storm => (Class::Storm, storm_rule(subject, thresholds)),
        Some(detector) => (detector.class, None),
        None => (Class::Unclassified, None),
    }
}

fn spray(subject: &Subject<'_>, thresholds: &Thresholds) -> bool {
    let accounts = subject.features.accounts as f64;
    accounts >= thresholds[Param::SprayAccounts] && subject.tuples as f64 / accounts <= thresholds[Param::SprayTuples]
}

fn few_accounts(subject: &Subject<'_>, thresholds: &Thresholds) -> bool {
    subject.features.accounts as f64 <= thresholds[Param::StormAccounts]
}

/// Three ways to be a loop: (a) catches everything with a period, however slow; (b) dense bursts
/// without period; (c) machines with random back-off, which differ from people in persistence only.
pub(super) fn storm_rule(subject: &Subject<'_>, thresholds: &Thresholds) -> Option<StormRule> {
    let features = &subject.features;
    let n = features.n as f64;
    if n < thresholds[Param::StormSeconds] || !few_accounts(subject, thresholds) {
        return None;
    }
    let bursts = features.bursts as f64 >= thresholds[Param::StormBursts];
    let hours = features.hours as f64;
    if bursts && regular(subject, thresholds, Param::StormShare) {
        Some(StormRule::Period)
    } else if features.max60 as f64 >= thresholds[Param::StormRate] {
        Some(StormRule::Rate)
    } else if hours >= thresholds[Param::StormHours]
        && n >= thresholds[Param::StormHoursSeconds]
        && n / hours >= thresholds[Param::StormSecondsPerHour]
    {
        Some(StormRule::Persistence)
    } else {
        None
    }
}

fn regular(subject: &Subject<'_>, thresholds: &Thresholds, share: Param) -> bool {
    let unlikely = thresholds[Param::StormPReg].log10();
    subject.features.period.is_some_and(|period| period.share >= thresholds[share] && period.log10_p < unlikely)
}

fn possible(subject: &Subject<'_>, thresholds: &Thresholds) -> bool {
    let n = subject.features.n as f64;
    (thresholds[Param::PossibleSeconds]..thresholds[Param::StormSeconds]).contains(&n)
        && few_accounts(subject, thresholds)
        && regular(subject, thresholds, Param::PossibleShare)
}

fn human(subject: &Subject<'_>, thresholds: &Thresholds, zone: Option<chrono_tz::Tz>) -> bool {
    let features = &subject.features;
    features.biggest_session as f64 <= thresholds[Param::HumanSession]
        && features.cv.is_none_or(|cv| cv > thresholds[Param::HumanCv])
        && by_the_clock(subject, thresholds, zone)
}

/// No day with too many active hours, and most failures by day where the server's zone is known.
fn by_the_clock(subject: &Subject<'_>, thresholds: &Thresholds, zone: Option<chrono_tz::Tz>) -> bool {
    /// What counts as day: from 06:00 to before 20:00.
    const DAY: std::ops::Range<u32> = 6..20;
    let (mut today, mut hour, mut active, mut most, mut by_day) = (None, None, 0, 0, 0);
    for mark in subject.marks.iter() {
        let Some(utc) = chrono::DateTime::from_timestamp(i64::from(mark.sec), 0) else { continue };
        let naive = utc.naive_utc();
        let local = match zone {
            Some(zone) => naive + zone.offset_from_utc_datetime(&naive).fix(),
            None => naive,
        };
        if today != Some(local.num_days_from_ce()) {
            (today, hour, active) = (Some(local.num_days_from_ce()), None, 0);
        }
        if hour != Some(local.hour()) {
            hour = Some(local.hour());
            active += 1;
            most = active.max(most);
        }
        by_day += usize::from(DAY.contains(&local.hour()));
    }
    let share = by_day as f64 / subject.marks.len().max(1) as f64;
    f64::from(most) <= thresholds[Param::HumanHours] && (zone.is_none() || share >= thresholds[Param::HumanDayShare])
}
