//! Logs of the project's own writer.

use std::fs::File;
use std::io::{self, BufWriter};

use logonstorm::model::time::Ticks;
use logonstorm::simulate::schema::{Kind, LOGON_FAILURE, LOGON_SUCCESS, Schema};
use logonstorm::simulate::{
    CLASSIC, ClientLogWriter, Data, EVT_STEP, EvtWriter, EvtxWriter, Retention, SECURITY_AUDITING, Sid, Value,
    WrittenEvent,
};

/// 2002-08-06T12:00:00Z.
const START: i64 = 1_028_635_200;
/// Ticks between two records: 20 a second.
const PACE: i64 = 500_000;
const PACKAGE: &str = "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0";

/// Which names the failures of a log tell.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Names {
    /// So many, each in bursts of three.
    Of(u64),
    /// Another one in each event.
    New,
}

impl Names {
    /// The number of the name in failure `number`.
    pub(crate) fn at(self, number: u64) -> u64 {
        match self {
            Names::Of(count) => number / 3 % count,
            Names::New => number,
        }
    }
}

/// When record `number` was written; a little out of step, as in life.
pub(crate) fn time(number: u64) -> Ticks {
    let jitter = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 45;
    Ticks(START * 10_000_000 + number as i64 * PACE + jitter as i64 % PACE)
}

fn event(number: u64, event_id: u16, failure: bool, data: Data<'static>) -> WrittenEvent<'static> {
    let provider = if matches!(data, Data::Strings(_)) { CLASSIC } else { SECURITY_AUDITING };
    WrittenEvent { record_id: number + 1, time: time(number), event_id, failure, computer: "DC01", provider, data }
}

/// Event 681 of the series (KB Q287626).
fn failure_681(number: u64, name: u64) -> WrittenEvent<'static> {
    let (account, workstation) = (format!("user{name:06}"), format!(r"\\WS{name:06}"));
    let strings = vec![PACKAGE.into(), account.into(), workstation.into(), "3221225586".into()];
    event(number, 681, true, Data::Strings(strings))
}

/// A modern event: texts by name, `-` and plain numbers for the rest.
fn modern_event(
    number: u64,
    schema: &'static Schema,
    failure: bool,
    texts: &[(&str, String)],
) -> WrittenEvent<'static> {
    let value = |(name, kind): &(&str, Kind)| match kind {
        Kind::Text => {
            let text = texts.iter().find(|text| text.0 == *name);
            Value::Text(text.map_or_else(|| "-".into(), |text| text.1.clone().into()))
        }
        Kind::Sid => Value::Sid(Sid::Null),
        Kind::U32 => Value::U32(3),
        Kind::Hex32 => Value::Hex32(0xC000_006E),
        Kind::Hex64 => Value::Hex64(0x3e7),
    };
    event(number, schema.event_id, failure, Data::Named(schema, schema.fields.iter().map(value).collect()))
}

fn failure_4625(number: u64, name: u64) -> WrittenEvent<'static> {
    let texts = [
        ("TargetUserName", format!("user{name:06}")),
        ("TargetDomainName", "CORP".to_owned()),
        ("FailureReason", "%%2310".to_owned()),
        ("LogonProcessName", "NtLmSsp ".to_owned()),
        ("AuthenticationPackageName", "NTLM".to_owned()),
        ("WorkstationName", format!("WS{name:06}")),
        ("IpAddress", format!("10.{}.{}.{}", name >> 16 & 255, name >> 8 & 255, name & 255)),
        ("IpPort", (49_152 + number % 16_384).to_string()),
    ];
    modern_event(number, &LOGON_FAILURE, true, &texts)
}

fn evtx(file: File, size: u64, make: &dyn Fn(u64) -> WrittenEvent<'static>) -> io::Result<u64> {
    let mut writer = EvtxWriter::new(BufWriter::with_capacity(1 << 18, file), "Security")?;
    let mut number = 0;
    while writer.len() < size {
        writer.push(&make(number))?;
        number += 1;
    }
    writer.finish()?;
    Ok(number)
}

/// Only 681.
pub(crate) fn classic(file: File, size: u64, names: Names) -> io::Result<u64> {
    evtx(file, size, &|number| failure_681(number, names.at(number)))
}

/// Only 4625.
pub(crate) fn modern(file: File, size: u64, names: Names) -> io::Result<u64> {
    evtx(file, size, &|number| failure_4625(number, names.at(number)))
}

/// What a busy server logs besides, with its share in a hundred; one is left for failures.
static EVERYDAY: [(&Schema, u64); 4] = [(&LOGON_SUCCESS, 32), (&LOGOFF, 32), (&PRIVILEGES, 15), (&CONNECTION, 20)];

static LOGOFF: Schema = Schema {
    event_id: 4634,
    version: 0,
    task: 12_545,
    fields: &[
        ("TargetUserSid", Kind::Sid),
        ("TargetUserName", Kind::Text),
        ("TargetDomainName", Kind::Text),
        ("TargetLogonId", Kind::Hex64),
        ("LogonType", Kind::U32),
    ],
};

static PRIVILEGES: Schema = Schema {
    event_id: 4672,
    version: 0,
    task: 12_548,
    fields: &[
        ("SubjectUserSid", Kind::Sid),
        ("SubjectUserName", Kind::Text),
        ("SubjectDomainName", Kind::Text),
        ("SubjectLogonId", Kind::Hex64),
        ("PrivilegeList", Kind::Text),
    ],
};

static CONNECTION: Schema = Schema {
    event_id: 5156,
    version: 0,
    task: 12_810,
    fields: &[
        ("ProcessID", Kind::Hex64),
        ("Application", Kind::Text),
        ("Direction", Kind::Text),
        ("SourceAddress", Kind::Text),
        ("SourcePort", Kind::Text),
        ("DestAddress", Kind::Text),
        ("DestPort", Kind::Text),
        ("Protocol", Kind::U32),
        ("LayerName", Kind::Text),
        ("LayerRTID", Kind::U32),
    ],
};

/// An ordinary Security log: one record in a hundred is a failed logon.
pub(crate) fn mixed(file: File, size: u64, names: Names) -> io::Result<u64> {
    evtx(file, size, &|number| {
        let name = names.at(number);
        let mut place = (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) % 100;
        for (schema, share) in &EVERYDAY {
            if place < *share {
                return modern_event(number, schema, false, &[("TargetUserName", format!("user{name:06}"))]);
            }
            place -= share;
        }
        failure_4625(number, name)
    })
}

/// Only 681, as Windows 2000 kept it.
pub(crate) fn evt(file: File, size: u64, names: Names) -> io::Result<u64> {
    let size = size.next_multiple_of(u64::from(EVT_STEP)).min(0xffff_0000) as u32;
    let mut writer = EvtWriter::new(BufWriter::with_capacity(1 << 18, file), size, Retention::Discard)?;
    let mut number = 0;
    while writer.push(&failure_681(number, names.at(number)))? {
        number += 1;
    }
    writer.finish()?;
    Ok(number)
}

/// A file of a single chunk of 681, whose records are numbered from `first`; returns how many.
pub(crate) fn one_chunk(file: File, first: u64) -> io::Result<u64> {
    let mut writer = EvtxWriter::new(BufWriter::new(file), "Security")?;
    // Few enough to fit, names and templates included.
    let count = 170;
    for number in first..first + count {
        writer.push(&failure_681(number, Names::Of(50).at(number)))?;
    }
    writer.finish()?;
    Ok(count)
}

/// A metering client's log of nearly 100 KB and how many attempts it tells.
pub(crate) fn client_log(number: u64) -> (Vec<u8>, u64) {
    let mut writer = ClientLogWriter::new("DC01", 5, 60, true);
    let mut at = Ticks::from_secs(START + number as i64);
    for round in 0..45 {
        let next = Ticks(at.0 + 60 * 10_000_000);
        writer.pipe_failure(at, at);
        writer.unreachable(at, next, round % 5);
        at = next;
    }
    let files = writer.finish();
    (files.log, files.attempts)
}
