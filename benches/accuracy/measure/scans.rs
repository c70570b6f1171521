//! A scan with random names as a public attack sample shows it (3,561 events of 4625 within 163 s, each
//! with a workstation name of its own, one address, one account but for a single event), among storms and
//! people of the same log. It must become one row, and nothing else of it may.

use std::{fs, io};

use logonstorm::model::analysis::Row;
use logonstorm::model::finding::Class;
use logonstorm::run::options::Options;
use logonstorm::run::scan;
use logonstorm::simulate::schema::LOGON_FAILURE;
use logonstorm::simulate::{Data, Format, SECURITY_AUDITING, Sid, Value, log};

use super::counts::Counts;
use super::dice::{Dice, failure};

/// Names of the sample, and the mean and spread of the distance of its events in seconds.
const NAMES: u64 = 3_561;
const PACE_S: (f64, f64) = (0.044, 0.013);
const DAY_S: f64 = 86_400.0;

/// The address of the scan, and of everybody else.
const ADDRESSES: [&str; 2] = ["192.0.2.77", "-"];

/// An attempt: when, from which name, on which account.
type Attempt = (f64, String, String);

/// One more scan.
#[expect(clippy::disallowed_methods, reason = "files of a temporary folder")]
pub(crate) fn measure(seed: u64, counts: &mut Counts) -> io::Result<()> {
    let mut dice = Dice(seed);
    let names = NAMES / 2 + dice.next() % NAMES;
    let mut attempts = scan_of(&mut dice, names);
    // A storm that began before on the attacked account, and people of whom none storms.
    attempts.extend((0..600).map(|i| (f64::from(i) * 61.0, "WS001".to_owned(), "administrator".to_owned())));
    for person in 0..40 {
        let at = DAY_S * dice.unit();
        attempts
            .extend((0..3).map(|i| (at + 7.0 * f64::from(i), format!("WS1{person:02}"), format!("user{person:02}"))));
    }
    attempts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("Security.evtx"), written(&attempts)?)?;
    let options = Options { paths: vec![folder.path().to_owned()], all: true, ..Options::default() };
    let analysis = scan(&options, &()).map_err(io::Error::other)?;
    let of = |class: Class| analysis.rows.iter().filter(move |row| row.class == class);
    let whole = of(Class::Scanner).map(|row| row.failures).eq([names]);
    let others = of(Class::Storm).map(|row| row.workstation.as_str()).eq(["WS001"]) && analysis.rows.len() == 42;
    counts.add("scans of random names in one whole row", whole && others);
    if !(whole && others) {
        let told = |row: &Row| {
            (row.class != Class::Human).then(|| format!("{} {} {}", row.workstation, row.class.word(), row.failures))
        };
        let told: Vec<String> = analysis.rows.iter().filter_map(told).take(5).collect();
        counts.notes.push(format!(
            "scan of {names} names, seed {seed}: {} rows, {}",
            analysis.rows.len(),
            told.join(", ")
        ));
    }
    Ok(())
}

fn scan_of(dice: &mut Dice, names: u64) -> Vec<Attempt> {
    let mut at = DAY_S * (0.1 + 0.8 * dice.unit());
    let attempt = |i| {
        at += (PACE_S.0 + PACE_S.1 * dice.normal()).abs();
        let name = (0..16).map(|_| char::from(b'A' + (dice.next() % 26) as u8)).collect();
        let account = if i == names / 2 { "guest" } else { "administrator" };
        (at, name, account.to_owned())
    };
    (0..names).map(attempt).collect()
}

fn written(attempts: &[Attempt]) -> io::Result<Vec<u8>> {
    let event = |(number, (at, name, account)): (usize, &'_ Attempt)| {
        let ip = ADDRESSES[usize::from(name.starts_with("WS1") || name == "WS001")];
        let (name, account) = (name.clone(), account.clone());
        let values: Vec<Value> = vec![
            Value::Sid(Sid::Null),
            "-".into(),
            "-".into(),
            Value::Hex64(0),
            Value::Sid(Sid::Null),
            Value::Text(account.into()),
            "CORP".into(),
            Value::Hex32(0xC000_006D),
            "%%2313".into(),
            Value::Hex32(0xC000_006A),
            Value::U32(3),
            "NtLmSsp ".into(),
            "NTLM".into(),
            Value::Text(name.into()),
            "-".into(),
            "-".into(),
            Value::U32(0),
            Value::Hex64(0),
            "-".into(),
            ip.into(),
            "0".into(),
        ];
        failure((number, *at), 4625, "MTR01", SECURITY_AUDITING, Data::Named(&LOGON_FAILURE, values))
    };
    log(&attempts.iter().enumerate().map(event).collect::<Vec<_>>(), Format::Evtx)
}
