//! The whole program on small folders of logs: why a client fails, and which row says so.

use std::borrow::Cow;
use std::fs;

use logonstorm::model::analysis::{Analysis, Row};
use logonstorm::model::time::Ticks;
use logonstorm::run::options::Options;
use logonstorm::run::scan;
use logonstorm::simulate::{CLASSIC, ClientLogWriter, Data, Format, Stamps, WrittenEvent, log};

/// 2002-08-05T00:00:00Z.
const START: i64 = 1_028_505_600;
const HOUR: i64 = 3600;
const DISABLED: &str = "3221225586";
const WRONG: &str = "3221225578";

/// A folder of logs in the making: events of DC01, and client logs.
struct Logs {
    folder: tempfile::TempDir,
    events: Vec<(i64, u16, Vec<String>)>,
}

/// Attempts of a retry loop in seconds after the start: rounds of five and pauses, always the same
/// for the same seed.
fn retries(seed: u64, from: i64, to: i64) -> Vec<i64> {
    let mut state = seed;
    let mut below = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % n) as i64
    };
    let (mut at, mut all) = (from, Vec::new());
    while at < to {
        for _ in 0..5 {
            all.push(at);
            at += 61 + below(3);
        }
        at += 120 + below(1800);
    }
    all.retain(|at| *at < to);
    all
}

impl Logs {
    fn new() -> Self {
        let logs = Self { folder: tempfile::tempdir().unwrap(), events: Vec::new() };
        // somebody else fails too, so the category is audited for the whole time
        logs.fail("WS900", "anna", WRONG, &[0, 9, 50 * HOUR])
    }

    fn fail(mut self, workstation: &str, account: &str, status: &str, at: &[i64]) -> Self {
        let texts = ["MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", account, &format!(r"\\{workstation}"), status];
        let texts = texts.map(str::to_owned).to_vec();
        self.events.extend(at.iter().map(|at| (*at, 681, texts.clone())));
        self
    }

    fn lockout(mut self, workstation: &str, account: &str, at: i64) -> Self {
        let texts = [account, workstation, "%{S-1-5-21-1-2-3-1001}", "DC01$", "CORP", "(0x0,0x3E7)"];
        self.events.push((at, 644, texts.map(str::to_owned).to_vec()));
        self
    }

    /// A client log whose lines are written `ahead` seconds ahead; each run of attempts names a server.
    fn client(self, workstation: &str, runs: &[(&str, &[i64])], ahead: i64) -> Self {
        let mut lines: Vec<(i64, &str)> =
            runs.iter().flat_map(|(server, at)| at.iter().map(move |at| (*at, *server))).collect();
        lines.sort_unstable();
        let mut text = Vec::new();
        for (at, server) in lines {
            let mut log = ClientLogWriter::new(server, 5, 60, Stamps::Whole);
            let time = Ticks::from_secs(START + at + ahead);
            log.pipe_failure(time, time);
            text.extend(log.finish().log);
        }
        let path = self.folder.path().join(format!("clients/{workstation}/Liccli.log"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn scan(mut self) -> Analysis {
        self.events.sort();
        let event = |(n, (at, event_id, texts)): (usize, &(i64, u16, Vec<String>))| WrittenEvent {
            record_id: n as u64 + 1,
            time: Ticks::from_secs(START + at),
            event_id: *event_id,
            failure: *event_id == 681,
            computer: "DC01",
            provider: CLASSIC,
            data: Data::Strings(texts.iter().map(|text| Cow::Owned(text.clone())).collect()),
        };
        let events: Vec<WrittenEvent> = self.events.iter().enumerate().map(event).collect();
        fs::write(self.folder.path().join("DC01.evtx"), log(&events, Format::Evtx).unwrap()).unwrap();
        let options = Options { paths: vec![self.folder.path().to_owned()], all: true, ..Options::default() };
        scan(&options, &()).unwrap()
    }
}

fn row<'a>(analysis: &'a Analysis, name: &str) -> &'a Row {
    analysis.rows.iter().find(|row| row.workstation == name).unwrap_or_else(|| panic!("no row {name}"))
}

/// The row's class and verdict, and one of its reasons by its beginning.
fn check(analysis: &Analysis, name: &str, expect: &str, reason: &str) {
    let row = row(analysis, name);
    let verdict = row.verdict.map_or("-", |verdict| verdict.word());
    assert_eq!(format!("{} {verdict}", row.class.word()), expect, "{name}: {:?}", row.reasons);
    assert!(row.reasons.iter().any(|known| known.contains(reason)), "{name}: {:?}", row.reasons);
}

#[test]
fn the_metering_server_that_fails_itself_is_no_client() {
    let storm = retries(1, HOUR, 40 * HOUR);
    let analysis = Logs::new()
        .fail("WS1", "user1", DISABLED, &storm)
        .fail("LICSRV1", "smslic", WRONG, &retries(2, HOUR, 40 * HOUR))
        .client("WS1", &[("LICSRV1", &storm)], 600)
        .scan();
    check(&analysis, "LICSRV1", "storm server-only", "the workstation is the metering server itself");
    check(&analysis, "WS1", "storm confirmed", "client log and server log agree");
}

#[test]
fn thousands_of_one_time_names_are_one_row_and_a_storm_on_their_account_keeps_its_own() {
    let mut logs = Logs::new().fail("WS1", "administrator", DISABLED, &retries(3, HOUR, 40 * HOUR));
    let mut state: u64 = 7;
    for n in 0..3500_i64 {
        let mut name = String::new();
        for _ in 0..16 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            name.push(char::from(b'A' + ((state >> 40) % 26) as u8));
        }
        logs = logs.fail(&name, "administrator", WRONG, &[20 * HOUR + n * 44 / 1000]);
    }
    let analysis = logs.scan();
    let names: Vec<&str> = analysis.rows.iter().map(|row| row.workstation.as_str()).collect();
    assert_eq!(names, ["WS1", "(random names) administrator@DC01", "WS900"]);
    check(&analysis, names[1], "scanner -", "name flooding: 3,500 names");
    assert_eq!(analysis.rows[1].failures, 3500);
    assert_eq!(analysis.rows[0].class.word(), "storm");
}

#[test]
fn a_client_that_retries_while_the_server_is_silent_is_told_from_refused_credentials() {
    let analysis = Logs::new().client("WS2", &[("LICSRV1", &retries(4, HOUR, 40 * HOUR))], 0).scan();
    check(&analysis, "WS2", "unclassified client-only", "service down");
    let full = row(&analysis, "WS2").reasons.join("; ");
    assert!(full.contains("not credentials"), "{full}");
}

#[test]
fn wrong_passwords_before_a_lockout_that_names_the_client_are_its_cause() {
    let storm = retries(5, HOUR, 40 * HOUR);
    let analysis = Logs::new().fail("WS3", "user3", WRONG, &storm).lockout("WS3", "user3", storm[5] + 1).scan();
    check(&analysis, "WS3", "storm server-only", "this client causes the lockout of user3: 6 failures");
    let victim = Logs::new().fail("WS3", "user3", DISABLED, &storm).scan();
    check(&victim, "WS3", "storm server-only", "victim of the account's state");
}

#[test]
fn the_log_of_a_renamed_machine_fits_its_old_name() {
    let storm = retries(6, HOUR, 46 * HOUR);
    let (before, after) = storm.split_at(storm.len() / 2);
    let mut logs = Logs::new().fail("OLD12", "user4", DISABLED, before).fail("NEW12", "user4", DISABLED, after);
    for other in 0..6 {
        let name = format!("WS5{other}");
        logs = logs.fail(&name, &name, DISABLED, &retries(60 + other, HOUR, 46 * HOUR));
    }
    let analysis = logs.client("NEW12", &[("LICSRV1", &storm)], 7200).scan();
    check(&analysis, "NEW12", "storm confirmed", "its log fits OLD12");
    check(&analysis, "OLD12", "storm server-only", "the client log of NEW12 fits");
}

#[test]
fn of_two_metering_servers_in_one_log_the_one_with_the_failures_is_found() {
    let (refused, down) = (retries(8, HOUR, 40 * HOUR), retries(9, HOUR + 17, 46 * HOUR));
    let analysis = Logs::new()
        .fail("WS6", "user6", DISABLED, &refused)
        .client("WS6", &[("LICSRV1", &refused), ("LICSRV2", &down)], -3000)
        .scan();
    check(&analysis, "WS6", "storm confirmed", "client log and server log agree");
    let found = row(&analysis, "WS6").matched.as_ref().and_then(|matched| matched.found.as_ref()).unwrap();
    assert!(found.matched * 10 >= refused.len() * 9, "{} of {}", found.matched, refused.len());
    assert!((found.clock.delta + 3000.0).abs() < 3.0, "{:?}", found.clock);
}

#[test]
fn computers_with_one_name_are_confirmed_for_one_and_told() {
    let [one, other, third] = [10, 11, 12].map(|seed| retries(seed, HOUR + 29 * seed as i64, 46 * HOUR));
    let analysis = Logs::new()
        .fail("CLONE", "user7", DISABLED, &one)
        .fail("CLONE", "user7", DISABLED, &other)
        .fail("CLONE", "user7", DISABLED, &third)
        .client("CLONE", &[("LICSRV1", &one)], 3600)
        .scan();
    check(&analysis, "CLONE", "storm confirmed", "more server bursts than this client explains");
}

#[test]
fn a_confirmed_possible_storm_keeps_its_class() {
    // Fifteen attempts with one period and uneven pauses: too few for a storm.
    let few: Vec<i64> = [0, 60, 122, 822, 883, 3383, 3446, 3506, 3567, 4767, 9767, 9829, 9890, 13_490, 13_550]
        .iter()
        .map(|at| 10 * HOUR + at)
        .collect();
    let analysis = Logs::new().fail("FEW", "user8", DISABLED, &few).client("FEW", &[("LICSRV1", &few)], 20_000).scan();
    check(&analysis, "FEW", "possible-storm confirmed", "too few to call it a storm");
}

#[test]
fn what_begins_before_the_log_and_ends_with_it_is_said_to() {
    let whole = retries(12, 0, 50 * HOUR);
    let analysis = Logs::new().fail("WS7", "user9", DISABLED, &whole).scan();
    let row = row(&analysis, "WS7");
    assert!(row.since_before && row.evidence.episodes[0].since_before, "{:?}", row.evidence.episodes);
    assert!(row.reasons.iter().any(|reason| reason.starts_with("since before ")), "{:?}", row.reasons);
    assert!(!row.log_stops);
    let person = analysis.rows.iter().find(|row| row.workstation == "WS900").unwrap();
    assert!(!person.since_before && person.evidence.episodes.is_empty());
}
