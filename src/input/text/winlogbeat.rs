//! JSON lines of Winlogbeat: since version 7 under `winlog`, before at the top.

use serde_json::{Map, Value as Json};

use super::objects::{self, Mapped, at, event_id, number};
use super::stamp;
use crate::input::door::{Format, Head};

/// Winlogbeat.
pub const FORMAT: Format = Format {
    name: "winlogbeat",
    summary: "Winlogbeat JSON lines (version 5 and later)",
    sample: "fixtures/formats/winlogbeat.jsonl",
    verified: false,
    sniff,
    most: 75,
    read: |job, sink| objects::read(job, sink, map),
    parts: None,
};

fn sniff(head: &Head<'_>) -> u8 {
    let has = |key: &str| head.text.contains(key);
    if !head.text.trim_start().starts_with(['{', '[']) || !has("\"@timestamp\"") {
        return 0;
    }
    let nested = has("\"winlog\"") && has("\"event_id\"") && has("\"computer_name\"");
    let dotted = has("\"winlog.event_id\"");
    let old = has("\"event_id\"") && has("\"computer_name\"") && has("\"log_name\"") && has("\"source_name\"");
    if nested || dotted || old { 75 } else { 0 }
}

fn map(object: &Map<String, Json>, zone: Option<chrono_tz::Tz>) -> Result<Mapped<'_>, &'static str> {
    let find = |new: &str, old: &str| at(object, &["winlog", new]).or_else(|| object.get(old));
    let word = |new: &str, old: &str| find(new, old).and_then(Json::as_str).unwrap_or("");
    let time = object.get("@timestamp").and_then(Json::as_str).and_then(|text| stamp::iso(text, zone));
    let data = find("event_data", "event_data").and_then(Json::as_object);
    let parameters = (1..).map_while(|n| data?.get(&format!("param{n}"))?.as_str());
    Ok(Mapped {
        id: event_id(find("event_id", "event_id"))?,
        time: time.ok_or("no time, or none that can be read")?,
        record_id: number(find("record_id", "record_number")),
        provider: word("provider_name", "source_name"),
        channel: word("channel", "log_name"),
        computer: word("computer_name", "computer_name"),
        strings: parameters.collect(),
        data,
        message: object.get("message").and_then(Json::as_str).unwrap_or(""),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_damage, check_fixture, sure, told};
    use super::*;

    #[test]
    fn new_and_old_versions_and_classic_parameters_are_read() {
        check_fixture(
            &FORMAT,
            &[
                "2019-11-14T12:31:46.961Z 4625 Failure #1146 on vagrant: VAGRANT\\bosch from VAGRANT 10.0.2.2 0xC0000064 type 3",
                "2017-02-08T21:12:50.000Z 4776 Failure #7 on DC01: \\dadmin from WIN81  0xC0000234 type -",
                "2017-02-08T21:12:51.000Z 681 Failure #8 on DC01: \\jsmith from \\\\WKS0042  0xC0000072 type -",
            ],
        );
    }

    #[test]
    fn keys_with_dots_are_read() {
        let line = "{\"@timestamp\":\"2019-11-14T12:31:46.961Z\",\"winlog.event_id\":4776,\"winlog.channel\":\"Security\",\
                    \"winlog.provider_name\":\"Microsoft-Windows-Security-Auditing\",\"winlog.computer_name\":\"DC01\",\
                    \"winlog.event_data\":{\"TargetUserName\":\"a\",\"Workstation\":\"W\",\"Status\":\"0xc000006a\"}}";
        assert!(sure(&FORMAT, line.as_bytes()) > 0);
        let told = told(&FORMAT, line.as_bytes());
        assert_eq!(told.events, ["2019-11-14T12:31:46.961Z 4776 Failure on DC01: \\a from W  0xC000006A type -"]);
    }

    #[test]
    fn damage_is_reported_and_the_rest_is_read() {
        check_damage(&FORMAT);
    }
}
