//! Flat JSON lines of events, as the OTRF Security-Datasets and NXLog write them: values beside the
//! fields of the header.

use serde_json::{Map, Value as Json};

use super::objects::{self, Mapped, event_id, number, text};
use super::stamp;
use crate::input::door::{Format, Head};

/// Flat JSON lines.
pub const FORMAT: Format = Format {
    name: "flat-jsonl",
    summary: "Events as flat JSON lines (OTRF Security-Datasets, NXLog)",
    sample: "fixtures/formats/flat.jsonl",
    verified: true,
    sniff,
    most: 85,
    read: |job, sink| objects::read(job, sink, map),
    parts: None,
};

fn sniff(head: &Head<'_>) -> u8 {
    let has = |key: &str| head.text.contains(key);
    let start = head.text.trim_start().starts_with(['{', '[']);
    let computer = has("\"Hostname\"") || has("\"Computer\"");
    if start && has("\"EventID\"") && has("\"SourceName\"") && has("\"Channel\"") && computer { 85 } else { 0 }
}

fn map(object: &Map<String, Json>, zone: Option<chrono_tz::Tz>) -> Result<Mapped<'_>, &'static str> {
    // `EventTime` of NXLog is local to the computer and has no zone; `@timestamp` has one.
    let time =
        ["TimeCreated", "@timestamp", "EventTime"].iter().find_map(|name| stamp::iso(text(object, &[name]), zone));
    Ok(Mapped {
        id: event_id(object.get("EventID"))?,
        time: time.ok_or("no time, or none that can be read")?,
        record_id: number(object.get("RecordNumber").or(object.get("EventRecordID"))),
        provider: text(object, &["SourceName", "ProviderName"]),
        channel: text(object, &["Channel"]),
        computer: text(object, &["Hostname", "Computer"]),
        data: Some(object),
        strings: Vec::new(),
        message: text(object, &["Message"]),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_damage, check_fixture, sure, told};
    use super::*;

    #[test]
    fn a_line_of_the_dataset_and_one_with_a_text_only_are_read() {
        check_fixture(
            &FORMAT,
            &[
                "2022-08-18T06:56:26.233Z 4625 Failure on pedro-computer: PEDRO-COMPUTER\\pedro-admin from PEDRO-COMPUTER \
                 ::1 0xC000010B type 11",
                "2020-09-21T22:58:09.021Z 4776 Failure #12345 on WORKSTATION5: \\dadmin from WIN81  0xC0000234 type -",
            ],
        );
    }

    #[test]
    fn damage_is_reported_and_the_rest_is_read() {
        check_damage(&FORMAT);
    }

    #[test]
    fn other_json_is_not_taken() {
        assert_eq!(sure(&FORMAT, b"{\"schema\":\"logonstorm.report/1\",\"workstations\":[]}"), 0);
        assert_eq!(sure(&FORMAT, b"{\"event_id\":4625,\"time\":\"2020-01-01T00:00:00Z\"}"), 0);
    }

    #[test]
    fn every_failure_of_the_public_dataset_is_read() {
        let folder = std::env::var_os("LOGONSTORM_CORPUS").map_or_else(
            || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
            std::path::PathBuf::from,
        );
        let Ok(bytes) = std::fs::read(folder.join("text/otrf_security_datasets_failures.jsonl")) else { return };
        let told = told(&FORMAT, &bytes);
        assert_eq!((told.events.len(), told.records), (35, 35));
        assert_eq!(told.skipped, Vec::<String>::new());
        assert!(told.events.iter().all(|event| event.contains(" Failure ")), "{:#?}", told.events);
        assert!(sure(&FORMAT, &bytes) > 80);
    }
}
