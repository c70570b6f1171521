//! How much is said of a row: what nobody shows is not made.

/// How much of each row is made. Each level has what those before it have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Numbers, verdict and action: what a line of a table says.
    Line,
    /// Why this class and this verdict.
    Reasons,
    /// [`super::analysis::Evidence`], but for its records.
    #[default]
    Evidence,
    /// One record for each second with a failure.
    Records,
}
