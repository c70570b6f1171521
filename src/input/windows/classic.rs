//! Classic events: insertion strings by position, per event id and Windows version.
//!
//! Positions here count from 0; Microsoft's `%1` is 0. Sources: KB Q174074 (529-539, 644), KB Q287626
//! and KB273499 (681), KB305822 (680), KB824905 (676 by analogy with 677), the XP Resource Kit (675).

use super::field::{Field, Value, set};
use crate::model::event::RawEvent;
use crate::model::names::Text;

/// Position of a string and the field it is.
pub type Position = (usize, Field);

/// 680, 681: package, account, workstation, status. The text shows the account first.
const NTLM: &[Position] = &[(0, Field::Package), (1, Field::Account), (2, Field::Workstation), (3, Field::Status)];

/// 529-539 on NT 4, 2000 and XP: user, domain, logon type, logon process, package, workstation.
const LOGON: &[Position] =
    &[(0, Field::Account), (1, Field::Domain), (2, Field::LogonType), (4, Field::Package), (5, Field::Workstation)];

/// 529-536, 539 on Server 2003: the same six, then caller's user, domain, logon id, process id,
/// transited services, source address, source port.
const LOGON_2003: &[Position] = &[
    (0, Field::Account),
    (1, Field::Domain),
    (2, Field::LogonType),
    (4, Field::Package),
    (5, Field::Workstation),
    (11, Field::Ip),
];

/// 537 on Server 2003: status and substatus stand behind the first six.
const LOGON_537_2003: &[Position] = &[
    (0, Field::Account),
    (1, Field::Domain),
    (2, Field::LogonType),
    (4, Field::Package),
    (5, Field::Workstation),
    (6, Field::Status),
    (7, Field::SubStatus),
    (13, Field::Ip),
];

/// 675: user, user id, service, pre-authentication type, failure code, client address.
const PREAUTH_FAILED: &[Position] = &[(0, Field::Account), (4, Field::Status), (5, Field::Ip)];

/// 676: user, realm, service, ticket options, failure code, client address.
const TICKET_FAILED: &[Position] = &[(0, Field::Account), (1, Field::Domain), (4, Field::Status), (5, Field::Ip)];

/// 672: user, realm, user id, service, service id, options, result code, encryption type,
/// pre-authentication type, client address: the order of its successor 4768.
const TICKET: &[Position] = &[(0, Field::Account), (1, Field::Domain), (6, Field::Status), (9, Field::Ip)];

/// 626, 629, 671: target account, target domain.
const ACCOUNT: &[Position] = &[(0, Field::Account), (1, Field::Domain)];

/// The positions for an event id and its number of strings; `None` when the id is no classic
/// event or has too few strings to be one. 644 is not here: see [`fill`].
pub fn layout(event_id: u16, strings: usize) -> Option<&'static [Position]> {
    let (least, layout) = match event_id {
        680 | 681 => (3, NTLM),
        537 if strings >= 14 => (14, LOGON_537_2003),
        529..=536 | 539 if strings >= 12 => (12, LOGON_2003),
        529..=537 | 539 => (6, LOGON),
        672 => (7, TICKET),
        675 => (5, PREAUTH_FAILED),
        676 => (5, TICKET_FAILED),
        626 | 629 | 671 => (1, ACCOUNT),
        516 | 517 => (0, [].as_slice()),
        _ => return None,
    };
    (strings >= least).then_some(layout)
}

/// Sets every field that the strings of a classic event give. False when the strings cannot be
/// those of such an event.
pub fn fill<'a>(event: &mut RawEvent<'a>, strings: &[Text<'a>]) -> bool {
    if event.event_id == 644 {
        return lockout(event, strings);
    }
    let Some(layout) = layout(event.event_id, strings.len()) else { return false };
    for &(at, field) in layout {
        if let Some(text) = strings.get(at) {
            set(event, field, Value::Text(*text));
        }
    }
    true
}

/// 644: account, then machine and account id in either order: KB Q174074 has the id first, texts of
/// Windows 2000 and 2003 the machine. The one that looks like an id is the id.
fn lockout<'a>(event: &mut RawEvent<'a>, strings: &[Text<'a>]) -> bool {
    let (Some(account), Some(second)) = (strings.first(), strings.get(1)) else { return false };
    event.account = *account;
    event.workstation = match strings.get(2) {
        Some(third) if is_account_id(*second) && !is_account_id(*third) => *third,
        _ => *second,
    };
    true
}

/// `S-1-...`, `%{S-1-...}` or `DOMAIN\user`; a leading `\\` is a machine.
fn is_account_id(text: Text<'_>) -> bool {
    let text = text.trimmed();
    let sid = text.trim_start_matches("%{");
    sid.starts_with("S-1-") || (text.contains('\\') && !text.starts_with('\\'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::windows::{field, ids};
    use crate::model::event::EventKind;

    fn check(event_id: u16, strings: &[&str], expect: &str) {
        let kind = ids::wanted(event_id).map_or(EventKind::Failure, |row| row.kind);
        let mut event = RawEvent::new(kind, event_id);
        let texts: Vec<Text<'_>> = strings.iter().map(|text| Text::Utf8(text)).collect();
        let got = if fill(&mut event, &texts) && field::finish(&mut event) {
            format!(
                "{:?} account={} domain={} workstation={} ip={} reason={} type={:?}",
                event.kind,
                event.account.trimmed(),
                event.domain.trimmed(),
                event.workstation.trimmed(),
                event.ip.trimmed(),
                event.reason().code_text(),
                event.logon_type
            )
        } else {
            "none".to_owned()
        };
        assert_eq!(got, expect);
    }

    const PACKAGE: &str = "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0";

    #[test]
    fn event_681_has_the_package_first_and_a_decimal_status() {
        check(
            681,
            &[PACKAGE, "jsmith", "\\\\WKS0042", "3221225586"],
            "Failure account=jsmith domain= workstation=\\\\WKS0042 ip= reason=0xC0000072 type=None",
        );
    }

    #[test]
    fn event_680_is_a_success_with_zero_or_without_a_code() {
        let success = "Success account=a domain= workstation=W ip= reason=";
        check(680, &[PACKAGE, "a", "W", "0x0"], &format!("{success}0x00000000 type=None"));
        check(680, &[PACKAGE, "a", "W"], &format!("{success} type=None"));
        check(
            680,
            &[PACKAGE, "a", "W", "0xC000006A"],
            "Failure account=a domain= workstation=W ip= reason=0xC000006A type=None",
        );
    }

    #[test]
    fn the_529_family_has_6_strings_or_13_and_537_has_15() {
        let six = ["bob", "CORP", "3", "KSecDD", PACKAGE, "\\\\JAMES"];
        let base = "Failure account=bob domain=CORP workstation=\\\\JAMES";
        check(531, &six, &format!("{base} ip= reason=0xC0000072 type=Some(3)"));
        let mut more = six.to_vec();
        more.extend(["-", "-", "-", "-", "-", "10.1.2.3", "0"]);
        check(539, &more, &format!("{base} ip=10.1.2.3 reason=0xC0000234 type=Some(3)"));
        let mut with_status = six.to_vec();
        with_status.extend(["0xC000006D", "0xC0000133", "-", "-", "-", "-", "-", "10.1.2.3", "0"]);
        check(537, &with_status, &format!("{base} ip=10.1.2.3 reason=0xC0000133 type=Some(3)"));
        check(529, &["bob", "CORP"], "none");
    }

    #[test]
    fn event_644_is_read_in_both_orders() {
        let expect = "Lockout account=user4 domain= workstation=WS042 ip= reason= type=None";
        check(644, &["user4", "%{S-1-5-21-1-2-3-1104}", "WS042", "DC01$", "CORP", "(0x0,0x3E7)"], expect);
        check(644, &["user4", "WS042", "%{S-1-5-21-1-2-3-1104}", "DC01$", "CORP", "(0x0,0x3E7)"], expect);
        check(644, &["user4", "CORP\\user4", "WS042", "DC01$", "CORP", "(0x0,0x3E7)"], expect);
    }

    #[test]
    fn kerberos_events_have_an_address_and_a_kerberos_code() {
        check(
            675,
            &["bob", "S-1-5-21-1", "krbtgt/CORP", "0x2", "24", "10.0.0.7"],
            "Failure account=bob domain= workstation= ip=10.0.0.7 reason=0x18 type=None",
        );
        check(675, &["bob", "S-1-5-21-1", "krbtgt/CORP", "0x2", "0x19", "10.0.0.7"], "none");
    }
}
