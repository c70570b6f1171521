//! One record of an `.evt` file (EVENTLOGRECORD, Microsoft bb309026).

use std::io;

use super::binxml::put_utf16;
use super::event::{Data, WrittenEvent, invalid};
use super::sid::Sid;

/// Size of a record's fixed part; it is never split.
pub(super) const FIXED: usize = 0x38;
/// EventType of an audit success and an audit failure.
const AUDIT_SUCCESS: u16 = 8;
const AUDIT_FAILURE: u16 = 16;

/// Puts the record of `event` into `out`, which is cleared first. Fails with `InvalidInput` for
/// modern events, for more than 65,535 strings and for times that 32-bit seconds cannot hold.
pub(super) fn record(event: &WrittenEvent, out: &mut Vec<u8>) -> io::Result<()> {
    let Data::Strings(strings) = &event.data else {
        return Err(invalid("an .evt file holds classic events only"));
    };
    let count = u16::try_from(strings.len()).map_err(|_| invalid("too many strings"))?;
    let seconds = u32::try_from(event.time.secs()).map_err(|_| invalid("the time does not fit into an .evt record"))?;
    let number = u32::try_from(event.record_id).map_err(|_| invalid("record numbers of .evt files have 32 bits"))?;
    out.clear();
    out.resize(FIXED, 0);
    for name in [event.provider, event.computer] {
        put_utf16(out, name);
        out.extend_from_slice(&[0, 0]);
    }
    out.resize(out.len().next_multiple_of(4), 0);
    let sid = out.len() as u32;
    Sid::System.put(out);
    let text = out.len() as u32;
    for string in strings {
        put_utf16(out, string);
        out.extend_from_slice(&[0, 0]);
    }
    let data = out.len() as u32;
    out.resize(out.len().next_multiple_of(4), 0);
    let length = out.len() as u32 + 4;
    out.extend_from_slice(&length.to_le_bytes());
    out[..4].copy_from_slice(&length.to_le_bytes());
    out[4..8].copy_from_slice(b"LfLe");
    for (at, value) in [
        (8, number),
        (12, seconds),
        (16, seconds),
        (20, u32::from(event.event_id)),
        (36, text),
        (40, text - sid),
        (44, sid),
        (52, data),
    ] {
        out[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    let kind = if event.failure { AUDIT_FAILURE } else { AUDIT_SUCCESS };
    for (at, value) in [(24, kind), (26, count), (28, event.task())] {
        out[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    Ok(())
}
