//! Every published line, years, zones and damage.

use super::FORMAT;
use super::logon::{Told, parse};
use crate::fsio::source::Source;
use crate::input::kept::Kept;
use crate::input::options::Options;
use crate::model::status::Status;
use proptest::prelude::*;

/// 2001-06-01T00:00:00Z.
const JUNE_2001: i64 = 991_353_600;

fn kept(text: &[u8], modified: Option<i64>, zone: Option<chrono_tz::Tz>) -> Kept {
    let source = Source::memory("dc01/netlogon.log", text, modified);
    let options = Options { time_zone: zone, ..Options::default() };
    Kept::read(&FORMAT, &source, &options)
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
    let text =
        ["12/31 23:59:59", "01/01 00:00:01", "06/30 00:00:00", "12/30 10:00:00", "12/30 09:59:00", "01/02 00:00:00"]
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
