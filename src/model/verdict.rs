//! The words of the verdict ladder.

/// How well the client's own log agrees, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Both logs tell of the same attempts, in time.
    Confirmed,
    /// Fits, but a steady loop fits anything, or the offset alone supports it.
    Likely,
    /// Names match; no decision in time.
    Consistent,
    /// A storm without a client log.
    ServerOnly,
    /// Retries in the client's log, no failures on any server.
    ClientOnly,
    /// The client's log speaks against it: something else on this computer is retrying.
    Contradicted,
}

impl Verdict {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Confirmed => "confirmed",
            Verdict::Likely => "likely",
            Verdict::Consistent => "consistent",
            Verdict::ServerOnly => "server-only",
            Verdict::ClientOnly => "client-only",
            Verdict::Contradicted => "contradicted",
        }
    }
}
