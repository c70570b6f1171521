//! The descriptors of client logs, and reading a whole file into a [`ClientLog`].

use std::cell::{Cell, RefCell};
use std::io;
use std::ops::ControlFlow;

use blake3::Hasher;

use super::entries::Entries;
use super::profile::Profile;
use super::reader::Reader;
use super::said::Memo;
use crate::input::attribution::{attribute, is_older};
use crate::input::door::{Format, Head, Job, Sink};
use crate::input::lines::{Line, LineCount, Room, each_line_and_block};
use crate::input::stamp::Clock;
use crate::model::client::{ClientLog, Stamp};
use crate::model::gathered::{Severity, Skipped};

/// The metering client's log.
pub const METERING: Format = Format {
    name: "sms-metering",
    summary: "log of the SMS 2.0 licence metering client: Liccli.log, Liccli95.log, LiccliNT.log, .lo_",
    sample: "fixtures/formats/sms-metering/WKS0042/Liccli.log",
    // The lines are quoted in KB Q287626 and others; no whole log is public.
    verified: false,
    sniff: sniff_metering,
    most: 95,
    read,
    parts: None,
};

/// Any other agent's log with SMS trailers or CMTrace records.
pub const SMS: Format = Format {
    name: "sms-log",
    summary: "log of another SMS or Configuration Manager agent ($$< trailer or CMTrace), for --log-profile",
    sample: "fixtures/formats/sms-log/CMPC0007/CcmExec.log",
    verified: false,
    sniff: sniff_sms,
    most: 55,
    read,
    parts: None,
};

thread_local! {
    /// Messages of the metering client's logs that this thread has recognised.
    static RECOGNISED: RefCell<Memo> = RefCell::default();
}

fn sniff_metering(head: &Head<'_>) -> u8 {
    RECOGNISED.with_borrow_mut(|memo| sureness_with(memo, head.text, Profile::metering()))
}

/// How sure a text is a log of a profile: 0 without a typical line, else 60 to 95 by the share of
/// typical lines. For formats without a fixed profile the caller brings that of `--log-profile`.
pub fn sureness(text: &str, profile: &Profile) -> u8 {
    sureness_with(&mut Memo::default(), text, profile)
}

/// The same with what is known of the profile's messages.
fn sureness_with(memo: &mut Memo, text: &str, profile: &Profile) -> u8 {
    let mut reader = Reader::new(profile, Clock::default()).with_memo(std::mem::take(memo));
    let mut all = 0u64;
    walk_text(text, &mut |entries, line| {
        entries.line(line, &mut |entry| {
            all += 1;
            reader.entry(&entry);
        });
    });
    reader.end();
    *memo = reader.take_memo();
    match reader.typical() {
        0 => 0,
        typical => 60 + (35 * typical / all.max(1)) as u8,
    }
}

/// Less sure than [`sureness`] of any log with a typical line.
fn sniff_sms(head: &Head<'_>) -> u8 {
    let mut stamped = false;
    walk_text(head.text, &mut |entries, line| {
        entries.line(line, &mut |entry| stamped |= entry.stamp != Stamp::None);
    });
    if stamped { 55 } else { 0 }
}

fn walk_text(text: &str, visit: &mut dyn FnMut(&mut Entries, Line<'_>)) {
    let mut entries = Entries::new(Clock::default());
    for (index, text) in text.lines().enumerate() {
        visit(&mut entries, Line { number: index as u64 + 1, offset: 0, text, cut: false });
    }
}

/// Reads a log with the person's profile and with the built-in one; the first that knows the log
/// by a typical line has told it.
fn read(job: &Job<'_>, sink: &mut dyn Sink) -> io::Result<()> {
    job.carried.with(|left: &mut Left| read_with(left, job, sink))
}

/// What is left for the next log.
#[derive(Debug, Default)]
struct Left {
    /// Those of the profiles, in their order.
    memos: Vec<Memo>,
    room: Room,
}

fn read_with(left: &mut Left, job: &Job<'_>, sink: &mut dyn Sink) -> io::Result<()> {
    let clock = Clock { zone: job.options.time_zone, offset: job.options.cm_offset };
    let profiles = job.options.log_profile.as_deref().into_iter().chain([Profile::metering()]);
    let before = std::mem::take(&mut left.memos).into_iter().chain(std::iter::repeat_with(Memo::default));
    let mut readers: Vec<Reader<'_>> =
        profiles.zip(before).map(|(profile, memo)| Reader::new(profile, clock).with_memo(memo)).collect();
    let most = job.options.attempts.unwrap_or(usize::MAX);
    readers.iter_mut().for_each(|reader| reader.most = most);
    let mut entries = Entries::new(clock);
    let mut content = Hasher::new();
    // Faster than to look into each line; in every encoding a mark is this byte, and others.
    let unmarked = Cell::new(true);
    let mut block = |bytes: &[u8]| {
        content.update(bytes);
        unmarked.set(unmarked.get() && memchr::memchr(b'!', bytes).is_none());
    };
    let count = each_line_and_block(job.source, &mut left.room, &mut block, &mut |line| {
        entries.unmarked = unmarked.get();
        entries.line(line, &mut |entry| readers.iter_mut().for_each(|reader| reader.entry(&entry)));
        ControlFlow::Continue(())
    })?;
    entries.end(&mut |entry| readers.iter_mut().for_each(|reader| reader.entry(&entry)));
    readers.iter_mut().for_each(Reader::end);
    left.memos = readers.iter_mut().map(Reader::take_memo).collect();
    count.report_cut(&job.source.path, sink);
    match readers.into_iter().find(|reader| reader.typical() > 0) {
        Some(reader) => hand_over(job, reader, &count, &content, sink),
        None => {
            let why = "no line of the log profile in it: another agent's log";
            sink.skipped(note(&job.source.path, "file", why.into()));
        }
    }
    Ok(())
}

fn hand_over(job: &Job<'_>, mut reader: Reader<'_>, count: &LineCount, content: &Hasher, sink: &mut dyn Sink) {
    let path = &job.source.path;
    let given = attribute(path, &reader.profile().files, &job.options.client_map, &reader.servers);
    for why in given.warnings {
        sink.skipped(note(path, "attribution", why));
    }
    if reader.cut > 0 {
        let (cut, most) = (reader.cut, reader.most);
        let why = format!("more than {most} attempts or successes: {cut} are left out (see --memory)");
        sink.skipped(note(path, "client log", why));
    }
    let profile_files = reader.profile().files.clone();
    // Thousands of logs are kept at a time.
    reader.attempts.shrink_to_fit();
    reader.successes.shrink_to_fit();
    sink.client(ClientLog {
        file: job.file,
        workstation: given.workstation,
        older: is_older(path),
        modified: job.source.modified,
        lines: count.lines,
        unknown_lines: reader.unknown,
        kinds: reader.kinds(),
        attempts: reader.attempts,
        successes: reader.successes,
        first: reader.first,
        last: reader.last,
        busy_lines: reader.busy,
        content_hash: content_hash(content),
        earlier: 0,
        profile_files,
        servers: reader.servers.into_iter().collect(),
    });
}

/// First eight bytes of the BLAKE3 of the whole content: names in logs are chosen by others, so the hash
/// must not be one for which they can make two contents alike.
fn content_hash(content: &Hasher) -> u64 {
    content.finalize().as_bytes().iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn note(path: &str, what: &str, why: String) -> Skipped {
    Skipped { file: path.to_owned(), at: String::new(), what: what.to_owned(), why, severity: Severity::Note }
}
