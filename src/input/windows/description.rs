//! Descriptions as Windows renders them in English: values by their labels.
//!
//! A description shows the account first and the package second, other than the strings it is made
//! of. Labels are looked for in the order in which the text has them, so a `Subject` does not pass
//! for the account that failed. Sources: KB Q287626, KB305822, KB Q174074 (classic texts); Microsoft's
//! event documentation (4625, 4740, 4767, 4768, 4771, 4776, 4722, 4725).

use super::field::{Field, Value, set};
use crate::model::event::RawEvent;
use crate::model::names::Text;

/// A label, and the field whose value follows it; `None` for a label that only bounds its neighbours.
pub type Label = (&'static str, Option<Field>);

const NTLM_681: &[Label] = &[
    ("The logon to account:", Some(Field::Account)),
    ("by:", Some(Field::Package)),
    ("from workstation:", Some(Field::Workstation)),
    ("failed. The error code was:", Some(Field::Status)),
];

/// XP and Server 2003 say `Logon attempt by`, Windows 2000 says `Account Used for Logon by`.
const NTLM_680: &[Label] = &[
    ("Logon attempt by:", Some(Field::Package)),
    ("Account Used for Logon by:", Some(Field::Package)),
    ("Logon account:", Some(Field::Account)),
    ("Account Name:", Some(Field::Account)),
    ("Source Workstation:", Some(Field::Workstation)),
    ("Workstation:", Some(Field::Workstation)),
    ("Error Code:", Some(Field::Status)),
];

const LOGON: &[Label] = &[
    ("Reason:", None),
    ("User Name:", Some(Field::Account)),
    ("Domain:", Some(Field::Domain)),
    ("Logon Type:", Some(Field::LogonType)),
    ("Logon Process:", None),
    ("Authentication Package:", Some(Field::Package)),
    ("Workstation Name:", Some(Field::Workstation)),
    ("Status code:", Some(Field::Status)),
    ("Substatus code:", Some(Field::SubStatus)),
    ("Caller User Name:", None),
    ("Caller Domain:", None),
    ("Caller Logon ID:", None),
    ("Caller Process ID:", None),
    ("Transited Services:", None),
    ("Source Network Address:", Some(Field::Ip)),
    ("Source Port:", None),
];

const LOCKOUT: &[Label] = &[
    ("Target Account Name:", Some(Field::Account)),
    ("Target Account ID:", None),
    ("Caller Machine Name:", Some(Field::Workstation)),
    ("Caller User Name:", None),
];

const ACCOUNT: &[Label] = &[
    ("Target Account Name:", Some(Field::Account)),
    ("Target Domain:", Some(Field::Domain)),
    ("Target Account ID:", None),
    ("Caller User Name:", None),
];

/// 672, 675, 676: the failure is a `Failure Code`, of 672 a `Result Code`.
const KERBEROS: &[Label] = &[
    ("User Name:", Some(Field::Account)),
    ("Supplied Realm Name:", Some(Field::Domain)),
    ("User ID:", None),
    ("Service Name:", None),
    ("Service ID:", None),
    ("Ticket Options:", None),
    ("Result Code:", Some(Field::Status)),
    ("Ticket Encryption Type:", None),
    ("Pre-Authentication Type:", None),
    ("Failure Code:", Some(Field::Status)),
    ("Client Address:", Some(Field::Ip)),
    ("Certificate Issuer Name:", None),
];

const LOGON_4625: &[Label] = &[
    ("Subject:", None),
    ("Security ID:", None),
    ("Account Name:", None),
    ("Account Domain:", None),
    ("Logon ID:", None),
    ("Logon Type:", Some(Field::LogonType)),
    ("Account For Which Logon Failed:", None),
    ("Security ID:", None),
    ("Account Name:", Some(Field::Account)),
    ("Account Domain:", Some(Field::Domain)),
    ("Failure Information:", None),
    ("Failure Reason:", None),
    ("Status:", Some(Field::Status)),
    ("Sub Status:", Some(Field::SubStatus)),
    ("Process Information:", None),
    ("Caller Process ID:", None),
    ("Caller Process Name:", Some(Field::Process)),
    ("Network Information:", None),
    ("Workstation Name:", Some(Field::Workstation)),
    ("Source Network Address:", Some(Field::Ip)),
    ("Source Port:", None),
    ("Detailed Authentication Information:", None),
    ("Logon Process:", None),
    ("Authentication Package:", Some(Field::Package)),
    ("Transited Services:", None),
];

const NTLM_4776: &[Label] = &[
    ("Authentication Package:", Some(Field::Package)),
    ("Logon Account:", Some(Field::Account)),
    ("Source Workstation:", Some(Field::Workstation)),
    ("Error Code:", Some(Field::Status)),
];

/// 4768 and 4771: a `Result Code` or a `Failure Code`.
const KERBEROS_MODERN: &[Label] = &[
    ("Account Information:", None),
    ("Security ID:", None),
    ("Account Name:", Some(Field::Account)),
    ("Supplied Realm Name:", Some(Field::Domain)),
    ("User ID:", None),
    ("Service Information:", None),
    ("Service Name:", None),
    ("Service ID:", None),
    ("Network Information:", None),
    ("Client Address:", Some(Field::Ip)),
    ("Client Port:", None),
    ("Additional Information:", None),
    ("Ticket Options:", None),
    ("Result Code:", Some(Field::Status)),
    ("Failure Code:", Some(Field::Status)),
    ("Ticket Encryption Type:", None),
    ("Pre-Authentication Type:", None),
];

const LOCKOUT_4740: &[Label] = &[
    ("Subject:", None),
    ("Security ID:", None),
    ("Account Name:", None),
    ("Account Domain:", Some(Field::Domain)),
    ("Logon ID:", None),
    ("Account That Was Locked Out:", None),
    ("Security ID:", None),
    ("Account Name:", Some(Field::Account)),
    ("Additional Information:", None),
    ("Caller Computer Name:", Some(Field::Workstation)),
];

const ACCOUNT_MODERN: &[Label] = &[
    ("Subject:", None),
    ("Security ID:", None),
    ("Account Name:", None),
    ("Account Domain:", None),
    ("Logon ID:", None),
    ("Target Account:", None),
    ("Security ID:", None),
    ("Account Name:", Some(Field::Account)),
    ("Account Domain:", Some(Field::Domain)),
];

/// The labels of an event's description, in the order of the text; `None` when the event is not ours.
pub fn labels(event_id: u16) -> Option<&'static [Label]> {
    Some(match event_id {
        681 => NTLM_681,
        680 => NTLM_680,
        529..=537 | 539 => LOGON,
        644 => LOCKOUT,
        626 | 629 | 671 => ACCOUNT,
        672 | 675 | 676 => KERBEROS,
        4625 => LOGON_4625,
        4776 => NTLM_4776,
        4768 | 4771 => KERBEROS_MODERN,
        4740 => LOCKOUT_4740,
        4722 | 4725 | 4767 => ACCOUNT_MODERN,
        516 | 517 | 1102 | 1104 => &[],
        _ => return None,
    })
}

/// Sets every field that the labels of a rendered description give, on many lines or on one.
///
/// False when the text has no account label where the event must have one: another language, or only
/// the beginning of a description.
pub fn fill<'a>(event: &mut RawEvent<'a>, text: &'a str) -> bool {
    let Some(labels) = labels(event.event_id) else { return false };
    let (in_lines, in_order) = (by_lines(text, labels), by_order(text, labels));
    // Windows 2000 puts the values of a 680 on lines of their own.
    let values = if in_lines.len() >= in_order.len() && event.event_id != 680 { in_lines } else { in_order };
    let values: Values<'_> = values.into_iter().filter_map(|(field, value)| Some((field?, value))).collect();
    for (field, value) in &values {
        let value = match field {
            // A number is one word; explanations may follow it.
            Field::Status | Field::SubStatus | Field::LogonType | Field::Ip => {
                value.split_whitespace().next().unwrap_or("")
            }
            _ => value,
        };
        set(event, *field, Value::Text(Text::Utf8(value)));
    }
    labels.is_empty() || has_account(&values)
}

type Values<'a> = Vec<(Field, &'a str)>;

fn has_account(values: &Values<'_>) -> bool {
    values.iter().any(|(field, _)| *field == Field::Account)
}

type Found<'a> = Vec<(Option<Field>, &'a str)>;

/// Labels at the start of their lines, each value the rest of its line.
fn by_lines<'a>(text: &'a str, labels: &[Label]) -> Found<'a> {
    let mut values = Vec::new();
    let mut lines = text.lines();
    for (label, field) in labels {
        let mut ahead = lines.clone();
        let Some(value) = ahead.find_map(|line| strip_label(line.trim_start(), label)) else { continue };
        lines = ahead;
        values.push((*field, value.trim()));
    }
    values
}

/// Labels anywhere behind white space, each value up to the next label that is there.
fn by_order<'a>(text: &'a str, labels: &[Label]) -> Found<'a> {
    let mut found = Vec::new();
    let mut from = 0;
    for (label, field) in labels {
        if let Some(at) = find_label(text, label, from) {
            found.push((at, at + label.len(), *field));
            from = at + label.len();
        }
    }
    let ends = found.iter().skip(1).map(|label| label.0).chain([text.len()]);
    let values = found.iter().zip(ends).map(|((_, from, field), end)| {
        let value = text[*from..end].trim();
        // Behind the last label the text goes on: two blanks or a line end stand for the line end.
        let end = if end == text.len() { value.find(['\n', '\t']).or(value.find("  ")) } else { None };
        (*field, value[..end.unwrap_or(value.len())].trim_end())
    });
    values.collect()
}

fn strip_label<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let head = line.get(..label.len())?;
    head.eq_ignore_ascii_case(label).then(|| &line[label.len()..])
}

fn find_label(text: &str, label: &str, from: usize) -> Option<usize> {
    let (bytes, wanted) = (text.as_bytes(), label.as_bytes());
    (from..(bytes.len() + 1).saturating_sub(wanted.len())).find(|at| {
        bytes[*at..*at + wanted.len()].eq_ignore_ascii_case(wanted)
            && (*at == 0 || bytes[*at - 1].is_ascii_whitespace())
    })
}

#[cfg(test)]
#[path = "description_tests.rs"]
mod tests;
