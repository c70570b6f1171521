//! How an event of the world looks in the log of one server.

use std::borrow::Cow;

use super::event::{CLASSIC, Data, SECURITY_AUDITING, Value, WrittenEvent};
use super::schema::{CREDENTIAL_VALIDATION, LOCKOUT, LOGON_FAILURE, LOGON_SUCCESS, PREAUTH_FAILED, Schema};
use super::sid::Sid;
use super::world::{Made, Server, What};
use crate::model::time::Ticks;

const PACKAGE: &str = "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0";
const DOMAIN: &str = "CORP";

/// The event as `server` logs it. `texts` are the world's texts.
pub(super) fn present<'a>(
    made: &Made,
    server: &'a Server,
    texts: &'a [String],
    time: Ticks,
    id: u64,
) -> WrittenEvent<'a> {
    let text = |number: u32| texts[number as usize].as_str();
    let (name, ip) = (text(made.from.workstation), text(made.from.ip));
    let account = text(made.account);
    let rid = 1000 + made.account;
    let (event_id, data) = if server.modern {
        let (schema, values) = modern(made, name, ip, account, rid);
        (schema.event_id, Data::Named(schema, values))
    } else {
        let (event_id, strings) = classic(made, name, ip, account, rid);
        (event_id, Data::Strings(strings))
    };
    let provider = if server.modern { SECURITY_AUDITING } else { CLASSIC };
    let failure = made.what.is_failure();
    WrittenEvent { record_id: id, time, event_id, failure, computer: &server.name, provider, data }
}

/// Events of Windows 2000 and 2003; string orders of KB Q174074 and KB273499.
fn classic<'a>(made: &Made, name: &'a str, ip: &'a str, account: &'a str, rid: u32) -> (u16, Vec<Cow<'a, str>>) {
    let unc = if name.is_empty() { Cow::Borrowed("") } else { Cow::Owned(format!(r"\\{name}")) };
    let sid = Sid::Account(rid).text();
    match made.what {
        What::Validation => (681, vec![PACKAGE.into(), account.into(), unc, made.status.to_string().into()]),
        What::Logon => {
            let mut strings: Vec<Cow<str>> =
                vec![account.into(), DOMAIN.into(), "3".into(), "NtLmSsp ".into(), "NTLM".into(), name.into()];
            if !ip.is_empty() {
                // Windows 2003 adds the caller and the client's address.
                strings.extend(["-", "-", "-", "-", "-"].map(Cow::from));
                strings.extend([ip.into(), "0".into()]);
            }
            (logon_event(made.status), strings)
        }
        What::Kerberos => {
            let code = format!("{:#x}", made.status);
            let sid = format!("%{{{sid}}}");
            let service = "krbtgt/CORP".into();
            (675, vec![account.into(), sid.into(), service, "0x2".into(), code.into(), ip.into()])
        }
        What::Success => {
            let id = format!("(0x0,{:#X})", 0x10000 + rid);
            let strings = [account.into(), DOMAIN.into(), id.into(), "3".into(), "NtLmSsp ".into(), "NTLM".into(), unc];
            (540, strings.into())
        }
        What::Lockout => {
            let sid = format!("%{{{sid}}}");
            let caller = ["DC01$".into(), DOMAIN.into(), "(0x0,0x3E7)".into()];
            (644, [account.into(), name.into(), sid.into()].into_iter().chain(caller).collect())
        }
    }
}

/// The event by which Windows 2000 tells the reason (KB Q174074).
fn logon_event(status: u32) -> u16 {
    match status {
        0xC000_0072 => 531,
        0xC000_0193 => 532,
        0xC000_0071 => 535,
        0xC000_0234 => 539,
        _ => 529,
    }
}

/// Events of Windows Vista and later.
fn modern<'a>(
    made: &Made,
    name: &'a str,
    ip: &'a str,
    account: &'a str,
    rid: u32,
) -> (&'static Schema, Vec<Value<'a>>) {
    let dash = |text: &'a str| Value::from(if text.is_empty() { "-" } else { text });
    match made.what {
        What::Validation => {
            (&CREDENTIAL_VALIDATION, vec![PACKAGE.into(), account.into(), name.into(), Value::Hex32(made.status)])
        }
        What::Logon => (&LOGON_FAILURE, logon_failure(made, account, dash(name), dash(ip))),
        What::Kerberos => {
            let ip = Value::Text(format!("::ffff:{ip}").into());
            let values = vec![
                account.into(),
                Value::Sid(Sid::Account(rid)),
                "krbtgt/CORP".into(),
                Value::Hex32(0x4081_0010),
                Value::Hex32(made.status),
                "2".into(),
                ip,
                "49162".into(),
                "".into(),
                "".into(),
                "".into(),
            ];
            (&PREAUTH_FAILED, values)
        }
        What::Success => (&LOGON_SUCCESS, logon_success(account, rid, dash(name), dash(ip))),
        What::Lockout => {
            let values = vec![
                account.into(),
                name.into(),
                Value::Sid(Sid::Account(rid)),
                Value::Sid(Sid::System),
                "DC01$".into(),
                DOMAIN.into(),
                Value::Hex64(0x3e7),
            ];
            (&LOCKOUT, values)
        }
    }
}

fn logon_failure<'a>(made: &Made, account: &'a str, name: Value<'a>, ip: Value<'a>) -> Vec<Value<'a>> {
    // Bad names and passwords come as LOGON_FAILURE with the detail in SubStatus, restrictions as
    // ACCOUNT_RESTRICTION; a lockout has no detail.
    let (status, reason) = match made.status {
        0xC000_0064 | 0xC000_006A => (0xC000_006D, "%%2313"),
        0xC000_0072 => (0xC000_006E, "%%2310"),
        0xC000_0234 => (0xC000_0234, "%%2307"),
        other => (other, "%%2304"),
    };
    let detail = if status == made.status { 0 } else { made.status };
    vec![
        Value::Sid(Sid::Null),
        "-".into(),
        "-".into(),
        Value::Hex64(0),
        Value::Sid(Sid::Null),
        account.into(),
        DOMAIN.into(),
        Value::Hex32(status),
        reason.into(),
        Value::Hex32(detail),
        Value::U32(3),
        "NtLmSsp ".into(),
        "NTLM".into(),
        name,
        "-".into(),
        "-".into(),
        Value::U32(0),
        Value::Hex64(0),
        "-".into(),
        ip,
        "0".into(),
    ]
}

fn logon_success<'a>(account: &'a str, rid: u32, name: Value<'a>, ip: Value<'a>) -> Vec<Value<'a>> {
    vec![
        Value::Sid(Sid::Null),
        "-".into(),
        "-".into(),
        Value::Hex64(0),
        Value::Sid(Sid::Account(rid)),
        account.into(),
        DOMAIN.into(),
        Value::Hex64(0x10000 + u64::from(rid)),
        Value::U32(3),
        "NtLmSsp ".into(),
        "NTLM".into(),
        name,
        "{00000000-0000-0000-0000-000000000000}".into(),
        "-".into(),
        "NTLM V2".into(),
        Value::U32(128),
        Value::Hex64(0),
        "-".into(),
        ip,
        "0".into(),
    ]
}
