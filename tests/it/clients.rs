//! Client logs and netlogon.log through the register: fixtures, published files, layouts of folders.

use std::path::{Path, PathBuf};

use logonstorm::input::client_map::parse_client_map;
use logonstorm::input::gather;
use logonstorm::input::options::Options;
use logonstorm::model::gathered::Gathered;

use crate::corpus::corpus;

fn read(path: &Path, options: &Options) -> Gathered {
    gather(&[path.to_owned()], options, Some(2), &mut (), &()).unwrap()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats").join(name)
}

/// Workstations of the client logs below a folder, with the rule, in order of the files.
fn workstations(gathered: &Gathered) -> Vec<String> {
    let word = |log: &logonstorm::model::client::ClientLog| {
        log.workstation.as_ref().map_or("none".into(), |(name, rule)| format!("{name} {}", rule.word()))
    };
    gathered.clients.iter().map(word).collect()
}

#[test]
fn the_metering_fixture_tells_what_its_lines_say() {
    let gathered = read(&fixture("sms-metering"), &Options::default());
    assert_eq!(gathered.files[0].format, "sms-metering");
    let log = &gathered.clients[0];
    assert_eq!((log.lines, log.unknown_lines, log.attempts.len(), log.successes.len()), (40, 0, 2, 2));
    assert_eq!(workstations(&gathered), ["WKS0042 folder"]);
    assert_eq!(log.successes[1].account.as_deref(), Some("LOWRIGHTS"));
}

#[test]
fn the_fixtures_of_the_other_formats_are_recognised() {
    let sms = read(&fixture("sms-log"), &Options::default());
    assert_eq!((sms.files[0].format, sms.clients.len(), sms.skipped.len()), ("sms-log", 0, 1));
    let netlogon = read(&fixture("netlogon"), &Options::default());
    assert_eq!(netlogon.files[0].format, "netlogon");
    // Four logons without a date are told, and counted as events whose time cannot be.
    assert_eq!((netlogon.events.len(), netlogon.bad_times), (3, 4));
}

#[test]
fn published_netlogon_lines_are_read() {
    let Some(folder) = corpus("text").map(|corpus| corpus.join("text")) else { return };
    let count = |name: &str, status: &str| {
        let gathered = read(&folder.join(name), &Options::default());
        let reasons = gathered.events.iter().map(|event| gathered.who(event.who).reason.code_text());
        reasons.filter(|reason| reason == status).count()
    };
    assert_eq!(count("microsoft_azure-docs_account_lockout.log", "0xC000006A"), 2);
    assert_eq!(count("microsoft_supportarticles_maxconcurrentapi.log", "0xC000005E"), 1);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "files of a temporary folder")]
fn folders_files_and_map_give_logs_to_workstations() {
    let folder = tempfile::tempdir().unwrap();
    let log = std::fs::read(fixture("sms-metering/WKS0042/Liccli.log")).unwrap();
    let files = [
        "clients/A1/Liccli.lo_",
        "clients/A1/Liccli.log",
        "clients/HANSR1/Liccli.log",
        "clients/PC-9_liccli_20020806.log",
        "clients/Z9/C$/WINNT/MS/SMS/Logs/Liccli.log",
        "file.col/1042/Liccli.log",
    ];
    for file in files {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &log).unwrap();
    }
    let without = read(folder.path(), &Options::default());
    assert_eq!(workstations(&without), ["A1 folder", "A1 folder", "none", "PC-9 file-name", "Z9 unc", "none"]);
    assert_eq!(
        without.clients.iter().map(|log| log.older).collect::<Vec<_>>(),
        [true, false, false, false, false, false]
    );
    assert_eq!(without.skipped.iter().filter(|place| place.what == "attribution").count(), 1);
    let client_map = parse_client_map("path,workstation\n1042,b2\nclients/a*/*.lo?,C3\n").unwrap();
    let with = read(folder.path(), &Options { client_map, ..Options::default() });
    assert_eq!(workstations(&with), ["C3 map", "C3 map", "none", "PC-9 file-name", "Z9 unc", "B2 map"]);
}
