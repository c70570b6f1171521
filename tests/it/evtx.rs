//! `.evtx`: real logs, event by event.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use logonstorm::fsio::source::Source;
use logonstorm::input::door::{Description, Moment, RecordRun, Sink};
use logonstorm::input::evtx::read::read_counted;
use logonstorm::model::client::ClientLog;
use logonstorm::model::event::RawEvent;
use logonstorm::model::gathered::{Audits, Skipped};
use logonstorm::model::status::Status;

use crate::corpus::corpus;

/// Every `.evtx` of the corpus.
fn logs(folder: &Path) -> Vec<PathBuf> {
    let mut logs: Vec<PathBuf> =
        std::fs::read_dir(folder.join("evtx")).unwrap().map(|entry| entry.unwrap().path()).collect();
    logs.sort();
    logs
}

/// Everything a reader hands over, as text.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// Events.
    pub(crate) events: Vec<String>,
    /// Records per computer and hour, bytes, categories.
    pub(crate) runs: BTreeMap<(String, i64), (u64, u64, u8)>,
    /// Damage.
    pub(crate) skipped: Vec<String>,
    /// Records of any id.
    pub(crate) records: u64,
    /// What events say besides their moments: front and back of their lines.
    described: Vec<[String; 2]>,
    /// Events that were handed over by the number of a description.
    pub(crate) again: usize,
}

/// How the events were handed over makes no difference.
impl PartialEq for Heard {
    fn eq(&self, other: &Heard) -> bool {
        let told = |heard: &Heard| (heard.records, heard.runs.clone(), heard.skipped.clone());
        self.events == other.events && told(self) == told(other)
    }
}

/// What an event says besides its moment.
fn described(event: &RawEvent<'_>) -> [String; 2] {
    let back = format!(
        "{} {} {} | {} | {} | {} | {} | {} | {} | {} {} {:?}",
        event.computer.trimmed(),
        event.provider.trimmed(),
        event.channel.trimmed(),
        event.account.trimmed(),
        event.domain.trimmed(),
        event.workstation.trimmed(),
        event.ip.trimmed(),
        event.package.trimmed(),
        event.process.trimmed(),
        event.status.code_text(),
        event.sub_status.code_text(),
        event.logon_type,
    );
    [format!("{} {:?}", event.event_id, event.kind), back]
}

impl Heard {
    /// One event as a line, every field of it.
    fn line(&mut self, described: usize, moment: &Moment) {
        let [front, back] = &self.described[described];
        let Moment { time, record_id, offset, size } = moment;
        self.events.push(format!("{front} {record_id} {} @{offset}+{size} {back}", time.rfc3339(7)));
    }
}

impl Sink for Heard {
    fn event(&mut self, event: &RawEvent<'_>) {
        assert_eq!(event.time_digits, 7);
        let (record_id, offset) = (event.record_id.unwrap(), event.offset);
        self.described.push(described(event));
        self.line(self.described.len() - 1, &Moment { time: event.time, record_id, offset, size: event.size });
    }
    fn description(&self) -> Option<Description> {
        // Half of them are forgotten at once.
        let number = self.described.len() as u32 - 1;
        Some(Description { number, age: number % 2 })
    }
    fn again(&mut self, description: Description, moment: &Moment) -> bool {
        if description.age != 0 {
            return false;
        }
        self.again += 1;
        self.line(description.number as usize, moment);
        true
    }
    fn records(&mut self, run: &RecordRun<'_>) {
        let sum = self.runs.entry((run.computer.trimmed(), run.hour)).or_default();
        sum.0 += run.records;
        sum.1 += run.bytes;
        sum.2 = Audits(sum.2).union(run.audits).0;
        self.records += run.records;
    }
    fn client(&mut self, _log: ClientLog) {}
    fn skipped(&mut self, place: Skipped) {
        self.skipped.push(format!("{}: {}: {}", place.at, place.what, place.why));
    }
}

/// Events of the kinds that the golden list has, with its columns.
#[derive(Default)]
struct Golden(Vec<Vec<String>>);

impl Sink for Golden {
    fn event(&mut self, event: &RawEvent<'_>) {
        if !matches!(event.event_id, 4625 | 4776 | 4771 | 4768 | 4740) {
            return;
        }
        let status = |status: Status| match status {
            Status::None => String::new(),
            Status::Nt(code) | Status::Kerberos(code) => format!("0x{code:08x}"),
        };
        let time = event.time.rfc3339(7);
        self.0.push(vec![
            event.record_id.unwrap().to_string(),
            event.event_id.to_string(),
            format!("{}00Z", time.trim_end_matches('Z')),
            event.computer.trimmed(),
            event.account.trimmed(),
            event.domain.trimmed(),
            event.workstation.trimmed(),
            event.ip.trimmed(),
            event.logon_type.map_or_else(String::new, |kind| kind.to_string()),
            status(event.status),
            status(event.sub_status),
            event.package.trimmed(),
        ]);
    }
    fn records(&mut self, _run: &RecordRun<'_>) {}
    fn client(&mut self, _log: ClientLog) {}
    fn skipped(&mut self, _place: Skipped) {}
}

/// The columns of one row that are compared: those which the list says of this event.
fn golden_rows(folder: &Path) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut rows: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(folder.join("golden/evtx_events_open.csv")).unwrap();
    for record in reader.records() {
        let record = record.unwrap();
        let row = record.iter().skip(1).map(|cell| cell.trim().to_owned()).collect();
        rows.entry(record[0].to_owned()).or_default().push(row);
    }
    rows
}

#[test]
fn every_golden_event_comes_out_and_no_other() {
    let Some(folder) = corpus("evtx") else { return };
    for judge in [false, true] {
        let mut golden = golden_rows(&folder);
        let mut compared = 0;
        for log in logs(&folder) {
            let name = format!("evtx/{}", log.file_name().unwrap().to_str().unwrap());
            let mut got = Golden::default();
            read_counted(&Source::open(&log, name.clone()).unwrap(), judge, &mut got).unwrap();
            let mut want = golden.remove(&name).unwrap_or_default();
            want.sort();
            got.0.sort();
            compared += want.len();
            assert_eq!(got.0, want, "{name}");
        }
        assert!(golden.is_empty(), "logs of the list that are missing: {:?}", golden.keys());
        assert_eq!(compared, 398);
    }
}

#[test]
fn the_scan_and_the_general_way_agree_on_every_log() {
    let Some(folder) = corpus("evtx") else { return };
    let (mut fast, mut general, mut again) = (0, 0, 0);
    for log in logs(&folder) {
        let source = Source::open(&log, log.file_name().unwrap().to_str().unwrap().to_owned()).unwrap();
        let (mut scan, mut judge) = (Heard::default(), Heard::default());
        let ways = read_counted(&source, false, &mut scan).unwrap();
        let judged = read_counted(&source, true, &mut judge).unwrap();
        println!("{}: {} by the scan, {} by the general way, {} lost", source.path, ways.fast, ways.general, ways.lost);
        println!("    {} events, {} of them like one before", scan.events.len(), scan.again);
        for place in &scan.skipped {
            println!("    {place}");
        }
        assert_eq!(scan, judge, "{}", source.path);
        assert_eq!(ways.fast + ways.general + ways.lost, judged.general + judged.lost, "{}", source.path);
        fast += ways.fast;
        general += ways.general;
        again += scan.again;
    }
    println!("in all: {fast} by the scan, {general} by the general way");
    assert!(again > 20, "hardly any event was known from one before: {again}");
    assert!(fast > 50 * general, "the scan takes too few: {fast} of {}", fast + general);
}
