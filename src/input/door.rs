//! The door: what a reader is given, and what it hands over.

use std::any::Any;
use std::cell::RefCell;

use crate::fsio::source::Source;
use crate::input::options::Options;
use crate::model::client::ClientLog;
use crate::model::event::{FileId, RawEvent};
use crate::model::gathered::{Audits, Skipped};
use crate::model::names::Text;
use crate::model::time::Ticks;

/// A run of records of one server, of any event id, that a reader has walked over.
#[derive(Clone, Copy, Debug)]
pub struct RecordRun<'a> {
    /// The computer that logged them, as logged.
    pub computer: Text<'a>,
    /// How many.
    pub records: u64,
    /// Earliest time, Unix seconds.
    pub first: i64,
    /// Latest time, Unix seconds.
    pub last: i64,
    /// Clock hour (`sec.div_euclid(3600)`) of the record headers' times: all of the run lie in it.
    pub hour: i64,
    /// Sum of the record sizes in bytes; 0 where the source does not tell.
    pub bytes: u64,
    /// Categories of audit events seen.
    pub audits: Audits,
}

/// What differs between two events of one description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When it was generated, UTC.
    pub time: Ticks,
    /// EventRecordID.
    pub record_id: u64,
    /// Bytes from the start of the (unpacked) file.
    pub offset: u64,
    /// Size of the record in the log, in bytes.
    pub size: u32,
}

/// A description that a sink keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// Its number.
    pub number: u32,
    /// Which of the sink's numberings it belongs to: a sink that forgets begins another one.
    pub age: u32,
}

/// Where a reader puts what it finds. Readers hand over everything; what matters is decided later.
pub trait Sink {
    /// One event of a wanted id.
    fn event(&mut self, event: &RawEvent<'_>);
    /// Under which number the sink keeps all that the event handed over last says besides its [`Moment`].
    /// `None`: it wants every event whole.
    fn description(&self) -> Option<Description> {
        None
    }
    /// One event more of a description that [`Sink::description`] gave: a storm repeats one thousands of
    /// times. False when the sink does not take it so: then it wants the event whole.
    fn again(&mut self, _description: Description, _moment: &Moment) -> bool {
        false
    }
    /// Records walked over, of any id, wanted ones included.
    fn records(&mut self, run: &RecordRun<'_>);
    /// One client log.
    fn client(&mut self, log: ClientLog);
    /// One place that could not be read.
    fn skipped(&mut self, place: Skipped);
    /// The header of a binary log says that it is full or does not overwrite.
    fn full(&mut self) {}
}

/// The first bytes of an input, by which its format is recognised.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Up to 64 KiB from the start.
    pub bytes: &'a [u8],
    /// The same as text where it looks like text: BOM removed, UTF-16 and ANSI decoded; else empty.
    pub text: &'a str,
    /// The path, for formats that cannot be told by content alone (none decides by extension).
    pub path: &'a str,
}

/// What a reader carries from one input to the next, on one thread and for one sink. It makes readers
/// faster and changes nothing that they hand over.
#[derive(Debug, Default)]
pub struct Carried(RefCell<Option<Box<dyn Any>>>);

impl Carried {
    /// Hands out what is carried, or what a reader starts with.
    pub fn with<T: Default + 'static, R>(&self, then: impl FnOnce(&mut T) -> R) -> R {
        let before = self.0.take().and_then(|carried| carried.downcast::<T>().ok());
        let mut carried = before.unwrap_or_default();
        let result = then(&mut carried);
        self.0.replace(Some(carried));
        result
    }
}

/// What a reader works on.
pub struct Job<'a> {
    /// The bytes.
    pub source: &'a Source,
    /// The file's number.
    pub file: FileId,
    /// Zone, profile, client map.
    pub options: &'a Options,
    /// What the reader carries over from the inputs before.
    pub carried: &'a Carried,
}

/// One format of the register.
pub struct Format {
    /// Stable name, as `logonstorm formats` prints it.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Path of a fixture, relative to the project.
    pub sample: &'static str,
    /// A real public sample of this format was read; else `formats` says `unverified`.
    pub verified: bool,
    /// How sure the format is that this input is one of its own: 0 not at all, 100 certain. The
    /// highest wins, ties go to the first in the register.
    pub sniff: fn(&Head<'_>) -> u8,
    /// The most that `sniff` says: where another format is as sure, this one is not asked.
    pub most: u8,
    /// Reads the whole input. Damage goes to the sink; only I/O is an error.
    pub read: fn(&Job<'_>, &mut dyn Sink) -> std::io::Result<()>,
    /// How a big input is shared out over threads; `None` for formats that are read from start to end.
    pub parts: Option<Parts>,
}

/// A format whose inputs can be read in independent parts.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// How many parts an input of this many bytes has; at least 1.
    pub count: fn(u64) -> u64,
    /// Reads one part, from 0. All parts in order hand over what [`Format::read`] does.
    pub read: fn(&Job<'_>, u64, &mut dyn Sink) -> std::io::Result<()>,
}
