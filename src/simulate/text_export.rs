//! Text forms of a Security log: the old Event Viewer's `.csv` and the XML of `wevtutil qe /f:xml`.

use std::fmt::Write;

use super::event::{Data, WrittenEvent};
use super::templates::keywords;
use crate::escape::xml::xml;

/// One row of the old Event Viewer: date, time, source, type, category, event, user, computer and
/// description; American forms, local time = UTC.
pub(super) fn csv_row(event: &WrittenEvent, out: &mut String) {
    let (date, time) = match chrono::DateTime::from_timestamp(event.time.secs(), 0) {
        Some(at) => (at.format("%-m/%-d/%Y").to_string(), at.format("%-I:%M:%S %p").to_string()),
        None => (String::new(), String::new()),
    };
    let kind = if event.failure { "Failure Audit" } else { "Success Audit" };
    let category = match event.task() {
        2 => "Logon/Logoff",
        7 => "Account Management",
        9 => "Account Logon",
        _ => "None",
    };
    let id = event.event_id.to_string();
    let text = description(event);
    let user = r"NT AUTHORITY\SYSTEM";
    let row = [&date, &time, event.provider, kind, category, &id, user, event.computer, &text];
    for (i, field) in row.iter().enumerate() {
        out.push_str(if i == 0 { "" } else { "," });
        if field.contains([',', '"', '\n', '\r']) {
            let _ = write!(out, "\"{}\"", field.replace('"', "\"\""));
        } else {
            out.push_str(field);
        }
    }
    out.push_str("\r\n");
}

const LOGON: &[&str] =
    &["User Name", "Domain", "Logon Type", "Logon Process", "Authentication Package", "Workstation Name"];
const CALLER: &[&str] = &[
    "Caller User Name",
    "Caller Domain",
    "Caller Logon ID",
    "Caller Process ID",
    "Transited Services",
    "Source Network Address",
    "Source Port",
];

/// The message text with its insertion strings (KB Q287626, Q174074 and the Windows 2000 Resource Kit).
fn description(event: &WrittenEvent) -> String {
    let texts = event.texts();
    let text = |i: usize| texts.get(i).map_or("", |text| &**text);
    let labels: Vec<&str> = match event.event_id {
        681 => {
            return format!(
                "The logon to account: {}\r\nby: {}\r\nfrom workstation: {}\r\nfailed. The error code was: {}",
                text(1),
                text(0),
                text(2),
                text(3)
            );
        }
        540 => [&LOGON[..2], &["Logon ID"], &LOGON[2..]].concat(),
        675 => {
            ["User Name", "User ID", "Service Name", "Pre-Authentication Type", "Failure Code", "Client Address"].into()
        }
        644 => [
            "Target Account Name",
            "Caller Machine Name",
            "Target Account ID",
            "Caller User Name",
            "Caller Domain",
            "Caller Logon ID",
        ]
        .into(),
        _ => [LOGON, CALLER].concat(),
    };
    let mut out = match event.event_id {
        540 => "Successful Network Logon:".to_owned(),
        675 => "Pre-authentication failed:".to_owned(),
        644 => "User Account Locked Out:".to_owned(),
        id => format!("Logon Failure:\r\n \tReason:\t\t{}", reason(id)),
    };
    for (label, text) in labels.iter().zip(&texts) {
        let _ = write!(out, "\r\n \t{label}:\t{text}");
    }
    out
}

fn reason(event_id: u16) -> &'static str {
    match event_id {
        531 => "Account currently disabled",
        532 => "The specified user account has expired",
        535 => "The specified account's password has expired",
        539 => "Account locked out",
        _ => "Unknown user name or bad password",
    }
}

/// One `<Event>` on one line, as `wevtutil qe Security /f:xml` prints it.
pub(super) fn xml_event(event: &WrittenEvent, out: &mut String) {
    let modern = matches!(event.data, Data::Named(..));
    out.push_str("<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>");
    let id = event.event_id;
    if modern {
        let guid = "{54849625-5478-4994-a5ba-3e3b0328c30d}";
        let _ = write!(out, "<Provider Name='{}' Guid='{guid}'/><EventID>{id}</EventID>", xml(event.provider));
        out.push_str("<Version>0</Version>");
    } else {
        let _ = write!(out, "<Provider Name='{}'/><EventID Qualifiers='0'>{id}</EventID>", xml(event.provider));
    }
    let _ = write!(out, "<Level>0</Level><Task>{}</Task>", event.task());
    if modern {
        out.push_str("<Opcode>0</Opcode>");
    }
    let mut time = event.time.rfc3339(7);
    time.insert_str(time.len() - 1, "00");
    let _ = write!(out, "<Keywords>{:#x}</Keywords><TimeCreated SystemTime='{time}'/>", keywords(event));
    let _ = write!(out, "<EventRecordID>{}</EventRecordID>", event.record_id);
    if modern {
        out.push_str("<Correlation/><Execution ProcessID='612' ThreadID='1024'/>");
    }
    let _ = write!(out, "<Channel>Security</Channel><Computer>{}</Computer>", xml(event.computer));
    out.push_str(if modern {
        "<Security/></System><EventData>"
    } else {
        "<Security UserID='S-1-5-18'/></System><EventData>"
    });
    match &event.data {
        Data::Strings(strings) => {
            for text in strings {
                let _ = write!(out, "<Data>{}</Data>", xml(text));
            }
        }
        Data::Named(schema, values) => {
            for ((name, _), value) in schema.fields.iter().zip(values) {
                let _ = write!(out, "<Data Name='{name}'>{}</Data>", xml(&value.text()));
            }
        }
    }
    out.push_str("</EventData></Event>\r\n");
}

#[cfg(test)]
mod tests {
    use super::super::event::CLASSIC;
    use super::*;
    use crate::model::time::Ticks;

    fn event() -> WrittenEvent<'static> {
        let strings = ["MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "j<smith", r"\\WKS0042", "3221225586"];
        WrittenEvent {
            record_id: 7,
            time: Ticks::from_secs(1_028_635_200),
            event_id: 681,
            failure: true,
            computer: "HANSR1",
            provider: CLASSIC,
            data: Data::Strings(strings.map(Into::into).into()),
        }
    }

    #[test]
    fn a_csv_row_has_nine_columns_and_the_four_lines_of_the_kb_article() {
        let mut out = String::new();
        csv_row(&event(), &mut out);
        let expected = "8/6/2002,12:00:00 PM,Security,Failure Audit,Account Logon,681,NT AUTHORITY\\SYSTEM,HANSR1,\
            \"The logon to account: j<smith\r\nby: MICROSOFT_AUTHENTICATION_PACKAGE_V1_0\r\n\
            from workstation: \\\\WKS0042\r\nfailed. The error code was: 3221225586\"\r\n";
        assert_eq!(out, expected);
    }

    #[test]
    fn xml_has_unnamed_data_and_escapes_names() {
        let mut out = String::new();
        xml_event(&event(), &mut out);
        assert!(out.contains("<TimeCreated SystemTime='2002-08-06T12:00:00.000000000Z'/>"), "{out}");
        assert!(out.contains("<Data>j&lt;smith</Data><Data>\\\\WKS0042</Data><Data>3221225586</Data>"), "{out}");
        assert!(out.contains("<Keywords>0x90000000000000</Keywords>"), "{out}");
    }
}
