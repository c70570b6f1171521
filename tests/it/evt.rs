//! Rings made by the writer, read back: every live record comes back once, with its strings.

use std::borrow::Cow;
use std::io::Cursor;

use logonstorm::fsio::source::Source;
use logonstorm::input::evt::{Item, walk};
use logonstorm::model::time::Ticks;
use logonstorm::simulate::{CLASSIC, Data, EvtWriter, Retention, WrittenEvent};

/// The strings of record `n`: of changing length, so that records meet the end of the ring anywhere.
fn strings(n: u64) -> Vec<String> {
    let account = format!("user{}{}", n, "x".repeat((n * 7 % 23) as usize));
    vec!["MICROSOFT_AUTHENTICATION_PACKAGE_V1_0".into(), account, format!("\\\\WS{n:03}"), "3221225586".into()]
}

fn event(n: u64) -> WrittenEvent<'static> {
    WrittenEvent {
        record_id: n,
        time: Ticks::from_secs(984_355_200 + n as i64),
        event_id: 681,
        failure: true,
        computer: "HANSR1",
        provider: CLASSIC,
        data: Data::Strings(strings(n).into_iter().map(Cow::Owned).collect()),
    }
}

/// Writes `count` records, remembers the header after `synced` of them, and closes cleanly or not.
fn ring(size: u32, count: u64, synced: u64, dirty: bool) -> Vec<u8> {
    let mut writer = EvtWriter::new(Cursor::new(Vec::new()), size, Retention::Overwrite).unwrap();
    for n in 1..=count {
        assert!(writer.push(&event(n)).unwrap());
        if n == synced {
            writer.sync_header();
        }
    }
    let out = if dirty { writer.finish_dirty() } else { writer.finish() };
    out.unwrap().into_inner()
}

/// Numbers of the live records; their strings must be those that were written.
fn live(bytes: &[u8]) -> Vec<u64> {
    let mut numbers = Vec::new();
    walk(&Source::memory("x.evt", bytes, None), &mut |item| match item {
        Item::Live(record) => {
            let number = u64::from(record.number);
            let read: Vec<String> = record.strings().iter().map(|text| text.decode().into_owned()).collect();
            assert_eq!(read, strings(number));
            assert_eq!(u64::from(record.generated), 984_355_200 + number);
            numbers.push(number);
        }
        Item::Damage { offset, why, .. } => panic!("{offset:#x}: {why}"),
        Item::Full | Item::Recovered(_) => {}
    })
    .unwrap();
    numbers
}

#[test]
fn linear_wrapped_split_dirty_and_stale_rings_give_every_live_record() {
    let mut wrapped = 0;
    for size in [4096, 4100, 4104, 4108, 4112, 8192, 65_536] {
        for count in [1, 9, 16, 17, 18, 31, 64, 400] {
            let clean = live(&ring(size, count, 0, false));
            assert_eq!(clean, (clean[0]..=count).collect::<Vec<_>>(), "size {size}, {count} records");
            let most = (u64::from(size) - 48 - 40) / 320;
            assert!(clean.len() as u64 >= most.min(count), "size {size}: {} of {count}", clean.len());
            for synced in [0, 1, count / 2, count] {
                assert_eq!(live(&ring(size, count, synced, true)), clean, "size {size}, {count} records, {synced}");
            }
            wrapped += usize::from(clean[0] > 1);
        }
    }
    assert!(wrapped > 10, "too few of these rings wrap");
}
