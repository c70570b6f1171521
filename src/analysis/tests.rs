//! Small fleets end to end: what a timeline says, row by row.

use super::fleet::{DAY, DISABLED, Dice, Fleet, WRONG, provenance, retries, train};
use super::{Settings, analyse};
use crate::model::analysis::{Analysis, Row};
use crate::model::event::{EventKind, FileId, Provenance};
use crate::model::gathered::Audits;
use crate::model::timeline::{ContextEvent, Dating, Resolved, Timeline};

/// 6 h 13 min 42 s.
const AHEAD: i64 = 22_422;

/// Rank, name, class, verdict, failures and whether it is listed, one row a line.
fn summary(analysis: &Analysis) -> String {
    let line = |row: &Row| {
        let verdict = row.verdict.map_or("-", |verdict| verdict.word());
        let listed = if row.listed { "" } else { " (unlisted)" };
        format!("{} {} {} {verdict} {}{listed}", row.rank, row.workstation, row.class.word(), row.failures)
    };
    analysis.rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn run(fleet: Fleet) -> Analysis {
    analyse(fleet.0, &Settings::default())
}

fn check(analysis: &Analysis, expect: &str) {
    let expect: Vec<&str> = expect.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(summary(analysis), expect.join("\n"));
}

/// Some lines are lost, the others come within a second.
fn as_logged(seed: u64, attempts: &[i64]) -> Vec<i64> {
    let mut dice = Dice(seed);
    let mut out = Vec::new();
    for sec in attempts {
        if dice.below(10) < 8 {
            out.push(sec + dice.below(2));
        }
    }
    out
}

fn storm_fleet() -> Fleet {
    let attempts = retries(7, DAY + 36_000, DAY + 160_000);
    let person: Vec<i64> = [30_000, 30_006, 30_015, 120_000, 120_009].iter().map(|sec| DAY + sec).collect();
    Fleet::new()
        .fails("STORM04", vec![train("DC01", "user4", 681, DISABLED, &as_logged(1, &attempts))])
        .fails("WS001", vec![train("DC01", "anna", 681, WRONG, &person)])
        .log(Some("STORM04"), &as_logged(2, &attempts), AHEAD)
}

#[test]
fn a_storm_and_its_log_with_a_clock_six_hours_ahead_are_confirmed() {
    let analysis = run(storm_fleet());
    let row = &analysis.rows[0];
    assert_eq!(summary(&analysis).lines().next().unwrap(), format!("1 STORM04 storm confirmed {}", row.failures));
    let matched = row.matched.as_ref().unwrap();
    let offset = matched.clock_offset_s.unwrap();
    assert!((offset - AHEAD as f64).abs() < 2.0, "{offset}");
    let found = matched.found.as_ref().unwrap();
    assert!(
        found.matched > 100 && found.shuffled_best < found.matched / 2,
        "{} {}",
        found.matched,
        found.shuffled_best
    );
    assert!(row.reasons[0].starts_with("every 62 s (+-1 s), "), "{:?}", row.reasons);
    assert!(row.reasons[1].starts_with("client log and server log agree: "), "{:?}", row.reasons);
    assert!(row.reasons[1].contains("once the client clock is taken 6 h 13 min 4"), "{:?}", row.reasons);
    assert_eq!(
        row.action,
        "enable or remove account user4, or log it off on STORM04; SMS 2.0 SP4; or set PipeRetries and \
         PipeRetryInterval"
    );
    assert_eq!(row.cost.bytes, row.failures * 240);
    let share = row.cost.share_of_log_bytes.unwrap();
    assert!((row.cost.history_lost_h.unwrap() - 72.0 * share / (1.0 - share)).abs() < 1e-9);
    assert_eq!(analysis.servers[0].storm_bytes, row.cost.bytes);
}

#[test]
fn people_are_not_listed_and_have_no_verdict_unless_all_is_asked_for() {
    let analysis = run(storm_fleet());
    assert_eq!(summary(&analysis).lines().nth(1).unwrap(), "2 WS001 human - 5 (unlisted)");
    let all = analyse(storm_fleet().0, &Settings { all: true, ..Settings::default() });
    assert_eq!(summary(&all).lines().nth(1).unwrap(), "2 WS001 human - 5");
}

#[test]
fn another_loop_in_the_client_log_is_never_confirmed() {
    for seed in 20..26 {
        let server = retries(seed, DAY + 10_000, DAY + 200_000);
        let client = retries(seed + 100, DAY + 10_000, DAY + 200_000);
        let fleet = Fleet::new()
            .fails("HARD1", vec![train("DC01", "user4", 681, DISABLED, &as_logged(seed, &server))])
            .log(Some("HARD1"), &as_logged(seed + 1, &client), 0);
        let analysis = run(fleet);
        assert_ne!(
            analysis.rows[0].verdict.unwrap().word(),
            "confirmed",
            "seed {seed}: {:?}",
            analysis.rows[0].reasons
        );
    }
}

#[test]
fn one_side_alone_makes_rows_of_its_own() {
    let attempts = retries(3, DAY + 1000, DAY + 90_000);
    let fleet = Fleet::new()
        .fails("ALONE", vec![train("DC01", "user1", 681, DISABLED, &attempts)])
        .log(Some("SILENT"), &retries(4, DAY + 1000, DAY + 50_000), 0)
        .log(Some("FINE"), &[], 0);
    let analysis = run(fleet);
    check(
        &analysis,
        &format!(
            "1 ALONE storm server-only {}
             2 SILENT unclassified client-only 0
             3 FINE unclassified client-only 0 (unlisted)",
            attempts.len()
        ),
    );
    let silent = &analysis.rows[1];
    assert!(silent.reasons[0].starts_with("server silent: "), "{:?}", silent.reasons);
    assert_eq!((silent.first_failure, silent.matched.is_none()), (None, true));
    assert_eq!(analysis.rows[2].reasons, ["the client's log tells of no failed attempt, the servers of no failure"]);
}

#[test]
fn a_blind_server_is_no_silent_server() {
    let mut fleet = Fleet::new().log(Some("SILENT"), &retries(4, DAY + 1000, DAY + 50_000), 0);
    fleet.0.servers[0].audits = Audits::ACCOUNT_MANAGEMENT;
    assert!(run(fleet).rows[0].reasons[0].ends_with("category not audited?"));
    let late = Fleet::new().log(Some("SILENT"), &retries(4, DAY - 90_000, DAY - 1000), 0);
    assert!(run(late).rows[0].reasons[0].contains("no server log covers that time"));
}

#[test]
fn the_same_attempts_in_two_families_count_once_and_one_family_adds_over_servers() {
    let attempts = retries(5, DAY + 1000, DAY + 90_000);
    let half = attempts.len() / 2;
    let mut fleet = Fleet::new().fails(
        "BOTH",
        vec![
            train("DC01", "user1", 681, DISABLED, &attempts[..half]),
            train("DC02", "user1", 681, DISABLED, &attempts[half..]),
            train("MEM01", "user1", 531, DISABLED, &attempts[1..]),
        ],
    );
    for server in ["DC02", "MEM01"] {
        let mut log = fleet.0.servers[0].clone();
        log.server = server.into();
        fleet.0.servers.push(log);
    }
    let analysis = run(fleet);
    let row = &analysis.rows[0];
    assert_eq!(row.failures, attempts.len() as u64);
    assert_eq!(row.accounts[0].failures, row.failures);
    assert_eq!(row.event_ids, [(681, attempts.len() as u64), (531, attempts.len() as u64 - 1)]);
    assert_eq!(row.servers[0], "MEM01", "most distinct seconds first");
    assert!(row.reasons.iter().any(|reason| reason.starts_with("the same attempts, seen a second time: ")));
    assert_eq!(row.cost.bytes, row.failures * 240);
}

#[test]
fn a_scan_with_random_names_is_one_row() {
    let mut fleet = storm_fleet();
    for at in 0..300_i64 {
        let name = format!("XQ{at:05}");
        fleet = fleet.fails(&name, vec![train("DC01", "Administrator", 4625, WRONG, &[DAY + 200_000 + at / 5])]);
    }
    let analysis = run(fleet);
    let rows = summary(&analysis);
    assert_eq!(rows.lines().nth(1).unwrap(), "2 (random names) Administrator@DC01 scanner - 300");
    assert_eq!(rows.lines().count(), 3, "{rows}");
    let scan = &analysis.rows[1];
    assert_eq!(
        scan.reasons,
        ["random names: 300 names, 300 failures in 59 s", "name flooding: 300 names seen once or a few times"]
    );
    assert_eq!(scan.statuses, [(WRONG, 300)]);
}

#[test]
fn a_log_without_an_owner_is_offered_to_the_storm_it_fits() {
    let attempts = retries(8, DAY + 20_000, DAY + 200_000);
    let mut fleet = Fleet::new()
        .fails("OWNER", vec![train("DC01", "user1", 681, DISABLED, &as_logged(1, &attempts))])
        .log(None, &as_logged(2, &attempts), AHEAD);
    for seed in 30..34 {
        let other = retries(seed, DAY + 20_000, DAY + 200_000);
        fleet = fleet.fails(&format!("WS{seed}"), vec![train("DC01", "user2", 681, DISABLED, &other)]);
    }
    let analysis = run(fleet);
    assert_eq!(analysis.unattributed.len(), 1);
    assert_eq!(analysis.unattributed[0].suggestion.as_deref(), Some("OWNER"));
    assert_eq!(analysis.rows.iter().filter(|row| row.client.is_some()).count(), 0, "a suggestion only");
}

#[test]
fn a_renamed_machine_is_recognised_by_its_account_and_its_log() {
    let attempts = retries(9, DAY + 10_000, DAY + 240_000);
    let half = attempts.len() / 2;
    let fleet = Fleet::new()
        .fails("OLD12", vec![train("DC01", "user1", 681, DISABLED, &as_logged(1, &attempts[..half]))])
        .fails("NEW12", vec![train("DC01", "user1", 681, DISABLED, &as_logged(3, &attempts[half..]))])
        .log(Some("NEW12"), &as_logged(2, &attempts), AHEAD);
    let analysis = run(fleet);
    let row = |name: &str| analysis.rows.iter().find(|row| row.workstation == name).unwrap();
    assert_eq!(row("NEW12").verdict.unwrap().word(), "confirmed");
    assert!(
        row("NEW12").reasons.contains(&"renamed machine? its log fits OLD12".to_owned()),
        "{:?}",
        row("NEW12").reasons
    );
    assert!(row("OLD12").reasons.contains(&"renamed machine? the client log of NEW12 fits".to_owned()));
    assert_eq!(row("OLD12").verdict.unwrap().word(), "server-only");
}

#[test]
fn a_few_failures_that_the_client_confirms_become_a_storm() {
    let mut attempts = Vec::new();
    let mut dice = Dice(77);
    let mut at = DAY + 30_000;
    for _ in 0..16 {
        at += 40 + dice.below(4000);
        attempts.push(at);
    }
    let fleet = Fleet::new().fails("FEW", vec![train("DC01", "user1", 681, DISABLED, &attempts)]).log(
        Some("FEW"),
        &attempts,
        AHEAD,
    );
    let analysis = run(fleet);
    check(&analysis, "1 FEW storm confirmed 16");
    assert!(analysis.rows[0].reasons[1].starts_with("by the server's log alone no storm"));
}

#[test]
fn wrong_passwords_before_a_lockout_name_the_cause() {
    let attempts = retries(11, DAY + 10_000, DAY + 90_000);
    let lockout = ContextEvent {
        sec: attempts[5],
        kind: EventKind::Lockout,
        event_id: 644,
        server: "DC01".into(),
        account_key: "USER4".into(),
        account: "user4".into(),
        workstation: "SAW".into(),
        at: provenance(99),
    };
    let fleet = Fleet::new().fails("SAW", vec![train("DC01", "user4", 681, WRONG, &attempts)]).context(lockout);
    let row = &run(fleet).rows[0];
    assert!(row.reasons.iter().any(|reason| reason.starts_with("this client causes the lockout of user4: 6 failures")));
    assert_eq!(row.evidence.context[0].what, "account user4 locked out by SAW (644)");
}

#[test]
fn the_metering_server_itself_is_no_client() {
    let attempts = retries(12, DAY + 10_000, DAY + 90_000);
    let fleet = storm_fleet().fails("LICSRV1", vec![train("DC01", "smslic", 681, WRONG, &attempts)]);
    let analysis = run(fleet);
    let row = analysis.rows.iter().find(|row| row.workstation == "LICSRV1").unwrap();
    assert!(row.reasons.iter().any(|reason| reason.starts_with("the workstation is the metering server itself")));
    assert!(row.action.starts_with("set the new password of the metering service"), "{}", row.action);
}

#[test]
fn a_log_without_dates_is_never_confirmed() {
    let mut fleet = storm_fleet();
    let client = &mut fleet.0.clients[0];
    client.dating = Dating::Undated;
    client.ticks.iter_mut().for_each(|tick| tick.at_ms = None);
    (client.span_ms, client.successes_ms) = (None, Vec::new());
    let row = &run(fleet).rows[0];
    assert!(["consistent", "likely"].contains(&row.verdict.unwrap().word()));
    let client = row.client.as_ref().unwrap();
    assert_eq!((client.dated, client.first_ms), (false, None));
    let matched = row.matched.as_ref().unwrap();
    assert!(matched.found.is_none() && matched.of_client > 300 && matched.of_server > 300);
}

#[test]
fn threads_change_no_byte() {
    let text = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| format!("{:?}", run(storm_fleet())))
    };
    assert_eq!(text(1), text(3));
}

#[test]
fn nothing_read_is_nothing_said() {
    let analysis = analyse(Timeline::default(), &Settings::default());
    assert_eq!((analysis.rows.len(), analysis.span, analysis.servers.len()), (0, None, 0));
}

#[test]
fn failures_that_a_netlogon_log_named_are_told_in_the_evidence_of_that_row_only() {
    let mut fleet = storm_fleet();
    fleet.0.files.push("DC01/netlogon.log".to_owned());
    fleet.0.resolved.push(Resolved {
        workstation: "STORM04".to_owned(),
        server: "DC01".to_owned(),
        account_key: "USER4".to_owned(),
        failures: 1,
        told_by: Provenance { file: FileId(fleet.0.files.len() as u32 - 1), at: 7, is_line: true },
    });
    let analysis = run(fleet);
    let said = "1 failure of USER4 that DC01 logged without a workstation: named first by DC01/netlogon.log, line 7";
    for row in &analysis.rows {
        let expect: &[&str] = if row.workstation == "STORM04" { &[said] } else { &[] };
        assert_eq!(row.evidence.named, expect, "{}", row.workstation);
    }
}
