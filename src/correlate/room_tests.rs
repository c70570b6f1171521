//! The whole room: two logs in, one comparison out.

use super::client::client;
use super::rng::Rng;
use super::{Client, Settings, Side, correlate, prepare, side, suggest};
use crate::model::client::TickClass;
use crate::model::event::FileId;
use crate::model::matching::{Correlation, Match, NotComparable, Pair};
use crate::model::timeline::{ClientTrain, Dating, Tick};
use crate::model::train::Mark;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

const FROM: i64 = 1_000_000_000;
const DAY: i64 = 86_400;

/// Burst ends of a loop of cycles of five with pauses, in seconds after `FROM`.
fn cycles(seed: u64, to: i64, pause: usize) -> Vec<i64> {
    let (mut rng, mut time, mut out) = (Rng::new(seed), 500, Vec::new());
    while time < to {
        for _ in 0..5 {
            out.push(time);
            time += 61 + rng.below(3) as i64;
        }
        time += rng.below(2 * pause + 1) as i64;
    }
    out
}

fn server(ends: &[i64], span: i64) -> Side {
    let marks: Vec<Mark> = ends.iter().map(|end| Mark { sec: (FROM + end) as u32, count: 3 }).collect();
    side(&marks, (FROM, FROM + span), 15)
}

/// A client's clock that is `offset` ahead.
fn ahead(ends: &[i64], offset: i64) -> Client {
    client(&ends.iter().map(|end| FROM + end + offset).collect::<Vec<_>>(), Dating::Dated)
}

fn quick() -> Settings {
    Settings { shuffles: 19, ..Settings::default() }
}

fn found(client: &Client, own: &Side, settings: &Settings) -> Match {
    match correlate(client, own, &[], settings) {
        Correlation::InTime(found) => *found,
        other => panic!("not compared: {other:?}"),
    }
}

#[test]
fn the_own_log_is_found_whatever_its_clock_says() {
    let ends = cycles(1, DAY, 1200);
    for offset in [-51_000, -3600, 0, 22_422, 51_000] {
        let found = found(&ahead(&ends, offset), &server(&ends, DAY + 3600), &quick());
        assert!((found.clock.delta - offset as f64).abs() <= 1.0, "{offset}: {:?}", found.clock);
        assert_eq!((found.matched, found.pairs.len()), (ends.len(), ends.len()));
        assert!(found.g > 0.99 && found.p <= 0.05 && found.z > 2.5, "{offset}: {found:?}");
        assert!(found.pairs.iter().all(|pair| (pair.client_sec - pair.server_sec - offset).abs() <= 3));
    }
}

#[test]
fn another_loop_of_the_same_kind_is_not() {
    let (own, other) = (cycles(1, DAY, 1200), cycles(2, DAY, 1200));
    let found = found(&ahead(&other, 0), &server(&own, DAY + 3600), &quick());
    assert!(found.p > 0.05 && found.g < 0.3, "{found:?}");
}

#[test]
fn two_steady_loops_prove_nothing_and_say_so() {
    let ends: Vec<i64> = (0..300).map(|i| 500 + 61 * i).collect();
    let found = found(&ahead(&ends, 30), &server(&ends, 20_000), &quick());
    assert!(found.p > 0.5, "{found:?}");
    assert_eq!(found.ambiguous_by, Some(61.0));
}

#[test]
fn too_little_is_not_compared_and_says_why() {
    let ends = cycles(1, DAY, 1200);
    let check = |ticks: &[i64], ends: &[i64], why| {
        let got = correlate(&ahead(ticks, 0), &server(ends, DAY), &[], &quick());
        assert_eq!(got, Correlation::Not(why));
    };
    check(&ends[..4], &ends, NotComparable::FewTicks);
    check(&[], &ends, NotComparable::FewTicks);
    check(&ends, &ends[..4], NotComparable::FewBursts);
    check(&ends, &[], NotComparable::FewBursts);
    let later: Vec<i64> = ends.iter().map(|end| end + 30 * DAY).collect();
    check(&later, &ends, NotComparable::NoCommonSpan);
    let nothing = client(&[], Dating::Undated);
    assert_eq!(correlate(&nothing, &server(&ends, DAY), &[], &quick()), Correlation::Not(NotComparable::Undated));
}

#[test]
fn a_flat_envelope_is_aligned_by_single_lags() {
    let mut rng = Rng::new(4);
    let ends: Vec<i64> = (0..500).scan(500, |time, _| Some((*time += 45 + rng.below(12) as i64, *time).1)).collect();
    let found = found(&ahead(&ends, 7300), &server(&ends, ends[499] + 500), &quick());
    assert!((found.clock.delta - 7300.0).abs() <= 1.0 && found.g > 0.95, "{found:?}");
}

#[test]
fn a_log_with_time_of_day_only_finds_its_day() {
    let ends: Vec<i64> = cycles(6, 5 * DAY, 1200);
    let third: Vec<i64> = ends.iter().copied().filter(|end| (2 * DAY..3 * DAY).contains(end)).collect();
    let midnight = (FROM + third[0]).div_euclid(DAY) * DAY;
    let times: Vec<i64> = third.iter().map(|end| FROM + end - midnight + 40).collect();
    let found = found(&client(&times, Dating::TimeOfDay), &server(&ends, 5 * DAY + 3600), &quick());
    assert!((found.clock.delta - 40.0).abs() <= 1.0, "{:?}", found.clock);
    assert!(found.pairs.iter().all(|pair| (pair.client_sec - pair.server_sec - 40).abs() <= 3));
    assert_eq!(found.matched, third.len());
}

#[test]
fn a_clock_set_back_is_told_with_the_ticks_around_it() {
    let ends = cycles(8, 20 * DAY, 600);
    let half = ends.len() / 2;
    let mut times: Vec<i64> =
        ends.iter().enumerate().map(|(i, end)| FROM + end + if i < half { 7200 } else { 3600 }).collect();
    times.sort_unstable();
    times.dedup();
    let found =
        found(&client(&times, Dating::Dated), &server(&ends, 20 * DAY + 3600), &Settings { shuffles: 9, ..quick() });
    assert_eq!(found.steps.len(), 1, "{:?}", found.steps);
    let step = found.steps[0];
    assert!((step.seconds + 3600.0).abs() <= 3.0, "{step:?}");
    // ticks of both clocks are mixed for an hour around the step
    let at = FROM + ends[half] + 7200;
    assert!((step.after - at).abs() <= 8000 && (step.before - at).abs() <= 8000, "{step:?}, step at {at}");
    assert!(found.matched * 100 >= times.len() * 97, "{} of {}", found.matched, times.len());
}

#[test]
fn a_clock_set_in_a_log_too_short_to_be_followed_is_found() {
    let ends = cycles(8, DAY, 1200);
    assert!(ends.len() < 300);
    for (set_at, step) in [(ends.len() / 2, 273), (40, 3600), (ends.len() - 40, 273)] {
        let times: Vec<i64> =
            ends.iter().enumerate().map(|(at, end)| FROM + end + if at < set_at { 500 } else { 500 + step }).collect();
        let found = found(&client(&times, Dating::Dated), &server(&ends, DAY + 3600), &quick());
        assert_eq!(found.steps.len(), 1, "{set_at} {step}");
        assert!((found.steps[0].seconds - step as f64).abs() < 3.0, "{:?}", found.steps);
        assert!(found.matched >= ends.len() - 3, "{} of {}", found.matched, ends.len());
    }
    let steady = found(&ahead(&ends, 500), &server(&ends, DAY + 3600), &quick());
    assert!(steady.steps.is_empty());
}

#[test]
fn bad_clocks_are_followed_only_when_asked_for() {
    let ends = cycles(9, 4 * DAY, 600);
    let times: Vec<i64> = ends.iter().map(|end| FROM + end + 600 - *end * 1400 / 1_000_000).collect();
    let old = Settings { shuffles: 9, ..Settings::new(&crate::model::config::Thresholds::default(), true) };
    let found = found(&client(&times, Dating::Dated), &server(&ends, 4 * DAY + 3600), &old);
    assert!(found.matched * 100 >= times.len() * 95, "{} of {}", found.matched, times.len());
    assert!((found.clock.rho + 1400e-6).abs() < 20e-6, "{:?}", found.clock);
}

#[test]
fn other_workstations_are_told_apart_and_an_unattributed_log_finds_its_own() {
    let trains: Vec<Vec<i64>> = (0..25).map(|seed| cycles(100 + seed, DAY, 1200)).collect();
    let sides: Vec<Side> = trains.iter().map(|ends| server(ends, DAY + 3600)).collect();
    let log = ahead(&trains[7], 1800);
    let others: Vec<(&Side, bool)> =
        sides.iter().enumerate().filter(|(at, _)| *at != 7).map(|(_, s)| (s, false)).collect();
    let Correlation::InTime(found) = correlate(&log, &sides[7], &others, &quick()) else { panic!("not compared") };
    assert!(found.decoy_ok && found.decoy_rank_first && found.decoys == 24, "{found:?}");
    assert!(found.decoy_ratio.is_some_and(|ratio| ratio < 0.5));
    let all: Vec<&Side> = sides.iter().collect();
    assert_eq!(suggest(&log, &all, &quick()), Some(7));
    let foreign = ahead(&cycles(999, DAY, 1200), 1800);
    assert_eq!(suggest(&foreign, &all, &quick()), None);
    // too few others prove nothing
    let Correlation::InTime(few) = correlate(&log, &sides[7], &others[..19], &quick()) else { panic!("not compared") };
    assert!(!few.decoy_ok);
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 12, ..Default::default() })]
    #[test]
    fn a_shifted_clock_shifts_the_offset_and_nothing_else(seed in 0_u64..1000, offset in -20_000_i64..20_000) {
        let ends = cycles(seed, DAY / 2, 1500);
        let own = server(&ends, DAY);
        let settings = Settings { shuffles: 3, ..quick() };
        let (a, b) = (found(&ahead(&ends, 0), &own, &settings), found(&ahead(&ends, offset), &own, &settings));
        prop_assert!((b.clock.delta - a.clock.delta - offset as f64).abs() <= 1.5, "{:?} {:?}", a.clock, b.clock);
        prop_assert_eq!((a.matched, a.of_client), (b.matched, b.of_client));
        prop_assert!((a.g - b.g).abs() < 1e-3);
    }

    #[test]
    fn pairs_rise_on_both_sides_and_lie_within_the_tolerance(
        steps in proptest::collection::vec(16_i64..4000, 5..80), ticks in proptest::collection::vec(3_i64..4000, 5..80)
    ) {
        let sums = |steps: &[i64]| steps.iter().scan(0, |t, gap| Some((*t += gap, *t).1)).collect::<Vec<_>>();
        let own = server(&sums(&steps), 200_000);
        if let Correlation::InTime(got) = correlate(&ahead(&sums(&ticks), 0), &own, &[], &Settings { shuffles: 2, ..quick() }) {
            prop_assert!(got.pairs.windows(2).all(|p| p[0].tick < p[1].tick && p[0].server_sec < p[1].server_sec));
            let off = |p: &crate::model::matching::Pair| {
                let server = p.server_sec as f64;
                p.client_sec as f64 - server - got.clock.delta - got.clock.rho * (server - got.clock.mid)
            };
            prop_assert!(got.pairs.iter().all(|pair| off(pair).abs() <= 2.51), "{:?}", got.pairs.iter().map(off).collect::<Vec<_>>());
            prop_assert!(got.matched <= got.of_client + 2 && got.matched <= got.of_server + 2);
            prop_assert!(got.g.is_finite() && got.z.is_finite() && (0.0..=1.0).contains(&got.p));
        }
    }
}

#[test]
fn times_at_the_ends_of_the_range_do_not_overflow() {
    let extreme = client(&[i64::MIN, -1, 0, 60, 120, 180, i64::MAX], Dating::Dated);
    let ends: Vec<i64> = (0..40).map(|i| i * 80_000_000).filter(|end| FROM + end <= i64::from(u32::MAX)).collect();
    let wide = side(&[Mark { sec: 0, count: 1 }, Mark { sec: u32::MAX, count: 1 }], (i64::MIN, i64::MAX), 15);
    assert_eq!(wide.bursts(), 2);
    let _ = correlate(&extreme, &server(&ends, 1_000_000), &[], &quick());
    let _ = correlate(&client(&extreme.times, Dating::TimeOfDay), &server(&ends, 1_000_000), &[], &quick());
}

/// The log of a client whose clock is right until `set_at`, and from then on `back` seconds behind.
fn set_back(ends: &[i64], set_at: i64, back: i64) -> Client {
    let tick = |(line, end): (usize, &i64)| Tick {
        at_ms: Some((FROM + end - if *end < set_at { 0 } else { back }) * 1000),
        class: TickClass::Reach,
        file: FileId(0),
        line: line as u64 + 1,
        offset: 0,
        server: "".into(),
        counter: None,
        wait_s: None,
    };
    let mut ticks: Vec<Tick> = ends.iter().enumerate().map(tick).collect();
    ticks.sort_by_key(|tick| tick.at_ms);
    prepare(&ClientTrain {
        workstation: None,
        attributed_by: None,
        files: vec![FileId(0)],
        dating: Dating::Dated,
        ticks,
        successes_ms: vec![],
        successes: 0,
        span_ms: None,
        busy_lines: 0,
        unknown_lines: 0,
        metering_servers: vec![],
        accounts: vec![],
    })
}

#[test]
fn a_clock_that_is_set_back_in_a_short_log_is_told_with_its_step() {
    for (back, seed) in [(3600, 1), (3600, 2), (7200, 3), (437, 4), (1500, 5)] {
        let ends = cycles(seed, 5 * 3600, 900);
        let set_at = ends[ends.len() / 2];
        let client = set_back(&ends, set_at, back);
        let found = found(&client, &server(&ends, DAY), &quick());
        assert!(found.p <= 0.05 && found.matched * 10 >= ends.len() * 9, "{back}: {found:?}");
        let [step] = found.steps[..] else { panic!("{back}: {:?}", found.steps) };
        assert!((step.seconds + back as f64).abs() <= 3.0, "{back}: {step:?}");
        let off = |pair: &Pair| pair.client_sec - pair.server_sec;
        assert!(found.pairs.iter().all(|pair| off(pair).abs() <= 3 || (off(pair) + back).abs() <= 3), "{back}");
        let delta = found.clock.delta;
        assert!(delta.abs() <= 3.0 || (delta + back as f64).abs() <= 3.0, "{back}: {delta}");
    }
}

#[test]
fn lines_in_disorder_and_logs_put_behind_another_are_no_clock_that_was_set() {
    let ends = cycles(1, 5 * 3600, 900);
    for back in [30, 2 * DAY] {
        assert!(set_back(&ends, ends[ends.len() / 2], back).set_back.is_empty(), "{back}");
    }
    let once = |line: usize| {
        let mut wrong = ends.clone();
        wrong[line] -= 400;
        set_back(&wrong, i64::MAX, 0).set_back
    };
    assert!(once(ends.len() / 2).is_empty(), "one line with a wrong time");
}
