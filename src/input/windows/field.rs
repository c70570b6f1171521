//! The values of an event that matter, and how each is read.

use crate::model::event::{EventKind, RawEvent};
use crate::model::names::Text;
use crate::model::status::Status;

/// A value that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The account that was tried.
    Account,
    /// Its domain.
    Domain,
    /// The workstation that tried.
    Workstation,
    /// The address it tried from.
    Ip,
    /// Authentication package.
    Package,
    /// Process.
    Process,
    /// Status or failure code.
    Status,
    /// SubStatus.
    SubStatus,
    /// Logon type.
    LogonType,
}

/// A value as it lies in a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text.
    Text(Text<'a>),
    /// An integer of any width; hexadecimal types too.
    Int(u64),
}

/// Kerberos events give failure codes of RFC 4120 instead of an NTSTATUS.
pub const fn is_kerberos(event_id: u16) -> bool {
    matches!(event_id, 672 | 675 | 676 | 4768 | 4771)
}

/// Puts one value into its place. A status that is no number stays `Status::None`.
pub fn set<'a>(event: &mut RawEvent<'a>, field: Field, value: Value<'a>) {
    match field {
        Field::Account => event.account = text(value),
        Field::Domain => event.domain = text(value),
        Field::Workstation => event.workstation = text(value),
        Field::Ip => event.ip = text(value),
        Field::Package => event.package = text(value),
        Field::Process => event.process = text(value),
        Field::Status => event.status = status(event.event_id, value),
        Field::SubStatus => event.sub_status = status(event.event_id, value),
        Field::LogonType => event.logon_type = number(value),
    }
}

/// Settles what the event tells, now that its values are known. False for events that tell of no
/// attempt after all: a Kerberos 0x19 asks for pre-authentication and is part of every logon.
pub fn finish(event: &mut RawEvent<'_>) -> bool {
    const PREAUTH_REQUIRED: Status = Status::Kerberos(0x19);
    let tells_success = matches!(event.event_id, 672 | 680 | 4768 | 4776);
    if tells_success && (event.status.is_success() || (event.event_id == 680 && event.status == Status::None)) {
        event.kind = EventKind::Success;
    }
    !(event.kind == EventKind::Failure && event.status == PREAUTH_REQUIRED)
}

fn text(value: Value<'_>) -> Text<'_> {
    match value {
        Value::Text(text) => text,
        Value::Int(_) => Text::Utf8(""),
    }
}

fn status(event_id: u16, value: Value<'_>) -> Status {
    let kerberos = is_kerberos(event_id);
    match value {
        Value::Int(number) => match u32::try_from(number) {
            Ok(code) if kerberos => Status::Kerberos(code),
            Ok(code) => Status::Nt(code),
            Err(_) => Status::None,
        },
        Value::Text(text) => {
            let mut buffer = [0u8; 24];
            let Some(text) = short_ascii(text, &mut buffer) else { return Status::None };
            let parsed = if kerberos { Status::parse_kerberos(text) } else { Status::parse_nt(text) };
            parsed.unwrap_or(Status::None)
        }
    }
}

fn number(value: Value<'_>) -> Option<u32> {
    match value {
        Value::Int(number) => u32::try_from(number).ok(),
        Value::Text(text) => {
            let mut buffer = [0u8; 24];
            short_ascii(text, &mut buffer)?.trim_matches([' ', '\0']).parse().ok()
        }
    }
}

/// Short ASCII text without an allocation; `None` for anything longer or not ASCII: no number.
fn short_ascii<'b>(text: Text<'b>, buffer: &'b mut [u8; 24]) -> Option<&'b str> {
    let bytes = match text {
        Text::Utf8(text) => return (text.len() <= 24).then_some(text),
        Text::Utf16(bytes) => bytes,
    };
    let len = bytes.len() / 2;
    if len > buffer.len() {
        return None;
    }
    for (to, unit) in buffer.iter_mut().zip(bytes.chunks_exact(2)) {
        if unit[1] != 0 || !unit[0].is_ascii() {
            return None;
        }
        *to = unit[0];
    }
    std::str::from_utf8(&buffer[..len]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(event_id: u16, value: Value<'_>, expect: Status) {
        let mut event = RawEvent::new(EventKind::Failure, event_id);
        set(&mut event, Field::Status, value);
        assert_eq!(event.status, expect);
    }

    #[test]
    fn a_status_is_read_from_text_of_any_encoding_and_from_integers() {
        check(681, Value::Text(Text::Utf8("3221225586")), Status::Nt(0xC000_0072));
        check(4625, Value::Int(0xC000_006E), Status::Nt(0xC000_006E));
        check(4771, Value::Text(Text::Utf16(b"0\0x\x001\x002\0\0\0")), Status::Kerberos(0x12));
        check(4771, Value::Int(0x18), Status::Kerberos(0x18));
        check(4625, Value::Text(Text::Utf8("%%2307")), Status::None);
        check(4625, Value::Int(u64::MAX), Status::None);
    }

    #[test]
    fn success_is_told_by_the_status_and_preauth_required_is_no_failure() {
        let mut event = RawEvent::new(EventKind::Failure, 4776);
        set(&mut event, Field::Status, Value::Text(Text::Utf8("0x0")));
        assert!(finish(&mut event));
        assert_eq!(event.kind, EventKind::Success);
        let mut event = RawEvent::new(EventKind::Failure, 675);
        set(&mut event, Field::Status, Value::Text(Text::Utf8("0x19")));
        assert!(!finish(&mut event));
    }
}
