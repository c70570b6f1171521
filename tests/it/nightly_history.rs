//! What is older than the history counts, and is no longer judged.

use logonstorm::model::time::Ticks;
use logonstorm::run::nightly::{Done, nightly};
use logonstorm::simulate::{ClientLogWriter, Format, Stamps};

use crate::site::{DAY, Failed, START, Site, failures};

/// The failures of one day: a loop of WS1 that runs all the time, one of WS2 that ends after four days.
fn of_day(day: i64) -> Vec<u8> {
    let loops = [("WS1", 120, 60), ("WS2", 600, if day < 4 { 100 } else { 0 })];
    let mut failed: Vec<Failed<'_>> = Vec::new();
    for (workstation, period, count) in loops {
        let sec = |at: i64| START + day * DAY + 8 * 3600 + at * period + at * at * 7 % 5;
        failed.extend((0..count).map(|at| Failed { record: 0, sec: sec(at), workstation, account: "user4" }));
    }
    failed.sort_by_key(|failed| failed.sec);
    (1..).zip(&mut failed).for_each(|(at, failed)| failed.record = day as u64 * 1000 + at);
    failures("DC01", &failed, Format::Evtx)
}

#[test]
fn older_failures_are_totals_of_their_rows_and_never_count_twice() {
    let site = Site::new();
    let night = |day: i64, days: Option<u32>| -> Done {
        let mut job = site.job(11_393 + day as i32);
        job.history = days;
        nightly(&job, &()).expect("a night")
    };
    for day in 0..20 {
        site.arrive(&format!("DC01-{day}.evtx"), &of_day(day));
        night(day, Some(10));
    }
    // An old export comes again under another name.
    site.arrive("copy.evtx", &of_day(1));
    let done = night(20, Some(10));
    let scan = site.scanned();
    let counts = |row: &Vec<String>| (row[1].clone(), row[2].clone(), row[4].clone(), row[5].clone(), row[6].clone());
    assert_eq!(site.latest().iter().map(counts).collect::<Vec<_>>(), scan.iter().map(counts).collect::<Vec<_>>());
    assert_eq!(scan[1..].iter().map(|row| row[2].as_str()).collect::<Vec<_>>(), ["storm", "storm"]);
    let inputs = |json: serde_json::Value| [json["inputs"]["failures"].clone(), json["inputs"]["duplicates"].clone()];
    assert_eq!(inputs(site.latest_json()), inputs(site.scanned_json()));
    assert_eq!(site.latest_json()["span"], site.scanned_json()["span"]);

    let row = |name: &str| done.analysis.rows.iter().find(|row| row.workstation == name).expect("a row");
    assert!(row("WS1").reasons.iter().any(|why| why == "600 failures before 2001-03-22 only as totals"));
    assert_eq!((row("WS1").accounts[0].failures, row("WS1").accounts.len()), (1200, 1));
    assert!(row("WS2").reasons.iter().any(|why| why.starts_with("400 failures before")), "{:?}", row("WS2").reasons);
    assert!(done.analysis.warnings.iter().any(|text| text.starts_with("1,000 failures before 2001-03-22 are totals")));
    let since = |name: &str| done.analysis.changes.as_ref().and_then(|changes| changes.rows[name].since);
    assert_eq!((since("WS1"), since("WS2")), (Some("quiet"), Some("ended")));
    // All in full again, it is the scan to the letter.
    night(20, None);
    assert_eq!(site.latest(), scan);
}

#[test]
fn a_span_of_time_cuts_the_rows_and_not_what_is_new() {
    let site = Site::new();
    let night = |day: i64, from: Option<i64>| {
        site.arrive(&format!("DC01-{day}.evtx"), &of_day(day));
        let mut job = site.job(11_393 + day as i32);
        job.scan.from = from;
        nightly(&job, &()).expect("a night")
    };
    night(0, None);
    let done = night(1, Some(START + DAY));
    let row = done.analysis.rows.iter().find(|row| row.workstation == "WS1").expect("a row");
    assert_eq!((row.failures, row.first_failure >= Some(START + DAY)), (60, true));
    let changes = done.analysis.changes.as_ref().expect("a night");
    assert_eq!((changes.rows["WS1"].since, changes.rows["WS1"].new_failures), (Some("ongoing"), 60));
    // The next night knows everything.
    let all = night(2, None);
    let row = all.analysis.rows.iter().find(|row| row.workstation == "WS1").expect("a row");
    assert_eq!((row.failures, all.analysis.changes.as_ref().expect("a night").rows["WS1"].new_failures), (180, 60));
}

#[test]
fn what_a_client_log_held_ages_by_days_and_not_by_runs() {
    let site = Site::new();
    site.arrive("DC01.evtx", &of_day(0));
    let told = |hour: i64| {
        let mut log = ClientLogWriter::new("HANSR1", 5, 60, Stamps::Whole);
        for minute in 0..20 {
            let at = Ticks::from_secs(START + hour * 3600 + minute * 60);
            log.unreachable(at, at, 0);
        }
        log.finish()
    };
    let run = |day: i64| {
        let mut job = site.job(11_393 + day as i32);
        job.history = Some(3);
        let done = nightly(&job, &()).expect("a night");
        let row = done.analysis.rows.iter().find(|row| row.workstation == "WS1").expect("a row");
        row.client.as_ref().map_or(0, |client| client.attempts)
    };
    site.arrive("clients/WS1/Liccli.log", &told(8).log);
    assert_eq!(run(0), 20);
    site.arrive("clients/WS1/Liccli.log", &told(12).log);
    for again in 0..6 {
        assert_eq!(run(0), 40, "run {again} of one night");
    }
    assert_eq!([run(1), run(2), run(3)], [40; 3], "within the history");
    assert_eq!(run(4), 20, "older than the history");
}

/// 60 failures of one account within nine minutes, each under a name of its own.
fn scan_of_day(day: i64) -> Vec<u8> {
    let names: Vec<String> = (0..60).map(|n| format!("R{day:02}X{n:02}")).collect();
    let failed: Vec<Failed<'_>> = (0..)
        .zip(&names)
        .map(|(n, workstation)| Failed {
            record: (day * 1000 + n + 1) as u64,
            sec: START + day * DAY + 9 * n,
            workstation,
            account: "administrator",
        })
        .collect();
    failures("DC01", &failed, Format::Evtx)
}

#[test]
fn a_scan_under_random_names_counts_its_older_names_too_and_goes_on() {
    let site = Site::new();
    for day in 0..6 {
        site.arrive(&format!("DC01-{day}.evtx"), &scan_of_day(day));
        let mut job = site.job(11_393 + day as i32);
        job.history = Some(3);
        let done = nightly(&job, &()).expect("a night");
        let row = done.analysis.rows.iter().find(|row| row.workstation.starts_with("(random names)")).expect("a scan");
        assert_eq!(row.failures, 60 * (day as u64 + 1), "day {day}");
        let change = &done.analysis.changes.as_ref().expect("a night").rows[&row.workstation];
        let since = if day == 0 { "new" } else { "ongoing" };
        assert_eq!((change.since, change.new_failures), (Some(since), 60), "day {day}");
    }
}
