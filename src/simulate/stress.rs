//! One large log of failures, streamed to disk: for measurements.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::event::{CLASSIC, Data, WrittenEvent, invalid};
use super::evt_writer::{EVT_STEP, EvtWriter, Retention};
use super::evtx_writer::EvtxWriter;
use super::exports::Format;
use super::fleet::Origin;
use super::plan::{Plan, Summary};
use super::rng::Rng;
use super::text_export::{csv_row, xml_event};
use super::truth::{ServerTruth, TRUTH_SCHEMA, Truth};
use crate::model::time::rfc3339;

const SERVER: &str = "DC01";
const PACKAGE: &str = "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0";
/// 0xC0000072, account disabled, as event 681 prints it (KB Q287626).
const STATUS: &str = "3221225586";
/// Mean distance of two events of the whole log, in seconds.
const PACE: f64 = 0.05;

/// The endless series of events: each workstation in turn makes a burst of three attempts.
struct Series {
    rng: Rng,
    /// UNC names and accounts.
    names: Vec<(String, String)>,
    at: f64,
    number: u64,
}

impl Series {
    fn new(seed: u64, workstations: u32) -> Self {
        let names = (1..=workstations).map(|i| (format!(r"\\WS{i:06}"), format!("user{i:06}"))).collect();
        Self { rng: Rng::new(seed), names, at: 0.0, number: 0 }
    }

    fn with_next<T>(&mut self, origin: Origin, use_it: impl FnOnce(&WrittenEvent) -> io::Result<T>) -> io::Result<T> {
        let (workstation, account) = &self.names[(self.number / 3) as usize % self.names.len()];
        self.number += 1;
        self.at += 2.0 * PACE * self.rng.unit();
        use_it(&WrittenEvent {
            record_id: self.number,
            time: origin.ticks(self.at),
            event_id: 681,
            failure: true,
            computer: SERVER,
            provider: CLASSIC,
            data: Data::Strings(vec![PACKAGE.into(), account.into(), workstation.into(), STATUS.into()]),
        })
    }
}

/// Writes `security/DC01.EXT` of at least `size` bytes (`.evt`: of exactly that size, rounded up to
/// 64 KiB) and `truth.json`.
pub(super) fn run(plan: &Plan, size: u64, origin: Origin, dir: &Path) -> io::Result<Summary> {
    let workstations = plan.workstations.unwrap_or(1000).max(1);
    let mut series = Series::new(plan.seed, workstations);
    std::fs::create_dir_all(dir.join("security"))?;
    let path = dir.join(format!("security/{SERVER}.{}", plan.format.name()));
    let out = BufWriter::with_capacity(1 << 18, File::create(&path)?);
    let events = match plan.format {
        Format::Evtx => evtx(&mut series, size, origin, out)?,
        Format::Evt => evt(&mut series, size, origin, out)?,
        Format::Csv => text(&mut series, size, origin, out, csv_row)?,
        Format::Xml => text(&mut series, size, origin, out, xml_event)?,
    };
    let truth = Truth {
        schema: TRUTH_SCHEMA.to_owned(),
        seed: plan.seed,
        scenario: format!("size {size}, {workstations} workstations"),
        start: rfc3339(origin.start),
        end: rfc3339(origin.ticks(series.at).secs() + 1),
        servers: vec![ServerTruth { name: SERVER.to_owned(), clock_offset_s: 0.0, events, damage: Vec::new() }],
        entities: Vec::new(),
    };
    let json = truth.json();
    #[allow(clippy::disallowed_methods, reason = "a new folder: nothing there to lose")]
    std::fs::write(dir.join("truth.json"), &json)?;
    Ok(Summary { files: 2, bytes: std::fs::metadata(&path)?.len() + json.len() as u64, events, truth })
}

fn evtx(series: &mut Series, size: u64, origin: Origin, out: BufWriter<File>) -> io::Result<u64> {
    let mut writer = EvtxWriter::new(out, "Security")?;
    while writer.len() < size {
        series.with_next(origin, |event| writer.push(event))?;
    }
    writer.finish()?;
    Ok(series.number)
}

fn evt(series: &mut Series, size: u64, origin: Origin, out: BufWriter<File>) -> io::Result<u64> {
    let size = u32::try_from(size.next_multiple_of(u64::from(EVT_STEP)))
        .map_err(|_| invalid("an .evt file holds less than 4 GiB"))?;
    let mut writer = EvtWriter::new(out, size, Retention::Discard)?;
    while series.with_next(origin, |event| writer.push(event))? {}
    writer.finish()?;
    Ok(series.number - 1)
}

fn text(
    series: &mut Series,
    size: u64,
    origin: Origin,
    mut out: BufWriter<File>,
    row: fn(&WrittenEvent, &mut String),
) -> io::Result<u64> {
    let (mut written, mut line) = (0, String::new());
    while written < size {
        line.clear();
        series.with_next(origin, |event| {
            row(event, &mut line);
            Ok(())
        })?;
        out.write_all(line.as_bytes())?;
        written += line.len() as u64;
    }
    out.flush()?;
    Ok(series.number)
}
