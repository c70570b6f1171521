//! Named shares, which add up over fleets.

use std::collections::BTreeMap;

use super::share::Share;

/// What was counted in one or more fleets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// By name: `METHOD precision`, `METHOD recall`, or the figure itself.
    pub(crate) shares: BTreeMap<String, Share>,
    /// Absolute errors of the clock offset in seconds, clocks that were set left out.
    pub(crate) offset_errors: Vec<f64>,
    /// Absolute errors behind a figure, as shares, by its name.
    pub(crate) errors: BTreeMap<&'static str, Vec<f64>>,
    /// What went wrong, one line each, for a person who wants to look.
    pub(crate) notes: Vec<String>,
}

impl Counts {
    /// One more trial of a figure.
    pub(crate) fn add(&mut self, name: &str, hit: bool) {
        self.shares.entry(name.to_owned()).or_default().add(hit);
    }

    /// One more thing that a method called or did not call, and that is one or is none.
    pub(crate) fn judge(&mut self, method: &str, called: bool, is_one: bool) {
        if called {
            self.add(&format!("{method} precision"), is_one);
        }
        if is_one {
            self.add(&format!("{method} recall"), called);
        }
    }

    /// The share of that name; no trials for an unknown one.
    pub(crate) fn share(&self, name: &str) -> Share {
        self.shares.get(name).copied().unwrap_or_default()
    }

    /// Takes in the counts of another fleet.
    pub(crate) fn absorb(&mut self, other: Counts) {
        for (name, share) in other.shares {
            let sum = self.shares.entry(name).or_default();
            sum.hits += share.hits;
            sum.of += share.of;
        }
        self.offset_errors.extend(other.offset_errors);
        for (name, errors) in other.errors {
            self.errors.entry(name).or_default().extend(errors);
        }
        self.notes.extend(other.notes);
    }

    /// Median absolute error of the offset in seconds; 0 without any.
    pub(crate) fn median_offset_error(&self) -> f64 {
        quantile(&self.offset_errors, 0.5)
    }

    /// Median, 95 % point and largest of the errors behind a figure; `None` where none are known.
    pub(crate) fn spread(&self, name: &str) -> Option<[f64; 3]> {
        self.errors.get(name).map(|errors| [0.5, 0.95, 1.0].map(|share| quantile(errors, share)))
    }
}

/// The value that this share of all do not exceed; 0 of none.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() as f64 * share) as usize;
    sorted.get(at).or(sorted.last()).copied().unwrap_or(0.0)
}
