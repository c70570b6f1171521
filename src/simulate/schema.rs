//! Fields of the modern logon events, in the order of the provider's manifest.
//!
//! Names and order: Microsoft, "Advanced security auditing" (events 4624, 4625, 4740, 4768, 4771,
//! 4776). Types: as found in logs of Windows 10 and Server 2012 to 2022.

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Unicode text.
    Text,
    /// Security identifier.
    Sid,
    /// Unsigned 32-bit number.
    U32,
    /// 32-bit number, printed in hexadecimal.
    Hex32,
    /// 64-bit number, printed in hexadecimal.
    Hex64,
}

impl Kind {
    /// The BinXML type code (MS-EVEN6 2.2.12).
    pub(super) fn code(self) -> u8 {
        match self {
            Kind::Text => 0x01,
            Kind::Sid => 0x13,
            Kind::U32 => 0x08,
            Kind::Hex32 => 0x14,
            Kind::Hex64 => 0x15,
        }
    }
}

/// The fields of one modern event.
#[derive(Debug, PartialEq, Eq)]
pub struct Schema {
    /// Event id.
    pub event_id: u16,
    /// Version of the event.
    pub version: u8,
    /// Task number: the audit subcategory.
    pub task: u16,
    /// Name and type of each field.
    pub fields: &'static [(&'static str, Kind)],
}

use Kind::{Hex32, Hex64, Sid, Text, U32};

/// 4625, an account failed to log on.
pub static LOGON_FAILURE: Schema = Schema {
    event_id: 4625,
    version: 0,
    task: 12_544,
    fields: &[
        ("SubjectUserSid", Sid),
        ("SubjectUserName", Text),
        ("SubjectDomainName", Text),
        ("SubjectLogonId", Hex64),
        ("TargetUserSid", Sid),
        ("TargetUserName", Text),
        ("TargetDomainName", Text),
        ("Status", Hex32),
        ("FailureReason", Text),
        ("SubStatus", Hex32),
        ("LogonType", U32),
        ("LogonProcessName", Text),
        ("AuthenticationPackageName", Text),
        ("WorkstationName", Text),
        ("TransmittedServices", Text),
        ("LmPackageName", Text),
        ("KeyLength", U32),
        ("ProcessId", Hex64),
        ("ProcessName", Text),
        ("IpAddress", Text),
        ("IpPort", Text),
    ],
};

/// 4624, an account was logged on (version 0, the 20 fields of Windows 7 and Server 2008 R2).
pub static LOGON_SUCCESS: Schema = Schema {
    event_id: 4624,
    version: 0,
    task: 12_544,
    fields: &[
        ("SubjectUserSid", Sid),
        ("SubjectUserName", Text),
        ("SubjectDomainName", Text),
        ("SubjectLogonId", Hex64),
        ("TargetUserSid", Sid),
        ("TargetUserName", Text),
        ("TargetDomainName", Text),
        ("TargetLogonId", Hex64),
        ("LogonType", U32),
        ("LogonProcessName", Text),
        ("AuthenticationPackageName", Text),
        ("WorkstationName", Text),
        ("LogonGuid", Text),
        ("TransmittedServices", Text),
        ("LmPackageName", Text),
        ("KeyLength", U32),
        ("ProcessId", Hex64),
        ("ProcessName", Text),
        ("IpAddress", Text),
        ("IpPort", Text),
    ],
};

/// 4776, the computer attempted to validate the credentials for an account.
pub static CREDENTIAL_VALIDATION: Schema = Schema {
    event_id: 4776,
    version: 0,
    task: 14_336,
    fields: &[("PackageName", Text), ("TargetUserName", Text), ("Workstation", Text), ("Status", Hex32)],
};

/// 4771, Kerberos pre-authentication failed.
pub static PREAUTH_FAILED: Schema = Schema {
    event_id: 4771,
    version: 0,
    task: 14_339,
    fields: &[
        ("TargetUserName", Text),
        ("TargetSid", Sid),
        ("ServiceName", Text),
        ("TicketOptions", Hex32),
        ("Status", Hex32),
        ("PreAuthType", Text),
        ("IpAddress", Text),
        ("IpPort", Text),
        ("CertIssuerName", Text),
        ("CertSerialNumber", Text),
        ("CertThumbprint", Text),
    ],
};

/// 4768, a Kerberos authentication ticket was requested.
pub static TICKET_REQUEST: Schema = Schema {
    event_id: 4768,
    version: 0,
    task: 14_339,
    fields: &[
        ("TargetUserName", Text),
        ("TargetDomainName", Text),
        ("TargetSid", Sid),
        ("ServiceName", Text),
        ("ServiceSid", Sid),
        ("TicketOptions", Hex32),
        ("Status", Hex32),
        ("TicketEncryptionType", Hex32),
        ("PreAuthType", Text),
        ("IpAddress", Text),
        ("IpPort", Text),
        ("CertIssuerName", Text),
        ("CertSerialNumber", Text),
        ("CertThumbprint", Text),
    ],
};

/// 4740, a user account was locked out. `TargetDomainName` holds the caller computer.
pub static LOCKOUT: Schema = Schema {
    event_id: 4740,
    version: 0,
    task: 13_824,
    fields: &[
        ("TargetUserName", Text),
        ("TargetDomainName", Text),
        ("TargetSid", Sid),
        ("SubjectUserSid", Sid),
        ("SubjectUserName", Text),
        ("SubjectDomainName", Text),
        ("SubjectLogonId", Hex64),
    ],
};
