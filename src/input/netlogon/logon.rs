//! One line of a netlogon.log.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::model::status::Status;

/// One line that tells how a logon ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Logon<'t> {
    /// Interactive 2, network 3; `None` for other kinds.
    pub(super) logon_type: Option<u32>,
    pub(super) domain: &'t str,
    pub(super) account: &'t str,
    pub(super) workstation: &'t str,
    pub(super) relay: &'t str,
    /// The code as an NTSTATUS; [`Status::None`] where it is an error code of the network library.
    pub(super) status: Status,
    pub(super) success: bool,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told<'t> {
    /// No logon line, or one that has only begun.
    Other,
    /// How a logon ended.
    Logon(Logon<'t>),
    /// A logon line that cannot be read; why.
    Damaged(&'static str),
}

/// False for a line that [`parse`] takes for no logon line, stamp or not: both marks have this word.
pub(super) fn seems_logon(line: &str) -> bool {
    static WORD: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("Logon"));
    WORD.find(line.as_bytes()).is_some()
}

/// What the text behind the stamp tells.
pub(super) fn parse(rest: &str) -> Told<'_> {
    let rest = rest.trim_end_matches(|c: char| c.is_whitespace() || c == '\0');
    if let Some(at) = rest.find("SamLogon: ") {
        return sam_logon(&rest[at + "SamLogon: ".len()..]);
    }
    match rest.split_once("NetrLogonUasLogon of ") {
        Some((_, body)) => uas_logon(body),
        None => Told::Other,
    }
}

/// `[Transitive ]KIND logon of DOMAIN\USER from [WORKSTATION][ (via RELAY)] Returns 0xCODE`.
fn sam_logon(body: &str) -> Told<'_> {
    let Some((kind, body)) = body.split_once(" logon of ") else { return Told::Other };
    let Some((body, code)) = body.rsplit_once(" Returns ") else {
        return if body.ends_with("Entered") { Told::Other } else { Told::Damaged("a logon without its end") };
    };
    let code = code.trim();
    let digits = code.strip_prefix("0x").or(code.strip_prefix("0X"));
    let Some(code) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
        return Told::Damaged("no status behind `Returns`");
    };
    let (body, relay) = match body.trim_end().rsplit_once("(via ") {
        Some((body, relay)) => (body, relay.trim_end_matches(')')),
        None => (body, ""),
    };
    let body = body.trim_end();
    let Some((who, workstation)) = body.rsplit_once(" from ").or(body.strip_suffix(" from").map(|who| (who, "")))
    else {
        return Told::Damaged("no workstation part");
    };
    let (domain, account) = who.split_once('\\').unwrap_or(("", who));
    let kind = kind.strip_prefix("Transitive ").unwrap_or(kind);
    Told::Logon(Logon {
        logon_type: match kind {
            "Interactive" => Some(2),
            "Network" => Some(3),
            _ => None,
        },
        domain: if domain == "(null)" { "" } else { domain },
        account: if account == "(null)" { "" } else { account },
        workstation: if workstation == "(null)" { "" } else { workstation.trim() },
        relay: relay.trim(),
        status: Status::Nt(code),
        success: code == 0,
    })
}

/// `USER from WORKSTATION returns CODE`, the decimal code being one of the network library.
fn uas_logon(body: &str) -> Told<'_> {
    let Some((body, code)) = body.rsplit_once(" returns ") else {
        return if body.ends_with("Entered") { Told::Other } else { Told::Damaged("a logon without its end") };
    };
    let Some((account, workstation)) = body.rsplit_once(" from ") else {
        return Told::Damaged("no workstation part");
    };
    let Ok(code) = code.trim().parse::<u32>() else { return Told::Damaged("no code behind `returns`") };
    Told::Logon(Logon {
        logon_type: None,
        domain: "",
        account: account.trim(),
        workstation: workstation.trim(),
        relay: "",
        // Only an error NTSTATUS has its two highest bits set.
        status: if code == 0 || code >= 0xC000_0000 { Status::Nt(code) } else { Status::None },
        success: code == 0,
    })
}
