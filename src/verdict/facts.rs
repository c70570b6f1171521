//! What the words of one row are made from.

use super::ladder::Decision;
use super::matrix::{Cause, Silence};
use crate::model::analysis::AccountCount;
use crate::model::client::AttributedBy;
use crate::model::finding::{Class, Finding};
use crate::model::matching::Correlation;
use crate::model::status::Status;

/// The client's own log, as far as words need it.
#[derive(Clone, Copy, Debug)]
pub struct ClientFacts<'a> {
    /// Failed attempts in the log.
    pub attempts: u64,
    /// The rule that gave the log to the workstation.
    pub attributed_by: Option<AttributedBy>,
    /// Share of the storm's active time that the log covers, on the clock that is known best; 0 to 1.
    pub covers: f64,
    /// Successes during the storm.
    pub successes: u64,
    /// Servers named in the log, most often first.
    pub metering_servers: &'a [String],
}

/// Everything that the reasons and the action of one row are made from.
#[derive(Clone, Copy, Debug)]
pub struct RowFacts<'a> {
    /// The row's name.
    pub workstation: &'a str,
    /// The class of the row.
    pub class: Class,
    /// The class the server's log alone would give was human or unclassified.
    pub promoted: bool,
    /// The finding with most distinct seconds of that class; `None` for scans and client-only rows.
    pub finding: Option<&'a Finding>,
    /// Spread of the gaps around the finding's period in seconds, at least 1 (logs keep whole
    /// seconds); `None` where not known.
    pub spread_s: Option<f64>,
    /// Distinct names of a scan; 0 for other rows.
    pub names: u64,
    /// Failures of the row.
    pub failures: u64,
    /// First and last failure.
    pub span: Option<(i64, i64)>,
    /// Accounts, most failures first.
    pub accounts: &'a [AccountCount],
    /// Reason statuses, most failures first.
    pub statuses: &'a [(Status, u64)],
    /// Events of every family by id, most first.
    pub event_ids: &'a [(u16, u64)],
    /// Servers, most distinct seconds first.
    pub servers: &'a [String],
    /// Failures by logon type, most first; type 0 where no event tells.
    pub logon_types: &'a [(u8, u64)],
    /// Most frequent process; `None` where no event tells.
    pub process: Option<&'a str>,
    /// The client's own log; `None` without one.
    pub client: Option<ClientFacts<'a>>,
    /// Verdict and what decided; `None` where there is no verdict.
    pub decision: Option<Decision>,
    /// The comparison that the decision rests on.
    pub correlation: Option<&'a Correlation>,
    /// Distance of a client's tick and a server's burst on the aligned clock, in seconds.
    pub tolerance_s: f64,
    /// Offset at the midpoint between the first and the last matched pair, seconds.
    pub offset_s: Option<f64>,
    /// Why the client fails, where the logs tell.
    pub cause: Option<&'a Cause>,
    /// Why the servers may be silent, for a row without failures.
    pub silence: Option<Silence>,
    /// Another workstation whose failures this client's log fits: a renamed machine.
    pub renamed: Option<&'a str>,
    /// Another workstation whose client log fits these failures: a renamed machine.
    pub fits_log_of: Option<&'a str>,
}

impl RowFacts<'_> {
    /// The licence metering client is in play: a client log tells of attempts.
    pub fn is_metering(&self) -> bool {
        self.client.is_some_and(|client| client.attempts > 0)
    }

    /// Failures are told by classic events only (Windows NT 4.0 to 2003).
    pub fn is_classic(&self) -> bool {
        !self.event_ids.is_empty() && self.event_ids.iter().all(|(id, _)| (1..1000).contains(id))
    }

    /// The status that decides what to do: that of the finding, else the most frequent.
    pub fn status(&self) -> Status {
        let most = self.statuses.first().map_or(Status::None, |(status, _)| *status);
        self.finding.map_or(most, |finding| finding.dominant_status)
    }
}
