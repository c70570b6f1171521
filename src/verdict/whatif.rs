//! What a registry change would do: failures per day after `PipeRetries` and `PipeRetryInterval`
//! (KB Q287626) are set on a client, predicted from what was observed.
//!
//! A client cycles: a burst of attempts, then everything else (the outer wait of about 60 s and its
//! pauses). The registry changes the burst only; what is left when a burst is one attempt is the
//! floor. Shorter bursts cycle faster, so "bursts per day stay the same" would be wrong by up to a
//! factor of 6. Against 1,200 simulated clients with the same pauses the prediction erred by 3 % at most
//! (where a burst is one attempt, whose length no log of the server tells), by 5.4 % where the pauses were
//! others: 2,000 of them tell their mean to 2 %. A log of a few days tells it worse.

use crate::model::finding::Features;
use crate::model::remedy::{Cycle, NoPrediction};
use crate::model::train::Mark;

/// Response time of one attempt where none could be measured, in seconds.
pub const RESPONSE_S: f64 = 0.05;
/// An observed rest of the cycle that is shorter than the announced wait by this share is noise.
const WAIT_NOISE: f64 = 0.05;
/// Below this active share of the day a prediction says nothing.
const MIN_ACTIVE: f64 = 0.05;
/// A silence of this many seconds is a night or a weekend, no pause of the loop: clients are told to
/// try again after minutes, 15 unless told (help of SMS 2.0).
const OFF_S: f64 = 4.0 * 3600.0;
const DAY_S: f64 = 86_400.0;

/// What was observed of one client on one server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed {
    /// Attempts per burst, at least 1.
    pub attempts: f64,
    /// Spacing of the attempts inside a burst in seconds, response time included.
    pub spacing_s: f64,
    /// The spacing is only an upper bound: all attempts of a burst lie within one second.
    pub spacing_is_bound: bool,
    /// Bursts per calendar day.
    pub bursts_per_day: f64,
    /// Events per attempt in the log looked at: 1, or 2 where a log holds 681 and 529-539.
    pub events_per_attempt: f64,
    /// Active share of the day, 0 to 1.
    pub active_share: f64,
    /// Response time of one attempt in seconds.
    pub response_s: f64,
    /// The wait that the client's log announces, in seconds; `None` without such a line.
    pub announced_wait_s: Option<f64>,
}

/// What the failures of a storm, `marks`, and their numbers say about its cycle; bursts are more than
/// `burst_gap` seconds apart. Lost records shorten bursts, so the prediction is an estimate.
pub fn observed(
    features: &Features,
    marks: &[Mark],
    burst_gap: f64,
    events_per_attempt: f64,
    wait_s: Option<f64>,
) -> Observed {
    let gaps = || marks.windows(2).map(|pair| f64::from(pair[1].sec) - f64::from(pair[0].sec));
    let span_s: f64 = gaps().sum();
    let period = features.period.map_or(60.0, |period| period.seconds);
    // A class takes short bursts for single failures where most gaps are long: twice as many bursts.
    let bursts = bursts(marks, burst_gap).count().max(1);
    // The loop's own pauses between rounds are a part of it: they come once in so many bursts, whatever
    // the registry says.
    let off_s: f64 = gaps().filter(|gap| *gap > OFF_S).sum();
    let attempts = features.burst_size.max(1.0);
    let spacing_s = usual_spacing(marks, burst_gap, attempts).or(features.spacing_s).filter(|spacing| *spacing > 0.0);
    Observed {
        attempts,
        spacing_s: spacing_s.unwrap_or(1.0 / attempts),
        spacing_is_bound: spacing_s.is_none() && attempts > 1.0,
        bursts_per_day: bursts as f64 * DAY_S / (span_s + period).max(1.0),
        events_per_attempt: events_per_attempt.max(1.0),
        active_share: if span_s > 0.0 { 1.0 - off_s / span_s } else { 1.0 },
        response_s: RESPONSE_S,
        announced_wait_s: wait_s,
    }
}

/// The bursts of a storm: failures that are at most `burst_gap` seconds apart.
fn bursts(marks: &[Mark], burst_gap: f64) -> impl Iterator<Item = &[Mark]> {
    marks.chunk_by(move |a, b| f64::from(b.sec) - f64::from(a.sec) <= burst_gap)
}

/// Mean spacing inside the bursts of usual size, that is of `attempts` failures, in seconds; 0 where each
/// lies within one second, `None` where none has two failures.
///
/// Times are whole seconds: a burst of half a second is told as one of 0 s or of 1 s, and only the mean of
/// all is right. Other sizes are left out: they lost records, or two bursts grew together.
fn usual_spacing(marks: &[Mark], burst_gap: f64, attempts: f64) -> Option<f64> {
    let failures = |burst: &[Mark]| burst.iter().map(|mark| u64::from(mark.count)).sum::<u64>();
    // The median of an even number of bursts may lie half-way between two sizes.
    let is_usual = |failures: u64| failures > 1 && (failures as f64 - attempts).abs() <= 0.5;
    let (mut span_s, mut steps) = (0, 0);
    for burst in bursts(marks, burst_gap) {
        let (failures, first, last) = (failures(burst), burst.first()?.sec, burst.last()?.sec);
        if is_usual(failures) {
            span_s += u64::from(last - first);
            steps += failures - 1;
        }
    }
    (steps > 0).then(|| span_s as f64 / steps as f64)
}

/// The cycle behind what was observed.
pub fn cycle(seen: &Observed) -> Result<Cycle, NoPrediction> {
    if !(seen.bursts_per_day > 0.0 && seen.bursts_per_day.is_finite()) {
        return Err(NoPrediction::NoBursts);
    }
    if seen.active_share < MIN_ACTIVE {
        return Err(NoPrediction::TooLittleActive);
    }
    let burst_s = seen.attempts * seen.spacing_s;
    let rest = DAY_S * seen.active_share / seen.bursts_per_day - burst_s;
    let least = seen.announced_wait_s.unwrap_or(0.0);
    let rest_is_announced = rest < least * (1.0 - WAIT_NOISE);
    // Without an announced wait a rest of nothing would divide by zero below.
    let rest_s = if rest_is_announced { least } else { rest.max(1.0) };
    Ok(Cycle {
        observed_per_day: seen.events_per_attempt * seen.attempts * seen.bursts_per_day,
        attempts: seen.attempts,
        burst_s,
        rest_s,
        rest_is_announced,
        rough: seen.spacing_is_bound || rest_is_announced,
        floor_per_day: seen.events_per_attempt * DAY_S * seen.active_share / rest_s,
        events_per_attempt: seen.events_per_attempt,
        active_share: seen.active_share,
        response_s: seen.response_s,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::train::merged;

    /// attempts, spacing, failures/day, bursts/day, burst length, rest, then five predictions with
    /// the failures of the simulated client behind each.
    #[rustfmt::skip]
    type Vector = (f64, f64, f64, f64, f64, f64, [(f64, f64); 5]);

    #[rustfmt::skip]
    const VECTORS: [Vector; 8] = [
        (10.0, 0.55, 13112.0, 1311.2, 5.5, 60.394,
            [(1417.7, 1418.0), (2146.7, 2147.0), (8138.9, 8140.0), (2153.8, 2154.0), (1077.6, 1078.0)]),
        (10.0, 0.55, 3420.0, 342.0, 5.5, 247.132,
            [(348.8, 377.0), (646.6, 692.0), (2070.0, 2230.0), (1212.8, 1236.0), (606.6, 618.0)]),
        (100.0, 0.55, 74880.0, 748.8, 55.0, 60.385,
            [(1417.9, 1418.0), (2147.0, 2147.0), (8140.1, 8140.0), (2153.9, 2154.0), (1077.6, 1078.0)]),
        (100.0, 0.55, 28900.0, 289.0, 55.0, 243.962,
            [(353.4, 377.0), (654.4, 692.0), (2096.6, 2230.0), (1221.9, 1236.0), (611.2, 618.0)]),
        (300.0, 1.05, 69180.0, 230.6, 315.0, 59.675,
            [(1434.6, 1418.0), (2166.1, 2147.0), (8231.9, 8140.0), (2160.2, 2154.0), (1080.8, 1078.0)]),
        (300.0, 1.05, 46500.0, 155.0, 315.0, 242.419,
            [(355.6, 377.0), (658.2, 692.0), (2109.7, 2230.0), (1226.3, 1236.0), (613.4, 618.0)]),
        (20.0, 3.05, 14240.0, 712.0, 61.0, 60.348,
            [(1418.8, 1418.0), (2148.0, 2147.0), (8144.8, 8140.0), (2154.2, 2154.0), (1077.8, 1078.0)]),
        (20.0, 3.05, 5700.0, 285.0, 61.0, 242.158,
            [(356.0, 377.0), (658.9, 692.0), (2112.0, 2230.0), (1227.1, 1236.0), (613.8, 618.0)]),
    ];
    const SETTINGS: [(u32, u32); 5] = [(1, 500), (2, 10_000), (6, 500), (6, 30_000), (3, 60_000)];

    fn seen(attempts: f64, spacing_s: f64, bursts_per_day: f64) -> Observed {
        Observed {
            attempts,
            spacing_s,
            spacing_is_bound: false,
            bursts_per_day,
            events_per_attempt: 1.0,
            active_share: 1.0,
            response_s: RESPONSE_S,
            announced_wait_s: Some(60.0),
        }
    }

    #[test]
    fn all_forty_cells_of_the_table_come_out_and_agree_with_the_simulated_client() {
        for (attempts, spacing, failures, bursts, burst, rest, cells) in VECTORS {
            let cycle = cycle(&seen(attempts, spacing, bursts)).unwrap();
            assert!((cycle.observed_per_day - failures).abs() < 0.01);
            assert!((cycle.burst_s - burst).abs() < 1e-9);
            assert!((cycle.rest_s - rest).abs() < 0.0006, "{} {rest}", cycle.rest_s);
            for ((after, interval), (predicted, simulated)) in SETTINGS.into_iter().zip(cells) {
                let got = cycle.per_day(after, interval).unwrap();
                assert!((got - predicted).abs() < 0.051, "m {attempts} a {after} I {interval}: {got} {predicted}");
                let error = got / simulated - 1.0;
                assert!((-0.076..0.013).contains(&error), "m {attempts} a {after} I {interval}: {error}");
            }
        }
    }

    #[test]
    fn the_floor_is_one_attempt_per_cycle_without_any_burst() {
        let cycle = cycle(&seen(100.0, 0.55, 748.8)).unwrap();
        assert!((cycle.floor_per_day - 86_400.0 / 60.385).abs() < 0.1);
        assert!(cycle.per_day(1, 500).unwrap() < cycle.floor_per_day);
        assert_eq!(cycle.per_day(0, 500), None);
    }

    #[test]
    fn a_rest_below_the_announced_wait_is_replaced_by_it_and_said() {
        let rough = cycle(&seen(10.0, 5.0, 1400.0)).unwrap();
        assert!(rough.rest_is_announced && rough.rough);
        assert_eq!(rough.rest_s, 60.0);
        let fine = cycle(&seen(300.0, 1.05, 230.6)).unwrap();
        assert!(!fine.rest_is_announced, "half a percent below the wait is noise");
    }

    /// Marks of bursts that begin at those seconds, of attempts so far apart.
    fn marks(begins: &[f64], attempts: u32, spacing_s: f64) -> Vec<Mark> {
        let at = |begin: f64, k: u32| (begin + spacing_s * f64::from(k)) as u32;
        let all = begins.iter().flat_map(|begin| (0..attempts).map(move |k| Mark { sec: at(*begin, k), count: 1 }));
        merged(all.collect())
    }

    /// Numbers of a storm with bursts of that median size and median spacing.
    fn features(burst_size: f64, spacing_s: Option<f64>) -> Features {
        Features {
            n: 0,
            failures: 0,
            accounts: 1,
            bursts: 0,
            period: None,
            cv: None,
            hours: 0,
            max60: 0,
            peak_per_hour: 0,
            biggest_session: 0,
            longest_session_s: 0,
            burst_size,
            spacing_s,
        }
    }

    #[test]
    fn a_spacing_below_a_second_is_that_of_all_usual_bursts_not_of_those_that_cross_a_second() {
        let begins: Vec<f64> = (0..1000).map(|i| 60.37 * f64::from(i)).collect();
        for spacing in [0.1_f64, 0.35, 0.8, 1.6] {
            // The median over the bursts that cross a second says 1 or 2.
            let seen = observed(&features(2.0, Some(spacing.max(1.0))), &marks(&begins, 2, spacing), 15.0, 1.0, None);
            assert!((seen.spacing_s - spacing).abs() < 0.02, "{spacing}: {}", seen.spacing_s);
            assert!(!seen.spacing_is_bound);
            let cycle = cycle(&seen).unwrap();
            assert!((cycle.rest_s - (60.37 - 2.0 * spacing)).abs() < 0.1, "{spacing}: {}", cycle.rest_s);
        }
    }

    #[test]
    fn bursts_of_other_sizes_do_not_tell_the_spacing_unless_there_are_no_others() {
        let mut three = marks(&[0.0, 60.0, 120.0, 180.0], 3, 2.0);
        three.extend(marks(&[240.0], 2, 14.0));
        assert_eq!(usual_spacing(&three, 15.0, 3.0), Some(2.0));
        assert_eq!(usual_spacing(&three, 15.0, 2.5), Some((4.0 * 4.0 + 14.0) / 9.0), "half-way between both");
        assert_eq!(usual_spacing(&three, 15.0, 1.0), None);
        assert_eq!(observed(&features(1.0, Some(2.0)), &three, 15.0, 1.0, None).spacing_s, 2.0);
    }

    #[test]
    fn bursts_within_one_second_give_a_bound_and_single_failures_none() {
        let together = observed(&features(4.0, None), &marks(&[0.0, 61.0, 122.0], 4, 0.01), 15.0, 1.0, None);
        assert_eq!((together.spacing_s, together.spacing_is_bound), (0.25, true));
        let single = observed(&features(1.0, None), &marks(&[0.0, 61.0, 122.0], 1, 0.0), 15.0, 1.0, None);
        assert_eq!((single.spacing_s, single.spacing_is_bound), (1.0, false));
    }

    #[test]
    fn nothing_is_predicted_from_nothing() {
        assert_eq!(cycle(&seen(10.0, 0.5, 0.0)), Err(NoPrediction::NoBursts));
        assert_eq!(cycle(&seen(10.0, 0.5, f64::NAN)), Err(NoPrediction::NoBursts));
        let idle = Observed { active_share: 0.01, ..seen(10.0, 0.5, 3.0) };
        assert_eq!(cycle(&idle), Err(NoPrediction::TooLittleActive));
    }
}
