//! Trains in, classes as text out.

use proptest::prelude::*;

use super::{DETECTORS, detect, detect_in_zone};
use crate::model::config::{Param, Thresholds};
use crate::model::event::{EventKind, Family, FileId, Provenance};
use crate::model::finding::{Class, Detected};
use crate::model::status::Status;
use crate::model::timeline::{ContextEvent, NameKind, ServerLog, Timeline, WorkstationTrains};
use crate::model::train::{Mark, Train};

const DISABLED: Status = Status::Nt(0xC000_0072);

fn train(server: &str, account: &str, seconds: impl IntoIterator<Item = u32>) -> Train {
    let marks: Vec<Mark> = seconds.into_iter().map(|sec| Mark { sec, count: 1 }).collect();
    let n = marks.len() as u64;
    Train {
        server: server.to_owned(),
        account_key: account.to_uppercase(),
        account: account.to_owned(),
        domain: None,
        family: Family::AccountLogon,
        failures: n,
        event_ids: vec![(681, n)],
        statuses: vec![(DISABLED, n)],
        phases: marks.first().map(|mark| (mark.sec, DISABLED)).into_iter().collect(),
        tuples: n,
        logon_types: vec![(3, n)],
        process: None,
        relay: None,
        bytes: 0,
        sightings: Vec::new(),
        records: Vec::new(),
        raw_names: Vec::new(),
        ips: Vec::new(),
        marks,
    }
}

fn workstation(name: &str, trains: Vec<Train>) -> WorkstationTrains {
    WorkstationTrains { name: name.to_owned(), kind: NameKind::Named, trains }
}

fn timeline(workstations: Vec<WorkstationTrains>) -> Timeline {
    Timeline { workstations, ..Timeline::default() }
}

fn of_one(trains: Vec<Train>) -> Detected {
    detect(&timeline(vec![workstation("WS1", trains)]), &Thresholds::default())
}

/// One finding per line: server, class, rule, account where it is one of many.
fn check(trains: Vec<Train>, expect: &str) -> Detected {
    let detected = of_one(trains);
    let shown: Vec<String> = detected.findings[0]
        .iter()
        .map(|finding| {
            let rule = finding.rule.map_or(String::new(), |rule| format!(" {rule:?}"));
            let only = finding.only_account.as_ref().map_or(String::new(), |account| format!(" only {account}"));
            format!("{} {}{rule}{only}", finding.server, finding.class.word())
        })
        .collect();
    assert_eq!(shown.join("; "), expect);
    detected
}

fn every(period: u32, count: u32) -> impl Iterator<Item = u32> {
    (0..count).map(move |at| 1_000_000 + at * period)
}

/// Failures without period, `per_hour` in each of `hours` hours.
fn irregular(hours: u32, per_hour: u32) -> Vec<u32> {
    let mut state = 1u32;
    let mut next = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    let mut seconds = Vec::new();
    for hour in 0..hours {
        for part in 0..per_hour {
            let width = 3600 / per_hour;
            seconds.push(7_200_000 + hour * 3600 + part * width + next(width));
        }
    }
    seconds
}

#[test]
fn three_ways_to_be_a_storm() {
    check(vec![train("DC01", "u", every(62, 20))], "DC01 storm Period");
    check(vec![train("DC01", "u", every(7, 60))], "DC01 storm Rate");
    check(vec![train("DC01", "u", irregular(10, 7))], "DC01 storm Persistence");
    check(vec![train("DC01", "u", irregular(5, 11))], "DC01 unclassified");
}

#[test]
fn nineteen_regular_seconds_are_possible_and_seven_are_not() {
    check(vec![train("DC01", "u", every(62, 19))], "DC01 possible-storm");
    check(vec![train("DC01", "u", every(62, 8))], "DC01 possible-storm");
    check(vec![train("DC01", "u", every(62, 7))], "DC01 unclassified");
}

#[test]
fn degenerate_trains_have_no_period_and_are_no_storm() {
    for seconds in [&[5u32][..], &[5, 900_000], &[5, 6, 7, 8, 9], &[5, 70, 400, 5000, 5001]] {
        let detected = check(vec![train("DC01", "u", seconds.iter().copied())], "DC01 human");
        let features = &detected.findings[0][0].features;
        assert_eq!((features.period, features.cv, features.bursts), (None, None, seconds.len()));
    }
    assert_eq!(detect(&Timeline::default(), &Thresholds::default()), Detected::default());
}

#[test]
fn ten_thousand_failures_in_one_second_are_one_second() {
    let mut one = train("DC01", "u", [5]);
    (one.marks[0].count, one.failures) = (10_000, 10_000);
    let detected = check(vec![one], "DC01 human");
    let features = &detected.findings[0][0].features;
    assert_eq!((features.n, features.failures, features.peak_per_hour), (1, 10_000, 10_000));
    assert_eq!((features.burst_size, features.spacing_s), (10_000.0, None));
}

#[test]
fn one_endless_burst_has_no_period() {
    let detected = check(vec![train("DC01", "u", every(10, 59))], "DC01 unclassified");
    assert_eq!((detected.findings[0][0].features.bursts, detected.findings[0][0].features.period), (1, None));
}

#[test]
fn many_accounts_few_times_each_are_a_spray_and_the_blank_name_never_is() {
    let accounts = |repeats: u32| -> Vec<Train> {
        (0..8u32).map(|at| train("DC01", &format!("u{at}"), (0..repeats).map(|again| at + again * 600))).collect()
    };
    check(accounts(4), "DC01 spray");
    check(accounts(5), "DC01 unclassified");
    assert_eq!(of_one(accounts(1)[..7].to_vec()).findings[0][0].class, Class::Human);
}

#[test]
fn one_looping_account_of_a_terminal_server_is_found_alone() {
    let mut trains = vec![train("DC01", "loop", every(62, 40))];
    trains.extend((0..4).map(|at| train("DC01", &format!("u{at}"), [5 + at, 50_000 + at * 977])));
    let detected = check(trains, "DC01 storm Period only loop; DC01 unclassified");
    assert_eq!(detected.findings[0][1].features.accounts, 5);
    assert_eq!(detected.findings[0][1].dominant_account, "loop");
}

#[test]
fn the_server_with_most_seconds_stands_first() {
    check(
        vec![train("DC01", "u", every(62, 8)), train("DC02", "u", every(62, 30))],
        "DC02 storm Period; DC01 possible-storm",
    );
}

#[test]
fn a_person_works_by_day_where_the_zone_is_known() {
    let night = (0..10u32).map(|at| 1_000_080_000 + at * at * 400); // 2001-09-10T00:00:00Z and later
    let one = timeline(vec![workstation("WS1", vec![train("DC01", "u", night)])]);
    let class = |detected: Detected| detected.findings[0][0].class;
    assert_eq!(class(detect(&one, &Thresholds::default())), Class::Human);
    assert_eq!(class(detect_in_zone(&one, &Thresholds::default(), chrono_tz::UTC)), Class::Unclassified);
    assert_eq!(class(detect_in_zone(&one, &Thresholds::default(), chrono_tz::Asia::Tokyo)), Class::Human);
}

fn scan(names: u32, extra: Vec<WorkstationTrains>) -> (Timeline, Detected) {
    let name = |at: u32| {
        let account = if at == 7 { "other" } else { "admin" };
        let mut one = train("DC01", account, [5_000 + at / 22]);
        one.ips = vec![("10.9.9.9".to_owned(), 1)];
        workstation(&format!("A{at:06}"), vec![one])
    };
    let mut all: Vec<WorkstationTrains> = (0..names).map(name).collect();
    all.extend(extra);
    let timeline = timeline(all);
    let detected = detect(&timeline, &Thresholds::default());
    (timeline, detected)
}

#[test]
fn thousands_of_one_time_names_are_one_scan() {
    let (timeline, detected) = scan(3561, Vec::new());
    let scan = &detected.scans[0];
    assert_eq!(detected.scans.len(), 1);
    assert_eq!((scan.server.as_str(), scan.target.as_str()), ("DC01", "ADMIN"));
    assert_eq!((scan.names, scan.failures, scan.first, scan.last), (3561, 3561, 5000, 5161));
    assert_eq!(timeline.workstations.len(), detected.swallowed.iter().flatten().count());
    assert!(detected.findings.iter().all(Vec::is_empty));
}

#[test]
fn a_storm_on_the_scanned_account_keeps_its_row() {
    let storm = workstation("STORM04", vec![train("DC01", "admin", (0..200).map(|at| 4_000 + at * 62))]);
    let caught = workstation("VICTIM", vec![train("DC01", "admin", [5_001]), train("DC01", "z", every(62, 40))]);
    let late = workstation("WS9", vec![train("DC01", "admin", [5_010, 90_000])]);
    let (timeline, detected) = scan(200, vec![storm, caught, late]);
    let kept: Vec<&str> = timeline
        .workstations
        .iter()
        .zip(&detected.swallowed)
        .filter(|(_, swallowed)| swallowed.is_none())
        .map(|(workstation, _)| workstation.name.as_str())
        .collect();
    assert_eq!(kept, ["STORM04", "VICTIM", "WS9"]);
    assert_eq!(detected.scans[0].names, 200);
    assert_eq!(detected.findings[200][0].class, Class::Storm);
}

#[test]
fn forty_nine_names_and_slow_names_are_no_scan() {
    assert!(scan(49, Vec::new()).1.scans.is_empty());
    let slow = (0..100).map(|at| workstation(&format!("A{at:06}"), vec![train("DC01", "admin", [at * 60])])).collect();
    assert!(detect(&timeline(slow), &Thresholds::default()).scans.is_empty());
}

#[test]
fn an_address_that_tries_names_and_accounts_at_random_is_one_scan() {
    let name = |at: u32| {
        let mut one = train("DC01", &format!("user{at}"), [at]);
        one.ips = vec![("10.9.9.9".to_owned(), 1)];
        workstation(&format!("A{at:06}"), vec![one])
    };
    let detected = detect(&timeline((0..60).map(name).collect()), &Thresholds::default());
    assert_eq!((detected.scans[0].target.as_str(), detected.scans[0].names), ("10.9.9.9", 60));
}

/// Episodes as `first-last`, in hours, with marks: `<` since before, `>` ongoing, `!` log stops.
fn check_episodes(one: Train, servers: Vec<ServerLog>, context: Vec<ContextEvent>, expect: &str) {
    let mut all = timeline(vec![workstation("WS1", vec![one])]);
    (all.servers, all.context) = (servers, context);
    let detected = detect(&all, &Thresholds::default());
    let shown: Vec<String> = detected.findings[0][0]
        .episodes
        .iter()
        .map(|episode| {
            let mark = |on: bool, mark: &'static str| if on { mark } else { "" };
            format!(
                "{}{}-{}{}{}",
                mark(episode.since_before, "<"),
                episode.first / 3600,
                episode.last / 3600,
                mark(episode.ongoing, ">"),
                mark(episode.log_stops, "!")
            )
        })
        .collect();
    assert_eq!(shown.join(" "), expect);
}

fn sittings(hours: &[u32]) -> impl Iterator<Item = u32> {
    let hours = hours.to_vec();
    hours.into_iter().flat_map(|hour| (0..20).map(move |at| hour * 3600 + at * 62))
}

#[test]
fn a_weekend_does_not_end_an_episode_unless_the_reason_changed() {
    let loops = train("DC01", "u", sittings(&[10, 30, 100, 180]));
    check_episodes(loops.clone(), Vec::new(), Vec::new(), "10-100 180-180");
    let mut changed = loops;
    changed.phases = vec![(10 * 3600, DISABLED), (100 * 3600, Status::Nt(0xC000_0234))];
    check_episodes(changed, Vec::new(), Vec::new(), "10-30 100-100 180-180");
}

#[test]
fn the_ends_of_the_log_bound_what_is_known() {
    let end = 20 * 3600 + 19 * 62;
    let log = |from: u32, to: u32, full: bool| ServerLog {
        server: "DC01".to_owned(),
        from: i64::from(from),
        to: i64::from(to),
        full,
        ..ServerLog::default()
    };
    let loops = || train("DC01", "u", sittings(&[20]));
    check_episodes(loops(), vec![log(20 * 3600 - 100, end + 100, false)], Vec::new(), "<20-20>");
    check_episodes(loops(), vec![log(0, end + 4000, true)], Vec::new(), "20-20");
    check_episodes(loops(), vec![log(0, end, true)], Vec::new(), "20-20>!");
    let cleared = ContextEvent {
        sec: i64::from(end) + 300,
        kind: EventKind::LogCleared,
        event_id: 517,
        server: "DC01".to_owned(),
        account_key: String::new(),
        account: String::new(),
        workstation: String::new(),
        at: Provenance { file: FileId(0), at: 1, is_line: false },
    };
    check_episodes(loops(), vec![log(0, end + 4000, false)], vec![cleared], "20-20!");
}

#[test]
fn the_register_has_names_and_summaries() {
    let mut names: Vec<&str> = DETECTORS.iter().map(|detector| detector.name).collect();
    assert!(DETECTORS.iter().all(|detector| !detector.summary.is_empty() && !detector.summary.ends_with('.')));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), DETECTORS.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn more_failures_in_the_same_seconds_change_no_class(
        seconds in proptest::collection::btree_set(0u32..20_000, 0..120), times in 2u32..4
    ) {
        let once = train("DC01", "u", seconds);
        let mut more = once.clone();
        more.failures *= u64::from(times);
        more.marks.iter_mut().for_each(|mark| mark.count *= times);
        let (once, more) = (of_one(vec![once]), of_one(vec![more]));
        for (a, b) in once.findings[0].iter().zip(&more.findings[0]) {
            prop_assert_eq!((a.class, a.rule, a.features.n), (b.class, b.rule, b.features.n));
            prop_assert_eq!(a.features.failures * u64::from(times), b.features.failures);
        }
    }

    #[test]
    fn any_train_gives_finite_numbers_and_episodes_that_add_up(
        seconds in proptest::collection::btree_set(any::<u32>(), 1..60), period in 1u32..90_000
    ) {
        let mut all: Vec<u32> = seconds.into_iter().collect();
        all.extend((0..30u32).filter_map(|at| 1_000u32.checked_add(at * period)));
        all.sort_unstable();
        all.dedup();
        let detected = of_one(vec![train("DC01", "u", all)]);
        let finding = &detected.findings[0][0];
        if let Some(period) = finding.features.period {
            prop_assert!(period.share >= 0.0 && period.share <= 1.0 && period.log10_p <= 0.0);
            prop_assert!(period.log10_p.is_finite() && period.seconds >= 1.0);
        }
        let failures: u64 = finding.episodes.iter().map(|episode| episode.failures).sum();
        // what a client's own log may make a storm has episodes too
        let enough = finding.features.n as f64 >= Thresholds::default()[Param::StormSecondsConfirmed];
        let told = match finding.class {
            Class::Storm | Class::PossibleStorm => true,
            Class::Human | Class::Unclassified => enough,
            _ => false,
        };
        prop_assert_eq!(failures, if told { finding.features.failures } else { 0 });
        prop_assert!(finding.episodes.windows(2).all(|pair| pair[0].last < pair[1].first));
    }
}
