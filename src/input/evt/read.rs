//! Records to events.

use std::io;

use memchr::memmem;

use super::header;
use super::record::{self, Record};
use super::walk::{Item, walk};
use crate::input::door::{Head, Job, Moment, Sink};
use crate::input::hand::{Hand, Misfit};
use crate::input::memo::Memo;
use crate::input::windows::classic;
use crate::model::event::{EventKind, RawEvent};
use crate::model::gathered::{Severity, Skipped};
use crate::model::names::Text;
use crate::model::time::Ticks;

/// A header; less sure, a damaged one; at last, a whole record anywhere in the head.
pub(super) fn sniff(head: &Head<'_>) -> u8 {
    match header::marks(head.bytes) {
        4 => 100,
        3 => 80,
        _ if has_record(head.bytes) => 40,
        _ => 0,
    }
}

fn has_record(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, b"LfLe").any(|at| {
        let Some(start) = at.checked_sub(4) else { return false };
        let Ok(length) = record::length(&bytes[start..]) else { return false };
        header::word(bytes, start + length as usize - 4) == length
    })
}

/// Reads a whole log.
pub(super) fn read(job: &Job<'_>, sink: &mut dyn Sink) -> io::Result<()> {
    job.carried.with(|memo: &mut Memo| read_with(memo, job, sink))
}

fn read_with(memo: &mut Memo, job: &Job<'_>, sink: &mut dyn Sink) -> io::Result<()> {
    let mut hand = Hand::new(sink);
    let (mut records, mut damaged) = (0u64, false);
    let path = &job.source.path;
    let skip = |at: String, what: &str, why: String, severity| Skipped {
        file: path.clone(),
        at,
        what: what.to_owned(),
        why,
        severity,
    };
    walk(job.source, &mut |item| match item {
        Item::Full => hand.sink.full(),
        Item::Live(record) => {
            records += 1;
            if again(&record, memo, &mut hand) {
                return;
            }
            if hand_over(&record, false, &mut hand).is_err() {
                let (strings, id) = (record.announced, record.event_id & 0xffff);
                let why = format!("its {strings} strings are not those of an event {id}");
                hand.sink.skipped(skip(format!("offset {:#x}", record.offset), "record", why, Severity::Damage));
            }
            if let Some(known) = hand.known() {
                memo.keep(&record.key(), known);
            }
        }
        // Bytes that the log no longer counts owe nothing: what is no event there is not damage.
        Item::Recovered(record) => {
            let _ = hand_over(&record, true, &mut hand);
        }
        Item::Damage { offset, length, what, why } => {
            damaged = true;
            let at = match length {
                0 => format!("offset {offset:#x}"),
                _ => format!("offset {offset:#x}, {length} bytes"),
            };
            hand.sink.skipped(skip(at, what, why, Severity::Damage));
        }
    })?;
    hand.flush();
    if damaged && records == 0 {
        sink.skipped(skip(String::new(), "file", "no record could be read".to_owned(), Severity::Unreadable));
    }
    Ok(())
}

/// Hands a record over whose like came before; false where it must be looked at.
fn again(record: &Record<'_>, memo: &Memo, hand: &mut Hand<'_>) -> bool {
    let Some(known) = memo.find(&record.key()) else { return false };
    let moment = Moment {
        time: Ticks::from_secs(i64::from(record.generated)),
        record_id: u64::from(record.number),
        offset: record.offset,
        size: record.length,
    };
    hand.again(&known, Text::Utf16(record.computer), &moment)
}

fn hand_over(record: &Record<'_>, recovered: bool, hand: &mut Hand<'_>) -> Result<(), Misfit> {
    let mut event = RawEvent::new(EventKind::Failure, (record.event_id & 0xffff) as u16);
    event.time = Ticks::from_secs(i64::from(record.generated));
    event.record_id = Some(u64::from(record.number));
    event.offset = record.offset;
    event.size = record.length;
    event.recovered = recovered;
    event.computer = Text::Utf16(record.computer);
    event.provider = Text::Utf16(record.source);
    if event.provider.is_ascii_word("Security") {
        // The file is the channel; only the Security log has records of this source.
        event.channel = Text::Utf8("Security");
    }
    hand.record(&mut event, &mut |event| classic::fill(event, &record.strings()))
}
