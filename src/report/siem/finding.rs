//! What both schemas ask of a row.

use std::net::IpAddr;

use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use crate::model::analysis::{AccountCount, Analysis, Row};
use crate::model::finding::Class;
use crate::model::verdict::Verdict;
use crate::model::workstation::address;
use crate::report::sentence;
use crate::report::style::Style;

/// A row with its times.
pub(super) struct Finding<'a> {
    pub(super) row: &'a Row,
    /// First and last failure, Unix seconds.
    pub(super) first: i64,
    pub(super) last: i64,
}

/// The findings that `style` lists, in order of rank.
pub(super) fn findings<'a>(analysis: &'a Analysis, style: &Style) -> impl Iterator<Item = Finding<'a>> {
    style.rows(analysis).filter_map(|row| Some(Finding { row, first: row.first_failure?, last: row.last_failure? }))
}

impl Finding<'_> {
    /// The same storm has the same identity in every later report: a hash of its server, workstation
    /// and onset, 32 hexadecimal digits. The server is that of the first failure: which of several it
    /// fails on most may change, and so may the spelling of a name.
    pub(super) fn uid(&self) -> String {
        let server = &self.row.evidence.first_server;
        let name = self.row.workstation.to_uppercase();
        let hash = Sha256::digest(format!("{server}\0{name}\0{}", self.first));
        hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The whole finding in one sentence, times in UTC.
    pub(super) fn sentence(&self) -> String {
        sentence::of(self.row, Tz::UTC)
    }

    /// The rule that found it.
    pub(super) fn title(&self) -> &'static str {
        match self.row.class {
            Class::Storm => "Logon storm",
            Class::PossibleStorm => "Possible logon storm",
            Class::Spray => "Password spray",
            Class::Scanner => "Logons under random names",
            Class::Unclassified => "Failed logons",
            Class::Human => "Failed logons of a person",
        }
    }

    /// The workstation's name, where it is one: not an address, not a name in parentheses of our own.
    pub(super) fn name(&self) -> Option<&str> {
        let name = self.row.workstation.as_str();
        (address(name).is_none() && !name.starts_with("(blank)") && self.row.class != Class::Scanner).then_some(name)
    }

    /// Addresses it came from, the workstation's own first, each once.
    pub(super) fn addresses(&self) -> Vec<IpAddr> {
        let mut out: Vec<IpAddr> = Vec::new();
        for text in std::iter::once(&self.row.workstation).chain(&self.row.evidence.ips) {
            if let Some(ip) = address(text).filter(|ip| !out.contains(ip)) {
                out.push(ip);
            }
        }
        out
    }

    /// The account, where there is only one.
    pub(super) fn only_account(&self) -> Option<&AccountCount> {
        match self.row.accounts.as_slice() {
            [only] if !only.account.is_empty() => Some(only),
            _ => None,
        }
    }

    /// 1 informational, 2 low, 3 medium, 4 high: the numbers of OCSF.
    pub(super) fn severity(&self) -> (u8, &'static str) {
        match self.row.class {
            Class::Spray | Class::Scanner => (4, "High"),
            Class::Storm if self.row.ongoing => (4, "High"),
            Class::Storm => (3, "Medium"),
            Class::PossibleStorm => (2, "Low"),
            Class::Unclassified | Class::Human => (1, "Informational"),
        }
    }

    /// 1 low, 2 medium, 3 high: the numbers of OCSF. High where the client's own log confirms it.
    pub(super) fn confidence(&self) -> (u8, &'static str) {
        match (self.row.class, self.row.verdict) {
            (_, Some(Verdict::Confirmed)) => (3, "High"),
            (Class::Storm | Class::Spray | Class::Scanner, _) => (2, "Medium"),
            (Class::PossibleStorm | Class::Unclassified | Class::Human, _) => (1, "Low"),
        }
    }
}
