//! The damaged fleet through the whole program: every surviving failure counts once.

use logonstorm::model::analysis::{Analysis, Row};
use logonstorm::model::finding::Class;
use logonstorm::model::verdict::Verdict;
use logonstorm::run::options::Options;
use logonstorm::run::scan;
use logonstorm::simulate::{self, Format, Plan, Truth};

fn fleet(format: Format) -> (Truth, Analysis) {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan { seed: 8, scenario: "damaged".to_owned(), format, ..Plan::default() };
    let truth = simulate::run(&plan, folder.path()).unwrap().truth;
    let paths = ["security", "clients"].map(|name| folder.path().join(name)).to_vec();
    let analysis = scan(&Options { paths, all: true, ..Options::default() }, &()).unwrap();
    (truth, analysis)
}

fn row<'a>(analysis: &'a Analysis, name: &str) -> &'a Row {
    analysis.rows.iter().find(|row| row.workstation == name).unwrap_or_else(|| panic!("no row {name}"))
}

/// Entities whose failures are events of one kind at a workstation of their own.
const PLAIN: [&str; 6] = ["sms-storm", "triplets", "slow-retries", "hard-negative", "renamed-old", "behind-nat"];

#[test]
fn cleared_full_and_disordered_logs_and_copies_count_every_failure_once() {
    let (truth, analysis) = fleet(Format::Evtx);
    assert!(truth.servers.iter().all(|server| !server.damage.is_empty()));
    let mut checked = 0;
    for entity in truth.entities.iter().filter(|entity| PLAIN.contains(&entity.class.as_str()) && entity.n > 0) {
        let row = row(&analysis, &entity.workstations[0]);
        assert_eq!(row.failures, entity.n, "{} {:?}", entity.class, entity.workstations);
        checked += 1;
    }
    assert!(checked > 20, "{checked}");
    for entity in truth.entities.iter().filter(|entity| entity.class == "event-pairs") {
        let row = row(&analysis, &entity.workstations[0]);
        assert!((0.4..0.6).contains(&(row.failures as f64 / entity.n as f64)), "{} of {}", row.failures, entity.n);
    }
    let scans: Vec<&Row> = analysis.rows.iter().filter(|row| row.class == Class::Scanner).collect();
    let scan = truth.entities.iter().find(|entity| entity.class == "scanner").unwrap();
    assert_eq!((scans.len(), scans[0].failures), (1, scan.n));
    assert_eq!(analysis.servers.iter().find(|server| server.server == "DC01").unwrap().cleared.len(), 1);
}

#[test]
fn damaged_client_logs_are_read_and_never_confirmed_without_stamps() {
    let (truth, analysis) = fleet(Format::Evt);
    let (mut confirmed, mut wrong) = (std::collections::BTreeMap::new(), 0);
    for client in truth.entities.iter().filter_map(|entity| entity.client.as_ref()) {
        let row = row(&analysis, &client.workstation);
        let told = row.client.as_ref().unwrap().attempts;
        assert!(told <= client.ticks + 1 && told * 100 >= client.ticks * 95, "{told} of {}", client.ticks);
        let damage = client.damage.clone().unwrap_or_default();
        let is = row.verdict == Some(Verdict::Confirmed);
        wrong += usize::from(is && !client.same_loop);
        if client.expect_confirmed {
            let (hits, of) = confirmed.entry(damage).or_insert((0, 0));
            (*hits, *of) = (*hits + u32::from(is), *of + 1);
        } else if damage == "no stamps" {
            assert!(!is && !row.client.as_ref().unwrap().dated);
        }
    }
    assert_eq!(wrong, 0, "logs of other loops are confirmed");
    for damage in ["", "time of day only", "summer time begins", "summer time ends", "two lines for every attempt"] {
        let (hits, of) = confirmed.get(damage).copied().unwrap_or_default();
        assert!(hits * 2 > of, "{damage}: {hits} of {of} in {confirmed:?}");
    }
}
