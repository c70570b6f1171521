//! What a log says: one event at the door, one small event behind it.

use super::names::{NameId, Text};
use super::status::Status;
use super::time::Ticks;

/// What an event tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// A failed logon attempt.
    Failure,
    /// A successful logon or credential validation.
    Success,
    /// An account was locked out (644, 4740): evidence, not an attempt.
    Lockout,
    /// An account was enabled (626, 4722).
    AccountEnabled,
    /// An account was disabled (629, 4725).
    AccountDisabled,
    /// An account was unlocked (671, 4767).
    AccountUnlocked,
    /// The audit log was cleared (517, 1102): bounds the evidence.
    LogCleared,
    /// The audit log is full (1104).
    LogFull,
    /// Audit records were lost (516).
    AuditsLost,
}

/// Which of the events of one attempt this is. The families of one key are
/// never added; the larger counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Account logon: 681, 680, 4776, 675, 676, 672, 4768, 4771. Written where the account lives.
    AccountLogon,
    /// Logon: 529-537, 539, 4625. Written where the logon was tried.
    Logon,
    /// `Returns` lines of a netlogon.log: the relay's view.
    Netlogon,
}

/// The family of a failure by its event id; 0 stands for a netlogon.log line.
pub fn family(event_id: u16) -> Family {
    match event_id {
        0 => Family::Netlogon,
        529..=539 | 4625 => Family::Logon,
        _ => Family::AccountLogon,
    }
}

/// One event as its reader hands it over: borrowed, nothing decoded, nothing normalised.
#[derive(Clone, Copy, Debug)]
pub struct RawEvent<'a> {
    /// What the event tells.
    pub kind: EventKind,
    /// When it was generated, UTC.
    pub time: Ticks,
    /// Fraction digits the source has: 7 for .evtx, 0 for .evt.
    pub time_digits: u8,
    /// The event id without qualifiers; 0 for a netlogon.log line.
    pub event_id: u16,
    /// EventRecordID as in the event's XML; `None` for text without record numbers.
    pub record_id: Option<u64>,
    /// First line of the event in a text source, from 1; `None` for binary logs.
    pub line: Option<u64>,
    /// Bytes from the start of the (unpacked) file.
    pub offset: u64,
    /// Size of the record in the log, in bytes; 0 when the source does not tell.
    pub size: u32,
    /// Recovered from slack: shown apart, never counted as live.
    pub recovered: bool,
    /// The computer that logged the event.
    pub computer: Text<'a>,
    /// Provider (source) of the event.
    pub provider: Text<'a>,
    /// Channel of the event.
    pub channel: Text<'a>,
    /// The workstation as logged. For 4740 this is the caller computer.
    pub workstation: Text<'a>,
    /// The account as logged.
    pub account: Text<'a>,
    /// The account's domain as logged; empty where the event has none.
    pub domain: Text<'a>,
    /// The client's address as logged.
    pub ip: Text<'a>,
    /// Authentication package as logged.
    pub package: Text<'a>,
    /// Process name (4625) as logged.
    pub process: Text<'a>,
    /// The server that passed the logon on (`via` of a netlogon.log line).
    pub relay: Text<'a>,
    /// Status as logged.
    pub status: Status,
    /// SubStatus as logged (4625, 537 of Windows 2003).
    pub sub_status: Status,
    /// Logon type (2 interactive, 3 network, ...); `None` where the event has none.
    pub logon_type: Option<u32>,
}

impl<'a> RawEvent<'a> {
    /// An event with nothing in it but its kind and id.
    pub fn new(kind: EventKind, event_id: u16) -> Self {
        let empty = Text::Utf8("");
        Self {
            kind,
            time: Ticks(0),
            time_digits: 0,
            event_id,
            record_id: None,
            line: None,
            offset: 0,
            size: 0,
            recovered: false,
            computer: empty,
            provider: empty,
            channel: empty,
            workstation: empty,
            account: empty,
            domain: empty,
            ip: empty,
            package: empty,
            process: empty,
            relay: empty,
            status: Status::None,
            sub_status: Status::None,
            logon_type: None,
        }
    }

    /// The status that tells the reason: SubStatus unless zero, else Status, else what events
    /// 529-539 mean by their id.
    pub fn reason(&self) -> Status {
        match Status::reason(self.status, self.sub_status) {
            Status::None => Status::of_event_id(self.event_id),
            status => status,
        }
    }
}

/// Everything that an event says besides its moment and its number. A storm repeats one `Who`
/// thousands of times, so it is kept once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who {
    /// What the event tells.
    pub kind: EventKind,
    /// Event id; 0 for a netlogon.log line.
    pub event_id: u16,
    /// The record has an EventRecordID (`Event::record`); else `Event::record` is a line number.
    pub numbered: bool,
    /// Recovered from slack.
    pub recovered: bool,
    /// Logon type; 0 where the event has none.
    pub logon_type: u8,
    /// The reason status ([`RawEvent::reason`]).
    pub reason: Status,
    /// Computer that logged the event, as logged.
    pub server: NameId,
    /// Channel as logged.
    pub channel: NameId,
    /// Workstation as logged, trimmed.
    pub workstation: NameId,
    /// Account as logged, trimmed.
    pub account: NameId,
    /// Domain as logged, trimmed.
    pub domain: NameId,
    /// Address as logged, trimmed.
    pub ip: NameId,
    /// Process as logged, trimmed.
    pub process: NameId,
    /// Relay as logged, trimmed.
    pub relay: NameId,
}

impl Who {
    /// All of it in a few numbers, equal where descriptions are: quick to hash.
    pub fn packed(&self) -> [u64; 6] {
        let pair = |a: NameId, b: NameId| u64::from(a.0) << 32 | u64::from(b.0);
        let (kind, code) = self.reason.packed();
        let flags = u64::from(self.numbered) | u64::from(self.recovered) << 1 | (self.kind as u64) << 8;
        [
            flags | u64::from(self.logon_type) << 16 | u64::from(self.event_id) << 24 | u64::from(kind) << 40,
            u64::from(code),
            pair(self.server, self.channel),
            pair(self.workstation, self.account),
            pair(self.domain, self.ip),
            pair(self.process, self.relay),
        ]
    }

    /// Every name in it.
    pub fn names(&self) -> [NameId; 8] {
        let Self { server, channel, workstation, account, domain, ip, process, relay, .. } = *self;
        [server, channel, workstation, account, domain, ip, process, relay]
    }

    /// The same, to change them.
    pub fn names_mut(&mut self) -> [&mut NameId; 8] {
        [
            &mut self.server,
            &mut self.channel,
            &mut self.workstation,
            &mut self.account,
            &mut self.domain,
            &mut self.ip,
            &mut self.process,
            &mut self.relay,
        ]
    }
}

/// Index into `Gathered::whos`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WhoId(pub u32);

/// Index into `Gathered::files`, which is sorted by path bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// One event behind the door: 24 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Event {
    /// EventRecordID, or the line number where the source has none (`Who::numbered`).
    pub record: u64,
    /// Whole seconds since the Unix epoch. Times before 1970 or after 2106 never get here: they
    /// are counted as bad times.
    pub sec: u32,
    /// Everything else the event says.
    pub who: WhoId,
    /// The file it was read from.
    pub file: FileId,
    /// Size of the record in bytes; 0 when unknown.
    pub size: u32,
}

/// Where a claim can be checked: a file and a record, or a file and a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Provenance {
    /// The file.
    pub file: FileId,
    /// EventRecordID, or line number.
    pub at: u64,
    /// True when `at` is a line number.
    pub is_line: bool,
}

const _: () = assert!(std::mem::size_of::<Event>() == 24);
