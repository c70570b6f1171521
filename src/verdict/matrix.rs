//! What it means: the cause of a storm, and why servers are silent where a client retries.

use crate::model::finding::Class;
use crate::model::status::{Status, StatusClass};

/// "Pipe busy" lines that make an overload: the number of pipe retries that KB Q245228 documents.
const BUSY_LINES: u64 = 15;
/// Share of a client's attempts that a log must cover to be called silent.
const COVERED: f64 = 0.5;

/// Why a workstation fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Wrong passwords from here, then a lockout that names this workstation (KB Q256212).
    CausesLockout {
        /// The account that was locked out, as logged.
        account: String,
        /// Failures before the lockout.
        before: u64,
        /// When, Unix seconds.
        at: i64,
        /// 644 or 4740.
        event_id: u16,
    },
    /// The state of the account refuses every attempt: disabled, locked, expired.
    Victim(Status),
    /// The workstation is the server itself: a service there keeps an old password (KB Q256127 for
    /// the metering server).
    OwnService {
        /// A client log or an account names the server as a metering server.
        metering: bool,
    },
    /// Random names flood the log.
    NameFlooding,
}

/// A lockout that names the workstation, with what came before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lockout {
    /// The account, as logged.
    pub account: String,
    /// Failures of this account from this workstation before the lockout.
    pub before: u64,
    /// Wrong-password failures of this account from this workstation.
    pub wrong_passwords: u64,
    /// When, Unix seconds.
    pub at: i64,
    /// 644 or 4740.
    pub event_id: u16,
}

/// What the cause is concluded from.
#[derive(Clone, Copy, Debug)]
pub struct CauseEvidence<'a> {
    /// Class of the row.
    pub class: Class,
    /// The workstation is a server that logged the failures itself.
    pub is_server: bool,
    /// It is known as a metering server.
    pub is_metering_server: bool,
    /// Reason statuses with counts.
    pub statuses: &'a [(Status, u64)],
    /// Lockouts that name this workstation, in order of time.
    pub lockouts: &'a [Lockout],
}

/// True for the reasons that count towards a lockout: wrong password, and the general refusals of
/// event 529 and of Kerberos that may stand for it.
pub fn is_wrong_password(status: Status) -> bool {
    matches!(status, Status::Nt(0xC000_006A | 0xC000_006D) | Status::Kerberos(0x18))
}

/// Why a workstation fails; `None` where the logs do not tell.
pub fn cause(evidence: &CauseEvidence) -> Option<Cause> {
    if evidence.class == Class::Scanner {
        return Some(Cause::NameFlooding);
    }
    if evidence.is_server {
        return Some(Cause::OwnService { metering: evidence.is_metering_server });
    }
    if let Some(first) = evidence.lockouts.iter().find(|lock| lock.before > 0 && lock.wrong_passwords > 0) {
        return Some(Cause::CausesLockout {
            account: first.account.clone(),
            before: first.before,
            at: first.at,
            event_id: first.event_id,
        });
    }
    let storms = matches!(evidence.class, Class::Storm | Class::PossibleStorm);
    let refused = evidence.statuses.iter().all(|(status, _)| status.class() == StatusClass::AccountState);
    let most = evidence.statuses.iter().max_by_key(|(status, n)| (*n, std::cmp::Reverse(*status)))?;
    (storms && refused).then_some(Cause::Victim(most.0))
}

/// What one server's log could have shown of a client's attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ServerView {
    /// Logon or account-logon events were seen at all.
    pub audited: bool,
    /// Share of the client's attempts inside the log's coverage, if the client's clock is right;
    /// `None` where the client's lines carry no dates.
    pub covers: Option<f64>,
    /// The log was cleared.
    pub cleared: bool,
    /// The log is full.
    pub full: bool,
}

/// Why no server tells of a client that retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The pipe was busy: overload, not credentials (KB Q245228, Q263023).
    Overload,
    /// No server's log was read.
    NoServerLog,
    /// No log covers the time of the attempts.
    NotCovered {
        /// A log was cleared.
        cleared: bool,
        /// A log is full.
        full: bool,
    },
    /// No logon failures of any kind were seen: perhaps not audited.
    NotAudited,
    /// The lines carry no dates, so the coverage cannot be checked.
    Undated,
    /// Audited and covered, and yet silent: service down, network, or attempts that are logged but
    /// not made (KB Q230242).
    ServerSilent,
}

/// Why no server tells of a client that retries.
pub fn silence(busy_lines: u64, servers: &[ServerView]) -> Silence {
    if busy_lines >= BUSY_LINES {
        return Silence::Overload;
    }
    if servers.is_empty() {
        return Silence::NoServerLog;
    }
    let audited: Vec<&ServerView> = servers.iter().filter(|server| server.audited).collect();
    if audited.is_empty() {
        return Silence::NotAudited;
    }
    if audited.iter().all(|server| server.covers.is_none()) {
        return Silence::Undated;
    }
    if audited.iter().any(|server| server.covers.is_some_and(|share| share >= COVERED)) {
        return Silence::ServerSilent;
    }
    Silence::NotCovered {
        cleared: servers.iter().any(|server| server.cleared),
        full: servers.iter().any(|server| server.full),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(audited: bool, covers: Option<f64>) -> ServerView {
        ServerView { audited, covers, cleared: false, full: false }
    }

    #[test]
    fn silence_is_read_from_overload_audits_and_coverage_in_this_order() {
        assert_eq!(silence(15, &[view(true, Some(1.0))]), Silence::Overload);
        assert_eq!(silence(14, &[view(true, Some(1.0))]), Silence::ServerSilent);
        assert_eq!(silence(0, &[]), Silence::NoServerLog);
        assert_eq!(silence(0, &[view(false, Some(1.0))]), Silence::NotAudited);
        assert_eq!(silence(0, &[view(true, Some(0.4))]), Silence::NotCovered { cleared: false, full: false });
        assert_eq!(silence(0, &[view(true, None)]), Silence::Undated);
        let cleared = ServerView { cleared: true, ..view(true, Some(0.0)) };
        assert_eq!(silence(0, &[cleared]), Silence::NotCovered { cleared: true, full: false });
        assert_eq!(silence(0, &[view(true, Some(0.1)), view(true, Some(0.9))]), Silence::ServerSilent);
        let blind = Silence::NotCovered { cleared: false, full: false };
        assert_eq!(silence(0, &[view(true, Some(0.1)), view(false, Some(0.9))]), blind);
    }

    const DISABLED: Status = Status::Nt(0xC000_0072);
    const WRONG: Status = Status::Nt(0xC000_006A);
    const LOCKED: Status = Status::Nt(0xC000_0234);

    fn cause_of(class: Class, is_server: bool, statuses: &[(Status, u64)], lockouts: &[Lockout]) -> Option<Cause> {
        cause(&CauseEvidence { class, is_server, is_metering_server: true, statuses, lockouts })
    }

    fn lockout(before: u64, wrong_passwords: u64) -> Lockout {
        Lockout { account: "user4".into(), before, wrong_passwords, at: 1000, event_id: 644 }
    }

    #[test]
    fn wrong_passwords_before_a_lockout_that_names_it_make_the_client_the_cause() {
        let saw = [(LOCKED, 90), (WRONG, 5)];
        let caused = cause_of(Class::Storm, false, &saw, &[lockout(0, 5), lockout(5, 5)]);
        assert!(matches!(caused, Some(Cause::CausesLockout { before: 5, event_id: 644, .. })));
        assert_eq!(cause_of(Class::Storm, false, &saw, &[]), None, "wrong passwords without a lockout");
    }

    #[test]
    fn only_refusals_by_the_account_state_make_a_victim() {
        let refused = [(DISABLED, 10), (LOCKED, 90)];
        assert_eq!(cause_of(Class::Storm, false, &refused, &[lockout(10, 0)]), Some(Cause::Victim(LOCKED)));
        assert_eq!(cause_of(Class::Human, false, &refused, &[]), None, "a person is no victim of a loop");
        assert_eq!(cause_of(Class::Storm, false, &[], &[]), None);
    }

    #[test]
    fn the_server_itself_and_floods_have_their_own_heading() {
        let own = Some(Cause::OwnService { metering: true });
        assert_eq!(cause_of(Class::Storm, true, &[(WRONG, 9)], &[lockout(5, 5)]), own);
        assert_eq!(cause_of(Class::Scanner, false, &[(WRONG, 9)], &[]), Some(Cause::NameFlooding));
    }
}
