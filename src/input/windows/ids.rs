//! Which events are wanted, who writes them, and which audit category they show.

use crate::model::event::EventKind;
use crate::model::gathered::Audits;
use crate::model::names::Text;

/// How the values of an event are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Unnamed insertion strings, by position (NT 4 to Server 2003).
    Classic,
    /// Named values (Vista and later).
    Modern,
}

/// One event id.
#[derive(Clone, Copy, Debug)]
pub struct Id {
    /// The event id.
    pub id: u16,
    /// Who writes it.
    pub shape: Shape,
    /// What it tells; for events that also report success this is `Failure` until the status is read.
    pub kind: EventKind,
    /// The category it shows when it tells of a failure (or of anything but a logon).
    pub audits: Audits,
}

const fn id(id: u16, shape: Shape, kind: EventKind, audits: Audits) -> Id {
    Id { id, shape, kind, audits }
}

use EventKind::{AccountDisabled, AccountEnabled, AccountUnlocked, AuditsLost, Failure, Lockout, LogCleared, LogFull};
use Shape::{Classic, Modern};

const NO_AUDITS: Audits = Audits(0);

/// Every wanted event, ascending by id. Classic ids: KB Q174074, Q287626, KB305822; modern ids:
/// Microsoft's event documentation.
#[rustfmt::skip] // one row, one line
pub const IDS: &[Id] = &[
    id(516, Classic, AuditsLost, NO_AUDITS),
    id(517, Classic, LogCleared, NO_AUDITS),
    id(529, Classic, Failure, Audits::LOGON_FAILURE),
    id(530, Classic, Failure, Audits::LOGON_FAILURE),
    id(531, Classic, Failure, Audits::LOGON_FAILURE),
    id(532, Classic, Failure, Audits::LOGON_FAILURE),
    id(533, Classic, Failure, Audits::LOGON_FAILURE),
    id(534, Classic, Failure, Audits::LOGON_FAILURE),
    id(535, Classic, Failure, Audits::LOGON_FAILURE),
    id(536, Classic, Failure, Audits::LOGON_FAILURE),
    id(537, Classic, Failure, Audits::LOGON_FAILURE),
    id(539, Classic, Failure, Audits::LOGON_FAILURE),
    id(626, Classic, AccountEnabled, Audits::ACCOUNT_MANAGEMENT),
    id(629, Classic, AccountDisabled, Audits::ACCOUNT_MANAGEMENT),
    id(644, Classic, Lockout, Audits::ACCOUNT_MANAGEMENT),
    id(671, Classic, AccountUnlocked, Audits::ACCOUNT_MANAGEMENT),
    id(672, Classic, Failure, Audits::ACCOUNT_LOGON_FAILURE),
    id(675, Classic, Failure, Audits::ACCOUNT_LOGON_FAILURE),
    id(676, Classic, Failure, Audits::ACCOUNT_LOGON_FAILURE),
    id(680, Classic, Failure, Audits::ACCOUNT_LOGON_FAILURE),
    id(681, Classic, Failure, Audits::ACCOUNT_LOGON_FAILURE),
    id(1102, Modern, LogCleared, NO_AUDITS),
    id(1104, Modern, LogFull, NO_AUDITS),
    id(4625, Modern, Failure, Audits::LOGON_FAILURE),
    id(4722, Modern, AccountEnabled, Audits::ACCOUNT_MANAGEMENT),
    id(4725, Modern, AccountDisabled, Audits::ACCOUNT_MANAGEMENT),
    id(4740, Modern, Lockout, Audits::ACCOUNT_MANAGEMENT),
    id(4767, Modern, AccountUnlocked, Audits::ACCOUNT_MANAGEMENT),
    id(4768, Modern, Failure, Audits::ACCOUNT_LOGON_FAILURE),
    id(4771, Modern, Failure, Audits::ACCOUNT_LOGON_FAILURE),
    id(4776, Modern, Failure, Audits::ACCOUNT_LOGON_FAILURE),
];

/// Successful logons: not wanted as events, they only show that the category is audited.
const LOGON_SUCCESS: [u16; 3] = [528, 540, 4624];

/// The table row of an event id; `None` when the event is not wanted.
pub fn wanted(event_id: u16) -> Option<&'static Id> {
    IDS.binary_search_by_key(&event_id, |row| row.id).ok().map(|at| &IDS[at])
}

/// The categories that a record of this id shows without a look at its values; the rest is known
/// after [`super::field::finish`].
pub fn audits_by_id(event_id: u16) -> Audits {
    if LOGON_SUCCESS.contains(&event_id) { Audits::LOGON_SUCCESS } else { NO_AUDITS }
}

/// The categories that a finished event shows.
pub fn audits(event_id: u16, kind: EventKind) -> Audits {
    match (wanted(event_id), kind) {
        (Some(row), EventKind::Success) if row.audits == Audits::ACCOUNT_LOGON_FAILURE => Audits::ACCOUNT_LOGON_SUCCESS,
        (Some(row), _) => row.audits,
        (None, _) => audits_by_id(event_id),
    }
}

/// True where provider and channel are those of an audit event of this shape. Ids are reused: the
/// provider EventSystem writes a 4625 into the Application log.
///
/// A blank channel is let through for sources that do not tell it.
pub fn is_audit(row: &Id, provider: Text<'_>, channel: Text<'_>) -> bool {
    let channel_fits = channel.is_empty() || channel.is_ascii_word("Security");
    channel_fits
        && match (row.shape, row.kind) {
            (Classic, _) => provider.is_ascii_word("Security"),
            (Modern, LogCleared | LogFull) => provider.is_ascii_word("Microsoft-Windows-Eventlog"),
            (Modern, _) => provider.is_ascii_word("Microsoft-Windows-Security-Auditing"),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_a_search_finds_every_row() {
        assert!(IDS.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert!(IDS.iter().all(|row| wanted(row.id).is_some_and(|found| found.id == row.id)));
        assert!(wanted(538).is_none() && wanted(4624).is_none());
    }

    #[test]
    fn a_4625_of_eventsystem_is_no_logon() {
        let row = wanted(4625).unwrap();
        let (security, application) = (Text::Utf8("Security"), Text::Utf8("Application"));
        assert!(is_audit(row, Text::Utf8("Microsoft-Windows-Security-Auditing"), security));
        assert!(!is_audit(row, Text::Utf8("EventSystem"), application));
        assert!(!is_audit(row, Text::Utf8("Microsoft-Windows-EventSystem"), application));
        let classic = wanted(681).unwrap();
        assert!(is_audit(classic, Text::Utf8("SECURITY"), Text::Utf8("")));
        assert!(!is_audit(classic, Text::Utf8("MSSQLSERVER"), Text::Utf8("Application")));
    }
}
