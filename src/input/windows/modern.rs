//! Events since Vista: values by name (Microsoft's event documentation, `event-4625` and so on).

use super::field::{Field, Value, set};
use crate::model::event::RawEvent;

/// Name of a value and the field it is.
pub type Name = (&'static str, Field);

/// The names that matter for an event id; `None` when the id is no modern event of ours. Read by
/// name, never by position: later Windows versions add values.
pub fn names(event_id: u16) -> Option<&'static [Name]> {
    Some(match event_id {
        4625 => &[
            ("TargetUserName", Field::Account),
            ("TargetDomainName", Field::Domain),
            ("Status", Field::Status),
            ("SubStatus", Field::SubStatus),
            ("LogonType", Field::LogonType),
            ("AuthenticationPackageName", Field::Package),
            ("WorkstationName", Field::Workstation),
            ("ProcessName", Field::Process),
            ("IpAddress", Field::Ip),
        ],
        4776 => &[
            ("PackageName", Field::Package),
            ("TargetUserName", Field::Account),
            ("Workstation", Field::Workstation),
            ("Status", Field::Status),
        ],
        4771 => &[("TargetUserName", Field::Account), ("Status", Field::Status), ("IpAddress", Field::Ip)],
        4768 => &[
            ("TargetUserName", Field::Account),
            ("TargetDomainName", Field::Domain),
            ("Status", Field::Status),
            ("IpAddress", Field::Ip),
        ],
        // The caller computer hides in TargetDomainName, the domain in SubjectDomainName.
        4740 => &[
            ("TargetUserName", Field::Account),
            ("TargetDomainName", Field::Workstation),
            ("SubjectDomainName", Field::Domain),
        ],
        4722 | 4725 | 4767 => &[("TargetUserName", Field::Account), ("TargetDomainName", Field::Domain)],
        1102 | 1104 => &[],
        _ => return None,
    })
}

/// Sets every field that `lookup` finds by name. False when the id is no modern event of ours.
pub fn fill<'a>(event: &mut RawEvent<'a>, lookup: &mut dyn FnMut(&str) -> Option<Value<'a>>) -> bool {
    let Some(names) = names(event.event_id) else { return false };
    for &(name, field) in names {
        if let Some(value) = lookup(name) {
            set(event, field, value);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::EventKind;
    use crate::model::names::Text;

    fn check(event_id: u16, values: &[(&str, &str)], expect: &str) {
        let mut event = RawEvent::new(EventKind::Failure, event_id);
        let mut lookup =
            |name: &str| values.iter().find(|value| value.0 == name).map(|value| Value::Text(Text::Utf8(value.1)));
        assert!(fill(&mut event, &mut lookup));
        let got = format!(
            "account={} domain={} workstation={} reason={}",
            event.account.trimmed(),
            event.domain.trimmed(),
            event.workstation.trimmed(),
            event.reason().code_text()
        );
        assert_eq!(got, expect);
    }

    #[test]
    fn a_disabled_account_stands_in_the_substatus_of_4625() {
        check(
            4625,
            &[
                ("TargetUserName", "bob"),
                ("Status", "0xc000006e"),
                ("SubStatus", "0xc0000072"),
                ("WorkstationName", "W1"),
            ],
            "account=bob domain= workstation=W1 reason=0xC0000072",
        );
        check(
            4625,
            &[("TargetUserName", "bob"), ("Status", "0xc0000234"), ("SubStatus", "0x0")],
            "account=bob domain= workstation= reason=0xC0000234",
        );
    }

    #[test]
    fn the_caller_computer_of_4740_stands_in_target_domain_name() {
        check(
            4740,
            &[("TargetUserName", "bob"), ("TargetDomainName", "WIN81"), ("SubjectDomainName", "CONTOSO")],
            "account=bob domain=CONTOSO workstation=WIN81 reason=",
        );
    }
}
