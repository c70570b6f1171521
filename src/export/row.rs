//! One row of the event export.

use std::borrow::Cow;

use crate::model::event::{EventKind, RawEvent};
use crate::model::names::Text;
use crate::model::status::Status;
use crate::model::time::{TICKS_PER_SECOND, Ticks};
use crate::model::timeline::Tick;
use crate::model::workstation::{BLANK, Workstation, workstation};

/// What a row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A failed logon.
    Failure,
    /// A failed attempt told by a client's log.
    Attempt,
    /// A successful logon.
    Success,
    /// An account was locked out.
    Lockout,
}

impl Kind {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Failure => "failure",
            Kind::Attempt => "attempt",
            Kind::Success => "success",
            Kind::Lockout => "lockout",
        }
    }

    /// True for rows that are written without `--all-events`.
    pub fn always(self) -> bool {
        matches!(self, Kind::Failure | Kind::Attempt)
    }

    /// The kind of an event; `None` for events about accounts and logs.
    pub fn of(kind: EventKind) -> Option<Kind> {
        match kind {
            EventKind::Failure => Some(Kind::Failure),
            EventKind::Success => Some(Kind::Success),
            EventKind::Lockout => Some(Kind::Lockout),
            EventKind::AccountEnabled
            | EventKind::AccountDisabled
            | EventKind::AccountUnlocked
            | EventKind::LogCleared
            | EventKind::LogFull
            | EventKind::AuditsLost => None,
        }
    }
}

/// One event or attempt. Text is as logged, only trimmed; empty where the source has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a> {
    /// What it tells.
    pub kind: Kind,
    /// When; `None` for undated lines.
    pub time: Option<Ticks>,
    /// Fraction digits of the source, 0 to 7.
    pub digits: u8,
    /// Canonical name of the client.
    pub workstation: String,
    /// The client's name as logged.
    pub workstation_raw: Cow<'a, str>,
    /// Account.
    pub account: Cow<'a, str>,
    /// Domain.
    pub domain: Cow<'a, str>,
    /// Address.
    pub ip: Cow<'a, str>,
    /// The computer that logged the event.
    pub server: Cow<'a, str>,
    /// The server named in the client's log.
    pub metering_server: Cow<'a, str>,
    /// Event id; `None` for lines of client logs and of netlogon.log.
    pub event_id: Option<u16>,
    /// EventRecordID.
    pub record_id: Option<u64>,
    /// Provider.
    pub provider: Cow<'a, str>,
    /// Channel.
    pub channel: Cow<'a, str>,
    /// Status as logged.
    pub status: Status,
    /// SubStatus as logged.
    pub sub_status: Status,
    /// Logon type.
    pub logon_type: Option<u32>,
    /// Authentication package.
    pub package: Cow<'a, str>,
    /// Line, for text sources.
    pub line: Option<u64>,
    /// Path of the file.
    pub file: &'a str,
    /// Bytes from the start of the (unpacked) file.
    pub offset: u64,
}

impl<'a> Row<'a> {
    /// The row of an event; `None` for events about accounts and logs, and for events recovered from
    /// slack, which are never counted as live.
    pub fn of_event(event: &RawEvent<'a>, file: &'a str) -> Option<Row<'a>> {
        let kind = Kind::of(event.kind)?;
        if event.recovered {
            return None;
        }
        let raw = trimmed(event.workstation);
        let ip = trimmed(event.ip);
        let server = trimmed(event.computer);
        Some(Row {
            kind,
            time: Some(event.time),
            digits: event.time_digits.min(7),
            workstation: name(&raw, &ip, &server),
            workstation_raw: raw,
            account: trimmed(event.account),
            domain: trimmed(event.domain),
            ip,
            server,
            metering_server: Cow::Borrowed(""),
            event_id: (event.event_id != 0).then_some(event.event_id),
            record_id: event.record_id,
            provider: trimmed(event.provider),
            channel: trimmed(event.channel),
            status: event.status,
            sub_status: event.sub_status,
            logon_type: event.logon_type,
            package: trimmed(event.package),
            line: event.line,
            file,
            offset: event.offset,
        })
    }

    /// The row of a client's attempt. `workstation` is empty for a log that belongs to nobody; `dated`
    /// is false where the stamps are no moments (a time of day only).
    pub fn of_tick(tick: &'a Tick, workstation: &'a str, dated: bool, file: &'a str) -> Row<'a> {
        let empty = Cow::Borrowed("");
        Row {
            kind: Kind::Attempt,
            time: tick.at_ms.filter(|_| dated).map(|ms| Ticks(ms.saturating_mul(10_000))),
            digits: 3,
            workstation: workstation.to_owned(),
            workstation_raw: empty.clone(),
            account: empty.clone(),
            domain: empty.clone(),
            ip: empty.clone(),
            server: empty.clone(),
            metering_server: Cow::Borrowed(&tick.server),
            event_id: None,
            record_id: None,
            provider: empty.clone(),
            channel: empty.clone(),
            status: Status::None,
            sub_status: Status::None,
            logon_type: None,
            package: empty,
            line: Some(tick.line),
            file,
            offset: tick.offset,
        }
    }

    /// The same row, free of what it was made from, but for the file, which is left empty.
    pub fn into_owned(self) -> Row<'static> {
        let owned = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        Row {
            kind: self.kind,
            time: self.time,
            digits: self.digits,
            workstation: self.workstation,
            workstation_raw: owned(self.workstation_raw),
            account: owned(self.account),
            domain: owned(self.domain),
            ip: owned(self.ip),
            server: owned(self.server),
            metering_server: owned(self.metering_server),
            event_id: self.event_id,
            record_id: self.record_id,
            provider: owned(self.provider),
            channel: owned(self.channel),
            status: self.status,
            sub_status: self.sub_status,
            logon_type: self.logon_type,
            package: owned(self.package),
            line: self.line,
            file: "",
            offset: self.offset,
        }
    }

    /// SubStatus unless zero, else Status, else what events 529-539 mean by their id.
    pub fn reason(&self) -> Status {
        match (Status::reason(self.status, self.sub_status), self.event_id) {
            (Status::None, Some(id)) => Status::of_event_id(id),
            (status, _) => status,
        }
    }

    /// Unix milliseconds, floored.
    pub fn time_ms(&self) -> Option<i64> {
        self.time.map(Ticks::millis)
    }

    /// Unix time in 100 ns.
    pub fn time_100ns(&self) -> Option<i64> {
        self.time.map(|time| time.0)
    }

    /// `2001-03-12`; `undated` without a time.
    pub fn date(&self) -> String {
        match self.time {
            Some(time) => Ticks(time.0.div_euclid(TICKS_PER_SECOND) * TICKS_PER_SECOND)
                .rfc3339(0)
                .split('T')
                .next()
                .unwrap_or("undated")
                .to_owned(),
            None => "undated".to_owned(),
        }
    }
}

/// As logged, without white space and NULs at the ends.
fn trimmed(text: Text<'_>) -> Cow<'_, str> {
    let blank = |c: char| c.is_whitespace() || c == '\0';
    match text.decode() {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(blank)),
        Cow::Owned(text) if text.starts_with(blank) || text.ends_with(blank) => {
            Cow::Owned(text.trim_matches(blank).to_owned())
        }
        owned => owned,
    }
}

/// The canonical name of the client, as reports print it; of a blank one `(blank)`.
fn name(raw: &str, ip: &str, server: &str) -> String {
    match workstation(raw, ip) {
        Workstation::Named(name) => name,
        Workstation::Address(ip) => ip.to_string(),
        Workstation::Server => crate::model::workstation::server_key(server),
        Workstation::Blank => BLANK.to_owned(),
    }
}
