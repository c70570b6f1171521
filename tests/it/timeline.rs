//! Real logs through the readers into the timeline and the detectors.

use std::path::PathBuf;

use logonstorm::detect::detect;
use logonstorm::input::collect::gather;
use logonstorm::input::options::Options;
use logonstorm::model::config::Thresholds;
use logonstorm::model::timeline::Timeline;
use logonstorm::timeline::build;

use crate::corpus::corpus;

fn timeline(paths: &[PathBuf]) -> Timeline {
    let gathered = gather(paths, &Options::default(), Some(2), &mut (), &()).expect("threads start");
    build(gathered, false, &Thresholds::default())
}

/// One line per train: workstation, kind, server, account, failures, events by id.
fn shown(timeline: &Timeline) -> Vec<String> {
    let line = |name: &str, kind, train: &logonstorm::model::train::Train| {
        let ids: Vec<String> = train.event_ids.iter().map(|(id, count)| format!("{id}x{count}")).collect();
        format!("{name} {kind:?} {} {} {}: {}", train.server, train.account, train.failures, ids.join(" "))
    };
    timeline
        .workstations
        .iter()
        .flat_map(|workstation| workstation.trains.iter().map(|train| line(&workstation.name, workstation.kind, train)))
        .collect()
}

fn check(file: &str, expect: &[&str]) {
    let Some(corpus) = corpus("evtx") else { return };
    assert_eq!(shown(&timeline(&[corpus.join("evtx").join(file)])), expect, "{file}");
}

#[test]
fn one_attempt_with_two_events_is_one_failure_in_real_logs() {
    check(
        "EVTX-to-MITRE-Atta__ID4625-OpenSSH_brutforce_with_non_existing_users.evtx",
        &["FS01 Server FS01 NOUSER 5: 4625x5 4776x5"],
    );
    check("Velocidex__Security.evtx", &["TESTCOMPUTER Server TESTCOMPUTER user 15: 4625x15 4776x15"]);
    check("omerbenamram__Security_short_selected.evtx", &["TEMPORAL Server TEMPORAL Administrator 1: 4625x1 4776x1"]);
    check(
        "omerbenamram__Security_with_size_t.evtx",
        &[
            "IT104-3 Named WIN-L0ZZQ76PMUF Student 4: 4625x4",
            "WIN-L0ZZQ76PMUF Server WIN-L0ZZQ76PMUF Administrator 7: 4625x7",
            "WIN-L0ZZQ76PMUF Server WIN-L0ZZQ76PMUF Guest 4: 4625x4",
        ],
    );
}

#[test]
fn copies_of_real_logs_change_nothing_but_the_duplicates() {
    let Some(corpus) = corpus("evtx") else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let names = [
        "Velocidex__Security.evtx",
        "EVTX-to-MITRE-Atta__ID4771-Kerberos_brutforce_with_valid_user.evtx",
        "DFIRArtifactMuseum_StolenSzechuan__Security.evtx",
    ];
    let originals: Vec<PathBuf> = names.iter().map(|name| corpus.join("evtx").join(name)).collect();
    let mut paths = originals.clone();
    for (at, original) in originals.iter().enumerate() {
        let copy = folder.path().join(format!("copy{at}.evtx"));
        std::fs::copy(original, &copy).expect("a copy");
        paths.push(copy);
    }
    let (once, twice) = (timeline(&originals), timeline(&paths));
    assert_eq!(shown(&once), shown(&twice));
    assert_eq!((once.failures, once.duplicates), (twice.failures, 0));
    assert!(twice.duplicates > 150, "{}", twice.duplicates);
    assert_eq!(detect(&once, &Thresholds::default()), detect(&twice, &Thresholds::default()));
    assert!(once.servers.iter().zip(&twice.servers).all(|(a, b)| a.hours == b.hours && a.records < b.records));
}
