//! `Get-WinEvent | ConvertTo-Json` and `Get-EventLog | ConvertTo-Json`: an array on many lines, or one
//! object. Windows PowerShell writes times as `/Date(ms)/`, PowerShell 7 in ISO 8601.

use serde_json::{Map, Value as Json};

use super::objects::{self, Mapped, event_id, number, text};
use super::out::channel_of;
use super::stamp;
use crate::input::door::{Format, Head};
use crate::model::names::Text;

/// PowerShell's events as JSON.
pub const FORMAT: Format = Format {
    name: "powershell-json",
    summary: "Get-WinEvent or Get-EventLog | ConvertTo-Json",
    sample: "fixtures/formats/get-winevent.json",
    verified: false,
    sniff,
    most: 85,
    read: |job, sink| objects::read(job, sink, map),
    parts: None,
};

fn sniff(head: &Head<'_>) -> u8 {
    let has = |key: &str| head.text.contains(key);
    if !head.text.trim_start().starts_with(['{', '[']) || !has("\"MachineName\"") {
        return 0;
    }
    let win_event = has("\"Id\"") && has("\"ProviderName\"") && has("\"TimeCreated\"");
    let event_log = has("\"EventID\"") && has("\"Source\"") && has("\"TimeGenerated\"");
    if win_event || event_log { 85 } else { 0 }
}

fn map(object: &Map<String, Json>, zone: Option<chrono_tz::Tz>) -> Result<Mapped<'_>, &'static str> {
    let time = object.get("TimeCreated").or_else(|| object.get("TimeGenerated"));
    // Dates that carry properties of their own become objects.
    let time = time.and_then(|time| time.get("value").unwrap_or(time).as_str());
    let time = time.and_then(|text| stamp::json_date(text).or_else(|| stamp::iso(text, zone)));
    let provider = text(object, &["ProviderName", "Source"]);
    let channel = match text(object, &["LogName"]) {
        "" => match channel_of(provider) {
            Text::Utf8(channel) => channel,
            Text::Utf16(_) => "",
        },
        name => name,
    };
    Ok(Mapped {
        id: event_id(object.get("Id").or_else(|| object.get("EventID")))?,
        time: time.ok_or("no time, or none that can be read")?,
        record_id: number(object.get("RecordId").or_else(|| object.get("Index"))),
        provider,
        channel,
        computer: text(object, &["MachineName"]),
        data: None,
        strings: strings(object),
        message: text(object, &["Message"]),
    })
}

/// Insertion strings: `ReplacementStrings`, or the values of `Properties`.
fn strings(object: &Map<String, Json>) -> Vec<&str> {
    let list = object.get("ReplacementStrings").or_else(|| object.get("Properties")).and_then(Json::as_array);
    list.into_iter().flatten().filter_map(|item| item.as_str().or_else(|| item.get("Value")?.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_damage, check_fixture, told};
    use super::*;

    #[test]
    fn both_powershells_and_both_commands_are_read() {
        check_fixture(
            &FORMAT,
            &[
                "2022-08-18T06:56:26.233Z 4776 Failure #165437 on DC01.contoso.local: \\dadmin from WIN81  0xC0000234 type -",
                "2022-08-18T06:56:27.2331234Z 4776 Failure #165438 on DC01.contoso.local: \\dadmin from WIN81  0xC0000234 type -",
                "2005-08-18T06:56:26.000Z 680 Failure #12 on DC01: \\wgai002 from 313D104WGAI002  0xC000006A type -",
            ],
        );
    }

    #[test]
    fn an_array_on_one_line_is_read_and_damage_in_it_does_not_end_it() {
        let one = |id: u32| {
            format!(
                "{{\"Id\":4776,\"RecordId\":{id},\"ProviderName\":\"Microsoft-Windows-Security-Auditing\",\"MachineName\":\
                 \"A\",\"TimeCreated\":\"\\/Date(1660805786233)\\/\",\"Message\":\"x\\r\\nLogon Account:\\ta\\r\\nSource \
                 Workstation:\\tW{id}\\r\\nError Code:\\t0xC0000064\\r\\n\"}}"
            )
        };
        let mut text = format!("[{},{},{}]", one(1), one(2), one(3)).into_bytes();
        assert_eq!(told(&FORMAT, &text).events.len(), 3);
        let second = text.len() / 3 + 10;
        text[second] = b'"';
        let told = told(&FORMAT, &text);
        assert!(told.events.len() >= 2 && !told.skipped.is_empty(), "{:?} {:?}", told.events, told.skipped);
    }

    #[test]
    fn damage_is_reported_and_the_rest_is_read() {
        check_damage(&FORMAT);
    }
}
