//! The CSV report, cell by cell.

use std::collections::HashMap;

use super::sample::{empty, fleet};
use super::written;
use crate::report::csv::OUTPUT;
use crate::report::style::Style;

const HEADER: &str = "rank,workstation,class,verdict,failures,first_failure,last_failure,ongoing,accounts,account_count,\
statuses,event_ids,servers,failures_per_day,peak_per_hour,period_s,client_logs,attempts,metering_servers,matched,\
clock_offset_s,drift_ppm,score,share_of_failures,log_bytes,history_lost_h,reasons,action";

fn rows(style: &Style) -> Vec<HashMap<String, String>> {
    let text = written(&OUTPUT, &fleet(), style);
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let mut reader = csv::ReaderBuilder::new().delimiter(style.delimiter).from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("as many cells as headers")).collect()
}

#[test]
fn header_is_the_contract_and_rows_end_with_crlf() {
    assert_eq!(written(&OUTPUT, &empty(), &Style::default()), format!("{HEADER}\r\n"));
    let text = written(&OUTPUT, &fleet(), &Style::default());
    assert!(text.starts_with(&format!("{HEADER}\r\n")) && text.ends_with("\r\n"));
    assert_eq!(text.matches("\r\n").count(), 6);
    assert_eq!(text.matches('\n').count(), 6);
}

#[test]
fn a_storm_with_everything() {
    let row = &rows(&Style::default())[0];
    let expect = [
        ("rank", "1"),
        ("workstation", "WS042"),
        ("class", "storm"),
        ("verdict", "confirmed"),
        ("failures", "9114"),
        ("first_failure", "2001-03-12T08:54:05Z"),
        ("last_failure", "2001-03-14T23:59:20Z"),
        ("ongoing", "true"),
        ("accounts", "CORP\\user4"),
        ("account_count", "1"),
        ("statuses", "0xC0000072"),
        ("event_ids", "681; 531"),
        ("servers", "DC01"),
        ("failures_per_day", "2940.1"),
        ("peak_per_hour", "180"),
        ("period_s", "62.0"),
        ("client_logs", "clients/WS042/Liccli.lo_; clients/WS042/Liccli.log"),
        ("attempts", "539"),
        ("metering_servers", "LICSRV1"),
        ("matched", "523"),
        ("clock_offset_s", "22420.0"),
        ("drift_ppm", "41.0"),
        ("score", "0.8301"),
        ("share_of_failures", "0.0505"),
        ("log_bytes", "2151000"),
        ("history_lost_h", "11.4"),
    ];
    for (column, value) in expect {
        assert_eq!(row[column], value, "{column}");
    }
}

#[test]
fn cells_without_knowledge_are_empty_and_long_lists_are_counted() {
    let rows = rows(&Style::default());
    assert_eq!(rows[2]["accounts"], "user01; user02; user03; user04; user05 (+37 more)");
    assert_eq!(rows[2]["account_count"], "42");
    for column in ["verdict", "attempts", "matched", "clock_offset_s", "client_logs"] {
        assert_eq!(rows[2][column], "", "{column}");
    }
    assert_eq!(rows[4]["first_failure"], "");
    assert_eq!(rows[4]["failures"], "0");
}

#[test]
fn excel_gets_a_bom_and_times_it_reads_with_the_zone_in_the_header() {
    let style = Style { excel: true, zone: chrono_tz::Tz::Europe__Berlin, delimiter: b';', ..Style::default() };
    let text = written(&OUTPUT, &fleet(), &style);
    assert!(text.starts_with("\u{FEFF}rank;workstation;"));
    assert_eq!(rows(&style)[0]["first_failure (Europe/Berlin)"], "2001-03-12 09:54:05");
}

#[test]
fn tab_as_delimiter() {
    assert_eq!(rows(&Style { delimiter: b'\t', ..Style::default() })[0]["workstation"], "WS042");
}
