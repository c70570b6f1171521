//! The thresholds of correlation, copied and bounded once per call.

use crate::model::config::{Param, Thresholds};

/// With bad clocks one clock must fit within the search window: 6 h x 1,400 ppm = 30 s (KB 189706:
/// two minutes a day).
const OLD_STRETCH_S: i64 = 6 * 3600;
/// Share of the drift range of bad clocks that is believed: false matches sit at the limit.
const OLD_DRIFT_BELIEVED: f64 = 0.75;
/// Longest offset that can be searched, half a year in seconds: bounds the histogram of lags.
pub(super) const LONGEST_REACH_S: i64 = 1 << 24;
/// Bound of every count, whatever a configuration file says.
const MOST: f64 = 1e6;
/// Bound of the ticks whose lags are counted: five bins of them fit into 16 bits.
const MOST_LOCAL_TICKS: f64 = 13_000.0;
/// Bound of every time in seconds: a day.
const DAY_S: f64 = 86_400.0;

/// Every number that correlation can be told to use; the table of thresholds explains each.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub(super) period_tolerance: (f64, f64),
    pub(super) max_offset: i64,
    pub(super) drift_search: f64,
    pub(super) drift_accepted: f64,
    pub(super) match_tolerance: f64,
    pub(super) coarse_bin: i64,
    pub(super) coarse_picks: usize,
    pub(super) coarse_suppress: usize,
    pub(super) coarse_overlap: f64,
    pub(super) coarse_ticks: f64,
    pub(super) local_segments: usize,
    pub(super) local_span: i64,
    pub(super) local_ticks: usize,
    pub(super) local_min_ticks: usize,
    pub(super) local_picks: usize,
    pub(super) local_hits: u16,
    pub(super) local_suppress: usize,
    pub(super) candidate_merge: f64,
    pub(super) refine_half: f64,
    pub(super) drift_step: f64,
    pub(super) refine_inliers: usize,
    pub(super) refine_span: f64,
    pub(super) fit_overlap: f64,
    pub(super) analysable_ticks: usize,
    pub(super) analysable_bursts: usize,
    pub(super) analysis_window: usize,
    pub(super) alias_periods: i64,
    pub(super) alias_drift: f64,
    pub(super) alias_flag: f64,
    pub(super) alias_zero: f64,
    pub(super) alias_band: f64,
    pub(super) alias_right: f64,
    pub(super) shuffle_pause: f64,
    pub(super) shuffle_shift: i64,
    pub(super) shuffles: usize,
    pub(super) shuffle_stop: usize,
    pub(super) match_pairs: usize,
    pub(super) confirmed_g: f64,
    pub(super) contradicted_g: f64,
    pub(super) contradicted_marks: usize,
    pub(super) decoys: usize,
    pub(super) decoys_min: usize,
    pub(super) decoy_ticks: usize,
    pub(super) decoy_ratio: f64,
    pub(super) decoy_p: f64,
    pub(super) one_loop: f64,
    pub(super) suggest_g: f64,
    pub(super) track_window: usize,
    pub(super) track_rest: usize,
    pub(super) track_half: f64,
    pub(super) track_drift: f64,
    pub(super) track_g: f64,
    pub(super) step_size: f64,
    pub(super) undated_runs: usize,
    /// Longest stretch of ticks that one clock may explain, in seconds; `i64::MAX` unless the clocks are bad.
    pub(super) stretch: i64,
}

impl Settings {
    /// Takes the numbers from the table. `old_clocks` widens the drift range to that of clocks that
    /// lose minutes a day. Values that would overflow, hang or divide by zero are bounded.
    pub fn new(thresholds: &Thresholds, old_clocks: bool) -> Self {
        let t = |param, low: f64, high: f64| Bounded(thresholds[param]).within(low, high);
        let count = |param, low: f64| t(param, low, MOST) as usize;
        let seconds = |param| t(param, 0.0, DAY_S);
        let ppm = |param| t(param, 0.0, 1e4) * 1e-6;
        let search = if old_clocks { ppm(Param::DriftSearchOld) } else { ppm(Param::DriftSearch) };
        Self {
            period_tolerance: (seconds(Param::PeriodTolerance), t(Param::PeriodToleranceShare, 0.0, 1.0)),
            max_offset: t(Param::MaxOffset, 0.0, LONGEST_REACH_S as f64) as i64,
            drift_search: search,
            drift_accepted: if old_clocks { OLD_DRIFT_BELIEVED * search } else { ppm(Param::DriftAccepted) },
            match_tolerance: t(Param::MatchTolerance, 0.5, 60.0),
            coarse_bin: t(Param::CoarseBin, 1.0, 3600.0) as i64,
            coarse_picks: count(Param::CoarsePicks, 0.0),
            coarse_suppress: count(Param::CoarseSuppress, 0.0),
            coarse_overlap: t(Param::CoarseOverlap, 1.0, MOST),
            coarse_ticks: t(Param::CoarseTicks, 1.0, MOST),
            local_segments: count(Param::LocalSegments, 0.0),
            local_span: seconds(Param::LocalSpan) as i64,
            local_ticks: t(Param::LocalTicks, 1.0, MOST_LOCAL_TICKS) as usize,
            local_min_ticks: count(Param::LocalMinTicks, 1.0),
            local_picks: count(Param::LocalPicks, 0.0),
            local_hits: t(Param::LocalHits, 1.0, f64::from(u16::MAX)) as u16,
            local_suppress: count(Param::LocalSuppress, 0.0),
            candidate_merge: seconds(Param::CandidateMerge),
            refine_half: t(Param::RefineHalf, 1.0, DAY_S),
            drift_step: t(Param::DriftStep, 0.1, 1e4) * 1e-6,
            refine_inliers: count(Param::RefineInliers, 2.0),
            refine_span: seconds(Param::RefineSpan),
            fit_overlap: t(Param::FitOverlap, 1.0, DAY_S),
            analysable_ticks: count(Param::AnalysableTicks, 2.0),
            analysable_bursts: count(Param::AnalysableBursts, 2.0),
            analysis_window: count(Param::AnalysisWindow, 2.0),
            alias_periods: count(Param::AliasPeriods, 0.0) as i64,
            alias_drift: ppm(Param::AliasDrift),
            alias_flag: thresholds[Param::AliasFlag],
            alias_zero: thresholds[Param::AliasZero],
            alias_band: t(Param::AliasBand, 0.0, 1.0),
            alias_right: t(Param::AliasRight, 0.0, MOST),
            shuffle_pause: thresholds[Param::ShufflePause],
            shuffle_shift: seconds(Param::ShuffleShift) as i64,
            shuffles: count(Param::Shuffles, 0.0),
            shuffle_stop: count(Param::ShuffleStop, 1.0),
            match_pairs: count(Param::MatchPairs, 0.0),
            confirmed_g: thresholds[Param::ConfirmedG],
            contradicted_g: thresholds[Param::ContradictedG],
            contradicted_marks: count(Param::ContradictedMarks, 0.0),
            decoys: count(Param::Decoys, 0.0),
            decoys_min: count(Param::DecoysMin, 0.0),
            decoy_ticks: count(Param::DecoyTicks, 0.0),
            decoy_ratio: thresholds[Param::DecoyRatio],
            decoy_p: thresholds[Param::DecoyP],
            one_loop: thresholds[Param::OneLoop],
            suggest_g: thresholds[Param::SuggestG],
            track_window: count(Param::TrackWindow, 5.0),
            track_rest: count(Param::TrackRest, 0.0),
            track_half: t(Param::TrackHalf, 1.0, DAY_S),
            track_drift: if old_clocks { search } else { ppm(Param::TrackDrift) },
            track_g: thresholds[Param::TrackG],
            step_size: seconds(Param::StepSize),
            undated_runs: count(Param::UndatedRuns, 0.0),
            stretch: if old_clocks { OLD_STRETCH_S } else { i64::MAX },
        }
    }

    /// Clocks are bad: the drift must be carried from window to window.
    pub(super) fn old_clocks(&self) -> bool {
        self.stretch < i64::MAX
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new(&Thresholds::default(), false)
    }
}

/// A number from outside.
struct Bounded(f64);

impl Bounded {
    /// Within the bounds; NaN becomes the lower one.
    fn within(self, low: f64, high: f64) -> f64 {
        if self.0.is_nan() { low } else { self.0.clamp(low, high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absurd_values_are_bounded() {
        let mut thresholds = Thresholds::default();
        for (name, value) in [("coarse_bin", 0.0), ("max_offset", f64::INFINITY), ("shuffles", f64::NAN)] {
            assert!(thresholds.set(name, value), "{name}");
        }
        let settings = Settings::new(&thresholds, false);
        assert_eq!((settings.coarse_bin, settings.max_offset, settings.shuffles), (1, LONGEST_REACH_S, 0));
    }

    #[test]
    fn old_clocks_search_and_believe_more_drift() {
        let settings = Settings::new(&Thresholds::default(), true);
        assert_eq!((settings.drift_search, settings.drift_accepted), (2000e-6, 1500e-6));
        assert!(settings.old_clocks() && !Settings::default().old_clocks());
    }
}
