//! The logs that are measured.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::copies::{self, Kind};
use super::own::{self, Names};
use super::table::Required;

/// A log on disk.
pub(crate) struct Log {
    /// The file, or a folder of files.
    pub(crate) path: PathBuf,
    /// Bytes of all files.
    pub(crate) bytes: u64,
    /// Records of any id.
    pub(crate) events: u64,
}

/// Makes a log of about so many bytes in a folder; `None` where the real logs that it needs are not
/// at hand.
type Make = fn(&Path, u64, Option<&Path>) -> io::Result<Option<Log>>;

/// One row of the table.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) make: Make,
    /// It is one `.evtx` file, which `evtx_dump` reads.
    pub(crate) dumped: bool,
    pub(crate) required: Required,
}

const fn within(of_crc: f64, of_dump: f64) -> Required {
    Required { of_crc, of_dump }
}

const FREE: Required = within(f64::INFINITY, 0.0);

/// Names in logs with few of them.
const FEW: u64 = 50;
/// Names in logs with thousands of them.
const THOUSANDS: u64 = 5000;
/// Files of the case with small files.
const SMALL_FILES: u64 = 10_000;

#[rustfmt::skip] // one row, one line
pub(crate) const CASES: &[Case] = &[
    Case { name: "own, 681, few names", make: |dir, size, _| own(dir, size, own::classic, Names::Of(FEW)), dumped: true, required: within(3.8, 4.5) },
    Case { name: "own, 4625, few names", make: |dir, size, _| own(dir, size, own::modern, Names::Of(FEW)), dumped: true, required: within(2.2, 8.0) },
    Case { name: "own, 4625, thousands of names", make: |dir, size, _| own(dir, size, own::modern, Names::Of(THOUSANDS)), dumped: true, required: within(2.5, 6.0) },
    Case { name: "own, 4625, a new name in each", make: |dir, size, _| own(dir, size, own::modern, Names::New), dumped: true, required: within(f64::INFINITY, 4.0) },
    Case { name: "own, mixed, 1 % wanted", make: |dir, size, _| own(dir, size, own::mixed, Names::Of(FEW)), dumped: true, required: within(1.25, 12.0) },
    Case { name: "real, 4625, few names", make: |dir, size, corpus| real(dir, size, corpus, Kind::Failures(None)), dumped: true, required: within(2.2, 8.0) },
    Case { name: "real, 4625, thousands of names", make: |dir, size, corpus| real(dir, size, corpus, Kind::Failures(Some(Names::Of(THOUSANDS)))), dumped: true, required: within(2.5, 6.0) },
    Case { name: "real, 4625, a new name in each", make: |dir, size, corpus| real(dir, size, corpus, Kind::Failures(Some(Names::New))), dumped: true, required: within(f64::INFINITY, 4.0) },
    Case { name: "real, mixed, 2 % wanted", make: |dir, size, corpus| real(dir, size, corpus, Kind::Mixed), dumped: true, required: within(1.25, 12.0) },
    Case { name: "own, 681, 10,000 files of 68 KiB", make: |dir, _, _| small(dir), dumped: false, required: FREE },
    Case { name: "own, 681, .evt", make: |dir, size, _| own(dir, size, own::evt, Names::Of(FEW)), dumped: false, required: FREE },
    Case { name: "own, client logs", make: |dir, size, _| clients(dir, size), dumped: false, required: FREE },
];

/// Writes a log of so many bytes and tells how many records it has.
type Write = fn(fs::File, u64, Names) -> io::Result<u64>;

fn own(dir: &Path, size: u64, write: Write, names: Names) -> io::Result<Option<Log>> {
    let path = dir.join("DC01.log");
    let events = write(fs::File::create(&path)?, size, names)?;
    Ok(Some(Log { bytes: fs::metadata(&path)?.len(), path, events }))
}

fn real(dir: &Path, size: u64, corpus: Option<&Path>, kind: Kind) -> io::Result<Option<Log>> {
    let Some(corpus) = corpus else { return Ok(None) };
    let path = dir.join("DC01.log");
    let events = copies::write(&copies::chunks(corpus, kind)?, fs::File::create(&path)?, size, kind)?;
    Ok(Some(Log { bytes: fs::metadata(&path)?.len(), path, events }))
}

/// Files of one chunk each; their record numbers go on from file to file.
fn small(dir: &Path) -> io::Result<Option<Log>> {
    let (mut bytes, mut events) = (0, 0);
    for number in 0..SMALL_FILES {
        let path = dir.join(format!("DC01-{number:05}.evtx"));
        events += own::one_chunk(fs::File::create(&path)?, events)?;
        bytes += fs::metadata(&path)?.len();
    }
    Ok(Some(Log { path: dir.to_owned(), bytes, events }))
}

/// Logs of 100 KB in a folder per workstation.
fn clients(dir: &Path, size: u64) -> io::Result<Option<Log>> {
    let (mut bytes, mut events, mut number) = (0, 0, 0);
    while bytes < size {
        let folder = dir.join(format!("WS{number:06}"));
        fs::create_dir(&folder)?;
        let (log, attempts) = own::client_log(number);
        fs::File::create(folder.join("Liccli.log")).and_then(|mut file| io::Write::write_all(&mut file, &log))?;
        bytes += log.len() as u64;
        events += attempts;
        number += 1;
    }
    Ok(Some(Log { path: dir.to_owned(), bytes, events }))
}
