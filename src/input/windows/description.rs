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
/// The heading of a part of the text, empty where it has none, and the labels under it.
pub type Section = (&'static str, &'static [Label]);

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

const LOGON_4625: &[Section] = &[
    (
        "Subject:",
        &[
            ("Security ID:", None),
            ("Account Name:", None),
            ("Account Domain:", None),
            ("Logon ID:", None),
            ("Logon Type:", Some(Field::LogonType)),
        ],
    ),
    ("Account For Which Logon Failed:", TARGET),
    (
        "Failure Information:",
        &[("Failure Reason:", None), ("Status:", Some(Field::Status)), ("Sub Status:", Some(Field::SubStatus))],
    ),
    ("Process Information:", &[("Caller Process ID:", None), ("Caller Process Name:", Some(Field::Process))]),
    (
        "Network Information:",
        &[
            ("Workstation Name:", Some(Field::Workstation)),
            ("Source Network Address:", Some(Field::Ip)),
            ("Source Port:", None),
        ],
    ),
    (
        "Detailed Authentication Information:",
        &[("Logon Process:", None), ("Authentication Package:", Some(Field::Package)), ("Transited Services:", None)],
    ),
];

/// The account that an event is about.
const TARGET: &[Label] = &[
    ("Security ID:", None),
    ("Account Name:", Some(Field::Account)),
    ("Account Domain:", Some(Field::Domain)),
    ("Supplied Realm Name:", Some(Field::Domain)),
    ("User ID:", None),
];

const NTLM_4776: &[Label] = &[
    ("Authentication Package:", Some(Field::Package)),
    ("Logon Account:", Some(Field::Account)),
    ("Source Workstation:", Some(Field::Workstation)),
    ("Error Code:", Some(Field::Status)),
];

/// 4768 and 4771: a `Result Code` or a `Failure Code`.
const KERBEROS_MODERN: &[Section] = &[
    ("Account Information:", TARGET),
    ("Service Information:", &[]),
    ("Network Information:", &[("Client Address:", Some(Field::Ip)), ("Client Port:", None)]),
    (
        "Additional Information:",
        &[
            ("Ticket Options:", None),
            ("Result Code:", Some(Field::Status)),
            ("Failure Code:", Some(Field::Status)),
            ("Ticket Encryption Type:", None),
            ("Pre-Authentication Type:", None),
        ],
    ),
];

const LOCKOUT_4740: &[Section] = &[
    (
        "Subject:",
        &[
            ("Security ID:", None),
            ("Account Name:", None),
            ("Account Domain:", Some(Field::Domain)),
            ("Logon ID:", None),
        ],
    ),
    ("Account That Was Locked Out:", &[("Security ID:", None), ("Account Name:", Some(Field::Account))]),
    ("Additional Information:", &[("Caller Computer Name:", Some(Field::Workstation))]),
];

const ACCOUNT_MODERN: &[Section] = &[("Subject:", &[]), ("Target Account:", TARGET)];

/// The labels of an event's description, in the order of the text; `None` when the event is not ours.
pub fn sections(event_id: u16) -> Option<&'static [Section]> {
    Some(match event_id {
        681 => &[("", NTLM_681)],
        680 => &[("", NTLM_680)],
        529..=537 | 539 => &[("", LOGON)],
        644 => &[("", LOCKOUT)],
        626 | 629 | 671 => &[("", ACCOUNT)],
        672 | 675 | 676 => &[("", KERBEROS)],
        4625 => LOGON_4625,
        4776 => &[("", NTLM_4776)],
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
    let Some(sections) = sections(event.event_id) else { return false };
    let (in_lines, in_order) = (found(text, sections, true), found(text, sections, false));
    // Windows 2000 puts the values of a 680 on lines of their own.
    let values = if in_lines.len() >= in_order.len() && event.event_id != 680 { in_lines } else { in_order };
    let values: Vec<_> = values.into_iter().filter_map(|(field, value)| Some((field?, value))).collect();
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
    sections.is_empty() || values.iter().any(|(field, _)| *field == Field::Account)
}

/// The labels that are there, in the order of the text, with their values: on `lines`, at the start of
/// a line and up to its end; else anywhere behind white space and up to the next label.
fn found<'a>(text: &'a str, sections: &[Section], lines: bool) -> Vec<(Option<Field>, &'a str)> {
    let mut headings = Vec::new();
    let mut from = 0;
    for (heading, labels) in sections {
        if let Some(at) = find(text, heading, from, lines) {
            from = at + heading.len();
            headings.push((at, from, *labels));
        }
    }
    let ends = headings.iter().skip(1).map(|heading| heading.0).chain([text.len()]);
    let parts = headings.iter().zip(ends);
    parts.flat_map(|((_, from, labels), end)| values(&text[*from..end], labels, lines)).collect()
}

fn values<'a>(text: &'a str, labels: &[Label], lines: bool) -> Vec<(Option<Field>, &'a str)> {
    let mut found: Vec<(usize, usize, Option<Field>)> = Vec::new();
    let mut from = 0;
    for (label, field) in labels {
        // Labels in another order than Windows has them are found too, but not within one another.
        let free = |at: &usize| found.iter().all(|(start, end, _)| at + label.len() <= *start || at >= end);
        let at = find(text, label, from, lines).or_else(|| find(text, label, 0, lines).filter(free));
        if let Some(at) = at {
            from = at + label.len();
            found.push((at, from, *field));
        }
    }
    found.sort_by_key(|label| label.0);
    let ends = found.iter().skip(1).map(|label| label.0).chain([text.len()]);
    let values = found.iter().zip(ends).map(|((_, from, field), end)| {
        let value = &text[*from..end];
        if lines {
            return (*field, value.lines().next().unwrap_or("").trim());
        }
        // Behind the last label the text goes on: two blanks or a line end stand for the line end.
        let value = value.trim();
        let end = if end == text.len() { value.find(['\n', '\t']).or(value.find("  ")) } else { None };
        (*field, value[..end.unwrap_or(value.len())].trim_end())
    });
    values.collect()
}

/// Where a label stands behind white space, or with nothing but blanks before it on its line. The
/// empty label stands everywhere.
fn find(text: &str, label: &str, from: usize, lines: bool) -> Option<usize> {
    let (bytes, wanted) = (text.as_bytes(), label.as_bytes());
    if wanted.is_empty() {
        return Some(from);
    }
    // The last byte, most often a colon, is rarer in a text than the first.
    let last = wanted[wanted.len() - 1];
    let (lower, upper) = (last.to_ascii_lowercase(), last.to_ascii_uppercase());
    let first_end = (from + wanted.len() - 1).min(bytes.len());
    let starts = memchr::memchr2_iter(lower, upper, &bytes[first_end..]).map(|at| from + at);
    starts.into_iter().find(|at| {
        bytes[*at..*at + wanted.len()].eq_ignore_ascii_case(wanted)
            && if lines {
                let blanks = bytes[..*at].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                *at == blanks || bytes[*at - blanks - 1] == b'\n'
            } else {
                *at == 0 || bytes[*at - 1].is_ascii_whitespace()
            }
    })
}

#[cfg(test)]
#[path = "description_tests.rs"]
mod tests;
