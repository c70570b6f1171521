//! A share of trials, and how far a figure from so few of them can be trusted.

/// Successes among trials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share {
    /// Trials that went as counted.
    pub(crate) hits: u64,
    /// Trials; 0 means that nothing was measured.
    pub(crate) of: u64,
}

/// Two-sided 95 % point of the normal distribution.
const Z: f64 = 1.959_964;

impl Share {
    /// One more trial.
    pub(crate) fn add(&mut self, hit: bool) {
        self.hits += u64::from(hit);
        self.of += 1;
    }

    /// Hits over trials; 0 without trials.
    pub(crate) fn value(self) -> f64 {
        if self.of == 0 { 0.0 } else { self.hits as f64 / self.of as f64 }
    }

    /// The 95 % score interval of Wilson (1927); the whole of 0 to 1 without trials.
    pub(crate) fn wilson(self) -> (f64, f64) {
        if self.of == 0 {
            return (0.0, 1.0);
        }
        let (n, p) = (self.of as f64, self.value());
        let centre = p + Z * Z / (2.0 * n);
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        (((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0))
    }
}

/// Hits among all that was called or should have been: F1 = 2 J / (1 + J), and J is a share of
/// trials, which F1 itself is not.
pub(crate) fn jaccard(precision: Share, recall: Share) -> Share {
    Share { hits: recall.hits, of: precision.of + recall.of - recall.hits }
}

/// F1 of a share made by [`jaccard`].
pub(crate) fn f1(jaccard: f64) -> f64 {
    2.0 * jaccard / (1.0 + jaccard)
}
