//! The two registry values of the metering client, and the warning that belongs to them.

/// The key, as KB Q287626 writes it, below HKEY_LOCAL_MACHINE.
pub(super) const KEY: &str = r"Software\Microsoft\SMS\Client\Client Components\License Metering\Properties";
/// Number of retries, REG_DWORD.
pub(super) const RETRIES: &str = "PipeRetries";
/// Milliseconds between them, REG_DWORD.
pub(super) const INTERVAL: &str = "PipeRetryInterval";

/// Fewest retries that may be asked for: with none at all the client might not meter any more.
pub const LEAST_RETRIES: u32 = 1;
/// Most retries that may be asked for.
pub const MOST_RETRIES: u32 = 100;

/// What is to be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values {
    /// `PipeRetries`.
    pub retries: u32,
    /// `PipeRetryInterval`, milliseconds.
    pub interval_ms: u32,
}

impl Default for Values {
    /// One retry after a minute: as few attempts as the client can make, as far apart as its own
    /// outer wait.
    fn default() -> Self {
        Self { retries: 1, interval_ms: 60_000 }
    }
}

/// The warning, one sentence each.
pub(super) const WARNING: [&str; 4] = [
    "A wrong change to the registry can make Windows unusable. Save the registry first, and know how to restore it: \
     Microsoft Knowledge Base Q256986.",
    "Values and key: Microsoft Knowledge Base Q287626. It gives neither their defaults nor what happens to an attempt \
     that is given up.",
    "The values belong on each client, not on the server. Try one client first, and measure again after the change.",
    "They slow the storm down and do not end it; the account or SMS 2.0 SP4 does.",
];
