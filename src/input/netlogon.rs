//! netlogon.log: logons that a server passed on, as that server saw them (KB Q189541, Q191828).
//!
//! ```text
//! 08/01 08:12:26 [LOGON] SamLogon: Network logon of DOM\USER from \\MACHINE (via DC) Returns 0xC0000234
//! 03/04 19:07:29 [LOGON] [10752] dom: SamLogon: Transitive Network logon of dom\user from  (via RELAY) Returns 0xC000006A
//! [LOGON] NetrLogonUasLogon of USER from MACHINE returns 0
//! ```
//!
//! `Entered` and `Returns` are two lines of one attempt; only the second tells how it ended. The
//! lines carry local time and no year.

use std::io;
use std::ops::ControlFlow;

use crate::input::attribution::owner;
use crate::input::door::{Format, Head, Job, RecordRun, Sink};
use crate::input::lines::{Line, each_line};
use crate::input::stamp::{NO_YEAR, bias_of, date_ms};
use crate::model::event::{EventKind, RawEvent};
use crate::model::gathered::{Audits, Severity, Skipped};
use crate::model::names::Text;
use crate::model::status::Status;
use crate::model::time::Ticks;

/// Provider of the events of a netlogon.log.
pub const PROVIDER: &str = "netlogon";
/// The descriptor.
pub const NETLOGON: Format = Format {
    name: "netlogon",
    summary: "netlogon.log of a domain controller or member server, with and without time stamps",
    sample: "fixtures/formats/netlogon/DC01/netlogon.log",
    verified: true,
    sniff,
    read,
    parts: None,
};

/// Milliseconds.
const DAY: i64 = 86_400_000;
/// A step back by more than this, in milliseconds, is a new year and not a clock that was set.
const NEW_YEAR_STEP: i64 = 180 * DAY;
/// How far a stamp may lie behind the file's modification time: other zones, and a day of clock error.
const AHEAD: i64 = 2 * DAY;
/// More turns of the year than any log has: a file that has them is no log.
const MAX_TURNS: usize = 100;
/// Damaged lines that are named one by one.
const NAMED: u64 = 10;

/// One line that tells how a logon ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Logon<'t> {
    /// Interactive 2, network 3; `None` for other kinds.
    logon_type: Option<u32>,
    domain: &'t str,
    account: &'t str,
    workstation: &'t str,
    relay: &'t str,
    /// The code as an NTSTATUS; [`Status::None`] where it is an error code of the network library.
    status: Status,
    success: bool,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told<'t> {
    /// No logon line, or one that has only begun.
    Other,
    /// How a logon ended.
    Logon(Logon<'t>),
    /// A logon line that cannot be read; why.
    Damaged(&'static str),
}

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

/// Date and time without a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct At {
    month: u32,
    day: u32,
    /// Milliseconds since midnight.
    time_ms: u32,
    /// Milliseconds in a leap year, for comparing.
    in_year: i64,
}

/// `MM/DD HH:MM:SS ` at the start of a line, and what stands behind it.
fn stamp(line: &str) -> (Option<At>, &str) {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\0');
    parse_stamp(line).map_or((None, line), |at| (Some(at), line[14..].trim_start()))
}

fn parse_stamp(line: &str) -> Option<At> {
    let text = line.as_bytes().get(..14)?;
    let marks = (text[2], text[5], text[8], text[11]) == (b'/', b' ', b':', b':');
    let two = |at: usize| {
        let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
    };
    let (month, day, hour, minute, second) = (two(0)?, two(3)?, two(6)?, two(9)?, two(12)?);
    if !marks || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let time_ms = ((hour * 60 + minute) * 60 + second) * 1000;
    Some(At { month, day, time_ms, in_year: date_ms(NO_YEAR, month, day, time_ms)? })
}

/// The year of each stamp. The last one lies just before the file's modification time; each step
/// back from December to January before it is one year. One damaged stamp must not move the others,
/// so a step counts when the stamp after it agrees.
#[derive(Debug, Default)]
struct Years {
    /// Year of the first stamp; `None` where the file's modification time is not known.
    first: Option<i32>,
    /// Numbers of the lines that begin a year.
    turns: Vec<u64>,
}

/// The walk that finds the years.
#[derive(Default)]
struct Turns {
    /// The last two stamps that agree with their neighbours, and the turns before each.
    last: Option<(At, usize)>,
    before: Option<(At, usize)>,
    /// A stamp far from the last one, and its line.
    odd: Option<(At, u64)>,
    turns: Vec<u64>,
}

impl Turns {
    fn stamp(&mut self, at: At, line: u64) {
        let Some((last, _)) = self.last else { return self.agreed(at) };
        let step = at.in_year - last.in_year;
        match self.odd.take() {
            // Back where the log was before the odd stamp.
            Some(_) if (-DAY..=NEW_YEAR_STEP).contains(&step) => self.agreed(at),
            Some((odd, odd_line)) => {
                self.turn(last, odd, odd_line);
                self.agreed(odd);
                self.stamp(at, line);
            }
            None if step.abs() > NEW_YEAR_STEP => self.odd = Some((at, line)),
            None => self.agreed(at),
        }
    }

    fn agreed(&mut self, at: At) {
        self.before = self.last;
        self.last = Some((at, self.turns.len()));
    }

    fn turn(&mut self, last: At, odd: At, line: u64) {
        if odd.in_year < last.in_year && self.turns.len() < MAX_TURNS {
            self.turns.push(line);
        }
    }

    fn years(mut self, modified: Option<i64>) -> Years {
        let first = |stamp: Option<(At, usize)>| {
            let (at, turns) = stamp?;
            Some(year_of(modified?, at)? - turns as i32)
        };
        // A damaged last stamp may lie behind the modification time and cost a year.
        let first = first(self.last).max(first(self.before));
        if let (Some((odd, line)), Some((last, _))) = (self.odd, self.last) {
            self.turn(last, odd, line);
        }
        Years { first, turns: self.turns }
    }
}

impl Years {
    fn of(job: &Job<'_>) -> io::Result<Years> {
        let mut turns = Turns::default();
        each_line(job.source, &mut |line| {
            if let (Some(at), _) = stamp(line.text) {
                turns.stamp(at, line.number);
            }
            ControlFlow::Continue(())
        })?;
        Ok(turns.years(job.source.modified))
    }

    /// The year at a line.
    fn at(&self, line: u64) -> Option<i32> {
        Some(self.first? + self.turns.partition_point(|turn| *turn <= line) as i32)
    }
}

/// The latest year in which the stamp exists and does not lie after the modification time.
fn year_of(modified: i64, last: At) -> Option<i32> {
    let modified = modified.checked_mul(1000)?;
    let about = chrono::DateTime::from_timestamp_millis(modified)?;
    let year = chrono::Datelike::year(&about);
    (year - 8..=year + 1).rev().find(|&year| {
        date_ms(year, last.month, last.day, last.time_ms).is_some_and(|at| at <= modified.saturating_add(AHEAD))
    })
}

/// What the text behind the stamp tells.
fn parse(rest: &str) -> Told<'_> {
    let rest = rest.trim_end_matches(|c: char| c.is_whitespace() || c == '\0');
    if let Some(at) = rest.find("SamLogon: ") {
        return sam_logon(&rest[at + "SamLogon: ".len()..]);
    }
    match rest.split_once("NetrLogonUasLogon of ") {
        Some((_, body)) => uas_logon(body),
        None => Told::Other,
    }
}

/// `[Transitive ]KIND logon of DOMAIN\USER from [WORKSTATION][ (via RELAY)] Returns 0xCODE`.
fn sam_logon(body: &str) -> Told<'_> {
    let Some((kind, body)) = body.split_once(" logon of ") else { return Told::Other };
    let Some((body, code)) = body.rsplit_once(" Returns ") else {
        return if body.ends_with("Entered") { Told::Other } else { Told::Damaged("a logon without its end") };
    };
    let code = code.trim();
    let digits = code.strip_prefix("0x").or(code.strip_prefix("0X"));
    let Some(code) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
        return Told::Damaged("no status behind `Returns`");
    };
    let (body, relay) = match body.trim_end().rsplit_once("(via ") {
        Some((body, relay)) => (body, relay.trim_end_matches(')')),
        None => (body, ""),
    };
    let body = body.trim_end();
    let Some((who, workstation)) = body.rsplit_once(" from ").or(body.strip_suffix(" from").map(|who| (who, "")))
    else {
        return Told::Damaged("no workstation part");
    };
    let (domain, account) = who.split_once('\\').unwrap_or(("", who));
    let kind = kind.strip_prefix("Transitive ").unwrap_or(kind);
    Told::Logon(Logon {
        logon_type: match kind {
            "Interactive" => Some(2),
            "Network" => Some(3),
            _ => None,
        },
        domain: if domain == "(null)" { "" } else { domain },
        account: if account == "(null)" { "" } else { account },
        workstation: if workstation == "(null)" { "" } else { workstation.trim() },
        relay: relay.trim(),
        status: Status::Nt(code),
        success: code == 0,
    })
}

/// `USER from WORKSTATION returns CODE`, the decimal code being one of the network library.
fn uas_logon(body: &str) -> Told<'_> {
    let Some((body, code)) = body.rsplit_once(" returns ") else {
        return if body.ends_with("Entered") { Told::Other } else { Told::Damaged("a logon without its end") };
    };
    let Some((account, workstation)) = body.rsplit_once(" from ") else {
        return Told::Damaged("no workstation part");
    };
    let Ok(code) = code.trim().parse::<u32>() else { return Told::Damaged("no code behind `returns`") };
    Told::Logon(Logon {
        logon_type: None,
        domain: "",
        account: account.trim(),
        workstation: workstation.trim(),
        relay: "",
        // Only an error NTSTATUS has its two highest bits set.
        status: if code == 0 || code >= 0xC000_0000 { Status::Nt(code) } else { Status::None },
        success: code == 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fsio::source::Source;
    use crate::input::kept::Kept;
    use crate::input::options::Options;
    use proptest::prelude::*;

    /// 2001-06-01T00:00:00Z.
    const JUNE_2001: i64 = 991_353_600;

    fn kept(text: &[u8], modified: Option<i64>, zone: Option<chrono_tz::Tz>) -> Kept {
        let source = Source::memory("dc01/netlogon.log", text, modified);
        let options = Options { time_zone: zone, ..Options::default() };
        Kept::read(&NETLOGON, &source, &options)
    }

    fn check(text: &str, expect: &[&str]) {
        let kept = kept(text.as_bytes(), Some(JUNE_2001), None);
        assert_eq!(kept.events, expect, "{text}");
        assert_eq!(kept.skipped.iter().filter(|place| !place.contains("without a date")).count(), 0, "{text}");
    }

    #[test]
    fn every_published_line_is_read() {
        check(
            "[LOGON] SamLogon: Interactive logon of PORSCHE\\example from 928S4 (via TARGA) Returns 0xC000006A\r\n",
            &["1: failure - PORSCHE\\example from 928S4 via TARGA 0xC000006A type 2 on DC01"],
        );
        check(
            "[LOGON] SamLogon: Network logon of (null)\\EXAMPLE from \\\\928WIN95 (via TARGA) Returns 0xC0000234",
            &["1: failure - \\EXAMPLE from \\\\928WIN95 via TARGA 0xC0000234 type 3 on DC01"],
        );
        check(
            "[LOGON] SamLogon: Network logon of (null)\\EXAMPLE from \\\\928WIN95 Returns 0x0",
            &["1: success - \\EXAMPLE from \\\\928WIN95 via  0x00000000 type 3 on DC01"],
        );
        check(
            "[LOGON] NetrLogonUasLogon of EXAMPLE from 928WIN95 returns 0",
            &["1: success - \\EXAMPLE from 928WIN95 via  0x00000000 type 0 on DC01"],
        );
        check(
            "[LOGON] NetrLogonUasLogon of EXAMPLE from 928WIN95 returns 2202",
            &["1: failure - \\EXAMPLE from 928WIN95 via   type 0 on DC01"],
        );
        check(
            "08/01 08:12:26 [LOGON] SamLogon: Network logon of DOM\\USER from \\\\MACHINE (via DC) Returns 0xC0000234",
            &["1: failure 2000-08-01T08:12:26Z DOM\\USER from \\\\MACHINE via DC 0xC0000234 type 3 on DC01"],
        );
        check(
            "04/30 04:21:16 [LOGON] CIGAR: SamLogon: Transitive Network logon of CONTOSO\\testuser from CONT-W81 (via M82-DC2) Entered\n\
             04/30 04:21:17 [LOGON] CIGAR: SamLogon: Transitive Network logon of CONTOSO\\testuser from CONT-W81 (via M82-DC2) Returns 0xC0000072 ",
            &["2: failure 2001-04-30T04:21:17Z CONTOSO\\testuser from CONT-W81 via M82-DC2 0xC0000072 type 3 on DC01"],
        );
        check(
            "03/04 19:07:29 [LOGON] [10752] contoso: SamLogon: Transitive Network logon of contoso\\First.Last from  (via LOB11-RADIUS) Returns 0xC000006A",
            &["1: failure 2001-03-04T19:07:29Z contoso\\First.Last from  via LOB11-RADIUS 0xC000006A type 3 on DC01"],
        );
        check(
            "06/03 14:16:58 [LOGON] SamLogon: Network logon of <Domain>\\User1 from WORKSTATION1 Entered  \n\
             06/03 14:17:43 [CRITICAL] <Domain>: NlAllocateClientApi timed out: 0 258  \n",
            &[],
        );
    }

    #[test]
    fn the_year_comes_from_the_file_and_turns_at_new_year() {
        let line = |at: &str| format!("{at} [LOGON] SamLogon: Network logon of D\\U from W Returns 0xC000006A\n");
        let text = [
            "12/31 23:59:59",
            "01/01 00:00:01",
            "06/30 00:00:00",
            "12/30 10:00:00",
            "12/30 09:59:00",
            "01/02 00:00:00",
        ]
        .map(line);
        let kept = kept(text.concat().as_bytes(), Some(JUNE_2001), None);
        let times: Vec<&str> = kept.events.iter().map(|event| &event[11..31]).collect();
        assert_eq!(
            times,
            [
                "1999-12-31T23:59:59Z",
                "2000-01-01T00:00:01Z",
                "2000-06-30T00:00:00Z",
                "2000-12-30T10:00:00Z",
                "2000-12-30T09:59:00Z",
                "2001-01-02T00:00:00Z"
            ]
        );
        assert_eq!(kept.records, 6);
    }

    #[test]
    fn one_damaged_stamp_moves_no_other_record() {
        let line = |at: &str| format!("{at} [LOGON] SamLogon: Network logon of D\\U from W Returns 0xC000006A\n");
        let times = |stamps: &[&str]| {
            let text: String = stamps.iter().map(|at| line(&format!("{at} 10:00:00"))).collect();
            let times = kept(text.as_bytes(), Some(JUNE_2001), None).events;
            times.iter().map(|event| event[11..31].to_owned()).collect::<Vec<_>>()
        };
        for whole in [["03/10", "04/10", "05/01", "05/10", "05/30"], ["12/29", "12/30", "01/02", "01/03", "01/04"]] {
            let expect = times(&whole);
            for damaged in 0..whole.len() {
                for month in 1..=12 {
                    let stamp = format!("{month:02}/10");
                    let mut stamps = whole;
                    stamps[damaged] = &stamp;
                    let got = times(&stamps);
                    for other in (0..whole.len()).filter(|&other| other != damaged) {
                        assert_eq!(got[other], expect[other], "{stamps:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn local_time_is_turned_into_utc_where_the_zone_is_known() {
        let text = "02/29 12:00:00 [LOGON] SamLogon: Network logon of D\\U from W Returns 0xC000006A\n";
        let kept_in = |zone| kept(text.as_bytes(), Some(JUNE_2001), zone).events[0][11..31].to_owned();
        assert_eq!(kept_in(None), "2000-02-29T12:00:00Z");
        assert_eq!(kept_in(Some(chrono_tz::America::Los_Angeles)), "2000-02-29T20:00:00Z");
    }

    #[test]
    fn what_cannot_be_dated_or_read_is_told() {
        let text = "06/03 14:16:58 [LOGON] SamLogon: Network logon of D\\U from W Returns 0xC000006A\n".repeat(2);
        let undated = kept(text.as_bytes(), None, None);
        assert_eq!(undated.events.len(), 2);
        assert_eq!(undated.skipped, [" line: 2 logons without a date: their time is not known"]);
        let damaged = "x [LOGON] SamLogon: Network logon of D\\U from W Returns 0x\n".repeat(12);
        let damaged = kept(damaged.as_bytes(), Some(JUNE_2001), None);
        assert_eq!((damaged.events.len(), damaged.skipped.len()), (0, 11));
        assert_eq!(damaged.skipped[0], "line 1 line: no status behind `Returns`");
        assert_eq!(damaged.skipped[10], " line: 2 more lines of a logon that cannot be read");
    }

    proptest! {
        #[test]
        fn names_come_back_as_they_were_logged(
            user in "[A-Za-z0-9.$ -]{0,12}[a-z]", from in "[A-Z0-9-]{0,15}", via in "[A-Z0-9-]{1,15}", code in 0u32..
        ) {
            let text = format!("[LOGON] SamLogon: Network logon of D\\{user} from {from} (via {via}) Returns 0x{code:X}");
            let Told::Logon(logon) = parse(&text) else { panic!("{text}") };
            prop_assert_eq!((logon.account, logon.workstation, logon.relay), (&*user, &*from, &*via));
            prop_assert_eq!(logon.status, Status::Nt(code));
        }

        #[test]
        fn any_bytes_are_read_to_the_end(text in "(0[1-3]/2[0-9] 0[0-9]:[0-5]0:00 )?\\[LOGON\\] (SamLogon: )?.{0,60}") {
            kept(text.as_bytes(), Some(JUNE_2001), None);
        }
    }
}
