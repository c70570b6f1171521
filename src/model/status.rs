//! Status codes: the only place that knows NTSTATUS and Kerberos numbers.
//!
//! Meanings: KB273499 (Event 681), Microsoft's documentation of events 4625, 4776 and 4771. The
//! reasons of events 529-539 are those of KB Q174074.

/// A status as a log gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The event has no status field, or it is empty.
    #[default]
    None,
    /// An NTSTATUS. 0 is success.
    Nt(u32),
    /// A Kerberos error code (RFC 4120 section 7.5.9). 0 is success.
    Kerberos(u32),
}

impl Status {
    /// Which kind it is and its code; 0 and 0 for none.
    pub fn packed(self) -> (u8, u32) {
        match self {
            Status::None => (0, 0),
            Status::Nt(code) => (1, code),
            Status::Kerberos(code) => (2, code),
        }
    }
}

/// What a status says about the cause of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusClass {
    /// Wrong name or wrong password.
    BadCredentials,
    /// The account is disabled, locked, expired or restricted: no password would help.
    AccountState,
    /// The account lacks a logon right.
    AccountRight,
    /// Trust, time, network or service trouble.
    Infrastructure,
    /// Not in the table.
    Unknown,
}

/// One known code.
#[derive(Clone, Copy, Debug)]
pub struct StatusInfo {
    /// The number.
    pub code: u32,
    /// The symbolic name, as in ntstatus.h or RFC 4120.
    pub name: &'static str,
    /// What an administrator would say.
    pub meaning: &'static str,
    /// The kind of cause.
    pub class: StatusClass,
}

impl Status {
    /// True where the attempt succeeded.
    pub fn is_success(self) -> bool {
        matches!(self, Status::Nt(0) | Status::Kerberos(0))
    }

    /// True for an absent status and for zero.
    pub fn is_none_or_zero(self) -> bool {
        matches!(self, Status::None | Status::Nt(0) | Status::Kerberos(0))
    }

    /// `0xC0000072` for an NTSTATUS, `0x12` for Kerberos, empty for none.
    pub fn code_text(self) -> String {
        match self {
            Status::None => String::new(),
            Status::Nt(code) => format!("0x{code:08X}"),
            Status::Kerberos(code) => format!("0x{code:X}"),
        }
    }

    /// The table row of this code; `None` for an unknown code or no status.
    pub fn info(self) -> Option<&'static StatusInfo> {
        let (table, code) = match self {
            Status::None => return None,
            Status::Nt(code) => (NT, code),
            Status::Kerberos(code) => (KERBEROS, code),
        };
        table.iter().find(|info| info.code == code)
    }

    /// The symbolic name; empty for no status, `(unknown)` for a code that is not in the table.
    pub fn name(self) -> &'static str {
        match self {
            Status::None => "",
            _ => self.info().map_or("(unknown)", |info| info.name),
        }
    }

    /// The kind of cause.
    pub fn class(self) -> StatusClass {
        self.info().map_or(StatusClass::Unknown, |info| info.class)
    }

    /// Reads an NTSTATUS: unsigned decimal (Event 681), signed decimal, or hexadecimal with `0x`.
    /// Blank and `-` are `Status::None`; `None` means the text is no status.
    pub fn parse_nt(text: &str) -> Option<Status> {
        parse_u32(text).map(|code| code.map_or(Status::None, Status::Nt))
    }

    /// Reads a Kerberos code: hexadecimal with `0x`, or decimal.
    pub fn parse_kerberos(text: &str) -> Option<Status> {
        parse_u32(text).map(|code| code.map_or(Status::None, Status::Kerberos))
    }

    /// SubStatus unless it is absent or zero, else Status (Microsoft's documentation of 4625).
    pub fn reason(status: Status, sub_status: Status) -> Status {
        if sub_status.is_none_or_zero() { status } else { sub_status }
    }

    /// The status that events 529-536 and 539 mean by their id (KB Q174074); `None` for others.
    pub fn of_event_id(event_id: u16) -> Status {
        match event_id {
            529 => Status::Nt(0xC000_006D),
            530 => Status::Nt(0xC000_006F),
            531 => Status::Nt(0xC000_0072),
            532 => Status::Nt(0xC000_0193),
            533 => Status::Nt(0xC000_0070),
            534 => Status::Nt(0xC000_015B),
            535 => Status::Nt(0xC000_0071),
            536 => Status::Nt(0xC000_0192),
            539 => Status::Nt(0xC000_0234),
            _ => Status::None,
        }
    }
}

/// `Some(None)` for blank text, `None` for text that is no 32-bit number.
fn parse_u32(text: &str) -> Option<Option<u32>> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text.is_empty() || text == "-" {
        return Some(None);
    }
    let code = if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        u32::from_str_radix(hex, 16).ok()?
    } else if text.starts_with('-') {
        text.parse::<i32>().ok()? as u32
    } else {
        text.parse::<u32>().ok()?
    };
    Some(Some(code))
}

const fn row(code: u32, name: &'static str, class: StatusClass, meaning: &'static str) -> StatusInfo {
    StatusInfo { code, name, meaning, class }
}

use StatusClass::{AccountRight, AccountState, BadCredentials, Infrastructure, Unknown};

/// The NTSTATUS codes that logon events carry, in order of number.
pub const NT: &[StatusInfo] = &[
    row(0x0000_0000, "STATUS_SUCCESS", Unknown, "success"),
    row(0xC000_0022, "STATUS_ACCESS_DENIED", Infrastructure, "access denied"),
    row(0xC000_005E, "STATUS_NO_LOGON_SERVERS", Infrastructure, "no logon server could be reached"),
    row(0xC000_005F, "STATUS_NO_SUCH_LOGON_SESSION", Infrastructure, "no such logon session"),
    row(0xC000_0064, "STATUS_NO_SUCH_USER", BadCredentials, "no such account"),
    row(0xC000_006A, "STATUS_WRONG_PASSWORD", BadCredentials, "wrong password"),
    row(0xC000_006C, "STATUS_PASSWORD_RESTRICTION", AccountState, "password policy not met"),
    row(0xC000_006D, "STATUS_LOGON_FAILURE", BadCredentials, "bad user name or password"),
    row(0xC000_006E, "STATUS_ACCOUNT_RESTRICTION", AccountState, "account restriction"),
    row(0xC000_006F, "STATUS_INVALID_LOGON_HOURS", AccountState, "outside the allowed hours"),
    row(0xC000_0070, "STATUS_INVALID_WORKSTATION", AccountState, "workstation not allowed"),
    row(0xC000_0071, "STATUS_PASSWORD_EXPIRED", AccountState, "password expired"),
    row(0xC000_0072, "STATUS_ACCOUNT_DISABLED", AccountState, "account disabled"),
    row(0xC000_0073, "STATUS_NONE_MAPPED", Unknown, "name could not be mapped"),
    row(0xC000_009A, "STATUS_INSUFFICIENT_RESOURCES", Infrastructure, "out of resources"),
    row(0xC000_00BB, "STATUS_NOT_SUPPORTED", Infrastructure, "not supported"),
    row(0xC000_00DC, "STATUS_INVALID_SERVER_STATE", Infrastructure, "server in the wrong state"),
    row(0xC000_00DF, "STATUS_NO_SUCH_DOMAIN", Infrastructure, "no such domain"),
    row(0xC000_00E5, "STATUS_INTERNAL_ERROR", Infrastructure, "internal error"),
    row(0xC000_0133, "STATUS_TIME_DIFFERENCE_AT_DC", Infrastructure, "clock differs from the domain controller's"),
    row(0xC000_015B, "STATUS_LOGON_TYPE_NOT_GRANTED", AccountRight, "logon type not granted"),
    row(0xC000_018A, "STATUS_NO_TRUST_LSA_SECRET", Infrastructure, "trust: no local secret"),
    row(0xC000_018B, "STATUS_NO_TRUST_SAM_ACCOUNT", Infrastructure, "trust: no computer account"),
    row(0xC000_018C, "STATUS_TRUSTED_DOMAIN_FAILURE", Infrastructure, "trust between domains failed"),
    row(0xC000_018D, "STATUS_TRUSTED_RELATIONSHIP_FAILURE", Infrastructure, "trust with the domain failed"),
    row(0xC000_0190, "STATUS_TRUST_FAILURE", Infrastructure, "trust failed"),
    row(0xC000_0192, "STATUS_NETLOGON_NOT_STARTED", Infrastructure, "Netlogon not started"),
    row(0xC000_0193, "STATUS_ACCOUNT_EXPIRED", AccountState, "account expired"),
    row(0xC000_0199, "STATUS_NOLOGON_WORKSTATION_TRUST_ACCOUNT", AccountRight, "a computer account was used"),
    row(0xC000_019A, "STATUS_NOLOGON_SERVER_TRUST_ACCOUNT", AccountRight, "a server's trust account was used"),
    row(0xC000_0224, "STATUS_PASSWORD_MUST_CHANGE", AccountState, "password must be changed"),
    row(0xC000_0225, "STATUS_NOT_FOUND", Infrastructure, "not found"),
    row(0xC000_0234, "STATUS_ACCOUNT_LOCKED_OUT", AccountState, "account locked out"),
    row(0xC000_02EE, "STATUS_UNFINISHED_CONTEXT_DELETED", Infrastructure, "logon was not completed"),
    row(0xC000_0371, "STATUS_NO_SECRETS", Infrastructure, "no secret stored for the account"),
    row(0xC000_0380, "STATUS_SMARTCARD_WRONG_PIN", BadCredentials, "wrong smart card PIN"),
    row(0xC000_0381, "STATUS_SMARTCARD_CARD_BLOCKED", BadCredentials, "smart card blocked"),
    row(0xC000_0382, "STATUS_SMARTCARD_CARD_NOT_AUTHENTICATED", BadCredentials, "smart card not authenticated"),
    row(0xC000_0388, "STATUS_DOWNGRADE_DETECTED", Infrastructure, "downgrade detected, no domain controller"),
    row(0xC000_0413, "STATUS_AUTHENTICATION_FIREWALL_FAILED", AccountRight, "authentication firewall"),
    row(0xC000_0418, "STATUS_NTLM_BLOCKED", AccountRight, "NTLM blocked by policy"),
];

/// The Kerberos codes that events 675, 676, 672, 4768 and 4771 carry, in order of number.
pub const KERBEROS: &[StatusInfo] = &[
    row(0x00, "KDC_ERR_NONE", Unknown, "success"),
    row(0x06, "KDC_ERR_C_PRINCIPAL_UNKNOWN", BadCredentials, "no such account"),
    row(0x07, "KDC_ERR_S_PRINCIPAL_UNKNOWN", Infrastructure, "no such service"),
    row(0x0C, "KDC_ERR_POLICY", AccountState, "workstation or hours not allowed"),
    row(0x0E, "KDC_ERR_ETYPE_NOSUPP", Infrastructure, "encryption type not supported"),
    row(0x10, "KDC_ERR_PADATA_TYPE_NOSUPP", Infrastructure, "pre-authentication type not supported"),
    row(0x12, "KDC_ERR_CLIENT_REVOKED", AccountState, "account disabled, expired or locked out"),
    row(0x17, "KDC_ERR_KEY_EXPIRED", AccountState, "password expired"),
    row(0x18, "KDC_ERR_PREAUTH_FAILED", BadCredentials, "wrong password"),
    row(0x19, "KDC_ERR_PREAUTH_REQUIRED", Unknown, "pre-authentication required (not a failure)"),
    row(0x20, "KRB_AP_ERR_TKT_EXPIRED", Infrastructure, "ticket expired"),
    row(0x25, "KRB_AP_ERR_SKEW", Infrastructure, "clock differs too much"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_signed_and_hexadecimal_forms_are_the_same_status() {
        for text in ["3221225586", "-1073741710", "0xC0000072", "0Xc0000072", " 0xc0000072\0 "] {
            assert_eq!(Status::parse_nt(text), Some(Status::Nt(0xC000_0072)), "{text:?}");
        }
        assert_eq!(Status::parse_nt("-"), Some(Status::None));
        assert_eq!(Status::parse_nt("%%2307"), None);
        assert_eq!(Status::parse_kerberos("24"), Some(Status::Kerberos(0x18)));
        assert_eq!(Status::parse_kerberos("0x12"), Some(Status::Kerberos(0x12)));
    }

    #[test]
    fn names_agree_with_an_independent_table() {
        let letters = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric(), "").to_uppercase();
        let mut compared = 0;
        for info in NT {
            if let Some(other) = ntstatus::ntstatus::NtStatus::from_u32(info.code) {
                let other = letters(&format!("{other:?}"));
                assert_eq!(other.trim_start_matches("STATUS"), letters(info.name).trim_start_matches("STATUS"));
                compared += 1;
            }
        }
        assert!(compared > 30, "the independent table knows too few of the codes: {compared}");
    }

    #[test]
    fn tables_are_sorted_and_without_repeats() {
        for table in [NT, KERBEROS] {
            assert!(table.windows(2).all(|pair| pair[0].code < pair[1].code));
        }
    }
}
