use super::*;
use crate::input::windows::{field, ids};

fn check(event_id: u16, text: &str, expect: &str) {
    let row = ids::wanted(event_id).expect("a wanted event");
    let mut event = RawEvent::new(row.kind, event_id);
    let got = if fill(&mut event, text) && field::finish(&mut event) {
        format!(
            "{:?} {}\\{} from {} {} {} type {:?} by {}",
            event.kind,
            event.domain.trimmed(),
            event.account.trimmed(),
            event.workstation.trimmed(),
            event.ip.trimmed(),
            event.reason().code_text(),
            event.logon_type,
            event.package.trimmed(),
        )
    } else {
        "none".to_owned()
    };
    assert_eq!(got, expect, "{text}");
}

const PACKAGE: &str = "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0";

#[test]
fn event_681_of_q287626_has_the_account_first_and_the_package_second() {
    check(
        681,
        "The logon to account: account name\n by: MICROSOFT_AUTHENTICATION_PACKAGE_V1_0\n \
         from workstation: \\\\workstation name\n failed. The error code was: 3221225586\n",
        &format!("Failure \\account name from \\\\workstation name  0xC0000072 type None by {PACKAGE}"),
    );
}

#[test]
fn event_681_is_read_from_one_line_too() {
    check(
        681,
        "The logon to account: tfslegalask@itg.sac.tfs by: MICROSOFT_AUTHENTICATION_PACKAGE_V1_0 from workstation: \
         MRFREEZE failed. The error code was: 3221225572",
        &format!("Failure \\tfslegalask@itg.sac.tfs from MRFREEZE  0xC0000064 type None by {PACKAGE}"),
    );
    check(681, "from workstation: la failed. The error code was: 3221225572", "none");
}

#[test]
fn event_680_is_read_in_the_words_of_2000_and_of_2003() {
    check(
        680,
        "Logon attempt by: MICROSOFT_AUTHENTICATION_PACKAGE_V1_0 Logon account: wgai002 Source \
         Workstation:313D104WGAI002 Error Code: 0xC000006A",
        &format!("Failure \\wgai002 from 313D104WGAI002  0xC000006A type None by {PACKAGE}"),
    );
    check(
        680,
        "Logon attempt by: MICROSOFT_AUTHENTICATION_PACKAGE_V1_0    Logon account:  admin    Source Workstation: \
         ATUL-LAPTOP    Error Code: 0x0    \t9",
        &format!("Success \\admin from ATUL-LAPTOP  0x00000000 type None by {PACKAGE}"),
    );
    check(
        680,
        "Account Used for Logon by: MICROSOFT_AUTHENTICATION_PACKAGE_V1_0\r\n Account Name:\r\n \tjdoe\r\n Workstation:\r\n \tWS1\r\n",
        &format!("Success \\jdoe from WS1   type None by {PACKAGE}"),
    );
}

#[test]
fn the_529_family_is_read_with_and_without_the_caller() {
    let old = "Logon Failure:\n \tReason:\t\tUnknown user name or bad password\n \tUser Name:\tbob\n \tDomain:\t\tCORP\n \
               \tLogon Type:\t3\n \tLogon Process:\tKSecDD\n \tAuthentication Package:\tNTLM\n \tWorkstation Name:\t\\\\JAMES\n";
    check(529, old, "Failure CORP\\bob from \\\\JAMES  0xC000006D type Some(3) by NTLM");
    let new = format!(
        "{old} \tCaller User Name:\t-\n \tCaller Domain:\t-\n \tCaller Logon ID:\t-\n \tCaller Process ID:\t-\n \
         \tTransited Services:\t-\n \tSource Network Address:\t10.0.0.5\n \tSource Port:\t0\n"
    );
    check(539, &new, "Failure CORP\\bob from \\\\JAMES 10.0.0.5 0xC0000234 type Some(3) by NTLM");
    let one_line = new.replace(['\n', '\t'], " ");
    check(539, &one_line, "Failure CORP\\bob from \\\\JAMES 10.0.0.5 0xC0000234 type Some(3) by NTLM");
    check(529, "Anmeldung fehlgeschlagen:\n Grund:\tUnbekannter Benutzername\n Benutzername:\tbob", "none");
}

#[test]
fn a_blank_value_does_not_swallow_the_next_label() {
    check(
        529,
        "Logon Failure:     Reason: Unknown user name or bad password     User Name:      Domain:      Logon Type: 3     \
         Logon Process: NtLmSsp      Authentication Package: NTLM     Workstation Name:      Caller User Name: -",
        "Failure \\ from   0xC000006D type Some(3) by NTLM",
    );
}

#[test]
fn the_subject_of_4625_is_not_the_account_that_failed() {
    let text = "An account failed to log on.\r\n\r\nSubject:\r\n\tSecurity ID:\t\tS-1-5-18\r\n\tAccount \
                Name:\t\tPC$\r\n\tAccount Domain:\t\tWORKGROUP\r\n\tLogon ID:\t\t0x3E7\r\n\r\nLogon \
                Type:\t\t\t11\r\n\r\nAccount For Which Logon Failed:\r\n\tSecurity ID:\t\tS-1-0-0\r\n\tAccount \
                Name:\t\tpedro\r\n\tAccount Domain:\t\tPC\r\n\r\nFailure Information:\r\n\tFailure Reason:\t\tAn Error \
                occured during Logon.\r\n\tStatus:\t\t\t0xC000006D\r\n\tSub Status:\t\t0xC0000064\r\n\r\nProcess \
                Information:\r\n\tCaller Process Name:\tC:\\x.exe\r\n\r\nNetwork Information:\r\n\tWorkstation \
                Name:\tWS9\r\n\tSource Network Address:\t::1\r\n\tSource Port:\t\t0\r\n\r\nDetailed Authentication \
                Information:\r\n\tLogon Process:\t\tCredPro\r\n\tAuthentication Package:\tNegotiate\r\n";
    let expect = "Failure PC\\pedro from WS9 ::1 0xC0000064 type Some(11) by Negotiate";
    check(4625, text, expect);
    check(4625, &text.replace(['\r', '\n', '\t'], " "), expect);
}

#[test]
fn modern_texts_give_what_their_fields_give() {
    check(
        4776,
        "The computer attempted to validate the credentials for an account.\n\nAuthentication \
         Package:\tMICROSOFT_AUTHENTICATION_PACKAGE_V1_0\nLogon Account:\tdadmin\nSource Workstation:\tWIN81\nError \
         Code:\t0xC0000234\n",
        &format!("Failure \\dadmin from WIN81  0xC0000234 type None by {PACKAGE}"),
    );
    check(
        4771,
        "Kerberos pre-authentication failed.\n\nAccount Information:\n\tSecurity ID:\t\tCONTOSO\\dadmin\n\tAccount \
         Name:\t\tdadmin\n\nService Information:\n\tService Name:\t\tkrbtgt/CONTOSO.LOCAL\n\nNetwork \
         Information:\n\tClient Address:\t\t::ffff:10.0.0.12\n\tClient Port:\t\t49254\n\nAdditional \
         Information:\n\tTicket Options:\t\t0x40810010\n\tFailure Code:\t\t0x18\n\tPre-Authentication Type:\t15\n",
        "Failure \\dadmin from  ::ffff:10.0.0.12 0x18 type None by ",
    );
    check(
        4740,
        "A user account was locked out.\n\nSubject:\n\tSecurity ID:\t\tSYSTEM\n\tAccount Name:\t\tWIN-R9H$\n\tAccount \
         Domain:\t\tWORKGROUP\n\tLogon ID:\t\t0x3e7\n\nAccount That Was Locked Out:\n\tSecurity ID:\t\tJOHN\n\tAccount \
         Name:\t\tJohn\n\nAdditional Information:\n\tCaller Computer Name:\tWIN81",
        "Lockout WORKGROUP\\John from WIN81   type None by ",
    );
    check(
        644,
        "User Account Locked Out:\n \tTarget Account Name:\tuser4\n \tTarget Account ID:\tCORP\\user4\n \tCaller \
         Machine Name:\tWS042\n \tCaller User Name:\tDC01$\n",
        "Lockout \\user4 from WS042   type None by ",
    );
    check(
        644,
        "User Account Locked Out:\r\n\tTarget Account Name:\tuser4\r\n\tCaller Machine Name:\tWS042\r\n\tTarget Account \
         ID:\tS-1-5-21-1\r\n\tCaller User Name:\tDC01$\r\n",
        "Lockout \\user4 from WS042   type None by ",
    );
}

#[test]
fn kerberos_texts_of_windows_2000_and_2003_are_read() {
    check(
        675,
        "Pre-authentication failed:\n \tUser Name:\tbob\n \tUser ID:\t\t%{S-1-5-21-1-2-3-500}\n \tService \
         Name:\tkrbtgt/CORP\n \tPre-Authentication Type:\t0x2\n \tFailure Code:\t24\n \tClient Address:\t10.0.0.7\n",
        "Failure \\bob from  10.0.0.7 0x18 type None by ",
    );
    check(
        672,
        "Authentication Ticket Request:\n \tUser Name:\tbob\n \tSupplied Realm Name:\tCORP\n \tUser ID:\t-\n \tService \
         Name:\tkrbtgt/CORP\n \tService ID:\t-\n \tTicket Options:\t0x40810010\n \tResult Code:\t0x6\n \tTicket \
         Encryption Type:\t-\n \tPre-Authentication Type:\t-\n \tClient Address:\t10.0.0.7\n",
        "Failure CORP\\bob from  10.0.0.7 0x6 type None by ",
    );
}

#[test]
fn any_cut_of_a_description_is_read_without_panic() {
    let text = "Konto: Bücher — Logon attempt by: X Logon account: ünï Source Workstation: ß Error Code: 0xC000006A";
    for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
        for id in [680, 681, 529, 644, 4625, 4776] {
            let mut event = RawEvent::new(crate::model::event::EventKind::Failure, id);
            fill(&mut event, &text[..at]);
        }
    }
}
