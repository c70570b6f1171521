//! The descriptor of netlogon.log, and the walk over a file.

use std::io;
use std::ops::ControlFlow;

use super::logon::{Told, parse, seems_logon};
use super::years::{At, Years, stamp};
use crate::input::attribution::owner;
use crate::input::door::{Format, Head, Job, RecordRun, Sink};
use crate::input::lines::{Line, each_line};
use crate::input::stamp::{bias_of, date_ms};
use crate::model::event::{EventKind, RawEvent};
use crate::model::gathered::{Audits, Severity, Skipped};
use crate::model::names::Text;
use crate::model::time::Ticks;

/// Provider of the events of a netlogon.log.
pub const PROVIDER: &str = "netlogon";
/// The descriptor.
pub const FORMAT: Format = Format {
    name: "netlogon",
    summary: "netlogon.log of a domain controller or member server, with and without time stamps",
    sample: "fixtures/formats/netlogon/DC01/netlogon.log",
    verified: true,
    sniff,
    most: 90,
    read,
    parts: None,
};

/// Damaged lines that are named one by one.
const NAMED: u64 = 10;

fn sniff(head: &Head<'_>) -> u8 {
    let mut tagged = 0;
    for line in head.text.lines() {
        let (_, rest) = stamp(line);
        if !rest.starts_with('[') {
            continue;
        }
        if rest.contains("SamLogon: ") || rest.contains("NetrLogonUasLogon of ") {
            return 90;
        }
        tagged += usize::from(
            ["[LOGON] ", "[CRITICAL] ", "[MISC] ", "[SESSION] ", "[MAILSLOT] ", "[SITE] "]
                .iter()
                .any(|tag| rest.starts_with(tag)),
        );
    }
    if tagged >= 2 { 70 } else { 0 }
}

fn read(job: &Job<'_>, sink: &mut dyn Sink) -> io::Result<()> {
    let years = Years::of(job)?;
    let computer = owner(&job.source.path, &["netlogon"]);
    let mut walk = Walk { job, computer: &computer, years, run: None, undated: 0, damaged: 0, sink };
    let count = each_line(job.source, &mut |line| {
        walk.line(line);
        ControlFlow::Continue(())
    })?;
    walk.end();
    count.report_cut(&job.source.path, sink);
    Ok(())
}

struct Walk<'a> {
    job: &'a Job<'a>,
    computer: &'a str,
    years: Years,
    /// Records of the clock hour.
    run: Option<RecordRun<'a>>,
    /// Logons without a time.
    undated: u64,
    damaged: u64,
    sink: &'a mut dyn Sink,
}

impl Walk<'_> {
    fn line(&mut self, line: Line<'_>) {
        if !seems_logon(line.text) {
            return;
        }
        let (at, rest) = stamp(line.text);
        let logon = match parse(rest) {
            Told::Other => return,
            Told::Damaged(why) => return self.damage(&line, why),
            Told::Logon(logon) => logon,
        };
        let time = at.zip(self.years.at(line.number)).and_then(|(at, year)| self.time(at, year));
        match time {
            Some(time) => self.count(time),
            None => self.undated += 1,
        }
        let time = time.unwrap_or(0);
        let kind = if logon.success { EventKind::Success } else { EventKind::Failure };
        self.sink.event(&RawEvent {
            time: Ticks::from_secs(time),
            line: Some(line.number),
            offset: line.offset,
            computer: Text::Utf8(self.computer),
            provider: Text::Utf8(PROVIDER),
            workstation: Text::Utf8(logon.workstation),
            account: Text::Utf8(logon.account),
            domain: Text::Utf8(logon.domain),
            relay: Text::Utf8(logon.relay),
            status: logon.status,
            logon_type: logon.logon_type,
            ..RawEvent::new(kind, 0)
        });
    }

    /// UTC seconds; `None` for a day that the year does not have.
    fn time(&self, at: At, year: i32) -> Option<i64> {
        let local = date_ms(year, at.month, at.day, at.time_ms)?;
        let bias = self.job.options.time_zone.and_then(|zone| bias_of(zone, local)).unwrap_or(0);
        Some(local / 1000 + i64::from(bias) * 60)
    }

    fn count(&mut self, time: i64) {
        let hour = time.div_euclid(3600);
        match &mut self.run {
            Some(run) if run.hour == hour => {
                run.records += 1;
                run.first = run.first.min(time);
                run.last = run.last.max(time);
            }
            _ => {
                self.flush();
                let computer = Text::Utf8(self.computer);
                let audits = Audits::default();
                self.run = Some(RecordRun { computer, records: 1, first: time, last: time, hour, bytes: 0, audits });
            }
        }
    }

    fn flush(&mut self) {
        if let Some(run) = self.run.take() {
            self.sink.records(&run);
        }
    }

    fn damage(&mut self, line: &Line<'_>, why: &str) {
        self.damaged += 1;
        if self.damaged <= NAMED {
            self.skip(format!("line {}", line.number), why.to_owned(), Severity::Damage);
        }
    }

    fn end(&mut self) {
        self.flush();
        if self.damaged > NAMED {
            let why = format!("{} more lines of a logon that cannot be read", self.damaged - NAMED);
            self.skip(String::new(), why, Severity::Damage);
        }
        if self.undated > 0 {
            let why = format!("{} logons without a date: their time is not known", self.undated);
            self.skip(String::new(), why, Severity::Note);
        }
    }

    fn skip(&mut self, at: String, why: String, severity: Severity) {
        let file = self.job.source.path.clone();
        self.sink.skipped(Skipped { file, at, what: "line".into(), why, severity });
    }
}
