//! What the words of whole rows look like: facts in, every reason and the action out.

use super::facts::{ClientFacts, RowFacts};
use super::ladder::{Basis, Decision};
use super::ladder_tests::no_match;
use super::matrix::{Cause, Silence};
use super::{
    reasons::reasons,
    remedy::{action, remedies},
};
use crate::model::analysis::AccountCount;
use crate::model::client::AttributedBy;
use crate::model::finding::{Class, Episode, Features, Finding, Period, StormRule};
use crate::model::matching::{Clock, ClockStep, Correlation, Match, NotComparable, Pair};
use crate::model::status::Status;
use crate::model::verdict::Verdict;

const DISABLED: Status = Status::Nt(0xC000_0072);
const NOON: i64 = 984_398_400; // 2001-03-12T12:00:00Z

struct Row {
    workstation: &'static str,
    class: Class,
    promoted: bool,
    finding: Finding,
    accounts: Vec<AccountCount>,
    servers: Vec<String>,
    event_ids: Vec<(u16, u64)>,
    statuses: Vec<(Status, u64)>,
    logon_types: Vec<(u8, u64)>,
    metering_servers: Vec<String>,
    client: bool,
    decision: Option<Decision>,
    correlation: Option<Correlation>,
    cause: Option<Cause>,
    silence: Option<Silence>,
    failures: u64,
}

fn finding(class: Class) -> Finding {
    Finding {
        server: "DC01".into(),
        class,
        rule: (class == Class::Storm).then_some(StormRule::Period),
        only_account: None,
        features: Features {
            n: 3038,
            failures: 9114,
            accounts: 1,
            bursts: 3038,
            period: Some(Period { seconds: 62.0, tolerance: 2.48, share: 0.97, log10_p: -300.0 }),
            cv: Some(0.012),
            hours: 75,
            max60: 58,
            peak_per_hour: 180,
            biggest_session: 58,
            longest_session_s: 267_840,
            burst_size: 3.0,
            spacing_s: None,
        },
        episodes: vec![Episode {
            first: NOON,
            last: NOON + 267_840,
            failures: 9114,
            since_before: false,
            ongoing: true,
            log_stops: false,
        }],
        dominant_account: "USER4".into(),
        dominant_status: DISABLED,
    }
}

fn storm() -> Row {
    Row {
        workstation: "STORM04",
        class: Class::Storm,
        promoted: false,
        finding: finding(Class::Storm),
        accounts: vec![AccountCount { account: "user4".into(), domain: None, failures: 9114 }],
        servers: vec!["DC01".into()],
        event_ids: vec![(681, 9114)],
        statuses: vec![(DISABLED, 9114)],
        logon_types: vec![(0, 9114)],
        metering_servers: vec!["LICSRV1".into()],
        client: true,
        decision: None,
        correlation: None,
        cause: None,
        silence: None,
        failures: 9114,
    }
}

fn matched() -> Match {
    let pair = |tick: usize, sec: i64| Pair { tick, client_sec: NOON + sec + 22_422, server_sec: NOON + sec };
    Match {
        matched: 523,
        of_client: 539,
        of_server: 612,
        g: 0.83,
        clock: Clock { delta: 22_422.0, rho: 4.1e-5, mid: NOON as f64 },
        compared: 539,
        compared_matched: 523,
        shuffles: 99,
        shuffled_best: 61,
        decoys: 56,
        decoy_best: Some(38),
        pairs: vec![pair(0, 0), pair(538, 40_000)],
        ticks: 539,
        bursts: 612,
        ..no_match()
    }
}

fn decided(mut row: Row, verdict: Verdict, basis: Basis, correlation: Option<Correlation>) -> Row {
    row.decision = Some(Decision { verdict, basis });
    row.correlation = correlation;
    row
}

fn in_time(found: Match) -> Option<Correlation> {
    Some(Correlation::InTime(Box::new(found)))
}

/// Every reason on a line of its own, the action behind `=>`.
fn words(row: &Row) -> String {
    let client = ClientFacts {
        attempts: 539,
        attributed_by: Some(AttributedBy::Folder),
        covers: 0.12,
        successes: 3,
        metering_servers: &row.metering_servers,
    };
    let silent = row.failures == 0;
    let facts = RowFacts {
        workstation: row.workstation,
        class: row.class,
        promoted: row.promoted,
        finding: (!silent && row.class != Class::Scanner).then_some(&row.finding),
        spread_s: Some(0.4),
        names: if row.class == Class::Scanner { 3560 } else { 0 },
        failures: row.failures,
        span: (!silent).then_some((NOON, NOON + 267_840)),
        accounts: &row.accounts,
        statuses: &row.statuses,
        event_ids: &row.event_ids,
        servers: &row.servers,
        logon_types: &row.logon_types,
        process: None,
        client: row.client.then_some(client),
        decision: row.decision,
        correlation: row.correlation.as_ref(),
        tolerance_s: 2.5,
        offset_s: None,
        cause: row.cause.as_ref(),
        silence: row.silence,
        renamed: None,
        fits_log_of: None,
    };
    let mut lines = reasons(&facts);
    lines.push(format!("=> {}", action(&remedies(&facts))));
    lines.join("\n")
}

fn check(row: &Row, expect: &str) {
    let expect: Vec<&str> = expect.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(words(row).trim_end(), expect.join("\n"));
}

#[test]
fn a_confirmed_storm_tells_counts_then_offset_then_both_rivals() {
    let mut row = decided(storm(), Verdict::Confirmed, Basis::Shuffles, in_time(matched()));
    row.cause = Some(Cause::Victim(DISABLED));
    check(
        &row,
        "every 62 s (+-1 s), 9,114 failures in 3.1 days, one account
         client log and server log agree: 523 of 539 client retries have a server failure within 2.5 s once the client \
         clock is taken 6 h 13 min 42 s ahead (+-1 s) at 2001-03-12T17:33:20Z, drifting 41 ppm; in 99 shuffled logs the \
         best was 61; of 56 other workstations the best was 38
         victim of the account's state: account disabled (0xC0000072 STATUS_ACCOUNT_DISABLED)
         client log covers 12 % of the storm
         names match: the client log was given to STORM04 by its folder
         still running at the end of the log
         => enable or remove account user4, or log it off on STORM04; SMS 2.0 SP4; or set PipeRetries and \
         PipeRetryInterval",
    );
}

#[test]
fn a_long_log_tells_what_its_shuffled_part_reached() {
    let found = Match { ticks: 5000, compared: 700, compared_matched: 680, ..matched() };
    let text = words(&decided(storm(), Verdict::Confirmed, Basis::Shuffles, in_time(found)));
    assert!(text.contains("; of 700 in a row 680; in 99 shuffled logs the best was 61; of 56 other"), "{text}");
}

#[test]
fn retries_matched_at_the_edge_are_never_more_than_all() {
    let found = Match { matched: 119, of_client: 118, ..matched() };
    let text = words(&decided(storm(), Verdict::Confirmed, Basis::Shuffles, in_time(found)));
    assert!(text.contains("agree: 119 of 119 client retries"), "{text}");
}

#[test]
fn a_computers_own_account_has_no_old_credential_to_look_for() {
    let mut row = decided(storm(), Verdict::ServerOnly, Basis::NoClientLog, None);
    (row.client, row.event_ids, row.accounts[0].account) = (false, vec![(4625, 9114)], "WS017$".into());
    assert!(words(&row).ends_with("=> enable the computer account WS017$, or take the computer out of the domain"));
}

#[test]
fn a_steady_loop_is_likely_and_says_that_it_fits_anything() {
    let found = Match {
        matched: 12,
        of_client: 12,
        of_server: 12,
        ambiguous_by: Some(62.0),
        decoy_best: None,
        shuffled_best: 12,
        clock: Clock { delta: -3593.0, rho: 0.0, mid: 0.0 },
        steps: vec![ClockStep { after: NOON, before: NOON + 60, seconds: -3593.0 }],
        pairs: Vec::new(),
        ticks: 12,
        bursts: 5,
        ..matched()
    };
    check(
        &decided(storm(), Verdict::Likely, Basis::Steady, in_time(found)),
        "every 62 s (+-1 s), 9,114 failures in 3.1 days, one account
         fits: 12 of 12 client retries have a server failure within 2.5 s once the client clock is taken 59 min 53 s \
         behind (modulo 62 s), but a steady 62 s loop fits anything; in 99 shuffled logs the best was 12
         clock set back by 59 min 53 s (daylight saving?) between 2001-03-12T12:00:00 and 2001-03-12T12:01:00 on the \
         client's clock
         12 failed lines for 5 server bursts: some lines may be no attempts of their own
         client log covers 12 % of the storm
         names match: the client log was given to STORM04 by its folder
         still running at the end of the log
         => enable or remove account user4, or log it off on STORM04; SMS 2.0 SP4; or set PipeRetries and \
         PipeRetryInterval",
    );
}

#[test]
fn of_two_families_the_larger_is_no_second_time_and_of_equal_ones_the_account_logon() {
    for (event_ids, second) in [
        (vec![(529, 200), (681, 200)], "200 events (529)"),
        (vec![(681, 250), (529, 200), (539, 100)], "250 events (681)"),
        (vec![(4625, 100), (4776, 60), (4771, 60)], "100 events (4625)"),
    ] {
        let mut row = decided(storm(), Verdict::ServerOnly, Basis::NoClientLog, None);
        row.event_ids = event_ids;
        let text = words(&row);
        assert!(text.contains(&format!("the same attempts, seen a second time: {second}")), "{text}");
    }
}

#[test]
fn a_storm_without_a_client_log_says_which_log_is_missing() {
    let mut row = decided(storm(), Verdict::ServerOnly, Basis::NoClientLog, None);
    row.client = false;
    row.servers.push("MEM01".into());
    row.event_ids.push((531, 9000));
    row.cause = Some(Cause::CausesLockout { account: "user4".into(), before: 5, at: NOON, event_id: 644 });
    row.finding.dominant_status = Status::Nt(0xC000_0234);
    row.finding.episodes[0].since_before = true;
    row.finding.episodes[0].log_stops = true;
    check(
        &row,
        "every 62 s (+-1 s), 9,114 failures in 3.1 days, one account
         no client log given for STORM04
         this client causes the lockout of user4: 5 failures before the lockout of 2001-03-12T12:00:00Z (event 644) that \
         names it
         since before 2001-03-12T12:00:00Z, where the log begins
         the log stops at 2001-03-15T14:24:00Z (full?), the storm may go on
         also seen on MEM01
         the same attempts, seen a second time: 9,000 events (531)
         => unlock account user4, or log it off on STORM04; renew the password on STORM04 before account user4 is \
         unlocked; give the client log of STORM04 to see whether the metering client does it",
    );
}

#[test]
fn what_cannot_be_checked_in_time_says_why() {
    let why = Some(Correlation::Not(NotComparable::FewTicks));
    let basis = Basis::NotComparable(NotComparable::FewTicks);
    let text = words(&decided(storm(), Verdict::Consistent, basis, why));
    assert!(
        text.contains("names match, but it cannot be checked in time: too few client retries (539 client attempts)")
    );
    let text = words(&decided(storm(), Verdict::Contradicted, Basis::NoFailedLines, None));
    assert!(text.contains("something else on this computer is retrying: the client log covers 12 % of the storm"));
    assert!(!text.contains("SP4") && !text.contains("PipeRetries"), "not the metering client: {text}");
    assert!(text.contains("the old credential usually sits in"), "{text}");
}

#[test]
fn a_silent_server_is_told_apart_from_a_blind_one() {
    let mut row = decided(storm(), Verdict::ClientOnly, Basis::NoFailures, None);
    (row.failures, row.class) = (0, Class::Unclassified);
    row.event_ids.clear();
    row.silence = Some(Silence::ServerSilent);
    check(
        &row,
        "server silent: 539 attempts in the client's log, no failed logon: service down, network, or attempts logged \
         but not made; not credentials
         => check that the metering service runs on LICSRV1 and that STORM04 reaches it",
    );
    row.silence = Some(Silence::NotCovered { cleared: true, full: false });
    check(
        &row,
        "539 attempts in the client's log; no server log covers that time (it was cleared), if the client clock is right
         => export the Security log of LICSRV1 for the time of the attempts; enlarge it",
    );
    for (silence, word) in [
        (Silence::NotAudited, "category not audited?"),
        (Silence::Overload, "overload"),
        (Silence::NoServerLog, "no server's Security log of this time was read"),
        (Silence::Undated, "carry no dates"),
    ] {
        row.silence = Some(silence);
        assert!(words(&row).contains(word), "{silence:?}");
    }
}

#[test]
fn sprays_scans_and_people_read_differently() {
    let mut row = storm();
    row.client = false;
    row.class = Class::Spray;
    row.accounts = (0..23).map(|n| AccountCount { account: format!("u{n}"), domain: None, failures: 1 }).collect();
    row.finding.class = Class::Spray;
    row.finding.episodes.clear();
    check(
        &row,
        "one source, many accounts: 23 accounts, 9,114 failures in 3.1 days
         => find out who or what runs on STORM04 and stop it; check 23 accounts for a success",
    );
    row.class = Class::Scanner;
    row.cause = Some(Cause::NameFlooding);
    row.accounts.truncate(1);
    check(
        &row,
        "random names: 3,560 names, 9,114 failures in 3.1 days
         name flooding: 3,560 names seen once or a few times
         => block the source at the firewall; check account u0 for a success",
    );
    row.class = Class::Human;
    row.cause = None;
    row.failures = 7;
    check(&row, "like a person: 7 failures in 3.1 days, one account, at most 58 seconds at a stretch\n=>");
}

#[test]
fn the_server_itself_and_modern_logons_get_their_own_advice() {
    let mut row = decided(storm(), Verdict::ServerOnly, Basis::NoClientLog, None);
    row.client = false;
    row.event_ids = vec![(4625, 9114)];
    row.logon_types = vec![(5, 9114)];
    row.finding.dominant_status = Status::Nt(0xC000_006A);
    let text = words(&row);
    assert!(text.ends_with(
        "=> renew the password of account user4 on STORM04, or log it off there; the old credential usually sits in a \
         Windows service"
    ));
    row.cause = Some(Cause::OwnService { metering: true });
    let text = words(&row);
    assert!(text.contains("the workstation is the metering server itself: a service on STORM04 keeps an old password"));
    assert!(text.ends_with("and restart it (account user4 on STORM04 itself)"));
}

#[test]
fn the_action_follows_the_reason_status() {
    let action_for = |status: Status, account: &str| {
        let mut row = decided(storm(), Verdict::ServerOnly, Basis::NoClientLog, None);
        row.finding.dominant_status = status;
        row.accounts[0].account = account.to_owned();
        words(&row).split("=> ").nth(1).unwrap().split(';').next().unwrap().to_owned()
    };
    let nt = |code: u32| Status::Nt(code);
    for (status, account, expect) in [
        (nt(0xC000_0193), "u", "extend or remove account u, or log it off on STORM04"),
        (nt(0xC000_0071), "u", "change the password of account u, or log it off on STORM04"),
        (nt(0xC000_0064), "u", "correct or remove account u on STORM04: it does not exist"),
        (nt(0xC000_006D), "u", "correct name or password of account u on STORM04, or log it off there"),
        (nt(0xC000_006F), "u", "lift the restriction of account u, or log it off on STORM04"),
        (nt(0xC000_015B), "u", "grant the missing logon right to account u, or stop what uses it on STORM04"),
        (nt(0xC000_0133), "u", "not the credentials: clock differs from the domain controller's"),
        (Status::Kerberos(0x12), "u", "enable, unlock or remove account u, or log it off on STORM04"),
        (nt(0x1234), "u", "check account u, or log it off on STORM04"),
        (nt(0xC000_0072), "PC7$", "enable the computer account PC7$, or take the computer out of the domain"),
    ] {
        assert_eq!(action_for(status, account), expect);
    }
}

#[test]
fn a_possible_storm_a_promoted_one_and_a_lone_account_say_so() {
    let mut row = storm();
    row.class = Class::PossibleStorm;
    row.failures = 12;
    assert!(
        words(&row).starts_with("every 62 s (+-1 s), 12 failures in 3.1 days, one account: too few to call it a storm")
    );
    let mut row = decided(storm(), Verdict::Confirmed, Basis::Decoys, in_time(matched()));
    row.promoted = true;
    row.finding.class = Class::Human;
    assert!(words(&row).starts_with("9,114 failures in 3.1 days, one account\nby the server's log alone no storm;"));
    let mut row = storm();
    row.finding.only_account = Some("user4".into());
    row.accounts.push(AccountCount { account: "else".into(), domain: None, failures: 50 });
    row.failures += 50;
    assert!(
        words(&row).starts_with("every 62 s (+-1 s), 9,114 failures in 3.1 days, account user4 alone of 2 accounts")
    );
}
